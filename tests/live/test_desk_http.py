"""The director's desk over HTTP: who may do what on whose channel, and what a desk is told."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from everhall.live import desk, queries, services
from everhall.live.models import Cut, DeskNote, Feed, Recording, RunningOrderItem
from tests.desk.places import Week
from tests.live.desks import make_live_week, post

pytestmark = pytest.mark.django_db

VERBS = ("take", "auto", "slate", "hold", "move", "begin", "end", "stretch", "plan", "drop", "keep", "captions")


@pytest.fixture
def week(db, settings) -> Week:
    settings.STAFF_2FA = False
    return make_live_week()


def address(verb: str, row) -> str:
    return reverse(f"live_desk_{verb}", args=[row.pk])


def state(week: Week, who: str, query: str = "") -> dict:
    answer = week.client(who).get(reverse("live_desk_state", args=["2021"]) + query)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.json()


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", ["bj-director", "park-director", "bj-editor", "bj-reviewer", "bj-exhibitor", "bj-organiser"])
def test_nobody_of_another_venue_directs_a_channel(week: Week, who: str, verb: str) -> None:
    channel = week.rows["channel", "zhengzhou"]
    before = list(channel.items.order_by("sort_order").values_list("pk", flat=True))
    item = before[0]
    body = {"source": week.rows["feed", "zhengzhou"].source, "item": item, "seconds": 5, "text": "x"}
    assert post(week.client(who), address(verb, channel), body).status_code == 404
    assert not Cut.objects.exists()
    assert list(channel.items.order_by("sort_order").values_list("pk", flat=True)) == before


@pytest.mark.parametrize("who", ["bj-editor", "bj-reviewer", "bj-exhibitor"])
def test_whoever_may_not_direct_has_no_desk(week: Week, who: str) -> None:
    client = week.client(who)
    assert client.get(reverse("live_desk_state", args=["2021"])).status_code == 404
    assert post(client, address("slate", week.rows["channel", "beijing"])).status_code == 404
    assert post(client, reverse("live_desk_note", args=["2021"]), {"text": "x"}).status_code == 404
    assert client.get(reverse("live_feed_key", args=[week.rows["feed", "beijing"].pk])).status_code == 404


def test_without_a_role_or_a_login_nobody_comes_this_far(week: Week) -> None:
    for client in (Client(), week.client("nobody")):
        assert client.get(reverse("live_desk_state", args=["2021"])).status_code in {302, 403}
        assert post(client, address("slate", week.rows["channel", "beijing"])).status_code in {302, 403}
    assert not Cut.objects.exists()


def test_staff_without_a_second_factor_do_not_direct(week: Week, settings) -> None:
    settings.STAFF_2FA = True
    client = week.client("bj-director")
    answer = post(client, address("slate", week.rows["channel", "beijing"]))
    assert answer.status_code == 302
    assert "mfa" in answer["Location"] or "2fa" in answer["Location"]
    assert client.get(reverse("live_desk_state", args=["2021"])).status_code == 302
    assert not Cut.objects.exists()


def test_a_post_without_the_token_against_forgery_is_refused(week: Week) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(week.users["bj-director"], "everhall.editions.backends.AppointmentBackend")
    assert post(client, address("slate", week.rows["channel", "beijing"])).status_code == 403
    assert client.patch("/admin/live/uploads/tus/").status_code == 403
    assert not Cut.objects.exists()


@pytest.mark.parametrize("who", ["bj-director", "bj-organiser", "national", "root"])
def test_directors_and_organisers_cut_on_their_channels_and_below(week: Week, who: str) -> None:
    client = week.client(who)
    for code in ("beijing", "park-haidian"):
        channel = week.rows["channel", code]
        answer = post(client, address("take", channel), {"source": week.rows["feed", "zhengzhou"].source})
        assert answer.status_code == 200, answer.content
        assert answer.json()["cut"]["kind"] == "take"
        assert post(client, address("auto", channel)).json()["ok"]
        assert post(client, address("slate", channel)).json()["ok"]
        assert post(client, address("hold", channel)).json()["ok"]
    assert list(Cut.objects.values_list("kind", flat=True)) == ["take", "auto", "slate", "hold"] * 2
    assert set(Cut.objects.values_list("by_name", flat=True)) == {str(week.users[who])}


@pytest.mark.parametrize(
    ("source", "code"),
    [("feed/2020-cam", "other_edition"), ("channel/2020-channel", "other_edition"), ("feed/none", "unknown"), ("", "unknown")],
)
def test_a_refusal_has_a_code_and_words(week: Week, source: str, code: str) -> None:
    answer = post(week.client("bj-director"), address("take", week.rows["channel", "beijing"]), {"source": source})
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert answer.json()["message"]


def test_what_another_venue_does_not_let_be_relayed_is_not_taken_nor_seen(week: Week) -> None:
    feed = week.rows["feed", "zhengzhou"]
    Feed.objects.filter(pk=feed.pk).update(may_be_relayed=False)
    answer = post(week.client("bj-director"), address("take", week.rows["channel", "beijing"]), {"source": feed.source})
    assert answer.json()["code"] == "not_relayed"
    assert feed.source not in {f["source"] for f in state(week, "bj-director")["feeds"]}
    assert feed.source in {f["source"] for f in state(week, "zz-director")["feeds"]}


def test_a_desk_shows_own_channels_in_full_and_of_others_what_visitors_see(week: Week) -> None:
    week.rows["recording", "zhengzhou"].save()
    private = week.rows["channel", "zhengzhou"]
    found = state(week, "bj-director")
    channels = {c["source"]: c for c in found["channels"]}
    own, other = channels["channel/2021-channel-beijing"], channels["channel/2021-channel-zhengzhou"]
    assert own["mine"]
    assert [i["kind"] for i in own["items"]] == ["live", "slate"]
    assert own["wanted"]["source"] == "feed/2021-cam-beijing"
    assert not other["mine"]
    assert "items" not in other
    assert "cuts" not in other
    assert {r["title"] for r in found["recordings"]} == {"beijing 秘密录像", "park-haidian 秘密录像"}
    private.public = False
    private.save()
    assert "channel/2021-channel-zhengzhou" not in {c["source"] for c in state(week, "bj-director")["channels"]}
    mine = next(c for c in state(week, "zz-director")["channels"] if c["id"] == private.pk)
    assert mine["playlist"].startswith("/live/t/")
    text = json.dumps(found, ensure_ascii=False)
    assert "往届" not in text
    assert not any(feed.passphrase in text for feed in Feed.objects.all())


def test_the_reach_of_a_director_goes_down_the_tree_and_never_up(week: Week) -> None:
    down = {c["venue"] for c in state(week, "bj-director")["channels"] if c["mine"]}
    up = {c["venue"] for c in state(week, "park-director")["channels"] if c["mine"]}
    assert (down, up) == ({"beijing", "park-haidian"}, {"park-haidian"})
    assert post(week.client("park-director"), address("slate", week.rows["channel", "beijing"])).status_code == 404


def test_the_running_order_is_changed_from_the_desk(week: Week) -> None:
    client, channel = week.client("bj-director"), week.rows["channel", "beijing"]
    first, second = channel.items.order_by("sort_order")
    made = post(
        client, address("plan", channel),
        {"source": week.rows["feed", "zhengzhou"].source, "duration": 120, "title_zh": "郑州连线", "before": second.pk},
    ).json()["item"]
    row = RunningOrderItem.objects.get(pk=made)
    assert (row.kind, row.sort_order, row.title) == ("relay", 1, "郑州连线")
    assert post(client, address("move", channel), {"item": made, "before": None}).json()["items"] == [first.pk, second.pk, made]
    assert post(client, address("stretch", channel), {"item": made, "seconds": 60}).json()["ok"]
    assert post(client, address("begin", channel), {"item": made}).json()["ok"]
    assert post(client, address("end", channel), {"item": made}).json()["ok"]
    assert post(client, address("drop", channel), {"item": made}).json()["items"] == [first.pk, second.pk]
    assert post(client, address("move", channel), {"item": made, "before": None}).json()["code"] == "no_item"
    # An item of another channel is none of this one.
    foreign = week.rows["channel", "zhengzhou"].items.first().pk
    assert post(client, address("drop", channel), {"item": foreign}).json()["code"] == "no_item"
    assert RunningOrderItem.objects.filter(pk=foreign).exists()


@pytest.mark.parametrize(
    "body",
    [b"no json", b"[]", b'{"source": 3}', b'{"source": "feed/x", "in_point": "a"}', b'{"in_point": NaN}', b'{"source": "' + b"x" * 30_000 + b'"}'],
)  # fmt: skip
def test_broken_bodies_are_told_so(week: Week, body: bytes) -> None:
    url = address("take", week.rows["channel", "beijing"])
    answer = week.client("bj-director").post(url, body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_an_order_that_runs_round_the_clock_shows_the_round_that_is_on_or_comes(week: Week) -> None:
    channel = week.rows["channel", "beijing"]
    channel.items.all().delete()
    for number, seconds in enumerate((180, 120)):
        RunningOrderItem.objects.create(channel=channel, sort_order=number, kind="slate", duration=seconds)
    channel.loops = True
    channel.save()
    rows = queries.rows_of([channel.pk])[channel.pk]
    for second in range(3000, 3600, 25):
        now = dt.datetime.fromtimestamp(second, dt.UTC)
        shown = desk.items(queries.plans_of([channel], now)[channel.pk], rows, second)
        assert [item["id"] for item in shown] == [row.pk for row in rows]
        assert all(item["begin"] <= second + 300 and item["end"] > second for item in shown)
        assert sum(item["begin"] <= second for item in shown) == 1


@pytest.mark.parametrize("body", [{"item": "1"}, {"item": True}, {"item": 2**70}, {"item": None}, {}])
def test_broken_items_are_told_so(week: Week, body: dict) -> None:
    answer = post(week.client("bj-director"), address("move", week.rows["channel", "beijing"]), body)
    assert answer.status_code == 400


def test_keeping_by_hand_begins_and_ends(week: Week) -> None:
    client, channel = week.client("bj-director"), week.rows["channel", "beijing"]
    feed = week.rows["feed", "beijing"]
    first = post(client, address("keep", channel), {"source": feed.source}).json()
    assert first["kept"]
    second = post(client, address("keep", channel), {"source": feed.source}).json()
    assert (second["kept"], second["recording"]) == (False, first["recording"])
    assert Recording.objects.get(pk=first["recording"]).ends_at is not None
    refused = post(client, address("keep", channel), {"source": week.rows["feed", "zhengzhou"].source})
    assert refused.json()["code"] == "not_relayed"


def test_notes_reach_the_desks_they_are_for(week: Week) -> None:
    note = reverse("live_desk_note", args=["2021"])
    post(week.client("bj-director"), note, {"text": "给郑州", "to": "zhengzhou"})
    post(week.client("zz-director"), note, {"text": "给大家"})
    assert [n["text"] for n in state(week, "bj-director")["notes"]] == ["给郑州", "给大家"]
    assert [n["text"] for n in state(week, "zz-director")["notes"]] == ["给郑州", "给大家"]
    assert [n["text"] for n in state(week, "park-director")["notes"]] == ["给大家"]
    last = DeskNote.objects.order_by("pk").first().pk
    assert [n["text"] for n in state(week, "bj-director", f"?notes={last}")["notes"]] == ["给大家"]
    assert post(week.client("bj-director"), note, {"text": " "}).json()["code"] == "empty"
    assert post(week.client("bj-director"), note, {"text": "x", "to": "nowhere"}).status_code == 400


def test_a_desk_asks_no_more_for_more_feeds(week: Week, django_assert_max_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> int:
        client = week.client("bj-director")
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("live_desk_state", args=["2021"]))
        return len(queries)

    before = asked()
    for n in range(5):
        Feed.objects.create(
            edition=week.edition, venue=week.venues["beijing"], stage=week.rows["stage", "beijing"], code=f"more-{n}",
            name_zh=f"机位{n}", kind="test",
        )
        channel = week.rows["channel", "zhengzhou"]
        channel.pk, channel.key, channel.code = None, "", f"more-{n}"
        channel.save()
    assert asked() == before


# ---------------------------------------------------------------- keys, captions, RTMP
def test_a_key_is_shown_to_whoever_directs_there_and_changed_by_them(week: Week) -> None:
    feed = week.rows["feed", "beijing"]
    url = reverse("live_feed_key", args=[feed.pk])
    text = week.client("bj-director").get(url).content.decode()
    assert feed.passphrase in text
    for who in ("zz-director", "park-director", "zz-organiser"):
        assert week.client(who).get(url).status_code == 404
        assert week.client(who).post(url).status_code == 404
    old = feed.passphrase
    assert week.client("bj-director").post(url).status_code == 302
    feed.refresh_from_db()
    assert feed.passphrase != old
    assert "no-store" in week.client("bj-director").get(url)["Cache-Control"]


def test_captions_come_with_a_key_and_go_to_the_channel(week: Week, settings) -> None:
    channel = week.rows["channel", "beijing"]
    url = f"/live/captions/{channel.key}/"
    client = Client(enforce_csrf_checks=True)
    assert post(client, url, {"text": "大家好"}).status_code == 404
    wrong = {"HTTP_AUTHORIZATION": f"Bearer {week.rows['channel', 'zhengzhou'].captions_key}"}
    assert client.post(url, "{}", content_type="application/json", **wrong).status_code == 404
    good = {"HTTP_AUTHORIZATION": f"Bearer {channel.captions_key}"}
    start = timezone.now().timestamp()
    body = {"lines": [{"text": "大家 好", "language": "zh", "start": start, "end": start + 2}, {"text": "Hello", "language": "en", "start": start}]}
    answer = client.post(url, json.dumps(body), content_type="application/json", **good)
    assert answer.status_code == 201, answer.content
    file = Path(settings.LIVE_ROOT) / "channels" / channel.key / "captions.jsonl"
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(line[2], line[3]) for line in lines] == [("zh", "大家 好"), ("en", "Hello")]
    assert lines[0][0] == pytest.approx(start, abs=1e-3)
    for broken in ({"text": "x", "language": "Chinese"}, {"text": " "}, {"text": "x", "start": start, "end": start - 1}):
        assert client.post(url, json.dumps(broken), content_type="application/json", **good).status_code == 409
    for malformed in ("no", "[]", '{"text": 3}', '{"text": "x", "start": "yesterday"}', '{"lines": 3}'):
        assert client.post(url, malformed, content_type="application/json", **good).status_code == 400


def test_captions_of_a_feed_go_to_the_channels_that_show_it(week: Week, settings) -> None:
    feed = week.rows["feed", "beijing"]
    services.take(week.rows["channel", "zhengzhou"], feed.source, by=None, now=timezone.now())
    url = reverse("live_feed_captions", args=[feed.pk])
    assert post(week.client("zz-director"), url, {"text": "x"}).status_code == 404
    assert post(week.client("bj-director"), url, {"text": "同声", "language": "zh"}).status_code == 201
    root = Path(settings.LIVE_ROOT)
    for key in ("2021-channel-beijing", "2021-channel-zhengzhou"):
        assert "同声" in (root / "channels" / key / "captions.jsonl").read_text()
    assert not (root / "channels" / "2021-channel-park-haidian" / "captions.jsonl").exists()


def test_our_rtmp_server_asks_who_may_send(week: Week, settings) -> None:
    feed = week.rows["feed", "beijing"]
    Feed.objects.filter(pk=feed.pk).update(kind="rtmp")
    client = Client(enforce_csrf_checks=True)
    url = "/live/rtmp/may-send/"
    assert client.post(url, {"name": feed.key, "key": feed.passphrase}).status_code == 204
    assert (Path(settings.LIVE_ROOT) / "feeds" / feed.key / "knock").exists()
    other = week.rows["feed", "zhengzhou"]
    for name, key in ((feed.key, ""), (feed.key, other.passphrase), (other.key, other.passphrase), ("", "")):
        assert client.post(url, {"name": name, "key": key}).status_code == 403
    assert client.get(url).status_code == 405
