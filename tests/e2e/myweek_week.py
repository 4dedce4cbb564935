"""Run by `test_myweek_walk` in the server's own environment: an edition that is on, at two venues far apart: a talk and a course at the same time, a
lecture right after the talk at the other end of the city, and a forum that somebody with an account has come to."""

import datetime as dt
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everhall.config.settings")
django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from everhall.accounts.models import User  # noqa: E402
from everhall.editions.models import Edition, Hall, Stage, Venue  # noqa: E402
from everhall.pages.models import EditionPage  # noqa: E402
from everhall.programme.models import Activity, Session  # noqa: E402
from everhall.registration import services as registration  # noqa: E402
from everhall.registration.models import Admission, SeatQuota  # noqa: E402
from everhall.search import services as search  # noqa: E402
from tests import world  # noqa: E402
from tests.e2e.person import PASSWORD  # noqa: E402

#: Code, names, minutes after ten o'clock of tomorrow (None: it was over half an hour ago), minutes it lasts, venue.
SESSIONS = (
    ("forum", "低空经济论坛", "Low-altitude forum", None, 120, "beijing"), ("talk", "机器人对话", "A talk on robots", 0, 60, "beijing"),
    ("course", "量子计算公开课", "Open course on quantum computing", 20, 60, "beijing"),
    ("lecture", "新能源讲座", "Lecture on new energy", 90, 60, "park"), ("quiet", "创业者下午茶", "Founders’ tea", 300, 60, "park"),
)  # fmt: skip


def main() -> None:
    world.ground()
    today = timezone.localdate()
    edition = Edition.objects.create(
        code="2021", year=2021, name_zh="2021 双创周", name_en="Week 2021", theme_zh="高质量创新创造，高水平创业就业",
        theme_en="Quality innovation, quality start-ups", starts_on=today - dt.timedelta(days=1), ends_on=today + dt.timedelta(days=2), state="open",
        is_current=True,
    )  # fmt: skip
    stages = {}
    for code, zh, en, lat, lon in (("beijing", "北京会场", "Beijing venue", 39.99, 116.31), ("park", "亦庄园区", "Yizhuang park", 39.79, 116.50)):
        venue = Venue.objects.create(edition=edition, code=code, name_zh=zh, name_en=en, kind="main", lat=lat, lon=lon)
        hall = Hall.objects.create(venue=venue, code="hall", name_zh="展馆", name_en="Hall")
        stages[code] = Stage.objects.create(venue=venue, hall=hall, code="main", name_zh="主舞台", name_en="Main stage")
    now = timezone.now().replace(second=0, microsecond=0)
    made = {}
    for code, zh, en, begins, lasts, where in SESSIONS:
        activity = Activity.objects.create(
            edition=edition, venue=stages[where].venue, code=code, kind="forum", name_zh=zh, name_en=en, summary_zh=f"{zh}的简介",
            summary_en=f"About: {en}", first_published_at=now,
        )
        ten = dt.datetime.combine(today + dt.timedelta(days=1), dt.time(10), stages[where].venue.zone_of_time)
        start = now - dt.timedelta(minutes=150) if begins is None else ten + dt.timedelta(minutes=begins)
        session = Session.objects.create(
            activity=activity, code=code, stage=stages[where], starts_at=start, ends_at=start + dt.timedelta(minutes=lasts), status="confirmed", mode="both",
        )
        if code != "quiet":
            made[code] = Admission.objects.create(session=session, closes_at=session.ends_at if begins is not None else now + dt.timedelta(hours=1))
            SeatQuota.objects.create(admission=made[code], way="onsite", size=40)
    user = User.objects.create_user("mei@example.org", PASSWORD, name="梅 Mei")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    body = {"request": "request-of-mei-0001", "name": user.name, "email": user.email, "way": "onsite"}
    row = registration.register(registration.Post(made["forum"].key, body, registration.Person(user.name, user.email, user.pk)), timezone.now())
    registration.came(row, timezone.now())
    root = Page.get_first_root_node()
    root.add_child(instance=EditionPage(title="2021", slug="2021", edition=edition))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": root})
    search.rebuild()


main()
