"""Small words of the desk's templates."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import pgettext

register = template.Library()


@register.filter
def of(values: Mapping[Any, Any], key: Any) -> Any:
    """`counts|of:"accepted"`; 0 where there is none."""
    return values.get(key, 0)


@register.filter
def minus(value: float) -> float:
    return -value


@register.filter
def verb(state: str) -> str:
    """What a button says that leads to a state."""
    words = {
        "accepted": pgettext("decide", "Accept"), "waitlisted": pgettext("decide", "Waiting list"),
        "declined": pgettext("decide", "Decline"), "changes": pgettext("decide", "Ask for changes"),
    }
    return words.get(state, state)
