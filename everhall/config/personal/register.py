"""The rules by which what is personal goes, each with its job: the one list of them.

In: a moment. Out: how many rows of which job are gone or say less; never what they held. What must stay true: each rule that a model
names is here, and has a job unless its words say that there is none by the clock; a job does a part at a time, each in a transaction of
its own, and doing it again does no harm, so that a run that was killed is gone on with by the next.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import structlog
from django.utils.translation import gettext_lazy as _

from everhall.accounts import forgetting as accounts
from everhall.accounts.services import forget_invitations
from everhall.audience import services as audience
from everhall.calls import services as calls
from everhall.checkin import services as checkin
from everhall.config.personal import desk
from everhall.editions.forgetting import forget_imports
from everhall.editions.models import Appointment
from everhall.engines import personal as names
from everhall.feedback import services as feedback
from everhall.live.forgetting import forget_names
from everhall.media import pieces
from everhall.media.models import FileUpload
from everhall.myweek import services as myweek
from everhall.notices import services as notices
from everhall.post import services as post
from everhall.proposals import services as proposals
from everhall.registration import services as registration
from everhall.tours import services as tours
from everhall.visits import services as visits

log = structlog.get_logger("everhall.personal")

Job = Callable[[dt.datetime], int]
#: A job that finds something again and again is stopped after so many turns; the next run goes on.
MOST_TURNS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Rule:
    """`words`: when it goes, for people; `job`: which of `JOBS` does it; "" where nothing goes by the clock alone."""

    name: str
    words: Any
    job: str


def unused_accounts(now: dt.datetime) -> int:
    """Whoever holds a task at a venue or an edition keeps the account."""
    return accounts.forget_unused(now, list(Appointment.objects.values_list("user_id", flat=True)))


#: In an order in which nothing is looked for that the one before has taken.
JOBS: Final[dict[str, Job]] = {
    "registrations": registration.forget_people,
    "doors": checkin.forget_doors,
    "letters": post.forget_old,
    "weeks": myweek.forget_due,
    "visits": visits.forget_due,
    "feedback": feedback.forget_due,
    "talks": audience.forget_people,
    "pushes": notices.forget_old,
    "browsers": notices.forget_browsers,
    "calls": calls.forget_old,
    "proposals": proposals.forget_old,
    "made tours": tours.forget_made,
    "group walks": tours.settle_walks,
    "desks": forget_names,
    "imports": forget_imports,
    "uploads": lambda now: pieces.forget(FileUpload, now),
    "invitations": forget_invitations,
    "log": desk.forget_log,
    "logins": desk.forget_logins,
    "unsaved": desk.forget_unsaved,
    "accounts": unused_accounts,
}

RULES: Final = {rule.name: rule for rule in (
    Rule(names.ACCOUNT, _("As long as your account. You can delete it at any time; one that nobody has used for three years is deleted, unless it holds a task."), "accounts"),
    Rule(names.INVITATION, _("30 days after the invitation was accepted, taken back or ran out."), "invitations"),
    Rule(names.LOGIN, _("When you log out, or after two weeks."), "logins"),
    Rule(names.AFTERWARDS, _("On the day that the registration names, 90 days after the last session at the latest. That somebody came stays, and not who."), "registrations"),
    Rule(names.REAL_NAMES, _("On the day that the registration form names, right after the session as a rule."), "registrations"),
    Rule(names.DOOR, _("90 days after the edition."), "doors"),
    Rule(names.DOOR_LINK, _("A day after the link ran out."), "doors"),
    Rule(names.LETTER, _("As soon as the letter was handed to the mail server; that there was one, a week later."), "letters"),
    Rule(names.TALK, _("Half a year after you last took part. What you said in public stays in the record, without a name."), "talks"),
    Rule(names.BROWSER, _("When you switch the bell off, or 30 days after the end of what you follow."), "browsers"),
    Rule(names.PUSHED, _("A week after it was sent."), "pushes"),
    Rule(names.GIVER, _("A week after the session. It is a digest by which nobody can be found."), "feedback"),
    Rule(names.WORDS, _("Half a year after answers are taken no more."), "feedback"),
    Rule(names.VISITOR, _("When you say so, or a year after your last visit."), "visits"),
    Rule(names.WEEK, _("With your week: when you say so, or a year after your last visit."), "visits"),
    Rule(names.CERTIFICATE, _("Two years after the session. The paper says the rest; whoever checks it learns nothing of you."), "weeks"),
    Rule(names.ATTENDED, _("With the names of your registration, or as soon as you withdraw your consent."), "weeks"),
    Rule(names.QUESTION, _("180 days after you asked, answered or not."), "visits"),
    Rule(names.CONTACT, _("When you withdraw your consent, a year after you gave it at the latest."), "visits"),
    Rule(names.PROOF, _("Three years after it ended; it is proof of what was agreed to."), "visits"),
    Rule(names.MADE_TOUR, _("A year after somebody last looked at the tour."), "made tours"),
    Rule(names.GROUP_WALK, _("A day after the walk."), "group walks"),
    Rule(names.SUBMISSION, _("A year after the call has closed; three years, where the submission was accepted."), "calls"),
    Rule(names.CALL_LETTER, _("90 days after the letter was sent."), "calls"),
    Rule(names.UPLOAD, _("A week after the last piece came."), "uploads"),
    Rule(names.DESK_WORDS, _("A year later."), "desks"),
    Rule(names.IMPORT, _("Two years after the import."), "imports"),
    Rule(names.LOG, _("Three years later."), "log"),
    Rule(names.UNSAVED, _("A month later at the latest."), "unsaved"),
    Rule(names.FILE, _("With the file, which whoever brought it can have taken away."), ""),
    Rule(names.PUBLIC, _("It is public and stays with the programme. Whoever it is about can have it taken away at any time."), ""),
)}  # fmt: skip


def forget(now: dt.datetime) -> Iterator[tuple[str, int]]:
    """Do all jobs; yields what each has cleared. One that fails is told, and the others go on."""
    for name, job in JOBS.items():
        cleared = 0
        try:
            for _turn in range(MOST_TURNS):
                found = job(now)
                cleared += found
                if not found:
                    break
        except Exception:
            # Whatever it was: the promise of the others is kept.
            log.exception("not forgotten", job=name, cleared=cleared)
            yield name, -1
            continue
        if cleared:
            log.info("forgotten", job=name, rows=cleared)
        yield name, cleared


def forget_due(now: dt.datetime) -> None:
    """For the clerk."""
    for _job in forget(now):
        pass
