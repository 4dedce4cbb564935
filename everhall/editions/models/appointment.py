"""Roles: who may do what, and where."""

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from everhall.editions import rules
from everhall.editions.models.edition import Edition
from everhall.editions.models.venue import Venue
from everhall.engines.personal import ACCOUNT, Personal


class Appointment(models.Model):
    """A role held at a venue (and below it) or, without a venue, in a whole edition."""

    PERSONAL: ClassVar[Personal] = {
        "user": ("to let you do your task", ACCOUNT),
    }

    class Role(models.TextChoices):
        NATIONAL_ORGANISER = rules.NATIONAL_ORGANISER, _("national organiser")
        VENUE_ORGANISER = rules.VENUE_ORGANISER, _("venue organiser")
        VENUE_EDITOR = rules.VENUE_EDITOR, _("venue editor")
        EXHIBITOR = rules.EXHIBITOR, _("exhibitor")
        REVIEWER = rules.REVIEWER, _("reviewer")
        DIRECTOR = rules.DIRECTOR, _("director")
        VISITOR = rules.VISITOR, _("visitor")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="appointments",
        verbose_name=_("user"),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="appointments", verbose_name=_("edition")
    )
    venue = models.ForeignKey(
        Venue, null=True, blank=True, on_delete=models.CASCADE, related_name="appointments",
        verbose_name=_("venue"), help_text=_("Empty: the whole edition."),
    )
    is_sample = models.BooleanField(_("sample"), default=False)

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "venue"], name="one_appointment_at_venue"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "edition"], condition=models.Q(venue=None),
                name="one_appointment_in_edition",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.venue or self.edition}"

    def clean(self) -> None:
        if self.venue and self.venue.edition_id != self.edition_id:
            raise ValidationError({"venue": _("This venue belongs to another edition.")})
        if self.role == rules.NATIONAL_ORGANISER and self.venue:
            raise ValidationError({"venue": _("A national organiser serves the whole edition.")})
