"""What is done in a room: stored, told, and the state of a page that heard it is that of one that asks anew."""

import datetime as dt

import pytest
from django.utils import timezone

from everhall.audience import queries, services
from everhall.audience.models import Message, Mute, PollVote, Question, QuestionVote, Report, Room
from everhall.audience.services import Act, Refused
from everhall.realtime.models import NewsItem
from tests.audience.rooms import act, guest

pytestmark = pytest.mark.django_db


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


STATES = {"chat": queries.chat_state, "questions": queries.questions_state, "poll": queries.polls_state, "desk": queries.desk_state}


def seen(room: Room) -> dict:
    fresh = Room.objects.get(pk=room.pk)
    return {kind: state(fresh) for kind, state in STATES.items()}


def in_order(desk: dict) -> dict:
    """A desk lists what it hears as it comes."""
    return {name: sorted(each, key=str) if isinstance(each, list) else each for name, each in desk.items()}


class Following:
    """Whatever is done inside: a page that followed it has the state of one that comes afterwards."""

    def __init__(self, room, heard, commits) -> None:
        self.room, self.heard, self.commits = room, heard, commits

    def __enter__(self):
        self.before = seen(self.room)
        self.heard.told.clear()
        self.catching = self.commits()
        self.catching.__enter__()

    def __exit__(self, *fault) -> None:
        self.catching.__exit__(*fault)
        if fault[0]:
            return
        for kind, fresh in seen(self.room).items():
            told = self.heard.after(self.room, kind, self.before[kind])
            # What was deleted and who is muted pages remember by themselves.
            told = {**told, "gone": [], "muted": []} if kind == "chat" else told
            assert (in_order(told) if kind == "desk" else told) == (in_order(fresh) if kind == "desk" else fresh), kind


@pytest.fixture
def following(room, heard, commits):
    return lambda: Following(room, heard, commits)


def test_a_message_is_shown_at_once(room, heard, following) -> None:
    who = guest()
    with following():
        answer = act(room, who, "say", text=" 大家  好 ")
    assert answer["state"] == "shown"
    (told,) = heard.on(room, "chat")
    assert told["message"] == {"id": answer["id"], "who": who.key, "name": "小明", "text": "大家 好", "at": told["message"]["at"]}


def test_with_moderation_before_a_message_waits(room, heard, following) -> None:
    services.change_room(room, {"moderation": "pre"})
    with following():
        answer = act(room, guest(), "say", text="大家好")
    assert answer["state"] == "held"
    assert not heard.on(room, "chat")
    with following():
        assert services.show(room, [answer["id"]], by=None, now=timezone.now()) == 1
    assert [event["kind"] for event in heard.on(room, "chat")] == ["shown"]
    with following():
        assert services.show(room, [answer["id"]], by=None, now=timezone.now()) == 0


def test_what_is_on_the_word_list_waits_also_as_a_name(room, following) -> None:
    services.change_room(room, {"words": "赌博"})
    with following():
        assert act(room, guest(), "say", text="賭 博")["state"] == "held"
        assert act(room, guest("赌博王"), "say", text="好")["state"] == "held"
        assert act(room, guest(), "ask", text="赌。博？")["state"] == "held"
        assert act(room, guest(), "say", text="好")["state"] == "shown"


def test_deleted_is_gone_everywhere_and_kept_in_the_table(room, heard, following) -> None:
    found = [act(room, guest(), "say", text=f"第{n}条")["id"] for n in range(3)]
    act(room, guest(), "report", message=found[0])
    with following():
        assert services.delete(room, found[:2], by=None, now=timezone.now()) == 2
    assert ("deleted", True) in [(body.get("kind"), urgent) for _, body, urgent in heard.told]
    assert Message.objects.filter(pk__in=found, state="deleted").count() == 2
    assert f"room-{room.key}" in str(list(NewsItem.objects.values_list("payload", flat=True)))
    with following():
        assert services.delete(room, found[:2], by=None, now=timezone.now()) == 0


def test_messages_of_another_room_are_left_alone(room, world) -> None:
    other = services.open_room(world.sessions["zz-forum"])
    theirs = act(other, guest(), "say", text="郑州")["id"]
    assert services.delete(room, [theirs], by=None, now=timezone.now()) == 0
    with pytest.raises(Refused, match="unknown"):
        act(room, guest(), "report", message=theirs)
    with pytest.raises(Refused, match="unknown"):
        services.mute(room, guest().key, by=None, now=timezone.now())


def test_whoever_is_muted_is_told_and_may_still_vote(room, heard, following) -> None:
    who = guest()
    said = act(room, who, "say", text="x")["id"]
    asked = act(room, guest(), "ask", text="问题")["id"]
    with following():
        services.mute(room, who.key, by=None, now=timezone.now(), sweep=True)
    assert Message.objects.get(pk=said).state == "deleted"
    assert {"kind": "muted", "who": who.key, "muted": True} in heard.on(room, "chat")
    for verb in ("say", "ask"):
        with pytest.raises(Refused, match="muted"):
            act(room, who, verb, text="y")
    assert act(room, who, "vote", question=asked) == {"votes": 1}
    with following():
        services.unmute(room, who.key)
    assert act(room, who, "say", text="y")["state"] == "shown"
    assert not Mute.objects.exists()


def test_slow_mode_says_how_long(room) -> None:
    services.change_room(room, {"slow_seconds": 30})
    who = guest()
    act(room, who, "say", text="1")
    with pytest.raises(Refused, match="slow") as refused:
        act(room, who, "say", text="2")
    assert 28 < refused.value.wait <= 30
    both = services.perform([Act(room.key, other.pk, "say", {"text": "z"}) for other in [guest()] * 2], timezone.now())
    assert [isinstance(each, Refused) for each in both] == [False, True]


def test_reports_come_to_the_desk_once_a_person(room, following) -> None:
    said, who = act(room, guest(), "say", text="x")["id"], guest()
    with following():
        act(room, who, "report", message=said)
        act(room, who, "report", message=said)
        act(room, guest(), "report", message=said)
    assert Report.objects.count() == 2
    assert seen(room)["desk"]["reports"][0]["reports"] == 2
    with following():
        services.settle(room, [said], now=timezone.now())
    assert not seen(room)["desk"]["reports"]


def test_questions_from_asked_to_answered(room, following) -> None:
    services.change_room(room, {"moderation": "pre"})
    now = timezone.now()
    with following():
        first, second = (act(room, guest(), "ask", text=f"问题{n}")["id"] for n in range(2))
    assert [each["id"] for each in seen(room)["desk"]["waiting"]] == [first, second]
    for number, state in ((first, "open"), (second, "answering"), (first, "answering"), (first, "answered"), (first, "open"), (second, "hidden"), (second, "open")):
        with following():
            services.decide(room, number, state, by=None, now=now, answer="回答" if state == "answered" else "")
    assert [(each["id"], each["stage"], each["answer"]) for each in seen(room)["questions"]["questions"]] == [(first, "open", "回答"), (second, "open", "")]


def test_a_vote_counts_once_a_person(room, following) -> None:
    asked, who = act(room, guest(), "ask", text="问题")["id"], guest()
    with following():
        assert act(room, who, "vote", question=asked)["votes"] == 1
        assert act(room, who, "vote", question=asked)["votes"] == 1
        assert act(room, guest(), "vote", question=asked)["votes"] == 2
    with following():
        assert act(room, who, "vote", question=asked, up=False)["votes"] == 1
        assert act(room, who, "vote", question=asked, up=False)["votes"] == 1
    assert QuestionVote.objects.count() == Question.objects.get().votes == 1
    assert queries.own_votes(room, who) == {"questions": [], "polls": {}}


@pytest.mark.parametrize("kind", ["single", "several", "scale"])
def test_polls_open_count_and_close(room, following, kind) -> None:
    poll = services.draft(room, kind, ("满意吗?", ""), [("是", "Yes"), ("否", "No"), ("", "")])
    now, who = timezone.now(), guest()
    assert not seen(room)["poll"]["polls"]
    with pytest.raises(Refused, match="closed"):
        act(room, who, "answer", poll=poll.pk, choices=[0])
    with following():
        services.open_poll(room, poll.pk, now=now)
        act(room, who, "answer", poll=poll.pk, choices=[0])
        act(room, who, "answer", poll=poll.pk, choices=[1])
        act(room, guest(), "answer", poll=poll.pk, choices=[1])
    poll.refresh_from_db()
    assert (poll.counts[:2], poll.voters, PollVote.objects.count()) == ([0, 2], 2, 2)
    assert len(poll.choices) == (5 if kind == "scale" else 2)
    with following():
        services.close_poll(room, poll.pk, now=now)
    with pytest.raises(Refused, match="closed"):
        act(room, who, "answer", poll=poll.pk, choices=[0])


def test_one_poll_is_open_at_a_time(room, following) -> None:
    first, second = (services.draft(room, "single", (f"投票{n}", ""), [("是", ""), ("否", "")]) for n in range(2))
    with following():
        services.open_poll(room, first.pk, now=timezone.now())
    with following():
        services.open_poll(room, second.pk, now=timezone.now())
    with following():
        services.open_poll(room, first.pk, now=timezone.now())
    assert [each["stage"] for each in seen(room)["poll"]["polls"]] == ["open", "closed"]


@pytest.mark.parametrize(("kind", "text", "choices"), [("single", ("", ""), [("a", ""), ("b", "")]), ("single", ("x", ""), [("a", "")]), ("odd", ("x", ""), [("a", ""), ("b", "")])])
def test_a_poll_needs_a_question_and_two_choices(room, kind, text, choices) -> None:
    with pytest.raises(Refused):
        services.draft(room, kind, text, choices)


def test_what_is_switched_off_takes_nothing(room) -> None:
    services.change_room(room, {"chat": False, "questions": False, "polls": False})
    for verb, body in (("say", {"text": "x"}), ("ask", {"text": "x"}), ("vote", {"question": 1}), ("answer", {"poll": 1}), ("report", {"message": 1})):
        with pytest.raises(Refused, match="off"):
            act(room, guest(), verb, **body)


def test_after_the_week_nothing_is_taken(room, settings) -> None:
    settings.WEEK_CLOCK_OFFSET += dt.timedelta(days=5, hours=15)
    with pytest.raises(Refused, match="over"):
        act(room, guest(), "say", text="x")


@pytest.mark.parametrize("session", ["draft-forum", "embargoed-forum", "planned-forum"])
def test_of_what_is_not_public_nothing_is_taken(room, world, session) -> None:
    hidden = services.open_room(world.sessions[session])
    for verb in ("say", "ask"):
        with pytest.raises(Refused, match="no_room"):
            act(hidden, guest(), verb, text="x")
    assert not Message.objects.exists()


@pytest.mark.parametrize("text", [None, 7, "", " \u200b", "x" * 201, ["x"]])
def test_odd_texts_are_refused(room, text) -> None:
    with pytest.raises(Refused, match="length"):
        act(room, guest(), "say", text=text)


def test_one_bad_act_harms_no_other_in_its_batch(room, heard, commits) -> None:
    people = [guest(f"客{n}") for n in range(4)]
    acts = [
        Act(room.key, people[0].pk, "say", {"text": "一"}), Act(room.key, 10**9, "say", {"text": "二"}),
        Act("nowhere", people[1].pk, "say", {"text": "三"}), Act(room.key, people[2].pk, "odd", {}),
        Act(room.key, people[2].pk, "vote", {"question": 10**30}), Act(room.key, people[3].pk, "say", {"text": "四"}),
        Act(room.key, people[3].pk, "ask", {"text": "五"}),
    ]
    with commits():
        answers = services.perform(acts, timezone.now())
    assert [each.code if isinstance(each, Refused) else each["state"] for each in answers] == ["shown", "join", "no_room", "malformed", "unknown", "shown", "shown"]
    assert [event["message"]["text"] for event in heard.on(room, "chat")] == ["一", "四"]
    assert [message["version"] for message in heard.on(room, "questions")] == [1]


def test_many_events_are_several_messages_with_versions_in_order(room, heard, following) -> None:
    services.change_room(room, {"moderation": "pre"})
    with following():
        services.perform([Act(room.key, guest().pk, "say", {"text": "字" * 200}) for _ in range(40)], timezone.now())
    versions = [message["version"] for message in heard.on(room, "desk")]
    assert versions == [1, 2, 3, 4]


def test_a_change_that_is_rolled_back_is_not_told(room, heard, commits, monkeypatch) -> None:
    monkeypatch.setattr("everhall.audience.services.talk.queries.message_dict", lambda message: 1 / 0)
    with commits(), pytest.raises(ZeroDivisionError):
        act(room, guest(), "say", text="x")
    assert not heard.told
    assert not Message.objects.exists()
