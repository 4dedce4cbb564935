"""How a launch is written on pages. Nothing here runs a query."""

from django import template

register = template.Library()


@register.filter
def milliseconds(seconds: float) -> str:
    """12.3 for 0.0123 s."""
    return f"{seconds * 1000:.1f}"
