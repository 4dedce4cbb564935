"""`{% exhibit_card card tight=True %}`: an exhibit on a card.

A card is written from the values in `Card` and the language, and from nothing else; so what was written for the same
values is taken again. It cannot be out of date: other values are another card. Most cards of a list are the same
before and after an edit.
"""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from everhall.exhibition.rules import Card

register = template.Library()


@register.simple_tag
def exhibit_card(card: Card, *, first: bool = False, tight: bool = False) -> SafeString:
    """`first`: its picture is wanted at once; `tight`: a small one in a row."""
    return _written(card, first, tight, get_language())


@lru_cache(maxsize=4_000)
def _written(card: Card, first: bool, tight: bool, language: str | None) -> SafeString:
    return render_to_string("parts/exhibit_card.html", {"card": card, "first": first, "tight": tight})
