"""One run of the week (届): the scope of nearly every row."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from everhall.accounts.models import code_validator
from everhall.editions import rules
from everhall.engines import colour
from everhall.engines.bilingual import Bilingual
from everhall.realtime.models import Told


def colour_validator(value: str) -> None:
    if not colour.HEX.match(value):
        raise ValidationError(_("Write the colour as #rrggbb."))


class EditionQuerySet(models.QuerySet["Edition"]):
    def public(self) -> "EditionQuerySet":
        """Editions that visitors may see."""
        return self.exclude(state=Edition.State.PLANNING)


class Edition(Told):
    """Theme, dates, state and look of one year's week.

    `figures`, `notes` and `sources` hold what is known of the edition as facts, each with its source
    (shapes: `rules.Figure`, `rules.Note`).
    """

    class State(models.TextChoices):
        PLANNING = "planning", pgettext_lazy("edition", "planning")
        ANNOUNCED = "announced", pgettext_lazy("edition", "announced")
        OPEN = "open", pgettext_lazy("edition", "open")
        CLOSED = "closed", pgettext_lazy("edition", "closed")
        ARCHIVED = "archived", pgettext_lazy("edition", "archived")

    code = models.SlugField(_("code"), max_length=20, unique=True, validators=[code_validator])
    year = models.PositiveSmallIntegerField(_("year"))
    name_zh = models.CharField(_("name (Chinese)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    theme_zh = models.CharField(_("theme (Chinese)"), max_length=200, blank=True)
    theme_en = models.CharField(_("theme (English)"), max_length=200, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PLANNING)
    is_current = models.BooleanField(
        _("current edition"), default=False, help_text=_("The site's front door leads to it.")
    )
    main_venue_zh = models.CharField(_("main venue (Chinese)"), max_length=200, blank=True)
    main_venue_en = models.CharField(_("main venue (English)"), max_length=200, blank=True)
    primary_colour = models.CharField(
        _("primary colour"), max_length=7, default="#b3261e", validators=[colour_validator]
    )
    accent_colour = models.CharField(
        _("accent colour"), max_length=7, default="#1f5fae", validators=[colour_validator]
    )
    logo = models.ForeignKey(
        "media.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("logo"),
    )
    hero = models.ForeignKey(
        "media.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("hero image"),
    )
    figures = models.JSONField(_("figures"), default=list, blank=True)
    notes = models.JSONField(_("notes"), default=list, blank=True)
    sub_venues = models.JSONField(_("sub-venues named by the sources"), default=list, blank=True)
    sources = models.JSONField(_("sources"), default=list, blank=True)
    has_sample = models.BooleanField(_("holds sample content"), default=False)

    #: First words of addresses that are not editions.
    RESERVED = frozenset(
        {
            "about", "accessibility", "accounts", "admin", "api", "archive", "b", "derived", "door", "en", "files", "healthz",
            "iiif", "images", "live", "media", "metrics", "readyz", "static", "talk", "theme", "visit",
        }
    )

    name = Bilingual("name", get_language)
    theme = Bilingual("theme", get_language)
    main_venue = Bilingual("main_venue", get_language)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"], condition=models.Q(is_current=True), name="one_current_edition"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.code in self.RESERVED:
            raise ValidationError(
                {"code": _("The site uses this word in its addresses; choose another code.")}
            )
        if self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day is before the first day.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Naming another edition current takes the name from the one that had it.
        if self.is_current:
            Edition.objects.exclude(pk=self.pk).filter(is_current=True).update(is_current=False)
        super().save(*args, **kwargs)

    def news_tags(self) -> set[str]:
        return {"*"}

    @property
    def is_public(self) -> bool:
        return self.state != self.State.PLANNING

    @property
    def days(self) -> list[dt.date]:
        return rules.days(self.starts_on, self.ends_on)
