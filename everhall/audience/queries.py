"""Reads on rooms: which may be seen, and the states that pages begin with.

What must stay true: a room is as public as what it is for (`places`): of a draft, an embargoed session, a private
channel or an edition in planning nothing is told, not even that there is a room.
"""

import datetime as dt
import zoneinfo
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from django.db.models import Count, Max, Q, QuerySet, Sum

from everhall.audience import places, rules
from everhall.audience.models import (
    Guest,
    Message,
    Mute,
    Poll,
    PollVote,
    Question,
    QuestionVote,
    ReactionCount,
    Room,
    ViewerCount,
)
from everhall.audience.places import Place
from everhall.editions import queries as editions
from everhall.editions.models import Edition, Venue
from everhall.editions.prepared import Prepared
from everhall.editions.public import week_time
from everhall.engines import taking_part as states
from everhall.programme.models import Session

CHINA: Final = zoneinfo.ZoneInfo("Asia/Shanghai")
#: Seconds after which a process that has not counted again has no viewers any more.
VIEWERS_HOLD: Final = 8.0
#: Seconds for which pages are reminded of what was deleted.
REMINDED: Final = 20.0
#: Rows of one list on the desk.
MOST_WAITING: Final = 300

Values = dict[str, Any]


def milliseconds(moment: dt.datetime | None) -> int:
    """Since the epoch; 0 for none."""
    return int(moment.timestamp() * 1000) if moment else 0


# ---------------------------------------------------------------- rooms
def rooms() -> QuerySet[Room]:
    """With what is asked of each of them."""
    facts = (f"edition__{name}" for name in editions.FACTS)
    return Room.objects.select_related("edition", "session__activity__venue").defer(*facts)


_locked = Prepared(lambda keys: rooms().filter(key__in=keys).select_for_update(of=("self",)).order_by("pk"))


def locked_rooms(keys: Collection[str]) -> list[Room]:
    """Locked until the end of the transaction, always in the same order."""
    return _locked(list(keys))


def public_room(key: str, now: dt.datetime) -> Room | None:
    """A room that visitors may know of."""
    found = rooms().filter(key=key).first()
    return found if found is not None and is_public(found, now) else None


def is_public(room: Room, now: dt.datetime) -> bool:
    """Whether visitors may know of it at this moment."""
    place = places.place_of(room, now)
    return place is not None and place.is_public


def public_among(found: Iterable[Room], now: dt.datetime) -> set[int]:
    """Those of the rooms that visitors may know of."""
    return {pk for pk, place in places.places_of(found, now).items() if place.is_public}


def room_of(session: Session) -> Room | None:
    """The room of a session, if a moderator has opened one; whether the session is public asks the caller."""
    return rooms().filter(session=session).first()


def room_at(place: str) -> Room | None:
    """The same of anything else, by its name as in `Room.place`."""
    return rooms().filter(place=place).first() if place else None


def week_is_over(edition: Edition, now: dt.datetime) -> bool:
    """Whether the edition's rooms can only be read any more."""
    last = edition.ends_on or edition.starts_on
    return edition.state == Edition.State.ARCHIVED or week_time(now).astimezone(CHINA).date() > last


def moderated(user: Any, room_id: int, now: dt.datetime) -> tuple[Room, Place] | None:
    """A room that the user moderates, and where it is; or None: for others it does not exist."""
    found = rooms().filter(pk=room_id).first()
    place = places.place_of(found, now) if found is not None else None
    return (found, place) if found and place and may_moderate(user, place.edition, place.venue) else None


def may_moderate(user: Any, edition: Edition, venue: Venue) -> bool:
    """Whether the user moderates at this venue."""
    return editions.may_at(user, rules.MODERATING, edition.pk, venue.path)


def moderated_places(user: Any, edition: Edition, now: dt.datetime) -> list[tuple[str, Place, Room | None]]:
    """What else than sessions may have rooms at venues where the user moderates: name, place, room if one is open."""
    mine = {name: place for name, place in places.places_in(edition, now).items() if may_moderate(user, edition, place.venue)}
    opened = {room.place: room for room in rooms().filter(place__in=list(mine))}
    return [(name, place, opened.get(name)) for name, place in mine.items()]


def moderated_sessions(user: Any, edition: Edition) -> QuerySet[Session]:
    """Sessions of the edition at whose venues the user moderates, in order of time."""
    reach = editions.within_reach(user, [rules.MODERATING], venue="activity__venue", edition="edition")
    return (
        Session.objects.filter(reach, edition=edition)
        .select_related("activity__venue", "edition", "room", "stage").order_by("starts_at", "pk")
    )


# ---------------------------------------------------------------- people
def is_muted(room: Room, guest: Guest) -> bool:
    return Mute.objects.filter(room=room, guest=guest).exists()


_guests = Prepared(lambda pks: Guest.objects.filter(pk__in=pks))
_mutes = Prepared(
    lambda room_ids, guest_ids: Mute.objects.filter(room_id__in=room_ids, guest_id__in=guest_ids)
    .values_list("room_id", "guest_id")
)


def guests(pks: Collection[int]) -> dict[int, Guest]:
    """Those of them who exist, by id."""
    return {guest.pk: guest for guest in _guests(list(pks))}


def muted_pairs(room_ids: Collection[int], guest_ids: Collection[int]) -> set[tuple[int, int]]:
    """(room, guest) of those who may not write."""
    return set(_mutes(list(room_ids), list(guest_ids)))


def last_said(room: Room, guest_ids: Collection[int]) -> dict[int, float]:
    """When each of them wrote last in this room (seconds since the epoch)."""
    rows = Message.objects.filter(room=room, guest_id__in=guest_ids).values_list("guest_id").annotate(Max("said_at"))
    return {guest: at.timestamp() for guest, at in rows}


def own_votes(room: Room, guest: Guest) -> Values:
    """What this person has voted for: questions, and choices by poll."""
    return {
        "questions": list(QuestionVote.objects.filter(guest=guest, question__room=room).values_list("question_id", flat=True)),
        "polls": {str(poll): chosen for poll, chosen in PollVote.objects.filter(guest=guest, poll__room=room).values_list("poll_id", "choices")},
    }


# ---------------------------------------------------------------- as pages see it
def marked(row: Guest | Poll) -> Values:
    """What tells a page that something is the demo's own; nothing on any other site."""
    return {"sample": True} if row.is_sample else {}


def message_dict(message: Message) -> Values:
    """A shown message. `message.guest` is at hand."""
    return {
        "id": message.pk, "who": message.guest.key, "name": message.name, "text": message.text,
        "at": milliseconds(message.shown_at), **marked(message.guest),
    }  # fmt: skip


def question_dict(question: Question) -> Values:
    return {
        "id": question.pk, "who": question.guest.key, "name": question.name, "text": question.text,
        "at": milliseconds(question.asked_at), "votes": question.votes, "stage": question.state, "answer": question.answer,
        **marked(question.guest),
    }  # fmt: skip


def poll_dict(poll: Poll) -> Values:
    return {
        "id": poll.pk, "kind": poll.kind, "text_zh": poll.text_zh, "text_en": poll.text_en, "choices": poll.choices,
        "stage": poll.state, "counts": poll.counts, "voters": poll.voters, **marked(poll),
    }  # fmt: skip


def chat_state(room: Room) -> Values:
    """The newest messages, oldest first."""
    found = Message.objects.filter(room=room, state=Message.State.SHOWN).select_related("guest")
    newest = list(found.order_by("-shown_at", "-pk")[: states.MOST_MESSAGES])
    return {**states.no_chat(), "messages": [message_dict(each) for each in reversed(newest)]}


def questions_state(room: Room) -> Values:
    found = Question.objects.filter(room=room, state__in=states.STAGES).select_related("guest")
    return {"version": room.questions_version, "questions": states.in_order([question_dict(each) for each in found])}


def polls_state(room: Room) -> Values:
    """Those that were opened, the newest first."""
    found = Poll.objects.filter(room=room).exclude(state=Poll.State.DRAFT).order_by("-opened_at", "-pk")
    return {"version": room.polls_version, "polls": [poll_dict(each) for each in found]}


def reactions_state(room: Room) -> Values:
    """What is stored; the process that answers adds what it has not stored yet."""
    rows = ReactionCount.objects.filter(room=room).values_list("source", "kind").annotate(Sum("count"))
    by: dict[str, dict[str, int]] = {}
    for source, kind, count in rows:
        by.setdefault(source, {})[kind] = count
    state = states.no_reactions()
    for source, counts in by.items():
        state = states.reactions_after(state, {"kind": "counted", "source": source, "counts": counts})
    return state


def viewers_now(room_ids: Iterable[int], now: dt.datetime) -> dict[int, int]:
    """Room -> viewers, in all processes together."""
    fresh = now - dt.timedelta(seconds=VIEWERS_HOLD)
    rows = ViewerCount.objects.filter(room_id__in=list(room_ids), at__gt=fresh).values_list("room_id")
    return dict(rows.annotate(Sum("count")))


def viewers_by_venue(edition: Edition, now: dt.datetime) -> list[tuple[str, str, int]]:
    """Name (Chinese, English) of each venue where somebody follows something now, and how many do; most first."""
    fresh = now - dt.timedelta(seconds=VIEWERS_HOLD)
    rows = ViewerCount.objects.filter(room__edition=edition, at__gt=fresh, count__gt=0).values_list("room_id")
    watched = dict(rows.annotate(Sum("count")))
    found: Counter[tuple[str, str]] = Counter()
    for pk, place in places.places_of(rooms().filter(pk__in=list(watched)), now).items():
        found[place.venue.name_zh, place.venue.name_en] += watched[pk]
    return [(zh, en, count) for (zh, en), count in found.most_common()]


def public_state(room: Room, now: dt.datetime) -> Values:
    """All that a page of the room begins with; what is switched off stands there empty."""
    return {
        "room": settings_dict(room, now),
        "chat": chat_state(room) if room.chat else states.no_chat(),
        "questions": questions_state(room) if room.questions else states.no_questions(room.questions_version),
        "poll": polls_state(room) if room.polls else states.no_polls(room.polls_version),
        "reactions": reactions_state(room) if room.reactions else states.no_reactions(),
        "viewers": {"now": viewers_now([room.pk], now).get(room.pk, 0), "at": milliseconds(now)},
    }


def settings_dict(room: Room, now: dt.datetime) -> Values:
    """What can be done in the room."""
    over = week_is_over(room.edition, now)
    switches = {name: getattr(room, name) and not over for name in ("chat", "questions", "polls", "reactions")}
    return {**switches, "moderation": room.moderation, "slow": room.slow_seconds, "over": over}


def reminders(room_list: Collection[Room], now: dt.datetime) -> Mapping[int, Values]:
    """Room -> what its pages should know by now: versions, and what was deleted lately. So a page that began with a
    state a second old, just before it was overtaken, does not stay behind."""
    since = now - dt.timedelta(seconds=REMINDED)
    gone: dict[int, list[int]] = {room.pk: [] for room in room_list}
    rows = Message.objects.filter(room_id__in=list(gone), state=Message.State.DELETED, decided_at__gt=since)
    for room_id, message_id in rows.values_list("room_id", "pk"):
        gone[room_id].append(message_id)
    return {
        room.pk: {"versions": {"questions": room.questions_version, "poll": room.polls_version}, "gone": gone[room.pk]}
        for room in room_list
    }


# ---------------------------------------------------------------- as moderators see it
def held_dict(message: Message) -> Values:
    return {
        "id": message.pk, "who": message.guest.key, "name": message.name, "text": message.text,
        "at": milliseconds(message.said_at), "reports": getattr(message, "open_reports", 0),
        **marked(message.guest),
    }  # fmt: skip


def waiting_dict(question: Question) -> Values:
    return {
        "id": question.pk, "who": question.guest.key, "name": question.name, "text": question.text,
        "at": milliseconds(question.asked_at), **marked(question.guest),
    }  # fmt: skip


def muted_dict(mute: Mute) -> Values:
    return {"id": mute.guest.key, "name": mute.guest.name, "at": milliseconds(mute.muted_at), **marked(mute.guest)}


def reported(room: Room) -> QuerySet[Message]:
    """Shown messages with reports that nobody has settled."""
    unsettled = Q(reports__isnull=False, reports__settled_at__isnull=True)
    return (
        Message.objects.filter(unsettled, room=room, state=Message.State.SHOWN).select_related("guest")
        .annotate(open_reports=Count("reports", filter=unsettled)).order_by("pk")
    )


def desk_state(room: Room) -> Values:
    held = Message.objects.filter(room=room, state=Message.State.HELD).select_related("guest").order_by("pk")
    waiting = Question.objects.filter(room=room, state=Question.State.WAITING).select_related("guest").order_by("pk")
    muted = Mute.objects.filter(room=room).select_related("guest").order_by("pk")
    return {
        "version": room.desk_version,
        "held": [held_dict(each) for each in held[:MOST_WAITING]],
        "reports": [held_dict(each) for each in reported(room)[:MOST_WAITING]],
        "waiting": [waiting_dict(each) for each in waiting[:MOST_WAITING]],
        "muted": [muted_dict(each) for each in muted],
    }


def drafts(room: Room) -> list[Values]:
    """Polls that were not opened yet."""
    return [poll_dict(each) for each in Poll.objects.filter(room=room, state=Poll.State.DRAFT).order_by("pk")]
