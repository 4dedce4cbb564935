"""Screens of a hall: kiosks that one touches, and walls that one looks at."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from everhall.accounts.models import code_validator
from everhall.editions.models import Edition, Venue, Zone
from everhall.engines.bilingual import Bilingual
from everhall.engines.personal import NotPersonal
from everhall.realtime.models import Told
from everhall.tours.models.tour import Tour


class Kiosk(Told):
    """What a screen shows and how it behaves. One kiosk may be open on several screens. `pin_hash` is a password's hash as
    Django makes them, empty where no staff menu is wanted."""

    NOT_PERSONAL: ClassVar[NotPersonal] = {
        "*": "about a screen of the house",
        "pin_hash": "lets the staff leave a screen",
    }

    class Kind(models.TextChoices):
        TOUR = "tour", pgettext_lazy("screen", "a tour")
        ZONES = "zones", pgettext_lazy("screen", "exhibits of zones, one after another")
        HOUR = "hour", pgettext_lazy("screen", "the exhibit of the hour")
        WALL = "wall", pgettext_lazy("screen", "a wall of covers")

    class Languages(models.TextChoices):
        BOTH = "both", pgettext_lazy("screen", "Chinese and English")
        CHINESE = "zh", pgettext_lazy("screen", "Chinese only")
        ENGLISH = "en", pgettext_lazy("screen", "English only")

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="kiosks", verbose_name=_("edition"), editable=False
    )
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="kiosks", verbose_name=_("venue"))
    code = models.SlugField(_("code"), max_length=60, validators=[code_validator])
    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    kind = models.CharField(pgettext_lazy("screen", "shows"), max_length=8, choices=Kind, default=Kind.ZONES)
    tour = models.ForeignKey(
        Tour, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("tour")
    )
    zones: Any = models.ManyToManyField(
        Zone, blank=True, related_name="+", verbose_name=_("zones"),
        help_text=_("None chosen: all exhibits of the venue and of what is below it."),
    )
    seconds = models.PositiveSmallIntegerField(
        pgettext_lazy("screen", "seconds for each view"), default=15, validators=[MinValueValidator(5), MaxValueValidator(600)]
    )
    idle_seconds = models.PositiveSmallIntegerField(
        pgettext_lazy("screen", "seconds until it begins anew"), default=60, validators=[MinValueValidator(20), MaxValueValidator(900)],
        help_text=_("When nobody has touched it for so long. It counts down the last ten seconds first."),
    )
    languages = models.CharField(
        pgettext_lazy("screen", "languages"), max_length=4, choices=Languages, default=Languages.BOTH
    )
    pin_hash = models.CharField(max_length=128, blank=True, editable=False)
    is_sample = models.BooleanField(_("sample"), default=False)

    name = Bilingual("name", get_language)

    class Meta:
        ordering = ["venue__path", "code"]
        verbose_name = pgettext_lazy("screen", "kiosk or wall")
        verbose_name_plural = pgettext_lazy("screen", "kiosks and walls")
        constraints = [models.UniqueConstraint(fields=["edition", "code"], name="kiosk_code_in_edition")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.kind == self.Kind.TOUR and self.tour_id is None:
            raise ValidationError({"tour": _("Choose the tour that this screen shows.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Its edition is that of its venue."""
        if self.venue_id:
            self.edition_id = self.venue.edition_id
        super().save(*args, **kwargs)

    @property
    def tag(self) -> str:
        return f"screen-{self.pk}"

    def news_tags(self) -> set[str]:
        """Its page begins to exist and ends with it, so the edition's tag (which a 404 carries) is among them."""
        return {self.tag, f"edition-{self.edition.code}"}


class Sighting(models.Model):
    """When a screen last said that it is on, and which version it shows.

    Purpose: the venue's team sees which screens need somebody to go there. `screen` is a word that the screen's browser made up;
    neither its address nor anything of whoever stands before it is stored. Deleted after two weeks of silence
    (`services.forget_screens`).
    """

    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "about a screen of the house"}

    kiosk = models.ForeignKey(Kiosk, on_delete=models.CASCADE, related_name="sightings")
    screen = models.CharField(max_length=20)
    version = models.CharField(max_length=20, blank=True)
    first_seen_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at"]
        constraints = [models.UniqueConstraint(fields=["kiosk", "screen"], name="one_sighting_of_a_screen")]

    def __str__(self) -> str:
        return f"{self.kiosk_id}/{self.screen}"
