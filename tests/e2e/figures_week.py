"""Run by `test_figures_walk` in the server's own environment: three days at three venues, with who registered, came, watched; a national
organiser, a host."""

import datetime as dt
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everhall.config.settings")
django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from everhall.accounts.models import Membership, Organisation, User  # noqa: E402
from everhall.editions import services as editions  # noqa: E402
from everhall.editions.models import Edition, Venue  # noqa: E402
from everhall.feedback.models import Feedback  # noqa: E402
from everhall.insight import services as insight  # noqa: E402
from everhall.live.models import ViewingCount  # noqa: E402
from everhall.pages.models import EditionPage  # noqa: E402
from everhall.programme.models import Activity, ActivityHost, Session  # noqa: E402
from everhall.registration.models import Admission, Registration  # noqa: E402
from tests import world  # noqa: E402
from tests.e2e.person import PASSWORD  # noqa: E402

NAMES = (
    ("低空经济论坛", "Low-altitude economy forum"), ("工业软件路演", "Industrial software roadshow"), ("青年创客夜谈", "An evening with young makers"),
    ("园区开放日", "Open day of the park"), ("社区机器人课", "Robots for the neighbourhood"),
)  # fmt: skip


def person(name: str) -> User:
    user = User.objects.create_user(f"{name}@example.org", PASSWORD, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def filled(session: Session, onsite: int, online: int, came: int, live: int) -> None:
    made = Admission.objects.create(session=session)
    Registration.objects.bulk_create(
        Registration(
            admission=made, request=f"r{n}", number=n, state="confirmed", way="onsite" if n < onsite else "online", wanted=1, seats=1,
            registered_at=session.starts_at, changed_at=session.starts_at, came_at=session.starts_at if n < came else None,
        )
        for n in range(onsite + online)
    )  # fmt: skip
    day = session.starts_at.date()
    ViewingCount.objects.create(session=session, day=day, way="live", starts=live, seconds=live * 900)
    ViewingCount.objects.create(session=session, day=day, way="later", starts=live // 3, seconds=live * 100)
    for n in range(min(came, 11)):
        Feedback.objects.create(session=session, rating=3 + n % 3, closes_at=session.ends_at, words_until=day)


def main() -> None:
    world.ground()
    today = timezone.localdate()
    edition = Edition.objects.create(
        code="2021", year=2021, name_zh="2021 双创周", name_en="Week 2021", theme_zh="高质量创新创造", theme_en="Quality",
        starts_on=today - dt.timedelta(days=3), ends_on=today + dt.timedelta(days=3), state="open", is_current=True,
    )
    beijing = Venue.objects.create(edition=edition, code="beijing", name_zh="北京会场", name_en="Beijing venue", kind="main")
    park = Venue.objects.create(edition=edition, code="park", parent=beijing, name_zh="示例园区", name_en="Sample park", order=2)
    zhengzhou = Venue.objects.create(edition=edition, code="zhengzhou", name_zh="郑州会场", name_en="Zhengzhou venue", order=3)
    host = Organisation.objects.create(code="makers", name_zh="青年创客协会", name_en="Young Makers")
    Membership.objects.create(organisation=host, user=person("host"), role="owner")
    editions.appoint(person("nation"), "national_organiser", edition, None)
    now = timezone.now().replace(hour=2, minute=0, second=0, microsecond=0)
    places, counts = (beijing, beijing, park, park, zhengzhou), ((128, 64, 97, 412), (58, 0, 41, 0), (33, 22, 17, 86), (3, 0, 2, 4), (76, 31, 52, 233))
    for n, ((zh, en), venue, numbers) in enumerate(zip(NAMES, places, counts, strict=True)):
        activity = Activity.objects.create(edition=edition, venue=venue, code=f"a{n}", name_zh=zh, name_en=en, mode="both")
        ActivityHost.objects.create(activity=activity, organisation=host, sort_order=0) if n == 2 else None
        starts = now - dt.timedelta(days=3 - n % 3)
        session = Session.objects.create(activity=activity, code=f"s{n}", starts_at=starts, ends_at=starts + dt.timedelta(hours=2), mode="both", status="confirmed")
        filled(session, *numbers)
    root = Page.get_first_root_node()
    root.add_child(instance=EditionPage(title="2021", slug="2021", edition=edition))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": root})
    insight.work_out(edition, timezone.now())


main()
