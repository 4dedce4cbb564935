"""What each app keeps of one person, given to them and deleted for them: the shares of `myweek.services.everything`.

In: who it is. Out: plain values; how many rows are gone or say less. What must stay true: what somebody else needs stays and is told (`stays`);
whoever is in two apps is found in both; the visitor goes last.
"""

import datetime as dt
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from everhall.accounts.models import Membership
from everhall.audience import services as audience
from everhall.audience.models import Guest, Message, Question
from everhall.calls.models import Submission
from everhall.editions.models import Appointment
from everhall.feedback import services as feedback
from everhall.feedback.models import Feedback
from everhall.myweek import queries as week
from everhall.myweek.models import KeptSession, LeaveBell, OnlineAttendance
from everhall.myweek.services.everything import Share, Who, share
from everhall.post import services as post
from everhall.post.models import Letter
from everhall.programme.models import Session
from everhall.registration import rules as places
from everhall.registration import services as registration
from everhall.registration.models import Registration
from everhall.registration.services.forgetting import forget
from everhall.visits import services as visits
from everhall.visits import takeaway


def connect() -> None:
    """Called once at start-up; in the order in which is deleted."""
    share(Share("registrations", _("Registrations"), registrations, forget_registrations, _("That a place was taken and whether somebody came stays for the figures, and not whose it was.")))
    share(Share("talks", _("Taking part in sessions"), talks, forget_talks, _("What you said in public stays in the record, without your name.")))
    share(Share("feedback", _("Feedback"), answers, forget_answers, _("How you rated a session stays for the figures; after a week nobody can find your words again, not even for you.")))
    share(Share("letters", _("Letters on their way"), letters, forget_letters))
    share(Share("submissions", _("Submissions of your organisation"), submissions, lambda who, now: 0, _("They are your organisation’s and stay with it. That you wrote them goes with your account.")))
    share(Share("week", _("My week"), kept, forget_kept))
    share(Share("visits", _("Favourites, notes, questions, contacts, consents"), seen, forget_seen, _("That you agreed to something, in which words and until when, is kept for three years as proof, without your name.")))
    share(Share("account", _("Account"), account, lambda who, now: 0, _("It goes if you tick it below. The log of who changed what in the desk stays for three years.")))


def addresses_of(who: Who) -> list[str]:
    """Those that are shown to be theirs."""
    if who.user is None:
        return []
    return [one.lower() for one in EmailAddress.objects.filter(user=who.user, verified=True).values_list("email", flat=True)]


# ---------------------------------------------------------------- registrations
def handed_on_by(who: Who) -> QuerySet[Registration]:
    """Places that are somebody else's now, in rows that still say whose they were, made with the account or with one of its addresses."""
    if who.user is None:
        return Registration.objects.none()
    own = Q(user=who.user) | Q(email__in=addresses_of(who))
    return Registration.objects.filter(own, state=places.TRANSFERRED).select_related("admission__edition").order_by("registered_at", "pk")


def registrations(who: Who, now: dt.datetime) -> list[dict[str, Any]]:
    both = (week.registrations_of(who.user, who.visitor), handed_on_by(who))
    rows = [row for found in both for row in found.prefetch_related("answers__question", "companions").select_related("real_name")]
    return [
        {
            "edition": row.admission.edition.code, "for": row.admission.name, "number": row.number, "state": row.state, "way": row.way,
            "name": row.name, "email": row.email, "group": row.group_name, "note_of_the_host": row.note, "registered": row.registered_at.isoformat(),
            "came": row.came_at.isoformat() if row.came_at else None, "companions": [one.name for one in row.companions.all()],
            "answers": {one.question.text: one.text for one in row.answers.all()},
            "real_name": {"name": row.real_name.name, "document": row.real_name.document} if hasattr(row, "real_name") else None,
        }
        for row in rows
    ]  # fmt: skip


def forget_registrations(who: Who, now: dt.datetime) -> int:
    """Places that are still held go to whoever waits; then nothing says whose they were."""
    rows = list(week.registrations_of(who.user, who.visitor))
    for row in rows:
        if row.state in places.LIVE and row.came_at is None:
            registration.cancel(row, now)
        # Nobody is left whom a letter could tell anything.
        post.take_back(before=f"registration-{row.pk}-")
    return forget({*(row.pk for row in rows), *handed_on_by(who).values_list("pk", flat=True)})


# ---------------------------------------------------------------- talks
def guest_of(who: Who) -> Guest | None:
    return audience.guest_of(who.user, who.tokens.get(audience.COOKIE))


def talks(who: Who, now: dt.datetime) -> dict[str, Any]:
    guest = guest_of(who)
    if guest is None:
        return {}
    said = Message.objects.filter(guest=guest).order_by("said_at").values_list("said_at", "name", "text", "state")
    asked = Question.objects.filter(guest=guest).order_by("asked_at").values_list("asked_at", "name", "text", "state")
    names = ("at", "name", "text", "state")
    return {
        "name": guest.name, "messages": [dict(zip(names, row, strict=True)) for row in said],
        "questions": [dict(zip(names, row, strict=True)) for row in asked],
    }  # fmt: skip


def forget_talks(who: Who, now: dt.datetime) -> int:
    guest = guest_of(who)
    return audience.forget_guest(guest) if guest is not None else 0


# ---------------------------------------------------------------- feedback
def own_answers(who: Who) -> list[Feedback]:
    """While somebody may still answer, an answer can be known again; later by nobody."""
    found: list[Feedback] = []
    for session in Session.objects.filter(feedback__giver__isnull=False).distinct():
        givers = feedback.givers_of(session, who.user, who.tokens.get(feedback.COOKIE))
        found += Feedback.objects.filter(session=session, giver__in=givers).select_related("session__activity")
    return found


def answers(who: Who, now: dt.datetime) -> list[dict[str, Any]]:
    return [{"session": one.session.name, "rating": one.rating, "useful": one.useful, "again": one.again, "words": one.words} for one in own_answers(who)]


def forget_answers(who: Who, now: dt.datetime) -> int:
    return Feedback.objects.filter(pk__in=[one.pk for one in own_answers(who)]).update(giver=None, words="")


# ---------------------------------------------------------------- letters
def waiting(who: Who) -> Any:
    return Letter.objects.filter(to__in=addresses_of(who), state=Letter.State.WAITING).order_by("made_at", "pk")


def letters(who: Who, now: dt.datetime) -> list[dict[str, Any]]:
    return [{"to": row.to, "subject": row.subject, "text": row.body, "written": row.made_at.isoformat()} for row in waiting(who)]


def forget_letters(who: Who, now: dt.datetime) -> int:
    return int(waiting(who).delete()[0])


# ---------------------------------------------------------------- the rest
def submissions(who: Who, now: dt.datetime) -> list[dict[str, Any]]:
    rows = Submission.objects.filter(by=who.user).select_related("call") if who.user is not None else []
    return [{"call": row.call.code, "title": row.title_zh or row.title_en, "state": row.state} for row in rows]


def kept(who: Who, now: dt.datetime) -> dict[str, Any]:
    if who.visitor is None:
        return {}
    rows = KeptSession.objects.filter(visitor=who.visitor).select_related("session__edition").order_by("made_at")
    setting = week.week_of(who.visitor)
    noted = OnlineAttendance.objects.filter(consent__visitor=who.visitor).select_related("session__edition")
    bells = LeaveBell.objects.filter(visitor=who.visitor).select_related("edition")
    return {
        "online": [{"edition": row.session.edition.code, "session": row.session.code, "minutes": row.minutes} for row in noted],
        "bells": [row.edition.code for row in bells],
        "sessions": [{"edition": row.session.edition.code, "session": row.session.code, "since": row.made_at.isoformat()} for row in rows],
        "calendar": setting.calendar, "letters": setting.letters,
    }  # fmt: skip


def forget_kept(who: Who, now: dt.datetime) -> int:
    """The rest goes with the visitor, which is next, and minutes online with the consents, which are withdrawn then."""
    if who.visitor is None:
        return 0
    return KeptSession.objects.filter(visitor=who.visitor).delete()[0] + LeaveBell.objects.filter(visitor=who.visitor).delete()[0]


def seen(who: Who, now: dt.datetime) -> dict[str, Any]:
    return takeaway.everything(who.visitor) if who.visitor is not None else {}


def forget_seen(who: Who, now: dt.datetime) -> int:
    if who.visitor is None:
        return 0
    visits.delete_all(who.visitor, now)
    return 1


def account(who: Who, now: dt.datetime) -> dict[str, Any]:
    user = who.user
    if user is None:
        return {}
    return {
        "email": user.email, "name": user.name, "since": user.date_joined.isoformat(), "last_login": user.last_login.isoformat() if user.last_login else None,
        "addresses": list(EmailAddress.objects.filter(user=user).values_list("email", flat=True)),
        "organisations": [row.organisation.code for row in Membership.objects.filter(user=user).select_related("organisation")],
        "tasks": [f"{row.role} {row.edition.code}" for row in Appointment.objects.filter(user=user).select_related("edition")],
    }  # fmt: skip
