"""Notes (标注) on a 3D model: something to know of a part of it, where it is."""

import math
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from everhall.engines.bilingual import Bilingual
from everhall.media.models.files import Attachment
from everhall.realtime.models import Told

#: Metres from the model's origin.
FARTHEST = 10_000.0


class Note(Told):
    """A spot on the surface of a model, in the model's own metres, and the direction that looks away from the surface there. Who
    may see the model may see its notes."""

    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="notes", verbose_name=_("attachment"))
    label_zh = models.CharField(_("label (Chinese)"), max_length=40)
    label_en = models.CharField(_("label (English)"), max_length=80, blank=True)
    text_zh = models.CharField(_("text (Chinese)"), max_length=300, blank=True)
    text_en = models.CharField(_("text (English)"), max_length=600, blank=True)
    x = models.FloatField("x")
    y = models.FloatField("y")
    z = models.FloatField("z")
    normal_x = models.FloatField(_("normal x"), default=0)
    normal_y = models.FloatField(_("normal y"), default=0)
    normal_z = models.FloatField(_("normal z"), default=1)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    label = Bilingual("label", get_language)
    text = Bilingual("text", get_language)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = pgettext_lazy("3D model", "note")
        verbose_name_plural = pgettext_lazy("3D model", "notes")

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        numbers: tuple[Any, ...] = (self.x, self.y, self.z, self.normal_x, self.normal_y, self.normal_z)
        if any(n is None or not math.isfinite(n) or abs(n) > FARTHEST for n in numbers):
            raise ValidationError(_("Click on the model, or say where with numbers."))
        if math.hypot(*numbers[3:]) < 1e-6:
            raise ValidationError(_("The normal must point somewhere."))

    @property
    def position(self) -> str:
        """As the viewer wants it."""
        return " ".join(f"{n:.5f}m" for n in (self.x, self.y, self.z))

    @property
    def normal(self) -> str:
        return " ".join(f"{n:.4f}m" for n in (self.normal_x, self.normal_y, self.normal_z))

    @property
    def orbit(self) -> tuple[float, float]:
        """Degrees around and down from above, from where one looks straight at it; never from right above or below."""
        length = math.hypot(self.normal_x, self.normal_y, self.normal_z) or 1.0
        around = math.degrees(math.atan2(self.normal_x, self.normal_z))
        down = math.degrees(math.acos(max(-1.0, min(1.0, self.normal_y / length))))
        return round(around, 1), round(min(max(down, 25.0), 110.0), 1)

    def news_tags(self) -> set[str]:
        return {f"attachment-{self.attachment_id}"}
