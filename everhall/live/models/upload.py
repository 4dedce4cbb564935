"""A film on its way to us: sent in pieces, taken up again after a lost connection (tus 1.0)."""

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from everhall.editions.models import Edition, Venue


class VideoUpload(models.Model):
    """One file. It grows under `live/uploads/<code>.part`; whole, it is `live/uploads/<code><ending>`. `offset` is what
    was kept for certain; the size of the file on disk is asked again before more is added."""

    class State(models.TextChoices):
        UPLOADING = "uploading", pgettext_lazy("upload", "on its way")
        RECEIVED = "received", pgettext_lazy("upload", "received")
        PROCESSING = "processing", pgettext_lazy("upload", "being prepared")
        DONE = "done", pgettext_lazy("upload", "done")
        FAILED = "failed", pgettext_lazy("upload", "cannot be used")
        EXPIRED = "expired", pgettext_lazy("upload", "expired")

    code = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("user"),
    )
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="+", verbose_name=_("edition")
    )
    venue = models.ForeignKey(
        Venue, on_delete=models.PROTECT, related_name="+", verbose_name=_("venue")
    )
    name = models.CharField(_("file"), max_length=255)
    size = models.PositiveBigIntegerField(_("size"))
    offset = models.PositiveBigIntegerField(_("received"), default=0)
    metadata = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.UPLOADING)
    progress = models.PositiveSmallIntegerField(_("progress"), default=0)
    fault = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(_("begun"), db_index=True)
    expires_at = models.DateTimeField(_("kept until"))
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        return Path(settings.LIVE_ROOT) / "uploads"

    @property
    def path(self) -> Path:
        """Where its bytes are. Nothing of the name that the sender gave is part of it but a known ending."""
        if self.state in {self.State.UPLOADING, self.State.EXPIRED}:
            return self.folder / f"{self.code}.part"
        ending = Path(self.name).suffix.lower()
        return self.folder / f"{self.code}{ending if ending in ENDINGS else '.bin'}"

    @property
    def percent(self) -> int:
        return int(100 * self.offset / self.size) if self.size else 0

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = Path(self.name.replace("\\", "/")).name[-255:] or "film"
        super().save(*args, **kwargs)


ENDINGS = frozenset({".mp4", ".m4v", ".mov", ".mkv", ".webm", ".ts", ".mts", ".avi", ".flv", ".mxf", ".mp3", ".m4a", ".wav"})
