"""A call (征集): who is asked for what, until when, at which venues; what is judged, and what is asked."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from everhall.accounts.models import code_validator
from everhall.calls import rules
from everhall.editions.models import Edition, Venue
from everhall.engines.bilingual import Bilingual
from everhall.realtime.models import Told


class Call(Told):
    """One call of an edition. Visitors see it once it is announced; its submissions nobody but their authors and the desk."""

    class Kind(models.TextChoices):
        EXHIBIT = rules.EXHIBIT, pgettext_lazy("call", "exhibits")
        ACTIVITY = rules.ACTIVITY, pgettext_lazy("call", "activities")

    class State(models.TextChoices):
        DRAFT = rules.DRAFT_CALL, pgettext_lazy("call", "draft")
        ANNOUNCED = rules.ANNOUNCED, pgettext_lazy("call", "announced")
        STOPPED = rules.STOPPED, pgettext_lazy("call", "stopped")

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="calls", verbose_name=_("edition"))
    code = models.SlugField(_("code"), max_length=60, validators=[code_validator])
    kind = models.CharField(pgettext_lazy("call", "asks for"), max_length=12, choices=Kind, default=Kind.EXHIBIT)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    name_zh = models.CharField(_("name (Chinese)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    text_zh = models.TextField(_("text (Chinese)"), blank=True, max_length=6000)
    text_en = models.TextField(_("text (English)"), blank=True, max_length=9000)
    opens_at = models.DateTimeField(pgettext_lazy("call", "opens"))
    closes_at = models.DateTimeField(pgettext_lazy("call", "closes"))
    venues: Any = models.ManyToManyField(Venue, through="CallVenue", related_name="calls")
    reviews_wanted = models.PositiveSmallIntegerField(
        _("reviews per submission"), default=2, validators=[MaxValueValidator(9)]
    )
    national_round = models.BooleanField(
        _("national round"), default=False,
        help_text=_("What a venue accepts is decided by the nation too, at every venue. Off: where the venue's own setting asks for it."),
    )
    most_per_organisation = models.PositiveSmallIntegerField(
        _("submissions per organisation"), default=0, help_text=_("0: as many as they like.")
    )
    is_sample = models.BooleanField(_("sample"), default=False)

    name = Bilingual("name", get_language)
    text = Bilingual("text", get_language)

    class Meta:
        ordering = ["-closes_at", "code"]
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        constraints = [models.UniqueConstraint(fields=["edition", "code"], name="call_code_in_edition")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": _("The call would close before it opens.")})

    def news_tags(self) -> set[str]:
        return {f"edition-{self.edition.code}"}

    def phase(self, now: dt.datetime) -> str:
        """See `rules.phase`."""
        return rules.phase(self.state, self.opens_at, self.closes_at, now)

    def is_open(self, now: dt.datetime) -> bool:
        return self.phase(now) == "open"

    def closes_at_venue(self, venue_id: int) -> dt.datetime:
        """The venue's own deadline, or the call's."""
        own = next((each.closes_at for each in self.at.all() if each.venue_id == venue_id), None)
        return rules.closes_there(self.closes_at, own)


class CallVenue(models.Model):
    """A venue that takes part in a call, and how many it has room for."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="at")
    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="called", verbose_name=_("venue"))
    places = models.PositiveIntegerField(
        pgettext_lazy("call", "places"), null=True, blank=True, help_text=_("How many can be accepted; empty: no limit.")
    )
    #: Its own deadline, no later than the call's; None: as the call says.
    closes_at = models.DateTimeField(pgettext_lazy("call", "closes here"), null=True, blank=True)

    class Meta:
        ordering = ["venue__order", "venue_id"]
        verbose_name = _("venue of a call")
        verbose_name_plural = _("venues of a call")
        constraints = [models.UniqueConstraint(fields=["call", "venue"], name="venue_once_in_call")]

    def __str__(self) -> str:
        return f"{self.call_id} @ {self.venue_id}"


class PartOfCall(models.Model):
    """What is asked and what is judged: ordered, in two languages."""

    text_zh = models.CharField(_("text (Chinese)"), max_length=300)
    text_en = models.CharField(_("text (English)"), max_length=300, blank=True)
    help_zh = models.CharField(_("help (Chinese)"), max_length=400, blank=True)
    help_en = models.CharField(_("help (English)"), max_length=600, blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)

    text = Bilingual("text", get_language)
    help = Bilingual("help", get_language)

    class Meta:
        abstract = True
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text


class Criterion(PartOfCall):
    """What reviewers judge by: from 0 to `scale`; `weight` says how much it counts beside the others."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="criteria")
    weight = models.FloatField(
        pgettext_lazy("criterion", "weight"), default=1.0, validators=[MinValueValidator(0.1), MaxValueValidator(100)]
    )
    scale = models.PositiveSmallIntegerField(
        pgettext_lazy("criterion", "highest score"), default=5, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    class Meta(PartOfCall.Meta):
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")


class Question(PartOfCall):
    """What whoever submits is asked: by the call, or by one venue of it."""

    class Kind(models.TextChoices):
        LINE = "line", pgettext_lazy("question", "a line")
        TEXT = "text", pgettext_lazy("question", "a text")
        CHOICE = "choice", pgettext_lazy("question", "one of several")
        SEVERAL = "several", pgettext_lazy("question", "some of several")
        NUMBER = "number", pgettext_lazy("question", "a number")
        YES_NO = "yes_no", pgettext_lazy("question", "yes or no")
        LINK = "link", pgettext_lazy("question", "a link")

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="questions")
    venue = models.ForeignKey(
        Venue, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("venue"),
        help_text=_("Asked at this venue only. Empty: at every venue."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.LINE)
    required = models.BooleanField(pgettext_lazy("question", "must be answered"), default=False)
    least = models.FloatField(
        pgettext_lazy("question", "at least"), null=True, blank=True,
        help_text=_("The smallest number, or how many to choose."),
    )
    most = models.FloatField(
        pgettext_lazy("question", "at most"), null=True, blank=True,
        help_text=_("The largest number, how many letters, or how many to choose."),
    )
    choices_text = models.TextField(
        pgettext_lazy("question", "choices"), blank=True, max_length=4000,
        help_text=_("One per line: Chinese, then English after a vertical bar (|)."),
    )

    class Meta(PartOfCall.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    @property
    def choices(self) -> list[tuple[str, str, str]]:
        """Key, Chinese, English of each. The key is the Chinese text, so that answers stay readable if lines move."""
        found = []
        for line in self.choices_text.splitlines():
            zh, _bar, en = line.partition("|")
            if zh.strip():
                found.append((zh.strip()[:120], zh.strip()[:120], en.strip()[:120]))
        return found

    def clean(self) -> None:
        if self.kind in {self.Kind.CHOICE, self.Kind.SEVERAL} and len(self.choices) < 2:
            raise ValidationError({"choices_text": _("Write at least two choices, one per line.")})
        keys = [key for key, _zh, _en in self.choices]
        if len(set(keys)) != len(keys):
            raise ValidationError({"choices_text": _("Two choices have the same Chinese text.")})
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValidationError({"most": _("“At most” is smaller than “at least”.")})
