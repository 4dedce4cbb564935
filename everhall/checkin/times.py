"""Moments of the door on the clock of its venue. In: a moment, a venue. Out: text. Pure but for the site's own zone.

What must stay true: whoever stands at the door and whoever reads of it elsewhere see the same time; where the clock of the venue is another
than the site's, its offset is told.
"""

import datetime as dt
import zoneinfo

from django.conf import settings

from everhall.editions.models import Venue
from everhall.engines import local_time

MINUTES, SECONDS = "%m-%d %H:%M", "%m-%d %H:%M:%S"


def on_clock(moment: dt.datetime, venue: Venue, form: str = MINUTES) -> str:
    """11-29 10:05, and "UTC+9" behind it where that is not the site's clock."""
    there = moment.astimezone(venue.zone_of_time)
    return f"{there:{form}} {local_time.offset_beside(there, zoneinfo.ZoneInfo(settings.TIME_ZONE))}".rstrip()


def day_at(day: dt.date, venue: Venue) -> tuple[dt.datetime, dt.datetime]:
    """Where a day of the venue begins and ends."""
    begins = dt.datetime.combine(day, dt.time(), venue.zone_of_time)
    return begins, dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), venue.zone_of_time)
