"""What one can register for, and how: the admission to a session or to a whole activity, its quotas, tickets, questions.

What an organiser edits and what a rush counts are rows apart (`Taken`, `Arrivals`): saving a form can never set back how
many seats are taken, and the row that everybody waits for is a narrow one.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from everhall.accounts.models import Organisation
from everhall.editions.models import Edition, Venue
from everhall.engines import seats
from everhall.engines.bilingual import Bilingual
from everhall.engines.personal import NotPersonal
from everhall.programme.events import SessionChanged
from everhall.programme.models import Activity, Session
from everhall.realtime.models import Told
from everhall.registration import rules

#: Letters and figures that are not taken for each other when read aloud.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_key() -> str:
    """A public name that tells nothing and cannot be guessed."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


def known_of(sessions: Iterable[Session]) -> str:
    """A mark of what people plan by: it changes when a session is moved, cancelled, taken away, or comes back."""
    facts = sorted((one.pk, *SessionChanged.facts(one)) for one in sessions)
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:40]


class Admission(Told, ClusterableModel):
    """How one registers for a session, or at once for all sessions of an activity. As public as that is."""

    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "about a session", "real_names": "whether they are asked"}

    class Group(models.TextChoices):
        WHOLE = rules.WHOLE, pgettext_lazy("registration", "all or nothing")
        FIT = rules.FIT, pgettext_lazy("registration", "as many as there is room for")

    class RealNames(models.TextChoices):
        NO = rules.NO_NAMES, pgettext_lazy("registration", "not asked")
        NAME = rules.REAL_NAME, pgettext_lazy("registration", "real name")
        DOCUMENT = rules.DOCUMENT, pgettext_lazy("registration", "real name and number of a document")

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="admissions", editable=False)
    session = models.OneToOneField(
        Session, null=True, blank=True, on_delete=models.CASCADE, related_name="admission", verbose_name=_("session")
    )
    activity = models.OneToOneField(
        Activity, null=True, blank=True, on_delete=models.CASCADE, related_name="admission", verbose_name=_("activity"),
        help_text=pgettext_lazy("registration", "Instead of a session: one registration for all its sessions."),
    )
    #: In addresses.
    key = models.CharField(max_length=20, unique=True, default=new_key, editable=False)
    opens_at = models.DateTimeField(pgettext_lazy("registration", "opens"), null=True, blank=True)
    closes_at = models.DateTimeField(
        pgettext_lazy("registration", "closes"), null=True, blank=True,
        help_text=pgettext_lazy("registration", "Empty: when the last session begins."),
    )
    approval = models.BooleanField(
        pgettext_lazy("registration", "host decides"), default=False,
        help_text=pgettext_lazy("registration", "Each registration waits for the host's yes and holds no seat before."),
    )
    waiting_list = models.BooleanField(pgettext_lazy("registration", "waiting list"), default=True)
    window_minutes = models.PositiveIntegerField(
        pgettext_lazy("registration", "minutes to take an offered seat"), default=720,
        help_text=pgettext_lazy("registration", "For whoever moves up from the waiting list. 0: the seat is theirs at once."),
    )
    most_companions = models.PositiveSmallIntegerField(pgettext_lazy("registration", "companions at most"), default=0)
    most_group = models.PositiveSmallIntegerField(
        pgettext_lazy("registration", "people in a group at most"), default=0,
        help_text=pgettext_lazy("registration", "0: groups cannot register."),
    )
    group_rule = models.CharField(
        pgettext_lazy("registration", "groups get"), max_length=5, choices=Group, default=Group.WHOLE
    )
    real_names = models.CharField(
        pgettext_lazy("registration", "real names"), max_length=8, choices=RealNames, default=RealNames.NO,
        help_text=pgettext_lazy("registration", "Ask only where the door must compare them."),
    )
    real_names_until = models.DateField(
        pgettext_lazy("registration", "real names are deleted on"), null=True, blank=True
    )
    forget_on = models.DateField(
        pgettext_lazy("registration", "names and addresses are deleted on"), null=True, blank=True,
        help_text=pgettext_lazy("registration", "Empty: 90 days after the last session."),
    )
    is_sample = models.BooleanField(_("sample"), default=False)
    #: What those who are registered know of its sessions (`known_of`): told once when it changes.
    told = models.CharField(max_length=40, blank=True, editable=False)

    class Meta:
        verbose_name = pgettext_lazy("registration", "admission")
        verbose_name_plural = pgettext_lazy("registration", "admissions")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(session__isnull=True) ^ models.Q(activity__isnull=True), name="admission_to_one_thing"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        thing = self.session or self.activity
        return str(thing.name) if thing is not None else ""

    @property
    def of_activity(self) -> Activity:
        """The activity, whichever of both it is for."""
        found = self.session.activity if self.session is not None else self.activity
        assert found is not None  # noqa: S101 - the database's constraint
        return found

    @property
    def venue(self) -> Venue:
        return self.of_activity.venue

    def clean(self) -> None:
        if bool(self.session_id) == bool(self.activity_id):
            raise ValidationError(pgettext_lazy("registration", "Choose a session or an activity, and not both."))
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": pgettext_lazy("registration", "It closes before it opens.")})
        if self.real_names != rules.NO_NAMES and self.real_names_until is None:
            raise ValidationError(
                {"real_names_until": pgettext_lazy("registration", "Say when real names are deleted, or do not ask for them.")}
            )
        if max(self.most_group, self.most_companions + 1) > rules.MOST_SEATS:
            raise ValidationError(
                {"most_group": pgettext_lazy("registration", "One registration can have at most %(most)s seats.") % {"most": rules.MOST_SEATS}}
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.edition_id = self.of_activity.edition_id
        if self.pk is None:
            # Whoever registers from now on knows things as they are now.
            self.told = known_of([self.session] if self.session else Session.objects.filter(activity=self.activity_id))
        super().save(*args, **kwargs)

    def news_tags(self) -> set[str]:
        return {f"registration-{self.edition.code}"}


class Ticket(Orderable):
    """A kind of ticket: visitor, press, student … Without any there is one kind."""

    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "about a kind of ticket"}

    admission = ParentalKey(Admission, on_delete=models.CASCADE, related_name="tickets")
    name_zh = models.CharField(_("name (Chinese)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=80, blank=True)

    name = Bilingual("name", get_language)

    class Meta(Orderable.Meta):
        verbose_name = pgettext_lazy("registration", "kind of ticket")
        verbose_name_plural = pgettext_lazy("registration", "kinds of tickets")

    def __str__(self) -> str:
        return self.name


class Question(Orderable):
    """Something the host wants to know of each registration."""

    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "what a host asks"}

    class Kind(models.TextChoices):
        TEXT = "text", pgettext_lazy("registration", "words")
        CHOICE = "choice", pgettext_lazy("registration", "one of several")

    admission = ParentalKey(Admission, on_delete=models.CASCADE, related_name="questions")
    text_zh = models.CharField(_("text (Chinese)"), max_length=120)
    text_en = models.CharField(_("text (English)"), max_length=200, blank=True)
    kind = models.CharField(pgettext_lazy("registration", "answered by"), max_length=6, choices=Kind, default=Kind.TEXT)
    choices_zh = models.TextField(
        pgettext_lazy("registration", "choices (Chinese)"), blank=True, help_text=pgettext_lazy("registration", "One a line.")
    )
    choices_en = models.TextField(
        pgettext_lazy("registration", "choices (English)"), blank=True,
        help_text=pgettext_lazy("registration", "One a line, in the same order."),
    )
    required = models.BooleanField(pgettext_lazy("registration", "must be answered"), default=False)

    text = Bilingual("text", get_language)

    class Meta(Orderable.Meta):
        verbose_name = pgettext_lazy("registration", "question")
        verbose_name_plural = pgettext_lazy("registration", "questions")

    def __str__(self) -> str:
        return self.text

    @property
    def choices(self) -> tuple[str, ...]:
        """What is kept: the Chinese lines, whatever language somebody reads."""
        return tuple(line.strip() for line in self.choices_zh.splitlines() if line.strip())

    @property
    def choices_told(self) -> list[tuple[str, str]]:
        """(kept, read) of each choice."""
        english = [line.strip() for line in self.choices_en.splitlines() if line.strip()]
        if get_language() != "en" or len(english) != len(self.choices):
            return [(choice, choice) for choice in self.choices]
        return list(zip(self.choices, english, strict=True))


class SeatQuota(models.Model):
    """A number of seats. Of an admission, or of a venue: then all its admissions, and those below, share it."""

    class Way(models.TextChoices):
        ANY = "", pgettext_lazy("registration", "on site and online together")
        ONSITE = seats.ONSITE, pgettext_lazy("mode", "on site")
        ONLINE = seats.ONLINE, pgettext_lazy("mode", "online")

    admission = ParentalKey(Admission, null=True, blank=True, on_delete=models.CASCADE, related_name="quotas")
    venue = models.ForeignKey(
        Venue, null=True, blank=True, on_delete=models.CASCADE, related_name="seat_quotas", verbose_name=_("venue")
    )
    way = models.CharField(pgettext_lazy("registration", "counts"), max_length=6, choices=Way, blank=True, default=Way.ONSITE)
    ticket = models.ForeignKey(
        Ticket, null=True, blank=True, on_delete=models.CASCADE, related_name="quotas",
        verbose_name=pgettext_lazy("registration", "only this kind of ticket"),
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="seat_quotas",
        verbose_name=pgettext_lazy("registration", "only people of this organisation"),
    )
    size = models.PositiveIntegerField(
        pgettext_lazy("registration", "seats"), null=True, blank=True,
        help_text=pgettext_lazy("registration", "Empty: as many as come."),
    )

    class Meta:
        verbose_name = pgettext_lazy("registration", "quota")
        verbose_name_plural = pgettext_lazy("registration", "quotas")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(admission__isnull=True) ^ models.Q(venue__isnull=True), name="quota_of_one_thing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()}: {'∞' if self.size is None else self.size}"


class Taken(models.Model):
    """How many seats of a quota are held: the row for which a rush waits. Written by `services.book` only."""

    quota = models.OneToOneField(SeatQuota, on_delete=models.CASCADE, related_name="taken")
    seats = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.seats}"


class Arrivals(models.Model):
    """How many have come to an admission: the last number given. Locked first, so that numbers are those of arrival."""

    admission = models.OneToOneField(Admission, on_delete=models.CASCADE, related_name="arrivals")
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.last}"


#: After the last session, where an admission names no day.
KEPT = dt.timedelta(days=90)
