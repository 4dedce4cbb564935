"""What an exhibit tells machines (schema.org), and small helpers of its views."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from everhall.editions.models import Edition
from everhall.engines import jsonld, persistent_ids
from everhall.exhibition.models import Placement
from everhall.exhibition.rules import Tag


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


def exhibit_json_ld(placement: Placement, fields: Iterable[Tag], *more: Mapping[str, object]) -> SafeString:
    """schema.org CreativeWork, the work featured by the edition's ExhibitionEvent; `more`: of what stands beside it."""
    exhibit = placement.exhibit
    organisation = exhibit.organisation
    naan, name = getattr(placement, "ark_naan", None), getattr(placement, "ark_name", None)
    ark = persistent_ids.ark(naan, name) if naan and name else ""
    return safe(
        {
            "@type": "CreativeWork",
            "name": exhibit.name,
            "description": exhibit.summary,
            "identifier": [exhibit.code, ark] if ark else exhibit.code,
            "sameAs": absolute(f"/{ark}") if ark else None,
            "url": absolute(reverse("exhibition:exhibit", args=[placement.edition.code, exhibit.code])),
            "image": absolute(reverse("exhibition:card", args=[placement.edition.code, exhibit.code])),
            "keywords": [field.name for field in fields],
            "creator": {"@type": "Organization", "name": organisation.name} if organisation else None,
            "contentLocation": {"@type": "Place", "name": placement.venue.name},
            "isPartOf": {"@type": "ExhibitionEvent", "name": placement.edition.name,
                         "startDate": placement.edition.starts_on.isoformat()},
            **{key: value for one in more for key, value in one.items()},
        }
    )
