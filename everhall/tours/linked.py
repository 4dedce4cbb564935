"""What tours tell machines (schema.org)."""

from django.utils.safestring import SafeString

from everhall.exhibition.linked import absolute, safe
from everhall.tours.queries import Guided


def tour_json_ld(tour: Guided) -> SafeString:
    """schema.org TouristTrip with its stops as the ItemList of its itinerary."""
    edition = tour.edition
    return safe(
        {
            "@type": "TouristTrip",
            "name": tour.name,
            "description": tour.summary,
            "touristType": tour.audience,
            "url": absolute(tour.address),
            "isPartOf": {"@type": "ExhibitionEvent", "name": edition.name, "startDate": edition.starts_on.isoformat()},
            "itinerary": {
                "@type": "ItemList",
                "numberOfItems": len(tour.stops),
                "itemListElement": [
                    {"@type": "ListItem", "position": one.number, "name": one.name, "url": absolute(tour.address_of(one.number))}
                    for one in tour.stops
                ],
            },
        }
    )
