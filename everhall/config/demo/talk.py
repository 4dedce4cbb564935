"""Taking part in the demo: the rooms of the session that is on when the demo begins and of the main channel, with what
sample guests said, asked and voted there. All of it goes through the services that people's acts go through, and all of it is marked as sample.
`alive` goes on with it while somebody watches."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from everhall.audience import services
from everhall.audience.models import Guest, Message, Poll, Question, ReactionCount, Room
from everhall.audience.places import place_at
from everhall.audience.services import Act, Refused
from everhall.config.channel_rooms import ChannelRooms
from everhall.config.demo.frame import DEMO_EDITION, document
from everhall.live.models import Channel
from everhall.programme.models import Session

#: Minutes after the session's beginning at which sample guests begin, and seconds between two of their messages.
BEGINS: Final = dt.timedelta(minutes=2)
BETWEEN: Final = dt.timedelta(seconds=41)
#: Where the reactions come from that were counted before any process began.
SOURCE: Final = "sample"


def load_talk(code: str = "") -> Room | None:
    """Open and fill the room of the session with this code (as a rule the one that the demo's data names); what is there
    already is left as it is. None where somebody took the session away."""
    found = document("talk.json")
    session = Session.objects.filter(edition__code=DEMO_EDITION, code=code or found["session"]).first()
    if session is None:
        return None
    room = services.open_room(session)
    guests = load_guests(found["guests"])
    mark(room)
    if not Message.objects.filter(room=room).exists():
        fill(room, guests, found)
    return room


def load_channel_talk() -> Room | None:
    """The same for the channel that the data names: only chat, for a channel has no speaker to be asked."""
    found = document("talk.json")
    channel = Channel.objects.filter(edition__code=DEMO_EDITION, code=found["channel"]["code"]).first()
    name = f"{ChannelRooms.name}/{channel.pk}" if channel is not None else ""
    place = place_at(name, timezone.now())
    if place is None:
        return None
    room = services.open_room_at(name, place)
    if not room.is_sample:
        services.change_room(room, {"questions": False, "polls": False})
    mark(room)
    if not Message.objects.filter(room=room).exists():
        said = found["channel"]["said"]
        say(room, load_guests(found["guests"]), said, timezone.now() - len(said) * BETWEEN)
    return room


def mark(room: Room) -> None:
    if not room.is_sample:
        Room.objects.filter(pk=room.pk).update(is_sample=True)
        room.is_sample = True


def load_guests(names: Sequence[str]) -> list[Guest]:
    known = {guest.name: guest for guest in Guest.objects.filter(is_sample=True)}
    new = [Guest(name=name, is_sample=True, created_at=timezone.now()) for name in names if name not in known]
    Guest.objects.bulk_create(new)
    known |= {guest.name: guest for guest in new}
    return [known[name] for name in names]


def fill(room: Room, guests: list[Guest], found: dict[str, Any]) -> None:
    """What has happened by the time at which the demo's clock starts."""
    assert room.session is not None  # noqa: S101 - for the type checker
    start = room.session.starts_at - settings.WEEK_CLOCK_OFFSET + BEGINS
    say(room, guests, found["said"], start)
    now = start + len(found["said"]) * BETWEEN
    for number, one in enumerate(found["asked"]):
        ask(room, guests, number, one, now)
    for one in found["polls"]:
        vote(room, guests, one, now)
    for kind, count in found["reactions"].items():
        ReactionCount.objects.get_or_create(
            room=room, minute=now.replace(second=0, microsecond=0), kind=kind, source=SOURCE, defaults={"count": count}
        )


def say(room: Room, guests: list[Guest], lines: Sequence[str], start: dt.datetime) -> None:
    for number, text in enumerate(lines):
        do(room, [(guests[number % len(guests)], "say", {"text": text})], start + number * BETWEEN)


def do(room: Room, deeds: Sequence[tuple[Guest, str, dict[str, Any]]], now: dt.datetime) -> list[dict[str, Any] | Refused]:
    """Acts of sample guests, as people's acts are done."""
    return services.perform([Act(room.key, guest.pk, verb, body) for guest, verb, body in deeds], now)


def ask(room: Room, guests: list[Guest], number: int, one: dict[str, Any], now: dt.datetime) -> None:
    (answer,) = do(room, [(guests[number], "ask", {"text": one["text"]})], now)
    if isinstance(answer, Refused):
        return
    do(room, [(guest, "vote", {"question": answer["id"]}) for guest in guests[: one["votes"]]], now)
    if one["stage"] != Question.State.OPEN:
        services.decide(room, answer["id"], one["stage"], by=None, now=now, answer=one.get("answer", ""))


def vote(room: Room, guests: list[Guest], one: dict[str, Any], now: dt.datetime) -> None:
    """A poll with its votes. Opening one closes those before it, so the open one is the last of the list."""
    poll = services.draft(room, one["kind"], (one["zh"], one["en"]), [(zh, en) for zh, en in one["choices"]], is_sample=True)
    services.open_poll(room, poll.pk, now=now)
    chosen = [choice for choice, count in enumerate(one["shares"]) for _ in range(count)]
    do(room, [(guest, "answer", {"poll": poll.pk, "choices": [choice]}) for guest, choice in zip(guests, chosen, strict=False)], now)
    if one["stage"] == Poll.State.CLOSED:
        services.close_poll(room, poll.pk, now=now)
