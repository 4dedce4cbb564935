"""Run by `test_launch_walk` in the server's own environment: an edition with five venues, an operator at each and a
director over all; a ceremony that opens the edition; an exhibit with a picture that nobody may see before."""

import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everhall.config.settings")
django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from everhall.accounts.models import User  # noqa: E402
from everhall.editions import services as editions  # noqa: E402
from everhall.editions.models import Edition, Hall, Stage, Venue, Zone  # noqa: E402
from everhall.engines import ceremony_commands as commands  # noqa: E402
from everhall.exhibition.models import ExhibitPicture, Field  # noqa: E402
from everhall.live.models import Ceremony  # noqa: E402
from everhall.live.services import ceremonies  # noqa: E402
from everhall.media.templatetags.pictures import picture_url  # noqa: E402
from everhall.pages.models import EditionPage  # noqa: E402
from everhall.search import services as search  # noqa: E402
from tests import world  # noqa: E402
from tests.e2e.launch_venues import VENUES  # noqa: E402
from tests.e2e.person import PASSWORD  # noqa: E402


def person(name: str) -> User:
    user = User.objects.create_user(f"{name}@example.org", PASSWORD, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def main() -> None:
    world.ground()
    made = world.World()
    today = timezone.localdate()
    edition = made.editions["2021"] = Edition.objects.create(
        code="2021", year=2021, name_zh="2021 双创周", name_en="Week 2021", theme_zh="高质量创新创造，高水平创业就业",
        theme_en="Quality innovation, quality start-ups", starts_on=today, ends_on=today, state="open", is_current=True,
    )
    for code, name, lon, lat, _required in VENUES:
        venue = made.venues[code] = Venue.objects.create(
            edition=edition, code=code, name_zh=name, name_en=code.title(), kind="sub", lon=lon, lat=lat
        )
        hall = Hall.objects.create(venue=venue, code="hall", name_zh="展馆", name_en="Hall")
        made.zones[code] = Zone.objects.create(hall=hall, code="a", name_zh="展区", name_en="Zone")
        made.stages[code] = Stage.objects.create(venue=venue, hall=hall, code="main", name_zh="主舞台", name_en="Main")
        editions.appoint(person(f"operator-{code}"), "venue_editor", edition, venue)
    editions.appoint(person("director"), "director", edition)
    editions.appoint(person("second-director"), "director", edition)
    made.organisations["skylark"] = world.Organisation.objects.create(code="skylark", name_zh="云雀翼行", name_en="Skylark")
    made.organisations["hidden"] = world.Organisation.objects.create(code="hidden", name_zh="未名", name_en="Unnamed")
    Field.objects.create(code="drones", name_zh="无人机", name_en="Drones", order=1)
    Field.objects.create(code="ai", name_zh="人工智能", name_en="AI", order=2)
    world.make_exhibit(made, "open-drone", "beijing", "巡检无人机", "Inspection drone")
    secret = world.make_exhibit(
        made, "opens-at-t0", "beijing", "量子时钟揭幕", "Quantum clock unveiled", opens_with_launch=True,
        organisation=made.organisations["hidden"],
    )  # fmt: skip
    picture = ExhibitPicture.objects.get(exhibit=secret).picture
    # Whoever prepared the page knows this address.
    (Path(settings.DATA_DIR) / "picture-address").write_text(picture_url(picture, 640))
    root = Page.get_first_root_node()
    root.add_child(instance=EditionPage(title="2021", slug="2021", edition=edition))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": root})
    search.rebuild()
    row = ceremonies.set_up(Ceremony(edition=edition, code="opening", name_zh="启动仪式", name_en="Launch"), by=None)
    for code, _name, _lon, _lat, required in VENUES:
        ceremonies.command(row.pk, commands.AddParty("walk", code, required), timezone.now())
    ceremonies.command(row.pk, commands.ShowParties("walk", True), timezone.now())


main()
