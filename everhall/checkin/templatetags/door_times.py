"""Moments on the pages of the door's desk, as `checkin.times` tells them. In: a moment or None, a venue. Out: `<time>`, or nothing."""

import datetime as dt

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from everhall.checkin import times
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


def told(moment: dt.datetime | None, venue: Venue, form: str) -> SafeString | str:
    if moment is None:
        return ""
    exact = moment.astimezone(venue.zone_of_time).isoformat(timespec="seconds")
    return format_html('<time datetime="{}">{}</time>', exact, times.on_clock(moment, venue, form))
