"""A date and a time on the clock of a place, as a moment. Pure.

In: local clock time and a zone. Out: the moment, or that there is none. Must stay true: a time that the clock jumps over is never
taken for another one; a time that comes twice is the earlier for what begins and the later for what ends, so that nobody loses an hour.
"""

import datetime as dt
import functools
import zoneinfo
from typing import Literal

from babel import Locale
from babel.dates import get_timezone_name


class Skipped(ValueError):  # noqa: N818 - reads as what it is
    """The clocks are put forward over this time: it does not happen on that day."""


def moment_of(local: dt.datetime, zone: zoneinfo.ZoneInfo, *, later: bool = False) -> dt.datetime:
    """`local` carries no zone; the answer is UTC."""
    for fold in (1, 0) if later else (0, 1):
        there = local.replace(tzinfo=zone, fold=fold)
        moment = there.astimezone(dt.UTC)
        if moment.astimezone(zone).replace(tzinfo=None, fold=0) == local.replace(fold=0):
            return moment
    raise Skipped(local.isoformat())


@functools.lru_cache(maxsize=512)
def name_of(zone: str, language: str) -> str:
    """What people call the clock of a place ("China Standard Time"), by the CLDR; `zone` is a name of the IANA database, `language`
    one of Django's. Where clocks change with the season, it is the name that holds all year."""
    known = zoneinfo.ZoneInfo(zone)
    offsets = {dt.datetime(2021, month, 1, tzinfo=known).utcoffset() for month in (1, 7)}
    kind: Literal["standard", "generic"] = "standard" if len(offsets) == 1 else "generic"
    return str(get_timezone_name(known, width="long", zone_variant=kind, locale=Locale.parse(language, sep="-")))


def offset_beside(there: dt.datetime, home: zoneinfo.ZoneInfo) -> str:
    """"UTC+9" of a moment on its place's clock, for readers at `home`; "" where both clocks show the same."""
    offset = there.utcoffset() or dt.timedelta()
    if offset == there.astimezone(home).utcoffset():
        return ""
    hours, minutes = divmod(int(abs(offset).total_seconds()) // 60, 60)
    return f"UTC{'-' if offset < dt.timedelta() else '+'}{hours}" + (f":{minutes:02}" if minutes else "")


def read(text: str) -> dt.datetime | None:
    """What a box for date and time sends; None for anything else."""
    try:
        found = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found.replace(second=0, microsecond=0) if found.tzinfo is None and "T" in text else None
