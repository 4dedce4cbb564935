"""The floor plan of a hall (平面图), as somebody drew or uploaded it. A hall without one is laid out by its booths."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from everhall.editions.models import Hall
from everhall.realtime.models import Told


class FloorPlan(Told):
    """`data` is an `engines.plan.Plan` as `engines.plan_json` writes it, in metres; `drawing` the ground below it, cleaned.

    `version` grows with every change, so that of two editors the second is told.
    """

    hall = models.OneToOneField(Hall, on_delete=models.CASCADE, related_name="plan", verbose_name=_("hall"))
    data = models.JSONField()
    drawing = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    is_sample = models.BooleanField(_("sample"), default=False)

    class Meta:
        verbose_name = _("floor plan")
        verbose_name_plural = _("floor plans")

    def __str__(self) -> str:
        return str(self.hall)

    @property
    def metres(self) -> float:
        """How wide the drawing is."""
        return float(self.data["width"])

    @property
    def up(self) -> float:
        """The compass heading of the drawing's upper edge."""
        return float(self.data.get("up", 0))

    def news_tags(self) -> set[str]:
        return self.hall.news_tags()
