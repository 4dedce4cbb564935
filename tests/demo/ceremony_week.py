"""Run by `test_ceremony_played` in the server's own environment: a small week that `everhall demo ceremony` can play. Its
argument says how much of it: "edition", "venues" too, or "all" with the account that plays."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everhall.config.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from everhall.accounts.models import User  # noqa: E402
from everhall.config.demo.people import PASSWORD  # noqa: E402
from everhall.config.demo.venues_play import PLAYER  # noqa: E402
from everhall.editions import rules  # noqa: E402
from everhall.editions import services as editions  # noqa: E402
from everhall.editions.models import Edition, Venue  # noqa: E402
from tests.demo.places_of_ceremony import VENUES  # noqa: E402


def main(much: str) -> None:
    today = timezone.localdate()
    edition, _ = Edition.objects.get_or_create(
        code="2021", defaults={
            "year": 2021, "name_zh": "2021 双创周", "name_en": "Week 2021", "starts_on": today, "ends_on": today,
            "state": "open", "is_current": True,
        },
    )  # fmt: skip
    if much == "edition":
        return
    for code in VENUES:
        Venue.objects.get_or_create(edition=edition, code=code, defaults={"name_zh": code, "name_en": code.title(), "kind": "sub"})
    if much == "all":
        editions.appoint(User.objects.create_user(PLAYER, PASSWORD, name="Player"), rules.NATIONAL_ORGANISER, edition)


main(sys.argv[1])
