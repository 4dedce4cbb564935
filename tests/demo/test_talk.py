"""The demo's room: what stands in it at first, that it is marked as sample everywhere, and that it lives in bounds, only
while somebody watches and only in the demo."""

import datetime as dt
import random

import pytest
from django.utils import timezone

from everhall.audience import queries, services
from everhall.audience.models import (
    Guest,
    Message,
    Poll,
    Question,
    ReactionCount,
    Room,
    ViewerCount,
)
from everhall.audience.views import exports
from everhall.config import stats
from everhall.config.demo import alive, talk
from everhall.config.demo.alive import Alive, Bounds
from tests.audience.rooms import act, guest, let_the_week_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(world, settings) -> Room:
    """The demo's talk in the open forum of the small world."""
    let_the_week_run(settings)
    found = talk.load_talk(world.sessions["open-forum"].code)
    assert found is not None
    return found


def watched(room: Room, now: dt.datetime) -> None:
    ViewerCount.objects.update_or_create(room=room, source="page", defaults={"count": 1, "at": now})


def live_on(room: Room, seconds: int, *, watching: bool = True, bounds: Bounds = Bounds()) -> None:  # noqa: B008
    """So many seconds of the task's life, three of them a turn."""
    task, now = Alive(random.Random(5), bounds), timezone.now()  # noqa: S311
    for _ in range(seconds // 3):
        now += dt.timedelta(seconds=3)
        if watching:
            watched(room, now)
        task.turn(now)


def test_it_begins_with_messages_questions_and_polls(room):
    state = queries.public_state(room, timezone.now())
    assert len(state["chat"]["messages"]) == 10
    assert [one["stage"] for one in state["questions"]["questions"]] == ["answering", "open", "open", "open", "answered"]
    assert state["questions"]["questions"][0]["votes"] == 14
    assert [one["stage"] for one in state["poll"]["polls"]] == ["open", "closed"]
    assert all(one["text_zh"] and one["text_en"] for one in state["poll"]["polls"])
    assert state["reactions"]["counts"]["clap"] == 46


def test_all_of_it_is_marked_and_counted_as_sample(room):
    state = queries.public_state(room, timezone.now())
    for rows in (state["chat"]["messages"], state["questions"]["questions"], state["poll"]["polls"]):
        assert all(one["sample"] for one in rows)
    # By the mark alone: pages show it as a chip beside the name, and once is enough.
    assert all(one.is_sample and "示例" not in one.name for one in Guest.objects.all())
    counts = stats.count()["sample_rows"]
    for name in ("message", "question", "poll"):
        assert counts[name]["rows"] == counts[name]["sample"] > 0
    for sheet in ("chat", "questions", "polls", "votes"):
        head, *rows = exports.SHEETS[sheet](room)
        assert head[-1] == "sample"
        assert {row[-1] for row in rows} == {"yes"}


def test_what_people_write_beside_it_is_not_marked(room):
    act(room, guest(), "say", text="我是观众")
    shown = queries.chat_state(room)["messages"][-1]
    assert shown["text"] == "我是观众"
    assert "sample" not in shown
    assert list(exports.chat(room))[-1][-1] == ""
    assert stats.count()["sample_rows"]["message"] == {"rows": 11, "sample": 10}


def test_loaded_again_nothing_changes(room):
    before = (Message.objects.count(), Guest.objects.count(), Poll.objects.count(), Question.objects.count())
    assert talk.load_talk(room.session.code) == room
    assert before == (Message.objects.count(), Guest.objects.count(), Poll.objects.count(), Question.objects.count())


def test_nothing_happens_while_nobody_watches(room):
    live_on(room, 120, watching=False)
    assert Message.objects.count() == 10


def test_while_somebody_watches_it_is_alive(room):
    before = list(Poll.objects.filter(state="open").values_list("counts", "voters"))
    live_on(room, 120)
    assert 20 <= Message.objects.count() <= 50
    assert Question.objects.count() > 5
    assert list(Poll.objects.filter(state="open").values_list("counts", "voters")) != before
    assert not Message.objects.filter(guest__is_sample=False).exists()


def test_it_does_not_grow_without_end_and_people_lose_nothing(room):
    visitor = guest()
    act(room, visitor, "say", text="第一句")
    act(room, visitor, "ask", text="我的问题？")
    live_on(room, 900, bounds=Bounds(lines=20, old=8, questions=4))
    lines = Message.objects.filter(guest__is_sample=True)
    assert lines.filter(state="shown").count() <= 20 + 8
    assert lines.count() <= 20 + 3 * 8
    assert Question.objects.filter(guest__is_sample=True).count() <= 4 + 6
    assert visitor.messages.get().state == "shown"
    assert visitor.questions.get().state == "open"


def test_what_a_moderator_took_away_stays_in_the_table(room, world):
    first, now = Message.objects.order_by("pk").first(), timezone.now()
    services.delete(room, [first.pk], by=world.user("moderator@example.org"), now=now)
    alive.tidy(room, now + dt.timedelta(hours=1), Bounds(lines=0))
    assert Message.objects.filter(pk=first.pk).exists()


def test_rows_of_reactions_are_folded_and_no_tap_is_lost(room):
    now = timezone.now().replace(second=0, microsecond=0)
    for minute in range(5):
        ReactionCount.objects.create(room=room, kind="clap", source="here", count=3, minute=now - dt.timedelta(minutes=minute))
    before = queries.reactions_state(room)
    alive.fold_reactions(room, now)
    assert queries.reactions_state(room) == before
    assert ReactionCount.objects.filter(source="here").count() == 1


def test_a_room_that_is_not_the_demos_is_left_alone(room):
    Room.objects.update(is_sample=False)
    live_on(room, 60)
    assert Message.objects.count() == 10
