"""What is known of sessions that came from elsewhere: where from, what they said there, what a room there is here."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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


class FollowedProgramme(models.Model):
    """Another platform's programme, fetched again and again. What it says is theirs until somebody changes it here; a
    field that was changed here stays as it is."""

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("followed", "not fetched yet")
        GOOD = "good", pgettext_lazy("followed", "up to date")
        FAILING = "failing", pgettext_lazy("followed", "failing")
        PAUSED = "paused", pgettext_lazy("followed", "paused")

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+", verbose_name=_("edition"))
    venue = models.ForeignKey(
        Venue, on_delete=models.CASCADE, related_name="+", verbose_name=_("venue"),
        help_text=_("Rooms that are not known yet become stages of this venue."),
    )
    name = models.CharField(_("name"), max_length=200)
    address = models.URLField(_("address"), max_length=500)
    minutes = models.PositiveIntegerField(
        _("fetched every … minutes"), default=30, validators=[MinValueValidator(5), MaxValueValidator(10_080)]
    )
    publish = models.BooleanField(
        _("publish at once"), default=False, help_text=_("Else new activities come in as drafts.")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NEW)
    added_by = models.ForeignKey(
        "accounts.User", null=True, editable=False, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("added by"),
    )
    etag = models.CharField(max_length=200, blank=True, editable=False)
    last_modified = models.CharField(max_length=80, blank=True, editable=False)
    due_at = models.DateTimeField(_("next"), null=True, blank=True, editable=False, db_index=True)
    fetched_at = models.DateTimeField(_("fetched"), null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    #: Of the last fetch: counts, problems as importers keep them, or why it failed.
    report = models.JSONField(default=dict, editable=False)

    class Meta:
        ordering = ["edition", "name"]
        verbose_name = _("followed programme")
        verbose_name_plural = _("followed programmes")
        constraints = [models.UniqueConstraint(fields=["edition", "address"], name="followed_once")]

    def __str__(self) -> str:
        return self.name


class SessionOrigin(models.Model):
    """Where a session came from. `theirs`: each field as the source last said it; what here differs from it was changed
    here. `made_activity`: the activity came with it and goes with it when the import is taken back."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="origin")
    followed = models.ForeignKey(
        FollowedProgramme, null=True, on_delete=models.SET_NULL, related_name="origins"
    )
    made_activity = models.BooleanField(default=False)
    theirs: Any = models.JSONField(default=dict)
    #: Since when the source does not have it any more; the session stays until somebody decides.
    gone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("origin")
        verbose_name_plural = _("origins")

    def __str__(self) -> str:
        return f"{self.session_id}"
