"""Questions to exhibitors, from the form to the answer.

In: a public placement, who asks and what. Out: an `ExhibitQuestion`. Must stay true: nothing is passed on before the address is
shown to be theirs; what the word list or many links hold back is looked at by the venue's team and refused in words, never
in silence; a question is answered by one person at a time, and stands on the page only if both sides wish it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from everhall.accounts.models import User
from everhall.exhibition.models import Placement
from everhall.realtime import news
from everhall.visits import rules
from everhall.visits.events import QuestionsChanged
from everhall.visits.models import Consent, ExhibitQuestion, PostWish, Visitor
from everhall.visits.queries import people_of, words_of
from everhall.visits.queries.questions import team_of
from everhall.visits.services import letters
from everhall.visits.services.refusals import Refused

State = ExhibitQuestion.State
#: Letters that ask one address for a confirmation within a day.
MOST_CONFIRMING = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A form as it came. `agreed_text`: the words of the consent that the form showed."""

    text: str
    name: str
    email: str
    language: str
    may_be_public: bool
    agreed_text: str


def address_in(text: str) -> str:
    """An e-mail address. Refused "email"."""
    email = text.strip()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused("email") from None
    if len(email) > 254:
        raise Refused("email")
    return email


def is_theirs(user: Any, email: str) -> bool:
    """Whether somebody who has logged in has shown before that the address is theirs."""
    return bool(
        user is not None and user.is_authenticated
        and EmailAddress.objects.filter(user_id=user.pk, email__iexact=email, verified=True).exists()
    )


def not_too_often(email: str, now: dt.datetime) -> None:
    """So that nobody can fill another one's mailbox with letters that ask for a confirmation."""
    since = now - dt.timedelta(days=1)
    waiting = ExhibitQuestion.objects.filter(email__iexact=email, state=State.UNCONFIRMED, asked_at__gt=since).count()
    waiting += Consent.objects.filter(contact__email__iexact=email, confirmed_at=None, given_at__gt=since).count()
    if waiting >= MOST_CONFIRMING:
        raise Refused("too_many_letters")


@transaction.atomic
def ask(placement: Placement, asked: Asked, visitor: Visitor, user: Any, now: dt.datetime) -> ExhibitQuestion:
    """Take a question. It is passed on at once if the address is known to be theirs, else when they confirm it."""
    text, name = rules.tidy(asked.text, rules.LONGEST_QUESTION), rules.line(asked.name, rules.LONGEST_NAME)
    if not text:
        raise Refused("text")
    if not name:
        raise Refused("name")
    email, exhibit = address_in(asked.email), placement.exhibit
    if exhibit.organisation_id is None:
        raise Refused("nobody")
    theirs = is_theirs(user, email)
    if not theirs:
        not_too_often(email, now)
    consent = Consent.objects.create(
        visitor=visitor, kind=Consent.Kind.QUESTION, edition=placement.edition, organisation_id=exhibit.organisation_id,
        exhibit=exhibit, language=asked.language, text=asked.agreed_text, given_at=now, until=now + rules.QUESTION_KEPT,
    )
    question = ExhibitQuestion.objects.create(
        exhibit=exhibit, edition=placement.edition, organisation_id=exhibit.organisation_id, visitor=visitor,
        consent=consent, text=text, name=name, email=email, language=asked.language, may_be_public=asked.may_be_public,
        asked_at=now, forget_at=now + rules.QUESTION_KEPT,
    )
    if theirs:
        confirmed(question, now)
    else:
        letters.ask_to_confirm(consent, email, now, question=question)
    return question


@transaction.atomic
def confirmed(question: ExhibitQuestion, now: dt.datetime) -> None:
    """The address is theirs: pass the question on, or hold it back for the venue's team; twice is once."""
    row = ExhibitQuestion.objects.select_for_update().get(pk=question.pk)
    if row.state != State.UNCONFIRMED:
        question.state = row.state
        return
    Consent.objects.filter(question=row, confirmed_at=None).update(confirmed_at=now)
    suspect = rules.has_many_links(row.text) or words_of(row.edition).found(f"{row.name}\n{row.text}")
    if suspect:
        row.state = State.HELD
        row.save(update_fields=["state"])
        letters.tell_question(row, team_of(row), now, held=True)
    else:
        pass_on(row, now)
    question.state = row.state


def pass_on(question: ExhibitQuestion, now: dt.datetime) -> None:
    """To those who answer for the exhibit."""
    question.state, question.passed_at = State.OPEN, now
    question.save(update_fields=["state", "passed_at"])
    letters.tell_question(question, people_of(question), now)


@transaction.atomic
def answer_question(question: ExhibitQuestion, text: str, by: Any, now: dt.datetime, public: bool = False) -> ExhibitQuestion:
    """Answer, or put an answer right: by letter, and on the exhibit's page if `public` and whoever asked wished it too.
    Whether `by` may is asked before (`queries.may_answer`). Refused "answer" for an empty or too long one, "gone" where there
    is nothing to answer (any more)."""
    words = rules.tidy(text, rules.LONGEST_ANSWER)
    if not words:
        raise Refused("answer")
    row = ExhibitQuestion.objects.select_for_update().get(pk=question.pk)
    if row.state not in {State.OPEN, State.ANSWERED} or row.forgotten_at is not None:
        raise Refused("gone")
    shown, is_new = public and row.may_be_public, words != row.answer
    was_shown = row.public
    row.answer, row.answered_at, row.answered_by = words, now if is_new else row.answered_at, by if isinstance(by, User) else None
    row.state, row.public = State.ANSWERED, shown
    row.save(update_fields=["answer", "answered_at", "answered_by", "state", "public"])
    if is_new:
        letters.answered(row, letters.answers(row) + 1, now)
    if shown or was_shown:
        tell(row)
    for name in ("answer", "answered_at", "answered_by", "state", "public"):
        setattr(question, name, getattr(row, name))
    return question


def report_question(question: ExhibitQuestion, now: dt.datetime) -> None:
    """Somebody of the organisation finds it improper: it leaves their list until the venue's team has looked at it."""
    moved = ExhibitQuestion.objects.filter(pk=question.pk, state=State.OPEN).update(state=State.HELD, reported_at=now)
    if moved:
        question.state, question.reported_at = State.HELD, now
        letters.tell_question(question, team_of(question), now, held=True)


@transaction.atomic
def decide(question: ExhibitQuestion, passes: bool, now: dt.datetime) -> None:
    """What was held back is passed on, or refused; whoever asked is told of that."""
    row = ExhibitQuestion.objects.select_for_update().get(pk=question.pk)
    if row.state == State.HELD and passes:
        row.reported_at = None
        row.save(update_fields=["reported_at"])
        pass_on(row, now)
    elif row.state in {State.HELD, State.OPEN} and not passes:
        row.state = State.REFUSED
        row.save(update_fields=["state"])
        letters.refused(row, now)
    question.state = row.state


@transaction.atomic
def hide_answer(question: ExhibitQuestion) -> None:
    """Take question and answer off the page."""
    if ExhibitQuestion.objects.filter(pk=question.pk, public=True).update(public=False):
        question.public = False
        tell(question)


def tell(question: ExhibitQuestion) -> None:
    news.tell(QuestionsChanged(tags=(f"questions-{question.exhibit_id}",), ids=(question.pk,)))


def write_digests(now: dt.datetime, zone: dt.tzinfo) -> int:
    """Collected letters of those who want them once a day; how many were written."""
    written = 0
    wishes = PostWish.objects.filter(rhythm=PostWish.Rhythm.DAILY, user__is_active=True).select_related("user")
    for wish in wishes:
        if not rules.digest_due(now, wish.digested_at, zone):
            continue
        with transaction.atomic():
            mine = PostWish.objects.filter(pk=wish.pk, digested_at=wish.digested_at)
            since = wish.digested_at
            if not mine.update(digested_at=now):
                continue
            rows = ExhibitQuestion.objects.filter(
                organisation__memberships__user=wish.user, state=State.OPEN, passed_at__isnull=False
            ).select_related("exhibit", "edition").order_by("passed_at", "pk")
            if since is not None:
                rows = rows.filter(passed_at__gt=since)
            found = list(rows[:50])
            if found:
                letters.tell_digest(wish.user, wish, found, now)
                written += 1
    return written
