"""A channel (频道): continuous output made of feeds, recordings and slates; what is planned on it, what its director
decided, and what directors write to each other."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from everhall.editions.models import Edition, Venue
from everhall.engines.bilingual import Bilingual
from everhall.engines.personal import ACCOUNT, DESK_WORDS, NotPersonal, Personal
from everhall.live import rules
from everhall.live.events import ChannelChanged
from everhall.live.models.feed import Feed
from everhall.live.models.recording import Recording
from everhall.live.models.source import Source, new_key
from everhall.programme.models import Session
from everhall.realtime import news


def languages_validator(value: str) -> None:
    if any(not rules.LANGUAGE.match(word) for word in value.split()):
        raise ValidationError(_("Write languages like zh or en, with a space between them."))


class Channel(Source, ClusterableModel):
    """`Channel.source` is "channel/<key>". A channel in use runs for ever; without anything to show it shows the
    slate."""

    summary_zh = models.CharField(_("summary (Chinese)"), max_length=300, blank=True)
    summary_en = models.CharField(_("summary (English)"), max_length=600, blank=True)
    public = models.BooleanField(
        _("public"), default=True, help_text=_("A private channel is seen only by staff of its venue.")
    )
    public_from = models.DateTimeField(
        _("public from"), null=True, blank=True,
        help_text=_("Until then visitors see nothing of the channel."),
    )
    low_latency = models.BooleanField(
        _("low latency"), default=True, help_text=_("Two seconds behind the stage instead of six.")
    )
    window = models.PositiveIntegerField(
        _("time shift"), default=7200, validators=[MinValueValidator(60), MaxValueValidator(14_400)],
        help_text=_("How far back viewers may go, in seconds."),
    )
    loops = models.BooleanField(
        _("runs round the clock"), default=False,
        help_text=_("The running order begins anew when it is over; items without a length are left out."),
    )
    poster = models.ForeignKey(
        "media.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("poster"),
    )
    caption_languages = models.CharField(
        _("languages of captions"), max_length=40, blank=True, validators=[languages_validator],
        help_text=_("Languages that are captioned live, such as: zh en"),
    )
    #: Lets a captioner post lines without a login; a secret like a feed's key.
    captions_key = models.CharField(_("captions key"), max_length=64, default=new_key, editable=False)

    summary = Bilingual("summary", get_language)

    class Meta(Source.Meta):
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="channel_code_in_edition"),
        ]

    @property
    def source(self) -> str:
        return f"channel/{self.key}"

    def news_tags(self) -> set[str]:
        return super().news_tags() | {rules.channel_tag(self.key), "live-channels"}

    def tell_changed(self, extra: set[str] | None = None) -> None:
        tags = tuple(sorted(self.news_tags() | (extra or set())))
        news.tell(ChannelChanged(tags=tags, ids=(self.pk,), keys=(self.key,)))


class RunningOrderItem(Orderable):
    """What is planned next. Without `starts_at` it follows on when the item before it ends; without `duration` it
    lasts until the next item that has a beginning."""

    class Kind(models.TextChoices):
        LIVE = "live", pgettext_lazy("running order", "live")
        RECORDING = "recording", pgettext_lazy("running order", "recording")
        SLATE = "slate", pgettext_lazy("running order", "slate")
        RELAY = "relay", pgettext_lazy("running order", "relay")

    class Late(models.TextChoices):
        JOIN = "join", pgettext_lazy("running order", "join it where it would be by now")
        DELAY = "delay", pgettext_lazy("running order", "show all of it, later")

    channel = ParentalKey(Channel, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.LIVE)
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="running_order_items",
        verbose_name=_("session"),
    )
    feed = models.ForeignKey(
        Feed, null=True, blank=True, on_delete=models.PROTECT, related_name="running_order_items",
        verbose_name=_("feed"),
    )
    recording = models.ForeignKey(
        Recording, null=True, blank=True, on_delete=models.PROTECT,
        related_name="running_order_items", verbose_name=_("recording"),
    )
    other = models.ForeignKey(
        Channel, null=True, blank=True, on_delete=models.PROTECT, related_name="relayed_by",
        verbose_name=_("other channel"),
    )
    starts_at = models.DateTimeField(
        _("begins"), null=True, blank=True, help_text=_("Empty: when the one before it ends.")
    )
    duration = models.PositiveIntegerField(
        _("length in seconds"), null=True, blank=True, validators=[MinValueValidator(2)],
        help_text=_("Empty: until the next one that has a beginning."),
    )
    in_point = models.FloatField(
        _("from second"), default=0, validators=[MinValueValidator(0)],
        help_text=_("Of a recording: where it begins."),
    )
    late = models.CharField(_("if late"), max_length=8, choices=Late, default=Late.JOIN)
    title_zh = models.CharField(_("title (Chinese)"), max_length=200, blank=True)
    title_en = models.CharField(_("title (English)"), max_length=300, blank=True)

    own_title = Bilingual("title", get_language)

    class Meta(Orderable.Meta):
        verbose_name = _("item of the running order")
        verbose_name_plural = _("running order")

    #: What an item of each kind shows.
    NEEDS = {Kind.LIVE: ("feed",), Kind.RECORDING: ("recording",), Kind.RELAY: ("feed", "other"), Kind.SLATE: ()}

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> str:
        """Its own title, or that of what it shows. What is public of it is asked in `queries`."""
        if self.own_title:
            return self.own_title
        thing = self.session or self.feed or self.recording or self.other
        return str(thing.name) if thing else str(self.get_kind_display())

    @property
    def source(self) -> str:
        thing = self.feed or self.recording or self.other
        return thing.source if thing and self.kind != self.Kind.SLATE else rules.SLATE

    def clean(self) -> None:
        given = {n for n in ("feed", "recording", "other") if getattr(self, f"{n}_id")}
        needs = set(self.NEEDS[self.Kind(self.kind)])
        if needs and len(given & needs) != 1:
            raise ValidationError({min(needs): _("Say what is shown: one feed, recording or channel.")})
        if given - needs:
            raise ValidationError({min(given - needs): _("An item of this kind does not show this.")})


class Cut(models.Model):
    """A decision of the director, from the moment `at` on; never changed, never taken away. `source` names what it
    shows ("feed/…", "recording/…", "channel/…"); `item` the item of the running order it was taken from, if any."""

    PERSONAL: ClassVar[Personal] = {
        "by": ("to say who directed", ACCOUNT),
        "by_name": ("to say who directed", DESK_WORDS),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "about what is shown"}

    class Kind(models.TextChoices):
        TAKE = "take", pgettext_lazy("cut", "take")
        AUTO = "auto", pgettext_lazy("cut", "back to plan")
        SLATE = "slate", pgettext_lazy("cut", "slate")
        HOLD = "hold", pgettext_lazy("cut", "hold")

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="cuts")
    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=8, choices=Kind)
    source = models.CharField(max_length=120, blank=True)
    label = models.CharField(max_length=200, blank=True)
    in_point = models.FloatField(default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("cut")
        verbose_name_plural = _("cuts")
        indexes = [models.Index(fields=["channel", "-at"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.label or self.source}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            msg = "A cut is never changed."
            raise TypeError(msg)
        super().save(*args, **kwargs)


class DeskNote(models.Model):
    """A line from one desk to another, as over an intercom. Without `to` it is for all desks of the edition."""

    PERSONAL: ClassVar[Personal] = {
        "by": ("to say who wrote it", ACCOUNT),
        "by_name": ("to say who wrote it", DESK_WORDS),
        "text": ("what desks tell each other", DESK_WORDS),
    }

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="desk_notes")
    venue = models.ForeignKey(Venue, null=True, on_delete=models.CASCADE, related_name="+")
    to = models.ForeignKey(Venue, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self) -> str:
        return self.text
