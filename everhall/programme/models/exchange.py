"""What is known of sessions that came from elsewhere, and what a room there is here."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from everhall.editions.models import Edition, Stage, Venue
from everhall.programme.models.session import Session


class RoomName(models.Model):
    """What another platform calls a place: a stage, or no stage at all. Said once by hand, true for every later file."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+", verbose_name=_("edition"))
    name = models.CharField(_("name there"), max_length=200)
    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="+", verbose_name=_("venue"))
    stage = models.ForeignKey(
        Stage, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("stage")
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("room elsewhere")
        verbose_name_plural = _("rooms elsewhere")
        constraints = [models.UniqueConstraint(fields=["edition", "name"], name="room_name_in_edition")]

    def __str__(self) -> str:
        return self.name


class SessionOrigin(models.Model):
    """That a session came from elsewhere. `made_activity`: its activity was made with it, and goes with it when the import
    is taken back."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="origin")
    made_activity = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("origin")
        verbose_name_plural = _("origins")

    def __str__(self) -> str:
        return f"{self.session_id}"
