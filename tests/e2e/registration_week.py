"""Run by `test_registration_walk` in the server's own environment: an edition that is on tomorrow with four sessions: a talk with
two seats and a waiting list, a course that takes groups, a dinner whose host decides, a lecture where real names are asked."""

import datetime as dt
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everhall.config.settings")
django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from everhall.accounts.models import User  # noqa: E402
from everhall.editions import services as editions  # noqa: E402
from everhall.editions.models import Edition, Hall, Stage, Venue  # noqa: E402
from everhall.pages.models import EditionPage  # noqa: E402
from everhall.programme.models import Activity, Session  # noqa: E402
from everhall.registration.models import Admission, Question, SeatQuota  # noqa: E402
from everhall.search import services as search  # noqa: E402
from tests import world  # noqa: E402
from tests.e2e.person import PASSWORD  # noqa: E402

SESSIONS = (
    ("talk", "低空经济论坛", "Low-altitude forum"), ("course", "机器人体验课", "A course with robots"),
    ("dinner", "投资人晚餐会", "Dinner with investors"), ("lecture", "量子计算讲座", "Lecture on quantum computing"),
    ("lab", "焊接小课", "Soldering for one"),
)  # fmt: skip


def main() -> None:
    world.ground()
    day = timezone.localdate() + dt.timedelta(days=2)
    edition = Edition.objects.create(
        code="2021", year=2021, name_zh="2021 双创周", name_en="Week 2021", theme_zh="高质量创新创造，高水平创业就业",
        theme_en="Quality innovation, quality start-ups", starts_on=day, ends_on=day, state="open", is_current=True,
    )
    venue = Venue.objects.create(edition=edition, code="beijing", name_zh="北京会场", name_en="Beijing venue", kind="main")
    hall = Hall.objects.create(venue=venue, code="hall", name_zh="展馆", name_en="Hall")
    stage = Stage.objects.create(venue=venue, hall=hall, code="main", name_zh="主舞台", name_en="Main stage")
    made: dict[str, Admission] = {}
    options = {
        "talk": {"most_companions": 1, "window_minutes": 120}, "course": {"most_group": 40}, "dinner": {"approval": True},
        "lecture": {"real_names": "document", "real_names_until": day + dt.timedelta(days=3)},
        "lab": {},
    }
    for number, (code, zh, en) in enumerate(SESSIONS):
        activity = Activity.objects.create(
            edition=edition, venue=venue, code=code, kind="forum", name_zh=zh, name_en=en, summary_zh=f"{zh}的简介",
            summary_en=f"About the {en.lower()}", first_published_at=timezone.now(),
        )
        start = dt.datetime.combine(day, dt.time(10 + 2 * number), tzinfo=venue.zone_of_time)
        session = Session.objects.create(
            activity=activity, code=code, stage=stage, starts_at=start, ends_at=start + dt.timedelta(hours=1), status="confirmed",
            mode="onsite" if code in {"dinner", "lab"} else "both",
        )
        made[code] = Admission.objects.create(session=session, **options[code])
        SeatQuota.objects.create(admission=made[code], way="onsite", size={"talk": 2, "course": 45, "dinner": 5, "lecture": 30, "lab": 1}[code])
    Question.objects.create(
        admission=made["dinner"], text_zh="您最想认识谁？", text_en="Whom would you like to meet?", required=True, kind="choice",
        choices_zh="投资人\n创业者", choices_en="Investors\nFounders",
    )
    user = User.objects.create_user("organiser@example.org", PASSWORD, name="organiser")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    editions.appoint(user, "venue_organiser", edition, venue)
    root = Page.get_first_root_node()
    root.add_child(instance=EditionPage(title="2021", slug="2021", edition=edition))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": root})
    search.rebuild()


main()
