"""Venues (会场) as a tree, with their halls, zones and stages."""

import zoneinfo
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from everhall.accounts.models import Organisation, code_validator
from everhall.editions.models.edition import Edition
from everhall.engines import local_time
from everhall.engines.bilingual import Bilingual
from everhall.realtime.models import Told


def zone_validator(value: str) -> None:
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise ValidationError(_("No such time zone; write it like Asia/Shanghai.")) from unknown


class Venue(Told):
    """A site with its own team in one edition.

    `path` is the chain of ids from the top ("3/17/"), so that what a role reaches is one prefix
    comparison in every query. The code stays the same over the editions.
    """

    class Kind(models.TextChoices):
        MAIN = "main", pgettext_lazy("venue", "main venue")
        PERMANENT = "permanent", pgettext_lazy("venue", "permanent venue")
        SUB = "sub", pgettext_lazy("venue", "sub-venue")
        OVERSEAS = "overseas", pgettext_lazy("venue", "overseas venue")
        ONLINE = "online", pgettext_lazy("venue", "online venue")

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="venues", verbose_name=_("edition")
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children",
        verbose_name=_("part of"),
    )
    path = models.CharField(max_length=120, editable=False, db_index=True, default="")
    code = models.SlugField(_("code"), max_length=60, validators=[code_validator])
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.SUB)
    order = models.PositiveIntegerField(_("order"), default=0)
    name_zh = models.CharField(_("name (Chinese)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    city_zh = models.CharField(_("city (Chinese)"), max_length=80, blank=True)
    city_en = models.CharField(_("city (English)"), max_length=80, blank=True)
    address_zh = models.CharField(_("address (Chinese)"), max_length=300, blank=True)
    address_en = models.CharField(_("address (English)"), max_length=300, blank=True)
    summary_zh = models.TextField(_("summary (Chinese)"), blank=True)
    summary_en = models.TextField(_("summary (English)"), blank=True)
    timezone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Shanghai", validators=[zone_validator]
    )
    lat = models.FloatField(
        _("latitude"), null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    lon = models.FloatField(
        _("longitude"), null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    hosts: "models.ManyToManyField[Organisation, Any]" = models.ManyToManyField(
        Organisation, blank=True, related_name="hosted_venues", verbose_name=_("hosts")
    )
    needs_national_approval = models.BooleanField(
        _("national approval"), default=False,
        help_text=_("After the venue's organiser, the national organiser approves too."),
    )
    hero = models.ForeignKey(
        "media.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("hero image"),
    )
    collection = models.ForeignKey(
        "wagtailcore.Collection", null=True, editable=False, on_delete=models.SET_NULL,
        related_name="+",
    )
    is_sample = models.BooleanField(_("sample"), default=False)

    name = Bilingual("name", get_language)
    city = Bilingual("city", get_language)
    address = Bilingual("address", get_language)
    summary = Bilingual("summary", get_language)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="venue_code_in_edition"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.edition.code})"

    def clean(self) -> None:
        if self.parent and self.parent.edition_id != self.edition_id:
            raise ValidationError({"parent": _("The parent belongs to another edition.")})
        if self.parent and self.pk and self.parent.path.startswith(self.path):
            raise ValidationError({"parent": _("A venue cannot be part of itself.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps `path` right for the venue and, after a move, for everything below it."""
        if self.pk is None:
            super().save(*args, **kwargs)
            kwargs.pop("force_insert", None)
        path = f"{self.parent.path if self.parent else ''}{self.pk}/"
        old, self.path = self.path, path
        super().save(*args, **kwargs)
        if old and old != path:
            for below in Venue.objects.filter(path__startswith=old).exclude(pk=self.pk):
                Venue.objects.filter(pk=below.pk).update(path=path + below.path[len(old) :])

    def news_tags(self) -> set[str]:
        return {f"edition-{self.edition.code}"}

    @property
    def depth(self) -> int:
        """1 for a venue at the top."""
        return self.path.count("/")

    @property
    def zone_of_time(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)

    @property
    def zone_name(self) -> str:
        """What people call its clock, in the active language."""
        return local_time.name_of(self.timezone, get_language() or "zh-hans")


class PartOfVenue(Told):
    """What halls, zones and stages share: a code and a name."""

    code = models.SlugField(_("code"), max_length=60, validators=[code_validator])
    name_zh = models.CharField(_("name (Chinese)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)
    is_sample = models.BooleanField(_("sample"), default=False)

    name = Bilingual("name", get_language)

    class Meta:
        abstract = True
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name


class Hall(PartOfVenue):
    """A building or a yard (展馆)."""

    venue = models.ForeignKey(
        Venue, on_delete=models.CASCADE, related_name="halls", verbose_name=_("venue")
    )
    outdoor = models.BooleanField(_("outdoor"), default=False)

    class Meta(PartOfVenue.Meta):
        verbose_name = _("hall")
        verbose_name_plural = _("halls")
        constraints = [models.UniqueConstraint(fields=["venue", "code"], name="hall_code_in_venue")]

    def news_tags(self) -> set[str]:
        return self.venue.news_tags()


class Zone(PartOfVenue):
    """A themed area of a hall (展区), thirty exhibits at most: more cannot be taken in."""

    MOST_EXHIBITS = 30

    hall = models.ForeignKey(
        Hall, on_delete=models.CASCADE, related_name="zones", verbose_name=_("hall")
    )
    summary_zh = models.TextField(_("summary (Chinese)"), blank=True)
    summary_en = models.TextField(_("summary (English)"), blank=True)

    summary = Bilingual("summary", get_language)

    class Meta(PartOfVenue.Meta):
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        constraints = [models.UniqueConstraint(fields=["hall", "code"], name="zone_code_in_hall")]

    def news_tags(self) -> set[str]:
        return self.hall.news_tags()


class Stage(PartOfVenue):
    """Where a session happens and is filmed (舞台)."""

    venue = models.ForeignKey(
        Venue, on_delete=models.CASCADE, related_name="stages", verbose_name=_("venue")
    )
    hall = models.ForeignKey(
        Hall, null=True, blank=True, on_delete=models.SET_NULL, related_name="stages",
        verbose_name=_("hall"),
    )
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)

    class Meta(PartOfVenue.Meta):
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        constraints = [models.UniqueConstraint(fields=["venue", "code"], name="stage_code_in_venue")]

    def __str__(self) -> str:
        return f"{self.venue.name} · {self.name}"

    def news_tags(self) -> set[str]:
        return self.venue.news_tags()
