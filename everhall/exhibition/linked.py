"""What an exhibit tells machines (schema.org), and small helpers of its views."""

from collections.abc import Iterable

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from everhall.editions.models import Edition
from everhall.engines import jsonld
from everhall.exhibition.models import Field, Placement


def absolute(path: str) -> str:
    """An address with the site's name."""
    return f"{settings.BASE_URL}{path}"


def without_page(query: QueryDict) -> str:
    """The rest of the query, for links to other pages of the same list."""
    kept = query.copy()
    kept.pop("page", None)
    return kept.urlencode()


def safe(data: dict[str, object]) -> SafeString:
    return mark_safe(jsonld.dump({"@context": "https://schema.org", **data}))  # noqa: S308 - `dump` escapes


def exhibition_json_ld(edition: Edition) -> SafeString:
    """schema.org ExhibitionEvent."""
    return safe(
        {
            "@type": "ExhibitionEvent",
            "name": edition.name,
            "description": edition.theme,
            "startDate": edition.starts_on.isoformat(),
            "endDate": edition.ends_on.isoformat() if edition.ends_on else None,
            "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
            "location": {"@type": "Place", "name": edition.main_venue} if edition.main_venue else None,
            "url": absolute(reverse("exhibition:list", args=[edition.code])),
        }
    )


def exhibit_json_ld(placement: Placement, fields: Iterable[Field]) -> SafeString:
    """schema.org CreativeWork, the work featured by the edition's ExhibitionEvent."""
    exhibit = placement.exhibit
    organisation = exhibit.organisation
    return safe(
        {
            "@type": "CreativeWork",
            "name": exhibit.name,
            "description": exhibit.summary,
            "identifier": exhibit.code,
            "url": absolute(reverse("exhibition:exhibit", args=[placement.edition.code, exhibit.code])),
            "keywords": [field.name for field in fields],
            "creator": {"@type": "Organization", "name": organisation.name} if organisation else None,
            "contentLocation": {"@type": "Place", "name": placement.venue.name},
            "isPartOf": {"@type": "ExhibitionEvent", "name": placement.edition.name,
                         "startDate": placement.edition.starts_on.isoformat()},
        }
    )
