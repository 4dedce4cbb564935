"""Exhibits (展项), shown over the years, and their placements (布展), one in each edition."""

from everhall.exhibition.models.exhibit import (
    Exhibit,
    ExhibitAttachment,
    ExhibitPicture,
    Field,
    Maturity,
    Presentation,
    Seek,
)
from everhall.exhibition.models.placement import Placement

__all__ = [
    "Exhibit",
    "ExhibitAttachment",
    "ExhibitPicture",
    "Field",
    "Maturity",
    "Placement",
    "Presentation",
    "Seek",
]
