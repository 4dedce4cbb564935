"""What is made of a master: tiles of a board or a panorama, models, films and sounds for screens and phones, their posters."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from everhall.media.models.files import Attachment
from everhall.realtime.models import Told


@dataclass(frozen=True, slots=True)
class Source:
    """A file that a player may play; sizes in pixels (0 of a sound) and bytes (0 where they are not known)."""

    address: str
    type: str
    side: int = 0
    width: int = 0
    height: int = 0
    bytes: int = 0

    @property
    def media(self) -> str:
        """On which screens it is the best (a media query); "" for whoever is left. A phone's small pixels are worth 720 lines."""
        return {1080: "(min-width: 90rem)", 720: "(min-width: 40rem), (min-resolution: 1.9dppx)"}.get(self.side, "")


class Derived(Told):
    """What visitors get of a master, and how far the making is.

    `wanted` names what should be there: the master's bytes and the recipe. `made` names what is there: a folder under
    `settings.DERIVED_ROOT`. While they differ visitors see what is made; so a new master that turns out to be faulty
    leaves the former one on the stage. `facts` belong to `made`, `fault` (kind and values) to `wanted`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("making", "waiting")
        MAKING = "making", pgettext_lazy("making", "being made")
        READY = "ready", pgettext_lazy("making", "ready")
        FAULTY = "faulty", pgettext_lazy("making", "faulty")

    attachment = models.OneToOneField(Attachment, on_delete=models.CASCADE, related_name="derived")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING, db_index=True)
    progress = models.PositiveSmallIntegerField(_("progress"), default=0)
    wanted = models.CharField(max_length=32)
    made = models.CharField(max_length=32, blank=True)
    sha256 = models.CharField(_("checksum (SHA-256)"), max_length=64, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    fault = models.JSONField(default=dict, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("derivative")
        verbose_name_plural = _("derivatives")

    def __str__(self) -> str:
        return f"{self.attachment_id} {self.get_state_display()}"

    def news_tags(self) -> set[str]:
        return {f"attachment-{self.attachment_id}"}

    def url(self, name: str) -> str:
        """The address of one made file; it changes when the file does."""
        return reverse("media:derived", args=[self.attachment_id, self.made, name])

    @property
    def poster(self) -> str:
        """The address of the picture that stands for it; "" for a sound and for what is not made yet."""
        if not self.made or self.attachment.kind == Attachment.Kind.AUDIO:
            return ""
        return self.url("1.webp" if self.attachment.kind == Attachment.Kind.BOARD else "poster.webp")

    @property
    def sources(self) -> list[Source]:
        """Of a film, its sizes from the largest down; of a sound, AAC before MP3; nothing of what is not made yet."""
        if self.made and self.attachment.kind == Attachment.Kind.AUDIO:
            return [
                Source(self.url("sound.m4a"), "audio/mp4", bytes=self.facts.get("bytes", 0)),
                Source(self.url("sound.mp3"), "audio/mpeg"),
            ]
        return [
            Source(self.url(f"{rung['side']}.mp4"), "video/mp4", rung["side"], rung["width"], rung["height"], rung["bytes"])
            for rung in self.facts.get("rungs", []) if self.made
        ]  # fmt: skip

    @property
    def pages(self) -> list[dict[str, Any]]:
        """Of a board: its pages with `width` and `height` in pixels."""
        return list(self.facts.get("pages", []))
