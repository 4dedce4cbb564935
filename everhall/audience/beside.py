"""The piece of a page, a session's or a channel's, on which people take part; after the week, what was said there."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language

from everhall.audience import queries, rules
from everhall.audience.models import Message, Poll, Question, Room
from everhall.editions.models import Edition
from everhall.editions.public import real_time
from everhall.engines.bilingual import pick
from everhall.engines.taking_part import STAGES
from everhall.programme.beside import Beside
from everhall.programme.models import Session

#: Messages that the archive shows; the rest is in the moderators' sheet.
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Result:
    """A poll as the archive shows it: each choice with its number and its share in percent."""

    text: str
    voters: int
    choices: list[tuple[str, int, int]]
    mean: float | None
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """What the page shows of its room. `over`: only to be read."""

    room: Room
    over: bool
    messages: QuerySet[Message] | None = None
    questions: QuerySet[Question] | None = None
    polls: tuple[Result, ...] = ()


def session_talk(session: Session, now: dt.datetime) -> Beside:
    """For `programme.beside.sessions`."""
    return _piece(queries.room_of(session), session.edition, now)


def place_talk(name: str, edition: Edition, now: dt.datetime) -> Beside:
    """The same for the page of anything else; `name` as in `Room.place`."""
    return _piece(queries.room_at(name), edition, now)


def _piece(room: Room | None, edition: Edition, now: dt.datetime) -> Beside:
    """Always a piece: the page must hear when a room is opened."""
    talk = talk_of(room, now) if room is not None else None
    tags = (f"talk-{edition.code}", *((room.tags()[0],) if room is not None and talk and talk.over else ()))
    return Beside(
        "audience/beside.html", {"talk": talk}, head="audience/parts/head.html" if talk else "",
        tags=tags, until=end_of_week(edition, now),
    )


def end_of_week(edition: Edition, now: dt.datetime) -> dt.datetime | None:
    """When rooms of the edition become its archive; None if they are."""
    if queries.week_is_over(edition, now):
        return None
    last = edition.ends_on or edition.starts_on
    return real_time(dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), tzinfo=queries.CHINA))


def talk_of(room: Room, now: dt.datetime) -> Talk | None:
    """None: there is nothing to show, or the venue says no."""
    over = queries.week_is_over(room.edition, now)
    if not over:
        return Talk(room, over)
    return archive_of(room) if room.archived else None


def archive_of(room: Room) -> Talk | None:
    messages = Message.objects.filter(room=room, state=Message.State.SHOWN).select_related("guest").order_by("shown_at", "pk") if room.chat else None
    questions = None
    if room.questions:
        questions = Question.objects.filter(room=room, state__in=STAGES).select_related("guest").order_by("-votes", "pk")
    polls = Poll.objects.filter(room=room).exclude(state=Poll.State.DRAFT).order_by("opened_at") if room.polls else ()
    results = tuple(result_of(poll) for poll in polls)
    if not (results or (messages and messages.exists()) or (questions and questions.exists())):
        return None
    return Talk(room, True, messages[:MOST_SHOWN] if messages is not None else None, questions, results)


def result_of(poll: Poll) -> Result:
    language: Any = get_language()
    shares = [round(100 * count / poll.voters) if poll.voters else 0 for count in poll.counts]
    names = [pick(each["zh"], each["en"], language) for each in poll.choices]
    mean = rules.mean(poll.counts) if poll.kind == Poll.Kind.SCALE else None
    return Result(poll.text, poll.voters, list(zip(names, poll.counts, shares, strict=True)), mean, poll.is_sample)
