"""A film on its way to us, in pieces (`media.models.Pieces`)."""

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from everhall.editions.models import Edition, Venue
from everhall.engines.personal import ACCOUNT, NotPersonal, Personal
from everhall.media.models import Pieces


class VideoUpload(Pieces):
    """One film. It grows under `live/uploads/<code>.part`; whole, it is `live/uploads/<code><ending>` and a recording."""

    PERSONAL: ClassVar[Personal] = {
        "owner": ("to show you your uploads", ACCOUNT),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {
        "name": "of a file",
        "*": "about a file",
    }

    endings = frozenset(
        {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".ts", ".mts", ".avi", ".flv", ".mxf", ".mp3", ".m4a", ".wav"}
    )
    nameless = "film"

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="+", verbose_name=_("edition")
    )
    venue = models.ForeignKey(
        Venue, on_delete=models.PROTECT, related_name="+", verbose_name=_("venue")
    )
    progress = models.PositiveSmallIntegerField(_("progress"), default=0)

    @property
    def folder(self) -> Path:
        return Path(settings.LIVE_ROOT) / "uploads"
