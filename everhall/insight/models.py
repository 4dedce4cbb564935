"""Figures as they may be told, worked out by the clerk; nothing else about people is kept here.

Personal data: none. Counts are rounded before they are written (`rules`), so not even the database has more than what is told.
"""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from everhall.editions.models import Edition
from everhall.engines.personal import NotPersonal


class Summary(models.Model):
    """That figures of an edition were worked out, when, and whether the public may see their sum."""

    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "sums in fives"}

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="figures_summary")
    as_of = models.DateTimeField(_("as of"), null=True, blank=True)
    is_public = models.BooleanField(_("public"), default=False)
    #: Of what was told; the same figures are not written again.
    digest = models.CharField(max_length=64, blank=True, editable=False)
    #: Some of what is counted is the demo's.
    is_sample = models.BooleanField(_("sample"), default=False)

    class Meta:
        verbose_name = _("figures")
        verbose_name_plural = _("figures")

    def __str__(self) -> str:
        return str(self.edition)


class ToldFigures(models.Model):
    """One row of the table: what is told of an edition, a venue with all below it, a host, a session or an activity; of all days or one.
    `ref`: its id (0 of an edition)."""

    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "sums in fives"}

    summary = models.ForeignKey(Summary, on_delete=models.CASCADE, related_name="rows")
    what = models.CharField(max_length=8)
    ref = models.PositiveBigIntegerField()
    day = models.DateField(null=True, blank=True)
    #: As `rules.worked_out` has it.
    numbers: Any = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["summary", "what", "ref"])]

    def __str__(self) -> str:
        return f"{self.what} {self.ref} {self.day or ''}"
