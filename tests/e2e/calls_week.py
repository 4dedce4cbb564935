"""Run by `test_calls_walk` in the server's own environment: a call with three submissions, an organiser and two reviewers at
Beijing, and a hall with free booths."""

import datetime as dt
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everhall.config.settings")
django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from everhall.accounts.models import Membership, Organisation, User  # noqa: E402
from everhall.calls import services  # noqa: E402
from everhall.calls.models import Call, CallVenue, Criterion, Question  # noqa: E402
from everhall.editions import services as editions  # noqa: E402
from everhall.editions.models import Edition, Hall, Venue, Zone  # noqa: E402
from everhall.engines.plan_layout import lay_out  # noqa: E402
from everhall.exhibition import services as exhibition  # noqa: E402
from everhall.exhibition.models import Exhibit, ExhibitPicture, Field  # noqa: E402
from everhall.pages.models import EditionPage  # noqa: E402
from everhall.search import services as search  # noqa: E402
from tests import world  # noqa: E402
from tests.e2e.person import PASSWORD  # noqa: E402


def person(name: str) -> User:
    user = User.objects.create_user(f"{name}@example.org", PASSWORD, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def main() -> None:
    world.ground()
    now = timezone.now()
    edition = Edition.objects.create(
        code="2021", year=2021, name_zh="2021 双创周", name_en="Week 2021", theme_zh="高质量创新创造", theme_en="Quality",
        starts_on=timezone.localdate(), ends_on=timezone.localdate() + dt.timedelta(days=6), state="open", is_current=True,
    )
    beijing = Venue.objects.create(edition=edition, code="beijing", name_zh="北京会场", name_en="Beijing venue", kind="main")
    hall = Hall.objects.create(venue=beijing, code="hall", name_zh="室内展馆", name_en="Indoor hall")
    Zone.objects.create(hall=hall, code="a", name_zh="科技自立自强", name_en="Self-reliance")
    organiser = person("organiser")
    editions.appoint(organiser, "venue_organiser", edition, beijing)
    exhibition.draw_plan(hall, lay_out([("a", ["A-01", "A-02", "A-03"])]), version=0, by=organiser, now=now)
    for name in ("reviewer-one", "reviewer-two"):
        editions.appoint(person(name), "reviewer", edition, beijing)
    field = Field.objects.create(code="drones", name_zh="无人机", name_en="Drones")
    call = Call.objects.create(
        edition=edition, code="cloud", name_zh="云上展项征集", name_en="Call for exhibits", state="announced", reviews_wanted=2,
        opens_at=now - dt.timedelta(days=20), closes_at=now + dt.timedelta(days=10), text_zh="欢迎申报。", text_en="You are welcome.",
    )
    CallVenue.objects.create(call=call, venue=beijing, places=1)
    for order, (zh, en) in enumerate((("创新性", "Novelty"), ("成熟度", "Maturity")), 1):
        Criterion.objects.create(call=call, text_zh=zh, text_en=en, scale=5, order=order)
    why = Question.objects.create(call=call, text_zh="为什么参展", text_en="Why", kind="text", required=True)
    for number, (zh, en) in enumerate((("六旋翼巡检无人机", "Hexacopter"), ("园区接驳车", "Shuttle"), ("智能纺机", "Loom"))):
        organisation = Organisation.objects.create(code=f"org-{number}", name_zh=f"示例单位 {number}", name_en=f"Sample {number}")
        owner = person(f"owner-{number}")
        Membership.objects.create(organisation=organisation, user=owner, role="owner")
        exhibit = Exhibit(code=f"x-{number}", name_zh=zh, name_en=en, summary_zh=f"{zh}的简介", text_zh=f"<p>{zh}的正文。</p>", organisation=organisation, live=False)
        exhibit.save()
        exhibit.fields.add(field)
        ExhibitPicture.objects.create(exhibit=exhibit, picture=world.picture(f"cover-{number}"), sort_order=0)
        exhibit.save()
        exhibit.save_revision()
        row = services.begin_submission(call, beijing, organisation, "exhibit", exhibit.pk, owner, now)
        services.save_answers(row, {why.pk: "现场能飞"}, owner, now)
        services.submit(row, owner, now)
    root = Page.get_first_root_node()
    root.add_child(instance=EditionPage(title="2021", slug="2021", edition=edition))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": root})
    search.rebuild()


main()
