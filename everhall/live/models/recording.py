"""A recording (录像): a kept stretch of a feed or channel, or a film that was uploaded; and lines of captions."""

import datetime as dt
from math import inf
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from everhall.editions.models import Edition, Venue
from everhall.engines.bilingual import Bilingual
from everhall.engines.personal import ACCOUNT, NotPersonal, Personal
from everhall.exhibition.models import Field
from everhall.live import rules
from everhall.live.events import RecordingsChanged
from everhall.live.models.feed import Feed
from everhall.live.models.upload import VideoUpload
from everhall.programme.models import Session
from everhall.realtime import news
from everhall.realtime.models import Told


class Recording(Told):
    """`Recording.source` is "recording/<pk>". Its segments lie in the store; `starts_at` and `ends_at` say which
    stretch of its feed (by `captured`) or channel (by airtime). Nothing of it is public before `published`, and
    not before its embargo and that of its session are over."""

    class State(models.TextChoices):
        KEPT = "kept", pgettext_lazy("recording", "kept")
        PROCESSING = "processing", pgettext_lazy("recording", "being prepared")
        REVIEW = "review", pgettext_lazy("recording", "waits for review")
        PUBLISHED = "published", pgettext_lazy("recording", "published")
        WITHHELD = "withheld", pgettext_lazy("recording", "withheld")

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="recordings", verbose_name=_("edition")
    )
    venue = models.ForeignKey(
        Venue, on_delete=models.PROTECT, related_name="recordings", verbose_name=_("venue")
    )
    # Protected, or a recording would lose the embargo of its session with it.
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.PROTECT, related_name="recordings",
        verbose_name=_("session"),
    )
    feed = models.ForeignKey(
        Feed, null=True, blank=True, on_delete=models.PROTECT, related_name="recordings",
        verbose_name=_("feed"),
    )
    # By name: channels have recordings in their running order.
    channel = models.ForeignKey(
        "live.Channel", null=True, blank=True, on_delete=models.PROTECT, related_name="recordings",
        verbose_name=_("channel"),
    )
    upload = models.OneToOneField(
        VideoUpload, null=True, blank=True, on_delete=models.PROTECT, related_name="recording",
        verbose_name=_("upload"),
    )
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.KEPT, db_index=True, editable=False
    )
    title_zh = models.CharField(_("title (Chinese)"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=300, blank=True)
    summary_zh = models.CharField(_("summary (Chinese)"), max_length=300, blank=True)
    summary_en = models.CharField(_("summary (English)"), max_length=600, blank=True)
    fields: "models.ManyToManyField[Field, Any]" = models.ManyToManyField(
        Field, blank=True, related_name="recordings", verbose_name=_("fields")
    )
    chapters = models.JSONField(
        _("chapters"), default=list, blank=True,
        help_text=_("A list like [{\"at\": 0, \"title_zh\": \"开场\", \"title_en\": \"Opening\"}], in seconds."),
    )
    trim_in = models.FloatField(
        _("shown from second"), default=0, validators=[MinValueValidator(0)]
    )
    trim_out = models.FloatField(
        _("shown to second"), null=True, blank=True, validators=[MinValueValidator(0)],
        help_text=_("Empty: to its end."),
    )
    embargo_until = models.DateTimeField(
        _("embargo until"), null=True, blank=True,
        help_text=_("Until then nothing of it can be seen, its pictures included."),
    )
    poster = models.ForeignKey(
        "media.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("poster"),
    )
    is_sample = models.BooleanField(_("sample"), default=False)

    # What the preparation writes: names of files below live/recordings/<pk>/, seconds, percent, a code.
    duration = models.FloatField(_("length"), null=True, editable=False)
    thumbnail = models.CharField(max_length=80, blank=True, editable=False)
    storyboard = models.CharField(max_length=80, blank=True, editable=False)
    waveform = models.CharField(max_length=80, blank=True, editable=False)
    download = models.CharField(max_length=80, blank=True, editable=False)
    captions = models.JSONField(default=dict, blank=True, editable=False)
    #: The trim that these files show.
    prepared_in = models.FloatField(default=0, editable=False)
    prepared_out = models.FloatField(null=True, editable=False)
    progress = models.PositiveSmallIntegerField(_("progress"), default=0, editable=False)
    fault = models.CharField(max_length=80, blank=True, editable=False)

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(auto_now=True)
    published_at = models.DateTimeField(_("published"), null=True, editable=False, db_index=True)

    title = Bilingual("title", get_language)
    summary = Bilingual("summary", get_language)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
        indexes = [models.Index(fields=["edition", "state", "-published_at"])]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """What is trimmed away shall not be seen in files that were made before: nobody is told of them any more,
        and others are made."""
        if (self.trim_in, self.trim_out) != (self.prepared_in, self.prepared_out):
            for name in PREPARED:
                setattr(self, name, "")
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], *PREPARED}
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        return self.title

    @property
    def source(self) -> str:
        return f"recording/{self.pk}"

    @property
    def origin(self) -> str:
        """What it is a stretch of: "feed/…", "channel/…", "" for a film."""
        thing = self.feed or self.channel
        return thing.source if thing else ""

    @property
    def shown_length(self) -> float | None:
        """Seconds that viewers see, once known."""
        ends = self.trim_out if self.trim_out is not None else self.duration
        return None if ends is None else max(ends - self.trim_in, 0.0)

    @property
    def files(self) -> list[str]:
        """Names of the files beside it that viewers may have."""
        found = {getattr(self, name) for name in PREPARED} | set(self.captions.values())
        if self.storyboard:
            found.add("storyboard.jpg")
        return sorted(found - {""})

    @property
    def shown_chapters(self) -> list[dict[str, Any]]:
        """Chapters of what viewers see, in seconds of that; one that the trim cuts into begins with it."""
        found: list[dict[str, Any]] = []
        for number, chapter in enumerate(self.chapters):
            ends = self.chapters[number + 1]["at"] if number + 1 < len(self.chapters) else inf
            if ends > self.trim_in and (self.trim_out is None or chapter["at"] < self.trim_out):
                found.append({**chapter, "at": max(chapter["at"] - self.trim_in, 0)})
        return found

    def open_since(self) -> dt.datetime | None:
        """For lists: when it was, or will be, open to all; None while it is not published."""
        if self.state != self.State.PUBLISHED or self.published_at is None:
            return None
        return max(self.published_at, self.embargo_until or self.published_at)

    def clean(self) -> None:
        faults: dict[str, Any] = {}
        if self.venue_id and self.edition_id and self.venue.edition_id != self.edition_id:
            faults["venue"] = _("This venue belongs to another edition.")
        if self.session and self.edition_id and self.session.edition_id != self.edition_id:
            faults["session"] = _("This session belongs to another edition.")
        if rules.trim_fault(self.trim_in, self.trim_out, self.duration):
            faults["trim_out"] = _("Nothing would be left between these two seconds.")
        if fault := rules.chapters_fault(self.chapters, self.duration):
            faults["chapters"] = CHAPTER_FAULTS[fault]
        if faults:
            raise ValidationError(faults)

    def news_tags(self) -> set[str]:
        return {rules.video_tag(self.edition.code), "live-recordings"}

    def tell_changed(self, extra: set[str] | None = None) -> None:
        tags = tuple(sorted(self.news_tags() | (extra or set())))
        news.tell(RecordingsChanged(tags=tags, ids=(self.pk,)))


#: The fields that name what the preparation made.
PREPARED = ("thumbnail", "storyboard", "waveform", "download")

CHAPTER_FAULTS = {
    "shape": _("Write a list of chapters, each with “at” in seconds and “title_zh”."),
    "order": _("Each chapter begins after the one before it."),
    "beyond": _("The last chapter begins after the end."),
}


class CaptionLine(models.Model):
    """A line somebody said, from `starts_at` to `ends_at` by the clock of its feed or channel."""

    PERSONAL: ClassVar[Personal] = {
        "by": ("to say who wrote it", ACCOUNT),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"text": "subtitles of what was said in public", "language": "a language"}

    feed = models.ForeignKey(
        Feed, null=True, on_delete=models.CASCADE, related_name="caption_lines"
    )
    channel = models.ForeignKey(
        "live.Channel", null=True, on_delete=models.CASCADE, related_name="caption_lines"
    )
    language = models.CharField(
        max_length=3, validators=[RegexValidator(rules.LANGUAGE, _("Write a language like zh or en."))]
    )
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()
    text = models.CharField(max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    posted_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("caption")
        verbose_name_plural = _("captions")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(feed__isnull=False) ^ models.Q(channel__isnull=False),
                name="caption_of_one_source",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="caption_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.text
