"""What is only counted: reactions by the minute, viewers by process."""

from typing import ClassVar

from django.db import models

from everhall.audience.models.room import Room
from everhall.engines.personal import NotPersonal


class ReactionCount(models.Model):
    """How often one process counted one reaction in one minute. Never a row for a tap."""

    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "counts"}

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="reacted")
    minute = models.DateTimeField()
    kind = models.CharField(max_length=10)
    #: The process that counted, under a name that it gave itself when it began.
    source = models.CharField(max_length=16)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "minute", "kind", "source"], name="one_reaction_count")]

    def __str__(self) -> str:
        return f"{self.kind} {self.count}"


class ViewerCount(models.Model):
    """How many sockets followed the room in one process, the last time it looked."""

    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "counts"}

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="seen")
    source = models.CharField(max_length=16)
    count = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "source"], name="one_viewer_count")]

    def __str__(self) -> str:
        return str(self.count)
