"""Exhibits (展项), shown over the years, and their placements (布展), one in each edition; scenes (场景) in which one
walks by them."""

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
from everhall.exhibition.models.scene import Hotspot, Scene, SceneLink

__all__ = [
    "Exhibit",
    "ExhibitAttachment",
    "ExhibitPicture",
    "Field",
    "Hotspot",
    "Maturity",
    "Placement",
    "Presentation",
    "Scene",
    "SceneLink",
    "Seek",
]
