"""`{% site_nav %}`, `{% site_footer %}`: what stands above and below every page.

Both are written from a few plain values and the language, and kept by them, as cards are: other values are another
header. Nothing here is of one person.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from everhall.pages.templatetags.shown import nav_section

register = template.Library()


@dataclass(frozen=True, slots=True)
class Named:
    """An edition as the frame of a page shows it, in the language of the page."""

    code: str
    year: int
    name: str = ""
    theme: str = ""


@register.simple_tag(takes_context=True)
def site_nav(context: Any) -> SafeString:
    """The header up to what differs from address to address. The edition of the page is `here` in the context."""
    here = context.get("here")
    if not (here and here.code):
        return _nav(None, (), nav_section(context), get_language())
    others = tuple(Named(each.code, each.year, "", each.theme or each.name) for each in context.get("editions") or ())
    return _nav(Named(here.code, here.year), others, nav_section(context), get_language())


@register.simple_tag(takes_context=True)
def site_footer(context: Any) -> SafeString:
    here = context.get("here")
    return _footer(Named(here.code, here.year, here.name) if here and here.code else None, get_language())


@lru_cache(maxsize=500)
def _nav(here: Named | None, editions: tuple[Named, ...], section: str, language: str | None) -> SafeString:
    return render_to_string("parts/header.html", {"here": here, "editions": editions, "section": section})


@lru_cache(maxsize=100)
def _footer(here: Named | None, language: str | None) -> SafeString:
    return render_to_string("parts/footer.html", {"here": here})
