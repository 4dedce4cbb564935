"""The printed number at a booth (展签), and how often it was scanned."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from everhall.editions.models import Edition
from everhall.exhibition.models.exhibit import Exhibit


class Label(models.Model):
    """A number that leads to an exhibit for ever. Never changed, never given again: the row stays when the exhibit goes.

    `key` is the number as `engines.labels.key_of` reads it; one key has one label.
    """

    code = models.CharField(_("number"), max_length=40, unique=True, editable=False)
    key = models.CharField(max_length=40, unique=True, editable=False)
    exhibit = models.ForeignKey(Exhibit, null=True, on_delete=models.SET_NULL, related_name="labels")
    edition = models.ForeignKey(Edition, null=True, on_delete=models.SET_NULL, related_name="labels")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        constraints = [
            models.UniqueConstraint(fields=["exhibit", "edition"], name="one_label_per_placement"),
        ]

    def __str__(self) -> str:
        return self.code


class LabelScans(models.Model):
    """How often a label was followed on one day. Nothing is kept of who did."""

    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="scans")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("scans of a day")
        verbose_name_plural = _("scans of a day")
        constraints = [models.UniqueConstraint(fields=["label", "day"], name="scans_once_a_day")]

    def __str__(self) -> str:
        return f"{self.label_id} {self.day}: {self.count}"
