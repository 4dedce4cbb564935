"""Run by `test_talk_walk` in the server's own environment: a session that is on, with an open room; a moderator."""

import datetime as dt
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everhall.config.settings")
django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from everhall.accounts.models import User  # noqa: E402
from everhall.audience import services as audience  # noqa: E402
from everhall.editions import services as editions  # noqa: E402
from everhall.editions.models import Edition, Hall, Stage, Venue  # noqa: E402
from everhall.pages.models import EditionPage  # noqa: E402
from tests import world  # noqa: E402
from tests.e2e.person import PASSWORD  # noqa: E402


def main() -> None:
    world.ground()
    made = world.World()
    now, today = timezone.now(), timezone.localdate()
    edition = Edition.objects.create(
        code="2021", year=2021, name_zh="2021 双创周", name_en="Week 2021", theme_zh="高质量创新创造", theme_en="Innovation",
        starts_on=today, ends_on=today + dt.timedelta(days=1), state="open", is_current=True,
    )  # fmt: skip
    venue = made.venues["beijing"] = Venue.objects.create(edition=edition, code="beijing", name_zh="北京会场", name_en="Beijing", kind="sub")
    hall = Hall.objects.create(venue=venue, code="hall", name_zh="展馆", name_en="Hall")
    made.stages["beijing"] = Stage.objects.create(venue=venue, hall=hall, code="main", name_zh="主舞台", name_en="Main")
    made.organisations["skylark"] = world.Organisation.objects.create(code="skylark", name_zh="云雀翼行", name_en="Skylark")
    world.make_activity(made, "forum", "beijing", "开放论坛", "Open forum", 9)
    session = made.sessions["forum"]
    session.starts_at, session.ends_at = now - dt.timedelta(minutes=30), now + dt.timedelta(hours=1)
    session.save()
    root = Page.get_first_root_node()
    root.add_child(instance=EditionPage(title="2021", slug="2021", edition=edition))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": root})
    moderator = User.objects.create_user("moderator@example.org", PASSWORD, name="moderator")
    EmailAddress.objects.create(user=moderator, email=moderator.email, verified=True, primary=True)
    editions.appoint(moderator, "director", edition)
    audience.open_room(session)


main()
