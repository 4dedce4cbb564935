"""An exhibit's place in one edition (布展)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from everhall.editions.models import Edition, Venue, Zone
from everhall.exhibition.events import ExhibitsChanged
from everhall.exhibition.models.exhibit import Exhibit
from everhall.realtime import news
from everhall.realtime.models import Told


class Placement(Told):
    """Where an exhibit stands in one edition: venue, zone, booth, order in the zone."""

    exhibit = models.ForeignKey(Exhibit, on_delete=models.CASCADE, related_name="placements")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="placements")
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="placements")
    zone = models.ForeignKey(
        Zone, null=True, blank=True, on_delete=models.PROTECT, related_name="placements"
    )
    booth = models.CharField(_("booth"), max_length=30, blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = [
            models.UniqueConstraint(fields=["exhibit", "edition"], name="one_placement_per_edition"),
            models.UniqueConstraint(
                fields=["edition", "venue", "booth", "exhibit"], name="booth_once_per_exhibit"
            ),
        ]
        indexes = [
            models.Index(fields=["edition", "order"]),
            models.Index(fields=["zone", "order"]),
        ]

    def __str__(self) -> str:
        return f"{self.exhibit} @ {self.venue} {self.booth}".strip()

    def clean(self) -> None:
        if self.venue_id and self.edition_id and self.venue.edition_id != self.edition_id:
            raise ValidationError({"venue": _("This venue belongs to another edition.")})
        if self.zone and self.venue_id and self.zone.hall.venue_id != self.venue_id:
            raise ValidationError({"zone": _("This zone belongs to another venue.")})

    def news_tags(self) -> set[str]:
        return {f"edition-{self.edition.code}"}

    def tell_changed(self, extra: set[str] | None = None) -> None:
        tags = tuple(sorted(self.news_tags() | (extra or set())))
        news.tell(ExhibitsChanged(tags=tags, ids=(self.exhibit_id,)))

    def tell_gone(self, pk: Any, tags: tuple[str, ...]) -> None:
        news.tell(ExhibitsChanged(tags=tags, ids=(self.exhibit_id,)))
