"""The log of the door: every decision of every device, whatever it was; and the ledger that numbers what changes in it.

What must stay true: a passage is never deleted or changed but in what became of it (`standing`, `counted`, `found`, `change`);
a device has each sequence number once; changes of a venue are numbered in the order in which they are stored.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import pgettext_lazy

from everhall.accounts.models import User
from everhall.checkin.models.gates import Device, EntryList
from everhall.editions.models import Venue
from everhall.engines import entry
from everhall.engines.personal import DOOR, NotPersonal, Personal
from everhall.registration.models import Registration


class Ledger(models.Model):
    """Numbers of changes of a venue. Locked by whoever writes passages there."""

    venue = models.OneToOneField(Venue, on_delete=models.CASCADE, related_name="door_ledger")
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.last}"


class Passage(models.Model):
    """A decision at a door. Whose pass it was stands at the registration, and goes when that is forgotten.

    Personal: who decided at the desk (`by`), kept to ask about it. Deleted 90 days after the edition.
    """

    PERSONAL: ClassVar[Personal] = {"by": ("to ask who decided at the desk", DOOR)}
    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "what the door decided; whose pass it was stands at the registration"}

    class Direction(models.TextChoices):
        IN = entry.IN, pgettext_lazy("door", "entry")
        OUT = entry.OUT, pgettext_lazy("door", "exit")

    class Decision(models.TextChoices):
        ADMIT = entry.ADMIT, pgettext_lazy("door", "let through")
        REFUSE = entry.REFUSE, pgettext_lazy("door", "refused")

    class Standing(models.TextChoices):
        COUNTED = entry.COUNTED, pgettext_lazy("door", "counted")
        DOUBLE = entry.DOUBLE, pgettext_lazy("door", "double")
        APART = "apart", pgettext_lazy("door", "kept apart")
        REFUSED = "refused", pgettext_lazy("door", "refused")
        UNDONE = "undone", pgettext_lazy("door", "taken back")

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="passages")
    list = models.ForeignKey(EntryList, on_delete=models.PROTECT, related_name="passages")
    #: None: the desk.
    device = models.ForeignKey(Device, null=True, blank=True, on_delete=models.PROTECT, related_name="passages")
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    sequence = models.PositiveBigIntegerField(default=0)
    registration = models.ForeignKey(
        Registration, null=True, blank=True, on_delete=models.SET_NULL, related_name="passages"
    )
    #: Of the pass, or "".
    code = models.CharField(max_length=16, blank=True)
    direction = models.CharField(max_length=3, choices=Direction)
    people = models.PositiveSmallIntegerField(default=1)
    decision = models.CharField(max_length=6, choices=Decision)
    #: As `engines.entry` has them.
    reason = models.CharField(max_length=12)
    #: camera, scanner, name, number, walk-in, desk.
    source = models.CharField(max_length=8)
    #: Let through although the verdict was to ask or to refuse.
    override = models.BooleanField(default=False)
    moment = models.DateTimeField()
    received_at = models.DateTimeField()
    standing = models.CharField(max_length=8, choices=Standing)
    counted = models.PositiveSmallIntegerField(default=0)
    #: What the site found that the device could not know: "", cancelled, transferred, renewed, unknown, over, pending.
    found = models.CharField(max_length=12, blank=True)
    change = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = pgettext_lazy("door", "passage")
        verbose_name_plural = pgettext_lazy("door", "passages")
        ordering = ["-moment", "-pk"]
        constraints = [models.UniqueConstraint(fields=["device", "sequence"], name="passage_once_by_device")]
        indexes = [
            models.Index(fields=["venue", "change"], name="passage_change"),
            models.Index(fields=["list", "moment"], name="passage_moment"),
            models.Index(fields=["registration", "list"], name="passage_registration"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
