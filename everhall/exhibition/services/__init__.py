"""Writes on exhibits, plans of halls and labels."""

from everhall.exhibition.services.labels import label_edition, label_exhibits
from everhall.exhibition.services.minting import mint, mint_edition
from everhall.exhibition.services.placing import (
    follow_launch,
    place_exhibit,
    settle_edition,
    settle_release,
)
from everhall.exhibition.services.plans import (
    ChangedMeanwhile,
    compared,
    draw_plan,
    import_plan,
    unplaced,
)
from everhall.exhibition.services.scans import count_scan, write_scans

__all__ = [
    "ChangedMeanwhile",
    "compared",
    "count_scan",
    "draw_plan",
    "follow_launch",
    "import_plan",
    "label_edition",
    "label_exhibits",
    "mint",
    "mint_edition",
    "place_exhibit",
    "settle_edition",
    "settle_release",
    "unplaced",
    "write_scans",
]
