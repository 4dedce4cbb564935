"""Exhibits (展项), shown over the years, their placements (布展), one in each edition; plans of halls, labels, and scenes
(场景) in which one walks."""

from everhall.exhibition.models.exhibit import (
    Exhibit,
    ExhibitAttachment,
    ExhibitPicture,
    Field,
    Maturity,
    Presentation,
    Seek,
)
from everhall.exhibition.models.label import Label, LabelScans
from everhall.exhibition.models.persistent import PersistentId
from everhall.exhibition.models.placement import Placement
from everhall.exhibition.models.plan import FloorPlan
from everhall.exhibition.models.scene import Hotspot, Scene, SceneLink

__all__ = [
    "Exhibit",
    "ExhibitAttachment",
    "ExhibitPicture",
    "Field",
    "FloorPlan",
    "Hotspot",
    "Label",
    "LabelScans",
    "Maturity",
    "PersistentId",
    "Placement",
    "Presentation",
    "Scene",
    "SceneLink",
    "Seek",
]
