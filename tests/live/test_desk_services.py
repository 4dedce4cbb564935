"""Cuts, running orders, recordings, keys: what is stored, told and logged, and what is refused."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import ModelLogEntry

from everhall.live import queries, services
from everhall.live.models import Channel, Cut, Feed, Recording, RunningOrderItem
from everhall.realtime.models import NewsItem
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


@pytest.fixture
def user(world: World):
    return world.user("director@example.org", name="Director")


def news(kind: str) -> list[dict]:
    return [item.payload for item in NewsItem.objects.filter(kind=kind).order_by("pk")]


def logged(action: str) -> list[ModelLogEntry]:
    return list(ModelLogEntry.objects.filter(action=action))


def plan_of(channel: Channel, now: dt.datetime):
    return next(p for p in queries.channel_plans(now) if p.key == channel.key)


def test_keys_name_edition_and_code_and_stay(world: World) -> None:
    channel = world.channels["bj-main"]
    assert (channel.key, channel.source) == ("2021-bj-main", "channel/2021-bj-main")
    channel.code = "renamed"
    channel.save()
    assert channel.key == "2021-bj-main"


def test_two_editions_cannot_make_one_key(world: World) -> None:
    place = world.venues["beijing"]
    twin = Feed(edition=place.edition, venue=place, code="bj-cam", name_zh="又一个", kind="test")
    with pytest.raises(ValidationError):
        twin.full_clean()


def test_a_take_is_stored_told_and_logged_and_back_to_plan_too(world: World, user, now) -> None:
    channel, feed = world.channels["bj-main"], world.feeds["bj-cam"]
    services.take(channel, feed.source, by=user, now=now)
    services.show_slate(channel, by=user, now=now + dt.timedelta(seconds=1))
    services.hold(channel, by=user, now=now + dt.timedelta(seconds=2))
    services.go_auto(channel, by=user, now=now + dt.timedelta(seconds=3))
    cuts = plan_of(channel, now + dt.timedelta(seconds=4)).cuts
    assert [(c.kind, c.source) for c in cuts] == [("take", feed.source), ("slate", ""), ("hold", ""), ("auto", "")]
    assert [c.at for c in cuts] == [pytest.approx(now.timestamp() + n, abs=1e-3) for n in range(4)]
    told = news("CutMade")
    assert [t["kind"] for t in told] == ["take", "slate", "hold", "auto"]
    assert {"live-channels", "video-2021", "channel-2021-bj-main"} <= set(told[0]["tags"])
    assert len(logged("everhall.cut_take")) == 1
    assert logged("everhall.cut_take")[0].user == user


def test_a_cut_is_never_changed(world: World, user, now) -> None:
    cut = services.go_auto(world.channels["bj-main"], by=user, now=now)
    with pytest.raises(TypeError):
        cut.save()


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("feed/2020-other-cam", "other_edition"), ("feed/none", "unknown"), ("nonsense", "unknown"), ("", "unknown"),
        ("recording/99999999999999999999", "unknown"), ("channel/2021-bj-main", "own_channel"),
        ("channel/2021-closed", "closed"), ("slate/house", "unknown"),
    ],
)  # fmt: skip
def test_what_may_not_be_aired_is_refused(world: World, user, now, source, code) -> None:
    with pytest.raises(services.Refused) as refused:
        services.take(world.channels["bj-main"], source, by=user, now=now)
    assert refused.value.code == code
    assert refused.value.words
    assert not Cut.objects.exists()


def test_another_venues_feed_may_be_relayed_until_its_team_says_no(world: World, user, now) -> None:
    channel, feed = world.channels["bj-main"], world.feeds["zz-cam"]
    services.take(channel, feed.source, by=user, now=now)
    later = now + dt.timedelta(seconds=5)
    assert plan_of(channel, later).cuts[-1].source == feed.source
    Feed.objects.filter(pk=feed.pk).update(may_be_relayed=False)
    assert [(c.kind, c.source) for c in plan_of(channel, later).cuts] == [("slate", "")]
    with pytest.raises(services.Refused, match="not_relayed"):
        services.take(channel, feed.source, by=user, now=later)


def test_a_hidden_recording_is_not_aired_on_a_public_channel(world: World, user, now) -> None:
    public, private = world.channels["bj-main"], world.channels["private"]
    hidden = world.recordings["embargoed"]
    with pytest.raises(services.Refused, match="not_public"):
        services.take(public, hidden.source, by=user, now=now)
    services.take(private, hidden.source, by=user, now=now)
    with pytest.raises(services.Refused, match="closed"):
        services.take(private, world.recordings["withheld"].source, by=user, now=now)
    Recording.objects.filter(pk=hidden.pk).update(embargo_until=now)
    services.take(public, hidden.source, by=user, now=now)


def test_withholding_a_recording_takes_it_off_the_air_at_once(world: World, user, now) -> None:
    channel, recording = world.channels["bj-main"], world.recordings["open"]
    services.take(channel, recording.source, by=user, now=now)
    services.withhold_recording(recording, by=user, reason="asked for by the speaker")
    assert plan_of(channel, now).cuts[-1].kind == "slate"
    assert news("RecordingsChanged")


def test_a_plan_holds_nothing_that_may_not_be_aired(world: World, now) -> None:
    items = plan_of(world.channels["bj-main"], now).items
    assert [(i.kind, i.source) for i in items] == [
        ("slate", "slate/house"), ("live", "feed/2021-bj-cam"), ("slate", "slate/house"), ("slate", "slate/house"),
        # The private channel stands at the same venue: its own director may show it.
        ("relay", "channel/2021-private"), ("live", "feed/2021-zz-cam"), ("live", "feed/2021-bj-cam"),
    ]  # fmt: skip


def test_channels_do_not_show_each_other_in_a_circle(world: World, user, now) -> None:
    main, other = world.channels["bj-main"], world.channels["private"]
    # By plan the main channel relays the private one.
    with pytest.raises(services.Refused, match="own_channel"):
        services.take(other, main.source, by=user, now=now)


def test_dragging_an_item_is_stored_and_told(world: World, user) -> None:
    channel = world.channels["bj-main"]
    ids = list(channel.items.order_by("sort_order").values_list("pk", flat=True))
    services.move_item(channel, ids[-1], before=ids[1], by=user)
    order = list(RunningOrderItem.objects.filter(channel=channel).order_by("sort_order").values_list("pk", flat=True))
    assert order == [ids[0], ids[-1], *ids[1:-1]]
    assert news("ChannelChanged")[-1]["keys"] == ["2021-bj-main"]
    assert logged("everhall.move_item")
    with pytest.raises(services.Refused, match="no_item"):
        services.move_item(channel, 987654, before=None, by=user)


def test_an_item_is_planned_begun_stretched_ended_and_dropped(world: World, user, now) -> None:
    channel = Channel.objects.create(
        edition=world.editions["2021"], venue=world.venues["beijing"], code="second", name_zh="第二频道"
    )
    first = services.plan_item(
        channel, RunningOrderItem(kind="live", feed=world.feeds["bj-cam"], starts_at=now, duration=60), by=user, now=now
    )
    second = services.plan_item(channel, RunningOrderItem(kind="slate", duration=30), by=user, now=now)
    services.stretch_item(channel, first.pk, 60, by=user)
    services.begin_item(channel, second.pk, by=user, now=now + dt.timedelta(seconds=20))
    second.refresh_from_db()
    assert (second.starts_at - now).total_seconds() == pytest.approx(20, abs=0.01)
    services.end_item(channel, second.pk, by=user, now=now + dt.timedelta(seconds=30))
    second.refresh_from_db()
    assert second.duration == 10
    services.drop_item(channel, first.pk, by=user)
    assert [i.id for i in plan_of(channel, now).items] == [str(second.pk)]
    with pytest.raises(services.Refused, match="other_edition"):
        services.plan_item(channel, RunningOrderItem(kind="live", feed=world.feeds["other-cam"]), by=user, now=now)


def test_a_new_key_is_told_and_logged_but_stands_nowhere(world: World, user) -> None:
    feed = world.feeds["bj-cam"]
    before = feed.passphrase
    services.rotate_key(feed, by=user)
    assert len(feed.passphrase) == 24
    assert feed.passphrase != before
    entry = logged("everhall.rotate_key")[0]
    everything = json.dumps([entry.data, entry.label, *news("FeedsChanged")])
    assert feed.passphrase not in everything
    assert before not in everything
    spec = next(s for s in queries.feed_specs() if s.key == feed.key)
    assert spec.passphrase == feed.passphrase
    assert feed.passphrase not in repr(spec)


def test_each_feed_by_srt_gets_a_port_of_its_own(world: World, user, settings) -> None:
    settings.LIVE_FIRST_PORT = 9100
    place = world.venues["beijing"]
    made = [
        services.open_feed(
            Feed(edition=place.edition, venue=place, code=f"srt-{n}", name_zh=f"机位{n}", port=port), by=user
        )
        for n, port in ((1, None), (2, 9102), (3, None), (4, None))
    ]
    assert [f.port for f in made] == [9100, 9102, 9101, 9103]
    services.close_feed(made[0], by=user)
    assert not next(s for s in queries.feed_specs() if s.key == made[0].key).enabled


def test_a_session_is_kept_while_it_is_on_and_once_only(world: World, now) -> None:
    channel, session = world.channels["bj-main"], world.sessions["zz-forum"]
    RunningOrderItem.objects.filter(channel=channel).delete()
    RunningOrderItem.objects.create(
        channel=channel, kind="live", feed=world.feeds["zz-cam"], session=session, duration=600, starts_at=now, sort_order=0,
    )
    assert services.keep_sessions(now - dt.timedelta(seconds=1)) == []
    (begun,) = services.keep_sessions(now + dt.timedelta(seconds=1))
    assert (begun.session, begun.feed, begun.ends_at, begun.state) == (session, world.feeds["zz-cam"], None, "kept")
    assert services.keep_sessions(now + dt.timedelta(seconds=2)) == []
    services.show_slate(channel, by=None, now=now + dt.timedelta(seconds=100))
    assert services.keep_sessions(now + dt.timedelta(seconds=101)) == []
    services.go_auto(channel, by=None, now=now + dt.timedelta(seconds=500))
    services.hold(channel, by=None, now=now + dt.timedelta(seconds=590))
    assert services.keep_sessions(now + dt.timedelta(seconds=700)) == []
    services.go_auto(channel, by=None, now=now + dt.timedelta(seconds=701))
    (ended,) = services.keep_sessions(now + dt.timedelta(seconds=702))
    assert ended.pk == begun.pk
    assert (ended.ends_at - now).total_seconds() == pytest.approx(702, abs=0.01)
    spec = next(s for s in queries.recording_specs() if s.id == begun.pk)
    assert (spec.key, spec.source, spec.clock) == (f"recording/{begun.pk}", "feed/2021-zz-cam", "captured")


def test_a_session_in_a_loop_is_kept_in_the_first_round_that_comes(world: World, now) -> None:
    channel, session = world.channels["bj-main"], world.sessions["zz-forum"]
    Channel.objects.filter(pk=channel.pk).update(loops=True)
    RunningOrderItem.objects.filter(channel=channel).delete()
    common = {"channel": channel, "duration": 60}
    RunningOrderItem.objects.create(kind="live", feed=world.feeds["zz-cam"], session=session, sort_order=0, **common)
    RunningOrderItem.objects.create(kind="slate", sort_order=1, **common)
    # Rounds are counted from the epoch.
    round_begins = now + dt.timedelta(seconds=120 - now.timestamp() % 120)
    (begun,) = services.keep_sessions(round_begins + dt.timedelta(seconds=1))
    assert (begun.session, abs(begun.starts_at - round_begins) < dt.timedelta(milliseconds=1)) == (session, True)
    (ended,) = services.keep_sessions(round_begins + dt.timedelta(seconds=61))
    assert ended.pk == begun.pk
    assert services.keep_sessions(round_begins + dt.timedelta(seconds=121)) == []


def test_a_recording_is_published_only_when_it_has_ended_and_is_prepared(world: World, user, now) -> None:
    going = services.keep_recording(world.feeds["bj-cam"], now, by=user)
    with pytest.raises(services.Refused, match="goes_on"):
        services.publish_recording(going, by=user, now=now)
    services.end_recording(going, now + dt.timedelta(seconds=60), by=user)
    assert services.begin_preparing(going)
    assert not services.begin_preparing(going)
    with pytest.raises(services.Refused, match="being_prepared"):
        services.publish_recording(going, by=user, now=now)
    services.ready_for_review(going, duration=60.0, files={"thumbnail": "thumbnail.webp"})
    services.publish_recording(going, by=user, now=now)
    assert going in queries.public_recordings(world.editions["2021"], now)
    with pytest.raises(services.Refused, match="nothing_left"):
        services.trim_recording(going, 61.0, None, by=user)
    services.trim_recording(going, 5.0, 50.0, by=user)
    assert going.shown_length == 45.0


def test_access_files_say_who_may_watch(world: World, settings, now) -> None:
    root = Path(settings.LIVE_ROOT)
    services.write_access()
    access = {
        code: json.loads((root / "channels" / world.channels[code].key / "access.json").read_text())
        for code in world.channels
    }
    assert access["bj-main"] == {
        "public": True, "public_from": None, "low_latency": True, "window": 7200, "captions": [],
    }  # fmt: skip
    assert [access[c]["public"] for c in ("private", "closed", "planned-channel")] == [False, False, False]
    assert access["later"]["public_from"] > now.timestamp()
    recordings = {
        code: json.loads((root / "recordings" / f"{world.recordings[code].pk}.json").read_text())
        for code in world.recordings
    }
    assert {code for code, a in recordings.items() if a["public"] and not (a["public_from"] or 0) > now.timestamp()} == {
        "open", "film", "other",
    }  # fmt: skip
    assert recordings["of-embargoed"]["public_from"] > now.timestamp()
    assert services.write_access() == 0
    Channel.objects.filter(code="bj-main").update(public=False)
    assert services.write_access(channels=["2021-bj-main"]) == 1


def test_notes_go_from_desk_to_desk(world: World, user, now) -> None:
    made = services.note(
        world.editions["2021"], "  接北京   信号 ", by=user, now=now, venue=world.venues["beijing"], to=world.venues["zhengzhou"]
    )
    assert (made.text, made.by_name) == ("接北京 信号", "Director")
    with pytest.raises(services.Refused, match="empty"):
        services.note(world.editions["2021"], "   ", by=user, now=now)
