"""Screens that tell that they are on, and are told to look anew."""

import datetime as dt
from collections.abc import Collection

from everhall.editions.models import Edition
from everhall.realtime.telling import tell_pages
from everhall.tours import rules
from everhall.tours.models import Kiosk, Sighting


def note_screen(kiosk: Kiosk, screen: str, version: str, now: dt.datetime) -> None:
    """A screen is on and shows this version. Beyond `rules.MOST_SCREENS` the one that was silent longest is forgotten."""
    row, made = Sighting.objects.get_or_create(
        kiosk=kiosk, screen=screen, defaults={"version": version, "first_seen_at": now, "seen_at": now}
    )
    if not made:
        Sighting.objects.filter(pk=row.pk).update(version=version, seen_at=now)
        return
    kept = Sighting.objects.filter(kiosk=kiosk).order_by("-seen_at").values_list("pk", flat=True)[: rules.MOST_SCREENS]
    Sighting.objects.filter(kiosk=kiosk).exclude(pk__in=list(kept)).delete()


def tell_screens(codes: Collection[str]) -> None:
    """What screens of these editions show may have changed: each looks by itself."""
    for code in sorted(codes):
        tell_pages(f"screens.{code}", {"kind": "changed"})


def editions_of(tags: Collection[str]) -> set[str]:
    """Codes of the editions that tags of news name; of "*" those that are public."""
    found = {tag.removeprefix("edition-") for tag in tags if tag.startswith("edition-")}
    if "*" in tags:
        found |= set(Edition.objects.public().values_list("code", flat=True))
    return found


def forget_screens(now: dt.datetime) -> None:
    """Screens that were silent for two weeks."""
    Sighting.objects.filter(seen_at__lt=now - rules.SEEN_FOR).delete()
