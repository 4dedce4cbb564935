"""One occurrence of an activity, on a stage, at a time; and the people who speak in it."""

import uuid
import zoneinfo
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from everhall.accounts.models import Organisation, code_validator
from everhall.editions.models import Stage
from everhall.engines.bilingual import Bilingual
from everhall.engines.personal import PUBLIC, Personal
from everhall.programme.events import ActivitiesChanged, SessionChanged
from everhall.programme.models.activity import Activity, Mode
from everhall.realtime import news
from everhall.realtime.models import Told


class Person(Told):
    """Somebody who speaks. Not a user: most speakers never log in."""

    PERSONAL: ClassVar[Personal] = {
        "name_zh": ("to say in public who speaks", PUBLIC),
        "name_en": ("to say in public who speaks", PUBLIC),
        "title_zh": ("to say in public who speaks", PUBLIC),
        "title_en": ("to say in public who speaks", PUBLIC),
    }

    code = models.SlugField(_("code"), max_length=100, unique=True, validators=[code_validator])
    #: By it other platforms know the person again.
    guid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    title_zh = models.CharField(_("title (Chinese)"), max_length=200, blank=True)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="speakers",
        verbose_name=_("organisation"),
    )
    is_sample = models.BooleanField(_("sample"), default=False)

    name = Bilingual("name", get_language)
    title = Bilingual("title", get_language)

    class Meta:
        ordering = ["code"]
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name


class Session(Told, ClusterableModel):
    """When and where. Times are UTC inside and in the venue's zone where shown."""

    class Status(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("session", "planned")
        CONFIRMED = "confirmed", pgettext_lazy("session", "confirmed")
        MOVED = "moved", pgettext_lazy("session", "moved")
        CANCELLED = "cancelled", pgettext_lazy("session", "cancelled")

    activity = models.ForeignKey(
        Activity, on_delete=models.CASCADE, related_name="sessions", verbose_name=_("activity")
    )
    edition = models.ForeignKey(
        "editions.Edition", on_delete=models.PROTECT, related_name="sessions", editable=False
    )
    code = models.SlugField(_("code"), max_length=100, validators=[code_validator])
    #: By it other platforms know the session again, and we theirs; the code may change, this never does.
    guid = models.UUIDField(default=uuid.uuid4, editable=False)
    name_zh = models.CharField(_("name (Chinese)"), max_length=200, blank=True)
    name_en = models.CharField(_("name (English)"), max_length=300, blank=True)
    stage = models.ForeignKey(
        Stage, null=True, blank=True, on_delete=models.PROTECT, related_name="sessions",
        verbose_name=_("stage"),
    )
    starts_at = models.DateTimeField(_("begins"), db_index=True)
    ends_at = models.DateTimeField(_("ends"))
    mode = models.CharField(_("mode"), max_length=8, choices=Mode, default=Mode.BOTH)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)
    relay = models.BooleanField(_("relayed"), default=False)
    is_sample = models.BooleanField(_("sample"), default=False)
    revision_number = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    #: What the desk says where it cannot be deleted.
    instead_of_deleting = _("Set it to “cancelled” instead: it stays to be read, and whoever is registered or follows is told.")

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="session_code_in_edition"),
            models.UniqueConstraint(fields=["edition", "guid"], name="session_guid_in_edition"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="session_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["edition", "starts_at"])]

    def __str__(self) -> str:
        return self.name

    own_name = Bilingual("name", get_language)

    @property
    def name(self) -> str:
        """Its own name, or that of the activity."""
        return self.own_name or self.activity.name

    @property
    def zone_of_time(self) -> zoneinfo.ZoneInfo:
        """That of its venue."""
        return self.activity.venue.zone_of_time

    def clean(self) -> None:
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The end is not after the beginning.")})
        if self.activity_id is None:
            return
        edition = self.activity.edition
        if self.starts_at and self.activity.venue_id:
            day = self.starts_at.astimezone(self.activity.venue.zone_of_time).date()
            if day < edition.starts_on or (edition.ends_on and day > edition.ends_on):
                raise ValidationError(
                    {
                        "starts_at": _("%(day)s is outside the edition (%(first)s to %(last)s).")
                        % {"day": day, "first": edition.starts_on, "last": edition.ends_on or "?"}
                    }
                )
        if self.stage and self.stage.venue.edition_id != edition.pk:
            raise ValidationError({"stage": _("This stage belongs to another edition.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.edition_id = self.activity.edition_id
        # iCalendar SEQUENCE (RFC 5545 §3.8.7.4): grows with each change, so calendars take it over.
        if self.pk:
            self.revision_number += 1
        with news.together():
            before = self._facts_before()
            super().save(*args, **kwargs)
            if before and before != SessionChanged.facts(self):
                tags = tuple(sorted(self.news_tags()))
                news.tell(SessionChanged(tags=tags, ids=(self.pk,), before=before, after=SessionChanged.facts(self)))

    def _facts_before(self) -> tuple[str, ...]:
        """What people plan by, as the database has it; () for a new row."""
        kept = Session.objects.filter(pk=self.pk).first() if self.pk else None
        return SessionChanged.facts(kept) if kept is not None else ()

    def news_tags(self) -> set[str]:
        return self.activity.news_tags()

    def tell_changed(self, extra: set[str] | None = None) -> None:
        tags = tuple(sorted(self.news_tags() | (extra or set())))
        news.tell(ActivitiesChanged(tags=tags, ids=(self.activity_id,)))

    def tell_gone(self, pk: Any, tags: tuple[str, ...]) -> None:
        news.tell(ActivitiesChanged(tags=tags, ids=(self.activity_id,)))


class SessionSpeaker(Orderable):
    """A person's part in a session."""

    session = ParentalKey(Session, on_delete=models.CASCADE, related_name="speakers")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="appearances", verbose_name=_("person")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="one_speaker")]
