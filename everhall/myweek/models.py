"""What a person's week is made of, beside their registrations: sessions they kept, registrations they took in, a calendar's address, bells,
minutes online, certificates.

Everything hangs on `visits.Visitor`, who is an account or a browser; it goes with them.
"""

import secrets
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from everhall.editions.models import Edition
from everhall.engines.personal import (
    ATTENDED,
    BROWSER,
    CERTIFICATE,
    WEEK,
    NotPersonal,
    Personal,
)
from everhall.notices.models import Subscription
from everhall.programme.models import Session
from everhall.registration.models import Registration
from everhall.visits.models import Consent, Visitor

#: Letters and figures that are not taken for each other when read aloud.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def new_code() -> str:
    """Of a certificate: twelve signs, 59 bits, for whoever checks a paper."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


class Week(models.Model):
    """How somebody has set up their week.

    Personal data: that a calendar reads it, and by which of the addresses given out so far (`calendar_issue`; 0: none, the sealed address
    holds the number, so renewing it shuts out the old one); whether letters are wanted. Deleted with the visitor.
    """

    PERSONAL: ClassVar[Personal] = {
        "visitor": ("to show you your week", WEEK),
        "calendar_issue": ("what a calendar may read", WEEK),
        "letters": ("to tell you of changes and when to leave", WEEK),
        "language": ("to show you your week", WEEK),
    }

    visitor = models.OneToOneField(Visitor, on_delete=models.CASCADE, related_name="week")
    #: Whether a calendar may read it; the number of its address grows with each new one.
    calendar = models.BooleanField(default=False)
    calendar_issue = models.PositiveIntegerField(default=0)
    #: Tell changes of kept sessions by letter (an account's address; of what somebody is registered for they are told anyway).
    letters = models.BooleanField(default=True)
    language = models.CharField(max_length=10, default="zh-hans")

    class Meta:
        verbose_name = _("week of a visitor")
        verbose_name_plural = _("weeks of visitors")

    def __str__(self) -> str:
        return f"#{self.visitor_id}"


class KeptSession(models.Model):
    """A session somebody wants to go to, without a place in it. Personal data: interests. Deleted with the visitor."""

    PERSONAL: ClassVar[Personal] = {"visitor": ("to show you your week", WEEK)}
    #: Nobody's note keeps a session from being deleted.
    only_notes: Any = True

    visitor = models.ForeignKey(Visitor, on_delete=models.CASCADE, related_name="kept_sessions")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="kept_by")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("kept session")
        verbose_name_plural = _("kept sessions")
        constraints = [models.UniqueConstraint(fields=["visitor", "session"], name="session_kept_once")]

    def __str__(self) -> str:
        return f"{self.visitor_id}: {self.session_id}"


class JoinedRegistration(models.Model):
    """A registration made without an account (or with another address) that its holder took into their week by its link.

    Personal data: whose it is. Deleted with the visitor, and as soon as the registration itself no longer says who.
    """

    PERSONAL: ClassVar[Personal] = {"visitor": ("to show you your week", WEEK)}

    visitor = models.ForeignKey(Visitor, on_delete=models.CASCADE, related_name="joined_registrations")
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="joined")
    #: The link was good for this issue of the pass; a place that was handed on is not theirs any more.
    issue = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visitor", "registration"], name="registration_joined_once")]

    def __str__(self) -> str:
        return f"{self.visitor_id}: {self.registration_id}"


class LeaveBell(models.Model):
    """A browser that rings when it is time to leave for what stands in somebody's week of an edition, or when it begins online.

    Personal data: that this browser is of this visitor. Purpose: to ring. Deleted when it is switched off, with the visitor, and 30 days after
    the edition.
    """

    PERSONAL: ClassVar[Personal] = {"visitor": ("to ring when it is time to leave", BROWSER), "subscription": ("to ring on this device", BROWSER)}
    #: Nobody's bell keeps an edition from being deleted.
    only_notes: Any = True

    visitor = models.ForeignKey(Visitor, on_delete=models.CASCADE, related_name="leave_bells")
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="leave_bells")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    #: The week is looked at again then: at the next moment to ring, and every few minutes, for it may have changed.
    look_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscription", "edition"], name="leave_bell_once")]

    def __str__(self) -> str:
        return f"{self.visitor_id}: {self.subscription_id}"


class OnlineAttendance(models.Model):
    """How long the holder of an online place watched a session live, because they wanted it noted.

    Personal data: seconds, and until when they were counted. Purpose: a certificate. Nobody is counted here who has not agreed (`consent`).
    Deleted when the consent is withdrawn, and as soon as the registration no longer says whose it is.
    """

    PERSONAL: ClassVar[Personal] = {
        "seconds": ("to certify that you took part online", ATTENDED), "noted_until": ("to certify that you took part online", ATTENDED),
    }  # fmt: skip
    only_notes: Any = True

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="online_attendance")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="online_attendance")
    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="+")
    seconds = models.PositiveIntegerField(default=0)
    #: The real moment up to which was counted: nobody can watch more than there was time.
    noted_until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["registration", "session"], name="online_attendance_once")]

    def __str__(self) -> str:
        return f"{self.registration_id}: {self.seconds} s"

    @property
    def minutes(self) -> int:
        return self.seconds // 60


class Certificate(models.Model):
    """A paper that says that somebody came. Whoever checks its code learns the session and its day, and nobody's name.

    Personal data: which registration it was made for, so that the same person gets the same code again. Deleted two years after the
    session; a code is then no longer known. The registration is cut off as soon as it no longer says who.
    """

    PERSONAL: ClassVar[Personal] = {
        "code": ("to certify that you came", CERTIFICATE), "online_minutes": ("to certify that you took part online", CERTIFICATE),
    }  # fmt: skip
    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "made by chance"}
    only_notes: Any = True

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="certificates")
    registration = models.ForeignKey(Registration, null=True, on_delete=models.SET_NULL, related_name="certificates")
    made_at = models.DateTimeField()
    #: Who took part online, how long; None for whoever was seen at the door.
    online_minutes = models.PositiveSmallIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("certificate of attendance")
        verbose_name_plural = _("certificates of attendance")
        constraints = [models.UniqueConstraint(fields=["registration", "session"], name="certificate_once")]

    def __str__(self) -> str:
        return self.code

    @property
    def told(self) -> str:
        """As it is printed: in fours."""
        return "-".join(self.code[n : n + 4] for n in range(0, 12, 4))
