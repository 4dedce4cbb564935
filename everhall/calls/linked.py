"""What a call tells machines (schema.org): a page with an action that can be taken between two moments."""

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from everhall.calls.models import Call
from everhall.engines import jsonld


def call_json_ld(call: Call) -> SafeString:
    """WebPage with an ApplyAction; `about` is the edition."""
    edition = call.edition
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "name": call.name,
        "description": call.text[:300],
        "url": f"{settings.BASE_URL}{reverse('calls:call', args=[edition.code, call.code])}",
        "datePublished": call.opens_at.isoformat(),
        "expires": call.closes_at.isoformat(),
        "about": {
            "@type": "ExhibitionEvent", "name": edition.name, "startDate": edition.starts_on.isoformat(),
        },
        "potentialAction": {
            "@type": "ApplyAction", "startTime": call.opens_at.isoformat(), "endTime": call.closes_at.isoformat(),
        },
    }
    return mark_safe(jsonld.dump(data))  # noqa: S308 - `dump` escapes
