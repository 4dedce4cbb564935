"""`{% exhibit_card card tight=True %}`: an exhibit on a card; `{% session_slot session hours now %}`: a session in a day;
`{% facet_options facet %}`: what narrows the list of exhibits.

A card is written from the values in `Card` and the language, and from nothing else; so what was written for the same
values is taken again. It cannot be out of date: other values are another card. Most cards of a list are the same
before and after an edit.
"""

import datetime as dt
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from everhall.exhibition.rules import Card, Facet
from everhall.pages.templatetags.shown import moment
from everhall.programme.rules import Showing

register = template.Library()


@register.simple_tag
def exhibit_card(card: Card, *, first: bool = False, tight: bool = False) -> SafeString:
    """`first`: its picture is wanted at once; `tight`: a small one in a row."""
    return _written(card, first, tight, get_language())


@lru_cache(maxsize=4_000)
def _written(card: Card, first: bool, tight: bool, language: str | None) -> SafeString:
    return render_to_string("parts/exhibit_card.html", {"card": card, "first": first, "tight": tight})


@register.simple_tag
def session_slot(session: Showing, hours: list[int], now: dt.datetime | None) -> SafeString:
    """A session in the grid of a day that begins with the first of `hours`; `now` on the programme's clock."""
    return _slot(session, hours[0] if hours else None, moment(session, now), get_language())


@lru_cache(maxsize=4_000)
def _slot(session: Showing, first: int | None, state: str, language: str | None) -> SafeString:
    hours = [] if first is None else [first]
    return render_to_string("programme/slot.html", {"session": session, "hours": hours, "state": state})


@register.simple_tag
@lru_cache(maxsize=500)
def facet_options(facet: Facet) -> SafeString:
    """Its texts are in the language of the page already, and nothing else is written."""
    return render_to_string("exhibition/facet.html", {"facet": facet})
