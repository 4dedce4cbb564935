"""Where one goes in and by what right: entry lists, gates, and the devices that stand at them.

In: what a venue's team sets up. What must stay true: a gate shows lists of its own venue only; a device has keys of its own, and
the site keeps the public halves; an invitation is used once.
"""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from everhall.accounts.models import User
from everhall.editions.models import Edition, Venue
from everhall.engines import entry
from everhall.engines.bilingual import Bilingual
from everhall.engines.personal import DOOR, DOOR_LINK, NotPersonal, Personal
from everhall.registration.models import Admission
from everhall.registration.models.admission import new_key


class EntryList(models.Model):
    """Who may go in, how often, and when. As private as registrations are."""

    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "names of lists and how they let in"}

    class Rule(models.TextChoices):
        ONCE = entry.ONCE, pgettext_lazy("door", "once")
        AFTER_EXIT = entry.AFTER_EXIT, pgettext_lazy("door", "again after an exit scan")
        FREE = entry.FREE, pgettext_lazy("door", "as often as they like")

    class Unknown(models.TextChoices):
        ASK = entry.ASK, pgettext_lazy("door", "ask the person at the door")
        ADMIT = entry.ADMIT, pgettext_lazy("door", "let in, with a mark")

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="entry_lists", editable=False)
    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="entry_lists", verbose_name=_("venue"))
    key = models.CharField(max_length=20, unique=True, default=new_key, editable=False)
    name_zh = models.CharField(_("name (Chinese)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=80, blank=True)
    everybody = models.BooleanField(
        pgettext_lazy("door", "any pass of this venue"), default=False,
        help_text=pgettext_lazy("door", "Whoever has a place in any session here or below may go in."),
    )
    admissions = models.ManyToManyField(
        Admission, blank=True, related_name="entry_lists", verbose_name=pgettext_lazy("door", "sessions and activities")
    )
    rule = models.CharField(pgettext_lazy("door", "a pass lets in"), max_length=10, choices=Rule, default=Rule.ONCE)
    unknown = models.CharField(
        pgettext_lazy("door", "a good pass that the device does not know yet"), max_length=5, choices=Unknown, default=Unknown.ASK
    )
    opens_at = models.DateTimeField(pgettext_lazy("door", "opens"), null=True, blank=True)
    closes_at = models.DateTimeField(pgettext_lazy("door", "closes"), null=True, blank=True)
    capacity = models.PositiveIntegerField(
        pgettext_lazy("door", "people at most"), null=True, blank=True,
        help_text=pgettext_lazy("door", "Empty: as many as come. Devices warn from nine tenths on."),
    )
    walk_ins = models.BooleanField(pgettext_lazy("door", "people without a pass may come"), default=False)
    roster_hours = models.PositiveSmallIntegerField(
        pgettext_lazy("door", "hours a device may work without a network"), default=8,
        help_text=pgettext_lazy("door", "After that it wants a new roster: what limits a phone that was stolen."),
    )
    is_sample = models.BooleanField(_("sample"), default=False)

    name = Bilingual("name", get_language)

    class Meta:
        verbose_name = pgettext_lazy("door", "entry list")
        verbose_name_plural = pgettext_lazy("door", "entry lists")
        ordering = ["venue__path", "pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": pgettext_lazy("door", "It closes before it opens.")})
        if not 1 <= (self.roster_hours or 0) <= 72:
            raise ValidationError({"roster_hours": pgettext_lazy("door", "From 1 to 72 hours.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.edition_id = self.venue.edition_id
        super().save(*args, **kwargs)


class Gate(models.Model):
    """A door, or a desk at one: what its devices show."""

    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "names of doors"}

    class Direction(models.TextChoices):
        IN = entry.IN, pgettext_lazy("door", "entry")
        OUT = entry.OUT, pgettext_lazy("door", "exit")
        BOTH = "both", pgettext_lazy("door", "entry and exit")

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="gates", verbose_name=_("venue"))
    key = models.CharField(max_length=20, unique=True, default=new_key, editable=False)
    name_zh = models.CharField(_("name (Chinese)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=80, blank=True)
    lists = models.ManyToManyField(EntryList, related_name="gates", verbose_name=pgettext_lazy("door", "entry lists"))
    direction = models.CharField(pgettext_lazy("door", "for"), max_length=4, choices=Direction, default=Direction.IN)
    is_sample = models.BooleanField(_("sample"), default=False)

    name = Bilingual("name", get_language)

    class Meta:
        verbose_name = pgettext_lazy("door", "gate")
        verbose_name_plural = pgettext_lazy("door", "gates")
        ordering = ["venue__path", "pk"]

    def __str__(self) -> str:
        return self.name


class Device(models.Model):
    """A phone or tablet at a gate.

    Personal: its name, which may be somebody's, and who enrolled it, kept to know whom to ask about it. Deleted 90 days after
    the edition.
    """

    PERSONAL: ClassVar[Personal] = {
        "name": ("to tell devices apart, and to call whoever holds one", DOOR),
        "enrolled_by": ("to know who let a device in", DOOR),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "keys of a device, which are of no person"}

    gate = models.ForeignKey(Gate, on_delete=models.CASCADE, related_name="devices")
    key = models.CharField(max_length=20, unique=True, default=new_key, editable=False)
    name = models.CharField(pgettext_lazy("door", "name"), max_length=60, blank=True)
    #: Ed25519, 32 bytes; P-256, 65 bytes.
    signing = models.BinaryField(max_length=32)
    agreement = models.BinaryField(max_length=65)
    enrolled_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    enrolled_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_seen = models.DateTimeField(null=True, blank=True)
    #: Of its requests: each has a greater one than the last.
    requests = models.PositiveBigIntegerField(default=0)
    #: Of its passages: the greatest that has arrived, and that one's moment, before which none of the next can be.
    last_sequence = models.PositiveBigIntegerField(default=0)
    last_moment = models.DateTimeField(null=True, blank=True)
    queue = models.PositiveIntegerField(default=0)
    offset_ms = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = pgettext_lazy("door", "device")
        verbose_name_plural = pgettext_lazy("door", "devices")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name or self.key


class Invitation(models.Model):
    """A link by which one device is enrolled. Only a hash of it is kept. Deleted a day after its end.

    Personal: who made it, as above.
    """

    PERSONAL: ClassVar[Personal] = {"made_by": ("to know who let a device in", DOOR_LINK)}
    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "a digest of a link"}

    gate = models.ForeignKey(Gate, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"#{self.pk}"
