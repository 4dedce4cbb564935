"""Run by `test_proposals_walk` in the server's own environment: a week that began yesterday, a call for activities at Beijing, a host, an
organiser."""

import datetime as dt
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everhall.config.settings")
django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from everhall.accounts.models import Membership, Organisation, User  # noqa: E402
from everhall.calls.models import Call, CallVenue, Criterion, Question  # noqa: E402
from everhall.editions import services as editions  # noqa: E402
from everhall.editions.models import Edition, Hall, Stage, Venue  # noqa: E402
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
    today = timezone.localdate()
    edition = Edition.objects.create(
        code="2021", year=2021, name_zh="2021 双创周", name_en="Week 2021", theme_zh="高质量创新创造", theme_en="Quality",
        starts_on=today - dt.timedelta(days=1), ends_on=today + dt.timedelta(days=5), state="open", is_current=True,
    )
    beijing = Venue.objects.create(
        edition=edition, code="beijing", name_zh="北京会场", name_en="Beijing venue", kind="main", address_zh="示例路 1 号", address_en="1 Sample Road"
    )
    hall = Hall.objects.create(venue=beijing, code="hall", name_zh="室内展馆", name_en="Indoor hall")
    Stage.objects.create(venue=beijing, hall=hall, code="main", name_zh="主舞台", name_en="Main stage", capacity=200)
    editions.appoint(person("organiser"), "venue_organiser", edition, beijing)
    host = Organisation.objects.create(code="makers", name_zh="青年创客协会", name_en="Young Makers")
    Membership.objects.create(organisation=host, user=person("host"), role="owner")
    call = Call.objects.create(
        edition=edition, code="activities", kind="activity", name_zh="活动征集", name_en="Call for activities", state="announced",
        opens_at=now - dt.timedelta(days=20), closes_at=now + dt.timedelta(days=10), text_zh="欢迎申报活动。", text_en="Propose an activity.",
    )
    CallVenue.objects.create(call=call, venue=beijing, closes_at=now + dt.timedelta(days=3))
    Criterion.objects.create(call=call, text_zh="内容", text_en="Content", scale=5, order=1)
    Question.objects.create(
        call=call, text_zh="使用哪些语言？", text_en="Which languages?", kind="several", choices_text="中文|Chinese\n英文|English", required=True, order=1
    )
    root = Page.get_first_root_node()
    root.add_child(instance=EditionPage(title="2021", slug="2021", edition=edition))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": root})
    search.rebuild()


main()
