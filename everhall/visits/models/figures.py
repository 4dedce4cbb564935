"""How often pages of exhibits were looked at."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from everhall.editions.models import Edition
from everhall.exhibition.models import Exhibit


class ExhibitViews(models.Model):
    """Views of an exhibit's page in one edition on one day (in the site's zone of time). Nothing is kept of who looked."""

    only_notes = True

    exhibit = models.ForeignKey(Exhibit, on_delete=models.CASCADE, related_name="views")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)
    is_sample = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("views of a day")
        verbose_name_plural = _("views of a day")
        constraints = [models.UniqueConstraint(fields=["edition", "exhibit", "day"], name="views_once_a_day")]

    def __str__(self) -> str:
        return f"{self.exhibit_id} {self.day}: {self.count}"
