"""Showing what was found."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from everhall.engines.text import Snippet

register = template.Library()


@register.filter
def marked(snippet: Snippet) -> SafeString:
    """The snippet's text, escaped, with what was found in <mark>, and dots where it was cut."""
    pieces = (
        (format_html("<mark>{}</mark>", text) if found else text,)
        for text, found in snippet.pieces()
    )
    before, after = ("…" if cut else "" for cut in (snippet.before, snippet.after))
    return format_html("{}{}{}", before, format_html_join("", "{}", pieces), after)
