"""The project shown: texts in two languages, pictures, documents, what it seeks."""

from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)

from everhall.accounts.models import Organisation, code_validator
from everhall.editions.models import OpensWithLaunch
from everhall.engines.bilingual import Bilingual
from everhall.exhibition.events import ExhibitsChanged
from everhall.realtime import news
from everhall.realtime.models import Told


class Maturity(models.TextChoices):
    CONCEPT = "concept", pgettext_lazy("maturity", "concept")
    PROTOTYPE = "prototype", pgettext_lazy("maturity", "prototype")
    PILOT = "pilot", pgettext_lazy("maturity", "pilot")
    MARKET = "market", pgettext_lazy("maturity", "on the market")


class Presentation(models.TextChoices):
    OBJECT = "object", pgettext_lazy("presentation", "object")
    MODEL = "model", pgettext_lazy("presentation", "model")
    MULTIMEDIA = "multimedia", pgettext_lazy("presentation", "multimedia")
    BOARD = "board", pgettext_lazy("presentation", "board")


class Seek(models.TextChoices):
    CAPITAL = "capital", pgettext_lazy("seek", "capital")
    SPACE = "space", pgettext_lazy("seek", "space")
    ORDERS = "orders", pgettext_lazy("seek", "orders")
    PARTNERS = "partners", pgettext_lazy("seek", "partners")
    TALENT = "talent", pgettext_lazy("seek", "talent")


class Field(Told):
    """A field of technology (领域), the same in every edition."""

    code = models.SlugField(_("code"), max_length=40, unique=True, validators=[code_validator])
    name_zh = models.CharField(_("name (Chinese)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=80, blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)
    hue = models.PositiveSmallIntegerField(_("hue"), default=0, help_text=_("0 to 359, for covers and marks."))

    name = Bilingual("name", get_language)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("field")
        verbose_name_plural = _("fields")

    def __str__(self) -> str:
        return self.name


def check_words(words: Any, allowed: list[str]) -> None:
    if not isinstance(words, list) or any(word not in allowed for word in words):
        raise ValidationError(_("Choose from: %(words)s.") % {"words": ", ".join(allowed)})


def presentation_validator(words: Any) -> None:
    check_words(words, Presentation.values)


def seeks_validator(words: Any) -> None:
    check_words(words, Seek.values)


class Exhibit(
    OpensWithLaunch,
    Told,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    ClusterableModel,
):
    """What is shown. `live` columns are what visitors see; a draft is a revision beside them.

    `steward` is the venue whose team answers for the text: that of the newest placement.
    """

    code = models.SlugField(_("code"), max_length=80, unique=True, validators=[code_validator])
    name_zh = models.CharField(_("name (Chinese)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    summary_zh = models.CharField(_("summary (Chinese)"), max_length=300, blank=True)
    summary_en = models.CharField(_("summary (English)"), max_length=600, blank=True)
    text_zh = RichTextField(_("text (Chinese)"), blank=True)
    text_en = RichTextField(_("text (English)"), blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="exhibits",
        verbose_name=_("organisation"),
    )
    fields: Any = ParentalManyToManyField(
        Field, blank=True, related_name="exhibits", verbose_name=_("fields")
    )
    maturity = models.CharField(
        _("maturity"), max_length=12, choices=Maturity, default=Maturity.PROTOTYPE
    )
    presentation = models.JSONField(
        _("presentation"), default=list, blank=True, validators=[presentation_validator]
    )
    seeks = models.JSONField(_("seeks"), default=list, blank=True, validators=[seeks_validator])
    steward = models.ForeignKey(
        "editions.Venue", null=True, blank=True, on_delete=models.SET_NULL,
        related_name="stewarded_exhibits", verbose_name=_("venue that answers for it"),
    )
    embargo_until = models.DateTimeField(
        _("embargo until"), null=True, blank=True,
        help_text=_("Until then nothing of it can be seen, its pictures included."),
    )
    is_sample = models.BooleanField(_("sample"), default=False)

    _revisions: Any = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="content_type",
        object_id_field="object_id",
        related_query_name="exhibit",
        for_concrete_model=False,
    )
    workflow_states: Any = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="content_type",
        object_id_field="object_id",
        related_query_name="exhibit",
        for_concrete_model=False,
    )

    name = Bilingual("name", get_language)
    summary = Bilingual("summary", get_language)
    text = Bilingual("text", get_language)

    class Meta:
        ordering = ["code"]
        verbose_name = _("exhibit")
        verbose_name_plural = _("exhibits")
        # Embargoes to come are few, and every page of an edition asks for the next one.
        indexes = [models.Index(fields=["embargo_until"], name="exhibit_embargo")]
        permissions = [
            ("publish_exhibit", "Can publish exhibit"),
            ("lock_exhibit", "Can lock exhibit"),
            ("unlock_exhibit", "Can unlock exhibit"),
        ]

    def __str__(self) -> str:
        return self.name

    def launching_edition(self) -> int | None:
        """That of its newest place, as the venue that answers for it."""
        return self.steward.edition_id if self.steward is not None else None

    def news_tags(self) -> set[str]:
        if self.pk is None:
            return set()
        codes = self.placements.values_list("edition__code", flat=True)
        return {f"edition-{code}" for code in codes}

    def tell_changed(self, extra: set[str] | None = None) -> None:
        tags = tuple(sorted(self.news_tags() | (extra or set())))
        news.tell(ExhibitsChanged(tags=tags, ids=(self.pk,)))

    def tell_gone(self, pk: Any, tags: tuple[str, ...]) -> None:
        news.tell(ExhibitsChanged(tags=tags, ids=(pk,)))

    def with_content_json(self, content: Any) -> Any:
        """A draft says nothing of who answers for the exhibit: placing it does (`place_exhibit`)."""
        draft = super().with_content_json(content)
        draft.steward_id = self.steward_id
        return draft

    #: How a draft is shown; set by the desk, because it needs queries, which stand above models.
    previewed_by: Any = None
    preview_modes = [("zh-hans", _("Chinese")), ("en", _("English"))]

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        return type(self).previewed_by(self, request, mode_name)

    def cover(self) -> "ExhibitPicture | None":
        """The first picture; rows are expected to be prefetched."""
        pictures = list(self.pictures.all())
        return pictures[0] if pictures else None


class ExhibitPicture(Orderable):
    """A picture in the gallery of an exhibit; the first is its cover."""

    exhibit = ParentalKey(Exhibit, on_delete=models.CASCADE, related_name="pictures")
    picture = models.ForeignKey(
        "media.Picture", on_delete=models.PROTECT, related_name="+", verbose_name=_("picture")
    )
    caption_zh = models.CharField(_("caption (Chinese)"), max_length=300, blank=True)
    caption_en = models.CharField(_("caption (English)"), max_length=300, blank=True)

    caption = Bilingual("caption", get_language)

    class Meta(Orderable.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")


class ExhibitAttachment(Orderable):
    """A document, video or sound that belongs to an exhibit."""

    exhibit = ParentalKey(Exhibit, on_delete=models.CASCADE, related_name="attachments")
    attachment = models.ForeignKey(
        "media.Attachment", on_delete=models.PROTECT, related_name="+", verbose_name=_("attachment")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
