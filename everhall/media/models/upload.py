"""A file on its way to us: sent in pieces, taken up again after a lost connection (tus 1.0).

`Pieces` is what all such files have in common, films too (`live.VideoUpload`); `FileUpload` is a picture or an attachment
that comes from a page. What must stay true: nothing of the name that the sender gave is part of a path but a known ending.
"""

import uuid
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from everhall.engines.personal import UPLOAD, NotPersonal, Personal
from everhall.media.models.files import Attachment, Picture


class Pieces(models.Model):
    """One file. It grows as `<code>.part` in its folder; whole, it has its ending. `offset` is what was kept for certain;
    the size of the file on disk is asked again before more is added."""

    class State(models.TextChoices):
        UPLOADING = "uploading", pgettext_lazy("upload", "on its way")
        RECEIVED = "received", pgettext_lazy("upload", "received")
        PROCESSING = "processing", pgettext_lazy("upload", "being prepared")
        DONE = "done", pgettext_lazy("upload", "done")
        FAILED = "failed", pgettext_lazy("upload", "cannot be used")
        EXPIRED = "expired", pgettext_lazy("upload", "expired")

    #: Endings that are kept; all others become `.bin`.
    endings: ClassVar[frozenset[str]] = frozenset()
    #: What a file without a name is called.
    nameless: ClassVar[str] = "file"

    code = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("user"),
    )
    name = models.CharField(_("file"), max_length=255)
    size = models.PositiveBigIntegerField(_("size"))
    offset = models.PositiveBigIntegerField(_("received"), default=0)
    metadata = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.UPLOADING)
    fault = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(_("begun"), db_index=True)
    expires_at = models.DateTimeField(_("kept until"))
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        abstract = True
        ordering = ["-created_at"]
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        raise NotImplementedError

    @property
    def path(self) -> Path:
        """Where its bytes are."""
        if self.state in {self.State.UPLOADING, self.State.EXPIRED}:
            return self.folder / f"{self.code}.part"
        ending = Path(self.name).suffix.lower()
        return self.folder / f"{self.code}{ending if ending in self.endings else '.bin'}"

    @property
    def percent(self) -> int:
        return int(100 * self.offset / self.size) if self.size else 0

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = Path(self.name.replace("\\", "/")).name[-255:] or self.nameless
        super().save(*args, **kwargs)


class FileUpload(Pieces):
    """A picture or an attachment that comes in pieces; whole and found good it becomes a row of the library.

    Personal data: who brings it. Purpose: only they may go on with it. The row is deleted a week after the last piece, whatever
    became of it (`expires_at`); the library keeps who brought a file.
    """

    PERSONAL: ClassVar[Personal] = {
        "owner": ("to show you your uploads", UPLOAD),
        "name": ("to show you your uploads", UPLOAD),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "about a file"}

    class Kind(models.TextChoices):
        PICTURE = "picture", _("picture")
        DOCUMENT = "document", _("document")
        VIDEO = "video", _("video")
        AUDIO = "audio", _("audio")
        MODEL = "model", _("3D model")
        BOARD = "board", _("board")
        PANORAMA = "panorama", _("panorama")
        TURNTABLE = "turntable", _("turntable of photos")

    endings = frozenset(
        f".{name}" for name in ["jpg", "jpeg", "png", "webp", "avif", "tif", "tiff", "pdf", "docx", "pptx", "mp4", "m4v", "mov", "webm", "mkv", "avi", "m4a", "mp3", "wav", "flac", "ogg", "aac", "aiff", "glb", "zip", "stl", "obj", "ply"]
    )

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    #: What it is for, said by whoever lets it begin ("exhibit:12").
    purpose = models.CharField(max_length=80, db_index=True)
    #: Why it cannot be used: {"zh": […], "en": […]}, what is wrong and what to do.
    refused = models.JSONField(default=dict, blank=True)
    picture = models.ForeignKey(Picture, null=True, on_delete=models.SET_NULL, related_name="+")
    attachment = models.ForeignKey(Attachment, null=True, on_delete=models.SET_NULL, related_name="+")

    @property
    def folder(self) -> Path:
        return Path(settings.UPLOADS_ROOT)
