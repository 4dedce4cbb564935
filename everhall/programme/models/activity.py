"""A programme item: a ceremony, a forum, a contest … held by hosts at a venue in one or more sessions."""

from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
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
from everhall.editions.models import Edition, OpensWithLaunch, Venue
from everhall.engines.bilingual import Bilingual
from everhall.programme.events import ActivitiesChanged
from everhall.realtime import news
from everhall.realtime.models import Told


class Kind(models.TextChoices):
    CEREMONY = "ceremony", pgettext_lazy("activity", "ceremony")
    FORUM = "forum", pgettext_lazy("activity", "forum")
    CONTEST = "contest", pgettext_lazy("activity", "contest")
    ROADSHOW = "roadshow", pgettext_lazy("activity", "roadshow")
    MATCHMAKING = "matchmaking", pgettext_lazy("activity", "matchmaking")
    LECTURE = "lecture", pgettext_lazy("activity", "lecture")
    TOUR = "tour", pgettext_lazy("activity", "tour")
    RELAY_STATION = "relay_station", pgettext_lazy("activity", "station of a relay")


class Mode(models.TextChoices):
    ONSITE = "onsite", pgettext_lazy("mode", "on site")
    ONLINE = "online", pgettext_lazy("mode", "online")
    BOTH = "both", pgettext_lazy("mode", "on site and online")


class Activity(
    OpensWithLaunch,
    Told,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    ClusterableModel,
):
    """What happens. Its sessions say when and on which stage."""

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="activities", verbose_name=_("edition")
    )
    venue = models.ForeignKey(
        Venue, on_delete=models.PROTECT, related_name="activities", verbose_name=_("venue")
    )
    code = models.SlugField(_("code"), max_length=80, validators=[code_validator])
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.FORUM)
    name_zh = models.CharField(_("name (Chinese)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=300, blank=True)
    summary_zh = models.CharField(_("summary (Chinese)"), max_length=300, blank=True)
    summary_en = models.CharField(_("summary (English)"), max_length=600, blank=True)
    text_zh = RichTextField(_("text (Chinese)"), blank=True)
    text_en = RichTextField(_("text (English)"), blank=True)
    mode = models.CharField(_("mode"), max_length=8, choices=Mode, default=Mode.BOTH)
    relay = models.BooleanField(
        _("relayed"), default=False, help_text=_("Shown live or as a recording on cloud video.")
    )
    picture = models.ForeignKey(
        "media.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("picture"),
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
        related_query_name="activity",
        for_concrete_model=False,
    )
    workflow_states: Any = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="content_type",
        object_id_field="object_id",
        related_query_name="activity",
        for_concrete_model=False,
    )

    #: What the desk says where it cannot be deleted.
    instead_of_deleting = _("Set its sessions to “cancelled” instead: they stay to be read, and whoever is registered or follows is told.")

    name = Bilingual("name", get_language)
    summary = Bilingual("summary", get_language)
    text = Bilingual("text", get_language)

    class Meta:
        ordering = ["code"]
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="activity_code_in_edition"),
        ]
        permissions = [
            ("publish_activity", "Can publish activity"),
            ("lock_activity", "Can lock activity"),
            ("unlock_activity", "Can unlock activity"),
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
        news.tell(ActivitiesChanged(tags=tags, ids=(self.pk,)))

    def tell_gone(self, pk: Any, tags: tuple[str, ...]) -> None:
        news.tell(ActivitiesChanged(tags=tags, ids=(pk,)))

    #: How a draft is shown; set by the desk, because it needs queries, which stand above models.
    previewed_by: Any = None
    preview_modes = [("zh-hans", _("Chinese")), ("en", _("English"))]

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        return type(self).previewed_by(self, request, mode_name)


class ActivityHost(Orderable):
    """An organisation that hosts an activity; the first is the lead."""

    activity = ParentalKey(Activity, on_delete=models.CASCADE, related_name="hosts")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="hosted_activities",
        verbose_name=_("organisation"),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("host")
        verbose_name_plural = _("hosts")
        constraints = [
            models.UniqueConstraint(fields=["activity", "organisation"], name="one_host"),
        ]
