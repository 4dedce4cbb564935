"""Files: pictures and attachments, and when their bytes may be seen.

A file belongs to nobody until something uses it. Each user of a file says from when on it may be seen
(`Use`); the file's `released_at` is the earliest of them, and nothing serves its bytes before. So the
picture of a draft or of an embargoed exhibit is unreachable, not merely unlisted.
"""

from pathlib import Path
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.utils import generate_signature

from everhall.engines.bilingual import Bilingual
from everhall.engines.personal import ACCOUNT, NotPersonal, Personal
from everhall.realtime.models import Told


class Picture(Told, AbstractImage):
    """An image master; what visitors get are renditions of it."""

    PERSONAL: ClassVar[Personal] = {
        "uploaded_by_user": ("to ask about the file", ACCOUNT),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {
        "*": "about a file",
        "file_hash": "about a file",
    }

    code = models.CharField(_("code"), max_length=120, null=True, blank=True, unique=True)
    alt_zh = models.CharField(_("alternative text (Chinese)"), max_length=300, blank=True)
    alt_en = models.CharField(_("alternative text (English)"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=80, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False)
    released_at = models.DateTimeField(_("released at"), null=True, editable=False, db_index=True)

    alt = Bilingual("alt", get_language)

    admin_form_fields = (
        "title", "file", "alt_zh", "alt_en", "credit", "licence", "source", "collection", "tags",
        "focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        permissions = [("choose_image", "Can choose image")]

    @property
    def default_alt_text(self) -> Any:
        return self.alt or self.title

    def news_tags(self) -> set[str]:
        return {f"picture-{self.pk}"}


class PictureRendition(AbstractRendition):
    """One size and format of a picture, made when first asked for."""

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    @property
    def url(self) -> str:
        """The one way out for its bytes, in the desk too; files are not served from their folder."""
        signature = generate_signature(self.image_id, self.filter_spec)
        return reverse("media:rendition", args=[signature, self.image_id, self.filter_spec])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="one_rendition"
            ),
        ]


class Attachment(Told, AbstractDocument):
    """A document to take home; or a master (film, sound, 3D model, board, panorama, turntable), of which visitors get what was
    made of it (`Derived`)."""

    PERSONAL: ClassVar[Personal] = {
        "uploaded_by_user": ("to ask about the file", ACCOUNT),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {
        "*": "about a file",
        "file_hash": "about a file",
    }

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("document")
        VIDEO = "video", _("video")
        AUDIO = "audio", _("audio")
        MODEL = "model", _("3D model")
        BOARD = "board", _("board")
        PANORAMA = "panorama", _("panorama")
        TURNTABLE = "turntable", _("turntable of photos")

    code = models.CharField(_("code"), max_length=120, null=True, blank=True, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.DOCUMENT)
    title_en = models.CharField(_("title (English)"), max_length=255, blank=True)
    alt_zh = models.CharField(_("alternative text (Chinese)"), max_length=300, blank=True)
    alt_en = models.CharField(_("alternative text (English)"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=80, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False)
    released_at = models.DateTimeField(_("released at"), null=True, editable=False, db_index=True)

    alt = Bilingual("alt", get_language)
    named = Bilingual("named", get_language)

    admin_form_fields = (
        "title", "title_en", "kind", "file", "alt_zh", "alt_en", "credit", "licence", "source", "collection", "tags",
    )

    class Meta(AbstractDocument.Meta):
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        permissions = [("choose_document", "Can choose document")]

    @property
    def named_zh(self) -> str:
        return str(self.title)

    @property
    def named_en(self) -> str:
        return self.title_en

    @property
    def url(self) -> str:
        return reverse("media:attachment", args=[self.pk, Path(self.file.name).name])

    def news_tags(self) -> set[str]:
        return {f"attachment-{self.pk}"}


class Use(models.Model):
    """Something uses a file and lets it be seen from a moment on (null: not yet)."""

    used_by = models.CharField(max_length=80, db_index=True)
    picture = models.ForeignKey(Picture, null=True, on_delete=models.CASCADE, related_name="uses")
    attachment = models.ForeignKey(
        Attachment, null=True, on_delete=models.CASCADE, related_name="uses"
    )
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["used_by", "picture"], name="one_use_of_picture",
                condition=models.Q(picture__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["used_by", "attachment"], name="one_use_of_attachment",
                condition=models.Q(attachment__isnull=False),
            ),
            models.CheckConstraint(
                condition=models.Q(picture__isnull=False) ^ models.Q(attachment__isnull=False),
                name="use_of_one_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.used_by} → {self.picture_id or self.attachment_id}"
