"""Words and small sums of the office's templates."""

from typing import Any

from django import template

from everhall.office import words

register = template.Library()


@register.filter
def standing_words(standing: Any) -> Any:
    return words.STANDINGS[standing]


@register.filter
def times(number: int, factor: int) -> int:
    return number * factor


@register.filter
def tall(percent: int, full: int) -> int:
    """How tall a bar is; what is counted at all is to be seen."""
    return max(round(percent * full / 100), 1) if percent else 0


@register.filter
def top(percent: int, full: int) -> int:
    return full - tall(percent, full)
