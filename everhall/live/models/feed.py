"""A feed (信号): live sound and picture that arrive from a stage or a venue."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from everhall.editions.models import Stage
from everhall.live import rules
from everhall.live.events import FeedsChanged
from everhall.live.models.source import Source, new_key
from everhall.live.models.upload import VideoUpload
from everhall.realtime import news


def chinese_first() -> dict[str, str]:
    return {"0": "zh"}


def audio_validator(value: Any) -> None:
    if rules.audio_fault(value):
        raise ValidationError(_("Name a language for each track, each once, like {\"0\": \"zh\", \"1\": \"en\"}."))


def film_validator(value: str) -> None:
    if not rules.FILM.match(value):
        raise ValidationError(_("Name a file below the folder of films, without “..”."))


class Feed(Source):
    """Where it comes from and with which key. `passphrase` is a secret: whoever may direct at the venue sees it,
    nobody else, and no log. `Feed.source` is "feed/<key>"."""

    class Kind(models.TextChoices):
        SRT = "srt", pgettext_lazy("feed", "SRT: an encoder sends")
        RTMP = "rtmp", pgettext_lazy("feed", "RTMP: an encoder sends")
        PUSH = "push", pgettext_lazy("feed", "browser: camera or screen")
        PULL = "pull", pgettext_lazy("feed", "pulled from an address")
        FILE = "file", pgettext_lazy("feed", "a film, as if live")
        TEST = "test", pgettext_lazy("feed", "test pattern with clock and beep")

    stage = models.ForeignKey(
        Stage, null=True, blank=True, on_delete=models.PROTECT, related_name="feeds",
        verbose_name=_("stage"),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.SRT)
    port = models.PositiveIntegerField(
        _("port"), null=True, blank=True, validators=[MinValueValidator(1024), MaxValueValidator(65535)],
        help_text=_("UDP port of this feed's own SRT listener. Empty: the next free one."),
    )
    passphrase = models.CharField(_("key"), max_length=64, default=new_key, editable=False)
    pull_url = models.CharField(
        _("address"), max_length=500, blank=True,
        help_text=_("Only for a feed that is pulled: http, https (HLS), rtsp or rtsps."),
    )
    #: A superuser has let this feed be pulled from an address of a private network.
    may_be_private = models.BooleanField(default=False, editable=False)
    film = models.ForeignKey(
        VideoUpload, null=True, blank=True, on_delete=models.PROTECT, related_name="feeds",
        verbose_name=_("film"),
    )
    film_name = models.CharField(
        _("file"), max_length=200, blank=True, validators=[film_validator],
        help_text=_("Only for a film, instead of an upload: name of a file in live/films of the data folder."),
    )
    audio = models.JSONField(
        _("languages of sound"), default=chinese_first, validators=[audio_validator],
        help_text=_("Number of the track and its language; the first is the main one."),
    )

    class Meta(Source.Meta):
        verbose_name = _("feed")
        verbose_name_plural = _("feeds")
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="feed_code_in_edition"),
            models.UniqueConstraint(fields=["port"], name="one_feed_per_port"),
        ]

    @property
    def source(self) -> str:
        return f"feed/{self.key}"

    def clean(self) -> None:
        super().clean()
        faults: dict[str, Any] = {}
        if self.stage and self.venue_id and self.stage.venue_id != self.venue_id:
            faults["stage"] = _("This stage belongs to another venue.")
        if self.kind == self.Kind.PULL and rules.url_fault(self.pull_url):
            faults["pull_url"] = _("Write an address that begins with http, https, rtsp or rtsps.")
        if self.kind == self.Kind.FILE and not (self.film or self.film_name):
            faults["film"] = _("Choose a film.")
        if faults:
            raise ValidationError(faults)

    def news_tags(self) -> set[str]:
        return super().news_tags() | {"live-feeds"}

    def tell_changed(self, extra: set[str] | None = None) -> None:
        tags = tuple(sorted(self.news_tags() | (extra or set())))
        news.tell(FeedsChanged(tags=tags, ids=(self.pk,), keys=(self.key,)))
