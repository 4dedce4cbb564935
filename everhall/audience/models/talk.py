"""What is said in a room, and what was said of it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import pgettext_lazy

from everhall.accounts.models import User
from everhall.audience import rules
from everhall.audience.models.room import Guest, Room
from everhall.engines.personal import ACCOUNT, TALK, NotPersonal, Personal


class Message(models.Model):
    """A line of chat. The name is the one its author had then."""

    PERSONAL: ClassVar[Personal] = {
        "guest": ("to know the author again while the talk goes on", TALK),
        "name": ("to say who speaks", TALK),
        "decided_by": ("to say who decided", ACCOUNT),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"text": "said in public: it stands in the record without a name; what was never shown is deleted"}

    class State(models.TextChoices):
        HELD = "held", pgettext_lazy("message", "waits for a moderator")
        SHOWN = "shown", pgettext_lazy("message", "shown")
        DELETED = "deleted", pgettext_lazy("message", "taken away")

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="messages")
    guest = models.ForeignKey(Guest, on_delete=models.PROTECT, related_name="messages")
    name = models.CharField(max_length=rules.LONGEST_NAME)
    text = models.CharField(max_length=rules.LONGEST_MESSAGE)
    state = models.CharField(max_length=8, choices=State, default=State.SHOWN)
    said_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["room", "state", "shown_at"]), models.Index(fields=["room", "guest", "said_at"])]

    def __str__(self) -> str:
        return self.text


class Report(models.Model):
    """Somebody asks the moderators to look at a message."""

    PERSONAL: ClassVar[Personal] = {
        "guest": ("so that each reports once", TALK),
    }

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reports")
    guest = models.ForeignKey(Guest, on_delete=models.CASCADE, related_name="reports")
    reported_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "guest"], name="one_report")]

    def __str__(self) -> str:
        return str(self.message)
