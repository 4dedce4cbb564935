"""Run by `test_notices_walk` in the server's own environment: an edition that is on today, a session later today on one of
two stages, an organiser of the edition."""

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
from everhall.search import services as search  # noqa: E402
from tests import world  # noqa: E402
from tests.e2e.person import PASSWORD  # noqa: E402


def main() -> None:
    world.ground()
    today = timezone.localdate() + dt.timedelta(days=1)
    edition = Edition.objects.create(
        code="2021", year=2021, name_zh="2021 双创周", name_en="Week 2021", theme_zh="高质量创新创造，高水平创业就业",
        theme_en="Quality innovation, quality start-ups", starts_on=today, ends_on=today, state="open", is_current=True,
    )
    venue = Venue.objects.create(edition=edition, code="beijing", name_zh="北京会场", name_en="Beijing venue", kind="main")
    hall = Hall.objects.create(venue=venue, code="hall", name_zh="展馆", name_en="Hall")
    stages = [
        Stage.objects.create(venue=venue, hall=hall, code=code, name_zh=zh, name_en=en)
        for code, zh, en in (("main", "主舞台", "Main stage"), ("second", "第二舞台", "Second stage"))
    ]
    for number, (zh, en) in enumerate((("低空经济论坛", "Low-altitude forum"), ("青年创业夜话", "Young founders at night"))):
        activity = Activity.objects.create(
            edition=edition, venue=venue, code=f"talk-{number}", kind="forum", name_zh=zh, name_en=en, summary_zh=f"{zh}的简介",
            summary_en=f"About the {en.lower()}", first_published_at=timezone.now(),
        )
        start = dt.datetime.combine(today, dt.time(10 + number), tzinfo=venue.zone_of_time)
        Session.objects.create(
            activity=activity, code=f"talk-{number}", stage=stages[0], starts_at=start, ends_at=start + dt.timedelta(hours=1),
            status="confirmed",
        )
    user = User.objects.create_user("organiser@example.org", PASSWORD, name="organiser")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    editions.appoint(user, "national_organiser", edition)
    root = Page.get_first_root_node()
    root.add_child(instance=EditionPage(title="2021", slug="2021", edition=edition))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": root})
    search.rebuild()


main()
