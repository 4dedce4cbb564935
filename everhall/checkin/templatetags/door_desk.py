"""What the pages of the door's desk show of a passage: its moment, as `checkin.times` tells it, and why it was so. In: a moment or None and a
venue; a passage. Out: `<time>` or nothing; words."""

import datetime as dt

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from everhall.checkin import times
from everhall.checkin.models import Passage
from everhall.checkin.words import reason_of
from everhall.editions.models import Venue

register = template.Library()


@register.filter
def at(moment: dt.datetime | None, venue: Venue) -> SafeString | str:
    """To the minute."""
    return told(moment, venue, times.MINUTES)


@register.filter
def at_second(moment: dt.datetime | None, venue: Venue) -> SafeString | str:
    """To the second, where the order matters."""
    return told(moment, venue, times.SECONDS)


@register.filter
def why(passage: Passage) -> str:
    """What decided, and how it was read."""
    return reason_of(passage.reason, passage.source)


def told(moment: dt.datetime | None, venue: Venue, form: str) -> SafeString | str:
    if moment is None:
        return ""
    exact = moment.astimezone(venue.zone_of_time).isoformat(timespec="seconds")
    return format_html('<time datetime="{}">{}</time>', exact, times.on_clock(moment, venue, form))
