"""The hub: who is told what, when, and what becomes of those who are slow. No socket, no clock."""

import json
from collections.abc import Mapping

import pytest

from everhall.realtime import wire
from everhall.realtime.hub import FORGOTTEN, MANY, MOST_BODY, Hub, Subscriber
from everhall.realtime.topics import TICK, Kind, Policy, kind_of

NOW = 1_634_626_800.0
KINDS: Mapping[str, Kind] = {
    "news": Kind(Policy.DISCONNECT_SLOW, queue=3, kept=5),
    "chat": Kind(Policy.DROP_OLDEST, queue=3, kept=5, most=20),
    "count": Kind(Policy.LATEST, queue=1, kept=1),
}


class Page:
    """A browser, as the hub sees it."""

    def __init__(self, hub, broken=False) -> None:
        self.frames, self.dropped, self.hub, self.room = [], [], hub, None
        self.broken = broken
        self.subscriber = Subscriber(self.take, self.dropped.append)

    def take(self, frame: bytes) -> None:
        if self.broken:
            raise ConnectionResetError
        self.frames.append(json.loads(frame))
        if self.room is not None:
            self.room -= 1
            if self.room == 0:
                self.hub.hold(self.subscriber)

    def follow(self, topic, since=None, now=NOW):
        return self.hub.subscribe(self.subscriber, topic, since, now)

    def take_no_more(self):
        self.hub.hold(self.subscriber)

    @property
    def told(self):
        return [each for frame in self.frames for each in frame.get("news", [])]


@pytest.fixture
def hub():
    return Hub(bytes, KINDS)


def say(hub, topic, *bodies, now=NOW, **more):
    return [hub.publish(topic, json.dumps(body).encode(), now, **more) for body in bodies]


def test_all_who_follow_a_topic_are_told_and_nobody_else(hub):
    one, two, other = Page(hub), Page(hub), Page(hub)
    one.follow("news.a"), two.follow("news.a"), other.follow("news.b")
    say(hub, "news.a", "hello")
    assert one.told == two.told == ["hello"]
    assert other.told == []


def test_what_comes_within_a_tick_goes_out_as_one_frame(hub):
    page = Page(hub)
    page.follow("news.a")
    say(hub, "news.a", 1)
    say(hub, "news.a", 2, 3, now=NOW + 0.1)
    assert page.told == [1]
    assert hub.tick(NOW + 0.1) == pytest.approx(TICK - 0.1)
    assert hub.tick(NOW + TICK) is None
    assert [frame["news"] for frame in page.frames[1:]] == [[1], [2, 3]]


def test_urgent_news_takes_what_waits_along_at_once(hub):
    page = Page(hub)
    page.follow("news.a")
    say(hub, "news.a", 1)
    say(hub, "news.a", 2, now=NOW + 0.01)
    say(hub, "news.a", 3, now=NOW + 0.02, urgent=True)
    assert [frame["news"] for frame in page.frames[1:]] == [[1], [2, 3]]


def test_a_frame_is_encoded_once_however_many_read_it():
    encoded = []
    hub = Hub(lambda payload: encoded.append(payload) or payload, KINDS)
    pages = [Page(hub) for _ in range(50)]
    for page in pages:
        page.follow("news.a")
    encoded.clear()
    say(hub, "news.a", 1)
    assert len(encoded) == 1
    assert hub.delivered == 50


def test_frames_of_a_topic_join_without_a_hole(hub):
    page = Page(hub)
    page.follow("news.a")
    for number in range(4):
        say(hub, "news.a", number, now=NOW + number)
    frames = [page.frames[0], *page.frames[1:]]
    assert [frame["after"] for frame in frames[1:]] == [frame["id"] for frame in frames[:-1]]


def test_who_comes_back_is_told_what_he_missed(hub):
    first = say(hub, "news.a", "seen")[0]
    say(hub, "news.a", "missed", "missed too", now=NOW + 1)
    hub.tick(NOW + 1.5)
    say(hub, "news.a", "waits", now=NOW + 1.6)
    page = Page(hub)
    page.follow("news.a", since=first, now=NOW + 1.7)
    assert page.told == ["missed", "missed too"]
    assert page.frames[-1]["after"] == first
    hub.tick(NOW + 2)
    assert page.told == ["missed", "missed too", "waits"]
    assert page.frames[-1]["after"] == page.frames[-2]["id"]


def test_what_another_hub_has_told_and_this_one_not_yet_comes_once(hub):
    say(hub, "news.a", "old")
    known = say(hub, "news.a", "known elsewhere", "new", now=NOW + 0.1)[0]
    page = Page(hub)
    page.follow("news.a", since=known, now=NOW + 0.2)
    hub.tick(NOW + 1)
    assert page.told == ["new"]


def test_a_newcomer_is_told_only_what_was_not_told_before(hub):
    say(hub, "news.a", "old")
    say(hub, "news.a", "waits for the tick", now=NOW + 0.1)
    others = Page(hub)
    others.follow("news.a", now=NOW + 0.12)
    page = Page(hub)
    page.follow("news.a", now=NOW + 0.15)
    # A thousand who come at once must not make a thousand frames of what waits.
    assert others.told == []
    hub.tick(NOW + 1)
    say(hub, "news.a", "new", now=NOW + 2)
    assert page.told == others.told == ["waits for the tick", "new"]


@pytest.mark.parametrize("since", [1, int((NOW + 100) * 1e6)], ids=["too old", "from a later world"])
def test_what_is_no_longer_kept_is_told_as_a_gap(hub, since):
    say(hub, "news.a", *range(9))
    page = Page(hub)
    page.follow("news.a", since=since)
    assert page.frames[-1] == {"topic": "news.a", "id": page.frames[0]["id"], "gap": True}


def test_after_a_restart_ids_go_on_and_nothing_is_taken_for_known():
    before = Hub(bytes, KINDS)
    last = say(before, "news.a", *range(300))[-1]
    after = Hub(bytes, KINDS)
    page = Page(after)
    page.follow("news.a", since=last, now=NOW + 1)
    assert page.frames[-1]["gap"]
    assert say(after, "news.a", "new", now=NOW + 2)[0] > last


def test_ids_of_the_bus_are_kept_and_twice_is_once(hub):
    page = Page(hub)
    page.follow("news.a")
    number = int(NOW * 1e6) + 7
    say(hub, "news.a", "one", number=number)
    say(hub, "news.a", "one", number=number, now=NOW + 1)
    hub.tick(NOW + 2)
    assert page.told == ["one"]
    assert page.frames[-1]["id"] == number


def test_the_newest_is_enough_for_counts(hub):
    page = Page(hub)
    page.follow("count.a")
    page.take_no_more()
    for number in range(20):
        say(hub, "count.a", number, now=NOW + number)
    hub.resume(page.subscriber)
    assert page.told == [19]
    assert page.dropped == []


def test_of_chatter_the_oldest_frames_go_and_the_reader_can_see_it(hub):
    page, quick = Page(hub), Page(hub)
    page.follow("chat.a"), quick.follow("chat.a")
    page.take_no_more()
    for number in range(10):
        say(hub, "chat.a", number, now=NOW + number)
    hub.resume(page.subscriber)
    assert page.told == [7, 8, 9]
    assert page.frames[1]["after"] > page.frames[0]["id"]
    assert quick.told == list(range(10))


def test_who_may_miss_nothing_and_is_too_slow_is_let_go_and_comes_back_whole(hub):
    page, quick = Page(hub), Page(hub)
    page.follow("news.a"), quick.follow("news.a")
    page.take_no_more()
    for number in range(4):
        say(hub, "news.a", number, now=NOW + number)
    assert page.dropped == ["slow"]
    assert quick.told == [0, 1, 2, 3]
    hub.leave(page.subscriber, NOW + 5)
    again = Page(hub)
    again.follow("news.a", since=page.frames[0]["id"], now=NOW + 6)
    assert again.told == [0, 1, 2, 3]


def test_what_waited_comes_in_order_and_stops_when_the_transport_is_full_again(hub):
    page = Page(hub)
    page.follow("news.a")
    page.take_no_more()
    for number in range(3):
        say(hub, "news.a", number, now=NOW + number)
    page.room = 2
    hub.resume(page.subscriber)
    assert page.told == [0, 1]
    say(hub, "news.a", 3, now=NOW + 9)
    page.room = None
    hub.resume(page.subscriber)
    assert page.told == [0, 1, 2, 3]
    assert hub.held == set()


def test_a_reader_that_breaks_harms_nobody(hub):
    pages = [Page(hub, broken=at == 1) for at in range(3)]
    for page in pages:
        page.broken, was = False, page.broken
        page.follow("news.a")
        page.broken = was
    say(hub, "news.a", "hello")
    assert pages[0].told == pages[2].told == ["hello"]
    assert pages[1].dropped == ["failed"]


def test_above_its_rate_chatter_is_sampled_fairly_and_the_true_count_is_told(hub):
    page = Page(hub)
    page.follow("chat.a")
    say(hub, "chat.a", "first")
    say(hub, "chat.a", *range(100), now=NOW + 0.1)
    hub.tick(NOW + 1)
    frame = page.frames[-1]
    assert frame["of"] == 100
    assert frame["news"] == [19, 39, 59, 79, 99]


def test_ten_thousand_topics_are_not_for_one_page(hub):
    page = Page(hub)
    answers = [page.follow(f"news.a{at}") for at in range(10_000)]
    assert answers.count(None) == wire.MOST_TOPICS
    assert set(answers[wire.MOST_TOPICS :]) == {"too-many-topics"}
    assert len(hub.presence()) == wire.MOST_TOPICS
    hub.leave(page.subscriber, NOW)
    hub.sweep(NOW + FORGOTTEN + 1)
    assert hub._topics == {}


def test_names_that_are_made_up_and_left_again_do_not_fill_the_house(hub):
    page = Page(hub)
    for at in range(MANY + 1000):
        page.follow(f"news.a{at}")
        hub.unsubscribe(page.subscriber, f"news.a{at}", NOW)
    assert len(hub._topics) <= MANY + 1


def test_a_topic_that_is_written_to_is_not_forgotten(hub):
    first = say(hub, "news.a", "one")[0]
    say(hub, "news.a", "kept", now=NOW + 2)
    hub.sweep(NOW + FORGOTTEN - 1)
    page = Page(hub)
    page.follow("news.a", since=first, now=NOW + 3)
    assert page.told == ["kept"]
    hub.sweep(NOW + 2 * FORGOTTEN)
    assert hub.presence() == {"news.a": 1}


@pytest.mark.parametrize("name", ["", "news", "news.", "other.a", "news.A", "news.a b", 'news."', "news." + "a" * 121])
def test_what_no_kind_knows_is_no_topic(hub, name):
    assert kind_of(name, KINDS) is None
    assert Page(hub).follow(name) == "no-such-topic"
    with pytest.raises(ValueError, match="not a topic"):
        hub.publish(name, b"1", NOW)


def test_a_message_too_large_is_refused_and_nothing_is_told(hub):
    page = Page(hub)
    page.follow("news.a")
    with pytest.raises(ValueError, match="at most"):
        hub.publish("news.a", b'"' + b"x" * MOST_BODY + b'"', NOW)
    assert page.told == []


def test_unfollowed_is_untold(hub):
    page = Page(hub)
    page.follow("news.a")
    page.take_no_more()
    say(hub, "news.a", 1)
    hub.unsubscribe(page.subscriber, "news.a", NOW)
    say(hub, "news.a", 2, now=NOW + 1)
    hub.resume(page.subscriber)
    assert page.told == []


def test_over_http_the_same_frames_are_given(hub):
    first = say(hub, "news.a", "one")[0]
    say(hub, "news.a", "two", now=NOW + 1)
    say(hub, "news.a", "not yet", now=NOW + 1.1)
    assert json.loads(hub.since("news.a", first, NOW + 2))["news"] == ["two"]
    last = json.loads(hub.since("news.a", None, NOW + 2))
    assert last["news"] == []
    assert last["id"] == last["after"] > first
    assert json.loads(hub.since("news.never", 5, NOW))["gap"]


# ---------------------------------------------------------------- a bus that tells what it has kept


@pytest.fixture
def beginning(hub):
    """A hub that the bus is telling what it has kept: three of five."""
    hub.begin_late()
    hub.number_from(10)
    for number in (11, 12, 13):
        hub.publish("news.a", str(number).encode(), NOW, number=number)
    return hub


def go_on(hub):
    for number in (14, 15):
        hub.publish("news.a", str(number).encode(), NOW, number=number)
    hub.caught_up(NOW + 1)


def test_while_it_is_told_what_was_kept_nobody_is_told_anything(beginning):
    page = Page(beginning)
    assert page.follow("news.a", since=12) is None
    beginning.publish("news.a", b"14", NOW, number=14, urgent=True)
    beginning.tick(NOW + 1)
    assert page.frames == []
    assert beginning.since("news.a", 12, NOW) is None


@pytest.mark.parametrize(("since", "told"), [(10, [11, 12, 13, 14, 15]), (12, [13, 14, 15]), (15, [])])
def test_then_each_is_told_what_it_lacks_once(beginning, since, told):
    page = Page(beginning)
    page.follow("news.a", since=since)
    go_on(beginning)
    beginning.tick(NOW + 2)
    assert page.frames[0] == {"subscribed": "news.a", "id": 15}
    assert page.told == told
    assert not any(frame.get("gap") for frame in page.frames)
    say(beginning, "news.a", "new", now=NOW + 3, number=16)
    assert page.told == [*told, "new"]


def test_who_came_with_nothing_known_looks_at_the_state_anew(beginning):
    page = Page(beginning)
    page.follow("news.a")
    go_on(beginning)
    assert page.told == []
    assert page.frames[-1] == {"topic": "news.a", "id": 15, "gap": True}


def test_who_knows_more_than_was_kept_is_told_of_a_gap(beginning):
    page = Page(beginning)
    page.follow("news.a", since=99)
    go_on(beginning)
    assert page.frames[-1]["gap"]


def test_who_left_or_thought_better_of_it_is_not_told(beginning):
    gone, other = Page(beginning), Page(beginning)
    gone.follow("news.a", since=12), other.follow("news.a", since=12), other.follow("news.b", since=10)
    beginning.leave(gone.subscriber, NOW)
    beginning.unsubscribe(other.subscriber, "news.a", NOW)
    go_on(beginning)
    assert gone.frames == []
    assert [frame.get("subscribed") for frame in other.frames] == ["news.b"]
    assert beginning.presence() == {"news.b": 1}


def test_those_who_wait_are_counted_as_those_who_follow(beginning):
    page = Page(beginning)
    answers = [page.follow(f"news.{number}", since=10) for number in range(wire.MOST_TOPICS)]
    assert set(answers) == {None}
    assert page.follow("news.more", since=10) == "too-many-topics"
    assert page.follow("news.1", since=12) is None
    assert page.follow("nothing", since=10) == "no-such-topic"
