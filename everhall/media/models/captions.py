"""Captions (字幕) of films and sounds, by language."""

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from everhall.media.models.files import Attachment
from everhall.realtime.models import Told


class Caption(Told):
    """One track of timed text of a film or a sound. `text` is WebVTT as `engines/timed_text.py` writes it; whoever may see
    the attachment may see it. It holds what the film says, and is deleted with it."""

    class Language(models.TextChoices):
        CHINESE = "zh-hans", _("Chinese")
        ENGLISH = "en", _("English")

    class Kind(models.TextChoices):
        CAPTIONS = "captions", pgettext_lazy("timed text", "captions")
        DESCRIPTIONS = "descriptions", pgettext_lazy("timed text", "descriptions of what is seen")
        TRANSCRIPT = "transcript", pgettext_lazy("timed text", "transcript")

    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="captions", verbose_name=_("attachment"))
    language = models.CharField(_("language"), max_length=10, choices=Language, default=Language.CHINESE)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.CAPTIONS)
    text = models.TextField(_("text"))
    #: Of the text; part of the address, so that a corrected track is fetched anew.
    version = models.CharField(max_length=12, editable=False)

    class Meta:
        ordering = ["attachment", "-language", "kind"]
        verbose_name = pgettext_lazy("timed text", "captions")
        verbose_name_plural = pgettext_lazy("timed text", "captions")
        constraints = [models.UniqueConstraint(fields=["attachment", "language", "kind"], name="one_track_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.attachment_id} {self.language} {self.kind}"

    def clean(self) -> None:
        if self.attachment.kind not in (Attachment.Kind.VIDEO, Attachment.Kind.AUDIO):
            raise ValidationError(_("Only videos and sounds have captions."))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.version = hashlib.sha256(self.text.encode()).hexdigest()[:12]
        super().save(*args, **kwargs)

    @property
    def address(self) -> str:
        return reverse("media:captions", args=[self.attachment_id, self.language, self.kind, self.version])

    def news_tags(self) -> set[str]:
        return {f"attachment-{self.attachment_id}"}
