"""Tours (导览): an ordered visit with a narration, as a venue's team makes it.

A stop leads to one thing: an exhibit, a scene (and a direction), a session, or a place on a plan. It has no name of its own
but that of the thing, and is as public as the thing: what visitors may not see has no stop (`queries.stops`).
"""

from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)

from everhall.accounts.models import code_validator
from everhall.editions.models import Edition, OpensWithLaunch, Venue
from everhall.engines.bilingual import Bilingual
from everhall.realtime import news
from everhall.realtime.models import Told
from everhall.tours.events import ToursChanged

#: Words in addresses below `/<edition>/tours/` that no tour may be called.
TAKEN = ("made", "make", "join", "with", "guide")
#: What a stop may lead to: the columns, of which exactly one is filled.
TARGETS = ("exhibit", "scene", "session", "hall")


class Audience(models.TextChoices):
    EVERYONE = "everyone", pgettext_lazy("tour", "for everyone")
    SCHOOLS = "schools", pgettext_lazy("tour", "for schools")
    INVESTORS = "investors", pgettext_lazy("tour", "for investors")
    EXPERTS = "experts", pgettext_lazy("tour", "for experts")
    FAMILIES = "families", pgettext_lazy("tour", "for families")


def not_taken(code: str) -> None:
    if code in TAKEN:
        raise ValidationError(_("“%(code)s” is part of other addresses. Choose another code.") % {"code": code})


class Tour(
    OpensWithLaunch,
    Told,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    ClusterableModel,
):
    """A tour of an edition. `venue` is the one whose team answers for it; its stops may stand anywhere in the edition."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="tours", verbose_name=_("edition"))
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="tours", verbose_name=_("venue"))
    code = models.SlugField(_("code"), max_length=80, validators=[code_validator, not_taken])
    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    summary_zh = models.CharField(_("summary (Chinese)"), max_length=300, blank=True)
    summary_en = models.CharField(_("summary (English)"), max_length=600, blank=True)
    audience = models.CharField(pgettext_lazy("tour", "for whom"), max_length=12, choices=Audience, default=Audience.EVERYONE)
    minutes = models.PositiveSmallIntegerField(
        pgettext_lazy("tour", "minutes planned"), default=30, validators=[MaxValueValidator(600)],
        help_text=_("What visitors are told. What stops and ways add up to stands beside the stops."),
    )
    cover = models.ForeignKey(
        "media.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("picture"),
        help_text=_("Without one, the picture of the first exhibit is shown."),
    )
    order = models.PositiveIntegerField(_("order"), default=0)
    embargo_until = models.DateTimeField(
        _("embargo until"), null=True, blank=True, help_text=_("Until then nothing of it can be seen, its pictures included.")
    )
    is_sample = models.BooleanField(_("sample"), default=False)

    _revisions: Any = GenericRelation(
        "wagtailcore.Revision", content_type_field="content_type", object_id_field="object_id",
        related_query_name="tour", for_concrete_model=False,
    )
    workflow_states: Any = GenericRelation(
        "wagtailcore.WorkflowState", content_type_field="content_type", object_id_field="object_id",
        related_query_name="tour", for_concrete_model=False,
    )

    name = Bilingual("name", get_language)
    summary = Bilingual("summary", get_language)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("tour")
        verbose_name_plural = _("tours")
        constraints = [models.UniqueConstraint(fields=["edition", "code"], name="tour_code_in_edition")]
        permissions = [
            ("publish_tour", "Can publish tour"), ("lock_tour", "Can lock tour"), ("unlock_tour", "Can unlock tour"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.venue_id and self.edition_id and self.venue.edition_id != self.edition_id:
            raise ValidationError({"venue": _("This venue belongs to another edition.")})

    def launching_edition(self) -> int | None:
        return self.edition_id

    def news_tags(self) -> set[str]:
        return {f"edition-{self.edition.code}"}

    def tell_changed(self, extra: set[str] | None = None) -> None:
        tags = tuple(sorted(self.news_tags() | (extra or set())))
        news.tell(ToursChanged(tags=tags, ids=(self.pk,)))

    def tell_gone(self, pk: Any, tags: tuple[str, ...]) -> None:
        news.tell(ToursChanged(tags=tags, ids=(pk,)))

    #: How a draft is shown; set by the desk, because it needs queries, which stand above models.
    previewed_by: Any = None
    preview_modes = [("zh-hans", _("Chinese")), ("en", _("English"))]

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        return type(self).previewed_by(self, request, mode_name)


class Stop(Orderable):
    """One stop: what one stands before, and what is said there. `heading` is a scene's direction in degrees clockwise from the
    plan's upper edge; `booth` a number on the hall's plan."""

    tour = ParentalKey(Tour, on_delete=models.CASCADE, related_name="stops")
    exhibit = models.ForeignKey(
        "exhibition.Exhibit", null=True, blank=True, on_delete=models.CASCADE, related_name="tour_stops",
        verbose_name=_("exhibit"),
    )
    scene = models.ForeignKey(
        "exhibition.Scene", null=True, blank=True, on_delete=models.CASCADE, related_name="tour_stops", verbose_name=_("scene")
    )
    heading = models.FloatField(
        pgettext_lazy("tour", "direction"), null=True, blank=True, help_text=_("Of a scene: where one looks, in degrees clockwise from the plan's upper edge.")
    )
    session = models.ForeignKey(
        "programme.Session", null=True, blank=True, on_delete=models.CASCADE, related_name="tour_stops", verbose_name=_("session")
    )
    hall = models.ForeignKey(
        "editions.Hall", null=True, blank=True, on_delete=models.CASCADE, related_name="tour_stops",
        verbose_name=pgettext_lazy("tour", "place in the hall"),
    )
    booth = models.CharField(
        _("booth"), max_length=30, blank=True, help_text=_("Of a place in a hall: its number on the plan; may be empty.")
    )
    narration_zh = models.TextField(pgettext_lazy("tour", "narration (Chinese)"), max_length=4000, blank=True)
    narration_en = models.TextField(pgettext_lazy("tour", "narration (English)"), max_length=8000, blank=True)
    audio_zh = models.ForeignKey(
        "media.Attachment", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=pgettext_lazy("tour", "sound (Chinese)"),
    )
    audio_en = models.ForeignKey(
        "media.Attachment", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=pgettext_lazy("tour", "sound (English)"),
    )
    minutes = models.PositiveSmallIntegerField(
        pgettext_lazy("tour", "minutes"), default=3, validators=[MaxValueValidator(120)]
    )

    narration = Bilingual("narration", get_language)

    class Meta(Orderable.Meta):
        verbose_name = pgettext_lazy("tour", "stop")
        verbose_name_plural = pgettext_lazy("tour", "stops")

    def __str__(self) -> str:
        return str(self.exhibit or self.scene or self.session or f"{self.hall or ''} {self.booth}".strip() or self.pk)

    def clean(self) -> None:
        named = [name for name in TARGETS if getattr(self, f"{name}_id")]
        if len(named) != 1:
            raise ValidationError(_("A stop leads to one thing: choose an exhibit, a scene, a session or a place in a hall, and only one of them."))
        if self.booth and not self.hall_id:
            raise ValidationError({"booth": _("A booth alone says nothing. Choose its hall, or the exhibit that stands there.")})
        for name in ("audio_zh", "audio_en"):
            file = getattr(self, name)
            if file is not None and file.kind != "audio":
                raise ValidationError({name: _("“%(file)s” is no sound. Upload an MP3 or M4A file as an attachment of the kind “audio”.") % {"file": file}})
