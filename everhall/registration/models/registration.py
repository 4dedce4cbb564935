"""Somebody's place: who they are, what they asked for, what became of it; and what of that is personal.

Each model here names its personal fields in `PERSONAL`: why they are kept, and when they go. A test lists them all, and
`services.forgetting` deletes by the very same rule.
"""

import secrets
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from everhall.accounts.models import Organisation, User
from everhall.engines.personal import AFTERWARDS, REAL_NAMES, NotPersonal, Personal
from everhall.engines.seats import ONLINE, ONSITE, Ask
from everhall.registration import rules
from everhall.registration.models.admission import Admission, Question, Ticket, new_key


def new_code() -> bytes:
    """Of a pass: what the door knows it by."""
    return secrets.token_bytes(8)


class Registration(models.Model):
    """A person's place in a session or activity, for themselves and whom they bring.

    Personal: name, address and account, kept to admit the person and to tell them of changes. Deleted on the admission's
    day (90 days after the last session, if it names none): then the row says that somebody came, and not who.
    """

    PERSONAL: ClassVar[Personal] = {
        "name": ("to greet them at the door", AFTERWARDS),
        "email": ("to tell them of their place and of changes; one address is one place", AFTERWARDS),
        "user": ("to show them their registrations", AFTERWARDS),
        "group_name": ("to call the group at the door", AFTERWARDS),
        "note": ("what the host wrote to them", AFTERWARDS),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "made by chance, or chosen from a list"}

    class State(models.TextChoices):
        ASKED = rules.ASKED, pgettext_lazy("registration", "awaiting approval")
        CONFIRMED = rules.CONFIRMED, pgettext_lazy("registration", "confirmed")
        WAITING = rules.WAITING, pgettext_lazy("registration", "on the waiting list")
        OFFERED = rules.OFFERED, pgettext_lazy("registration", "a seat is offered")
        CANCELLED = rules.CANCELLED, pgettext_lazy("registration", "cancelled")
        DECLINED = rules.DECLINED, pgettext_lazy("registration", "declined")
        LAPSED = rules.LAPSED, pgettext_lazy("registration", "offer not taken")
        TRANSFERRED = rules.TRANSFERRED, pgettext_lazy("registration", "handed on")

    class Way(models.TextChoices):
        ONSITE = ONSITE, pgettext_lazy("mode", "on site")
        ONLINE = ONLINE, pgettext_lazy("mode", "online")

    admission = models.ForeignKey(Admission, on_delete=models.PROTECT, related_name="registrations")
    #: In addresses of the desk.
    key = models.CharField(max_length=20, unique=True, default=new_key, editable=False)
    #: What the page made up for this wish: the same request is the same registration.
    request = models.CharField(max_length=40, editable=False)
    #: Order of arrival at the admission.
    number = models.PositiveBigIntegerField(editable=False)
    state = models.CharField(pgettext_lazy("registration", "state"), max_length=11, choices=State)
    name = models.CharField(pgettext_lazy("registration", "name"), max_length=rules.LONGEST_NAME, blank=True)
    email = models.CharField(_("e-mail address"), max_length=254, blank=True)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="registrations")
    language = models.CharField(max_length=8, default="zh-hans")
    way = models.CharField(pgettext_lazy("registration", "takes part"), max_length=6, choices=Way, default=Way.ONSITE)
    ticket = models.ForeignKey(Ticket, null=True, blank=True, on_delete=models.PROTECT, related_name="registrations")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="registrations"
    )
    #: Asked for, and held (0 while nothing is held).
    wanted = models.PositiveSmallIntegerField(default=1)
    seats = models.PositiveSmallIntegerField(pgettext_lazy("registration", "seats"), default=0)
    #: Fewer than that are of no use.
    least = models.PositiveSmallIntegerField(default=1)
    group_name = models.CharField(pgettext_lazy("registration", "group"), max_length=rules.LONGEST_NAME, blank=True)
    offered_until = models.DateTimeField(null=True, blank=True)
    registered_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    came_at = models.DateTimeField(pgettext_lazy("registration", "came"), null=True, blank=True)
    #: The day of whose sessions its person was reminded.
    reminded_of = models.DateField(null=True, blank=True, editable=False)
    #: Written in by the desk.
    by_hand = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)
    pass_code = models.BinaryField(max_length=8, default=new_code, editable=False)
    pass_issue = models.PositiveSmallIntegerField(default=0, editable=False)
    #: Whose it was before.
    handed_on_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="handed_on_to")
    is_sample = models.BooleanField(_("sample"), default=False)

    class Meta:
        verbose_name = pgettext_lazy("registration", "registration")
        verbose_name_plural = pgettext_lazy("registration", "registrations")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["admission", "request"], name="registration_once_by_request"),
            models.UniqueConstraint(
                fields=["admission", "email"], name="registration_once_by_person",
                condition=models.Q(state__in=sorted(rules.LIVE)) & ~models.Q(email=""),
            ),
            models.UniqueConstraint(
                fields=["admission", "number"], name="registration_number_once"
            ),
        ]
        indexes = [
            models.Index(fields=["admission", "state", "number"], name="registration_line"),
            models.Index(fields=["state", "offered_until"], name="registration_offers"),
            models.Index(fields=["email"], name="registration_email"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def ask(self) -> Ask:
        """As the engine of seats has it; of seats that are held, exactly those."""
        size, least = (self.seats, self.seats) if self.seats else (self.wanted, self.least)
        return Ask(size, self.way, self.ticket_id, self.organisation_id, least)

    @property
    def is_live(self) -> bool:
        return self.state in rules.LIVE


class Companion(models.Model):
    """Somebody who comes along, or a member of a group.

    Personal: the name, kept to find them on the list at the door. Deleted with the names of the registration.
    """

    PERSONAL: ClassVar[Personal] = {"name": ("to find them on the list at the door", AFTERWARDS)}

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="companions")
    name = models.CharField(max_length=rules.LONGEST_NAME)

    def __str__(self) -> str:
        return self.name


class Answer(models.Model):
    """What somebody answered to a question of the host.

    Personal: the text, kept for the host to prepare the session. Deleted with the names of the registration.
    """

    PERSONAL: ClassVar[Personal] = {"text": ("for the host to prepare", AFTERWARDS)}

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    text = models.CharField(max_length=rules.LONGEST_ANSWER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["registration", "question"], name="one_answer_to_a_question")]

    def __str__(self) -> str:
        return self.text


class RealName(models.Model):
    """Real name and number of a document, where the door must compare them.

    Personal, and the most delicate: kept for the door only, shown to nobody but the host's desk, in no export but that of
    the door. The row is deleted on the day the admission names, and with the registration's names at the latest.
    """

    PERSONAL: ClassVar[Personal] = {
        "name": ("to compare at the door", REAL_NAMES),
        "document": ("to compare at the door", REAL_NAMES),
    }

    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, related_name="real_name")
    name = models.CharField(max_length=rules.LONGEST_NAME)
    document = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return f"#{self.registration_id}"
