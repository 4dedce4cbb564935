"""What sessions need besides a stage, how much of it there is, and how long the ways between venues take: what clashes are
judged by (`engines/clashes.py`)."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from everhall.accounts.models import code_validator
from everhall.editions.models import Venue
from everhall.engines.bilingual import Bilingual
from everhall.programme.models.session import Session

#: A way that takes longer than a day is a typing mistake.
LONGEST_WAY = 24 * 60


class Equipment(models.Model):
    """Something that is lent to sessions: interpreters' booths, cameras, a relay van. It belongs to a venue, and sessions at
    others may need it too."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="equipment", verbose_name=_("venue"))
    code = models.SlugField(_("code"), max_length=60, validators=[code_validator])
    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    count = models.PositiveIntegerField(_("how many there are"), default=1)

    name = Bilingual("name", get_language)

    class Meta:
        ordering = ["venue", "code"]
        verbose_name = _("equipment")
        verbose_name_plural = _("equipment")
        constraints = [models.UniqueConstraint(fields=["venue", "code"], name="equipment_code_in_venue")]

    def __str__(self) -> str:
        return f"{self.name} ({self.venue.name})"


class SessionNeed(Orderable):
    """That a session needs some of it, from its beginning to its end."""

    session = ParentalKey(Session, on_delete=models.CASCADE, related_name="needs")
    equipment = models.ForeignKey(Equipment, on_delete=models.PROTECT, related_name="needed", verbose_name=_("equipment"))
    count = models.PositiveIntegerField(_("how many"), default=1, validators=[MinValueValidator(1), MaxValueValidator(10_000)])

    class Meta(Orderable.Meta):
        verbose_name = _("needed equipment")
        verbose_name_plural = _("needed equipment")
        constraints = [models.UniqueConstraint(fields=["session", "equipment"], name="one_need")]


class TravelTime(models.Model):
    """Minutes from one venue to another, in either order, door to door: where somebody knows better than the formula."""

    one = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="+", verbose_name=_("venue"))
    other = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="+", verbose_name=_("other venue"))
    minutes = models.PositiveIntegerField(_("minutes"), validators=[MaxValueValidator(LONGEST_WAY)])

    class Meta:
        ordering = ["one", "other"]
        verbose_name = _("travel time")
        verbose_name_plural = _("travel times")
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="travel_time_once")]

    def __str__(self) -> str:
        return f"{self.one.name} – {self.other.name}"

    def clean(self) -> None:
        """Both of one edition, and no pair twice in the other order."""
        if None in {self.one_id, self.other_id}:
            return
        if self.one_id == self.other_id:
            raise ValidationError({"other": _("Choose two different venues.")})
        if self.one.edition_id != self.other.edition_id:
            raise ValidationError({"other": _("This venue belongs to another edition.")})
        if TravelTime.objects.filter(one_id=self.other_id, other_id=self.one_id).exclude(pk=self.pk).exists():
            raise ValidationError({"other": _("The way between these two venues has been said already.")})
