"""Feeds, channels and recordings in Wagtail's desk: what their forms offer, refuse and change; the review."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from everhall.live import forms
from everhall.live.models import Channel, Feed, Recording, RunningOrderItem, VideoUpload
from everhall.programme.models import Activity, Session
from tests.desk.places import Week, at
from tests.live.desks import make_live_week

pytestmark = pytest.mark.django_db


@pytest.fixture
def week(db, settings) -> Week:
    settings.STAFF_2FA = False
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return make_live_week()


def url(model, name: str, *args) -> str:
    return reverse(model.snippet_viewset.get_url_name(name), args=args)


def feed_data(week: Week, **values) -> dict:
    return {
        "code": "new-cam", "venue": week.venues["beijing"].pk, "stage": "", "name_zh": "新机位", "name_en": "", "kind": "srt",
        "port": "", "pull_url": "", "film": "", "audio": '{"0": "zh", "1": "en"}', "enabled": "on", "may_be_relayed": "on",
        **values,
    }  # fmt: skip


def test_an_organiser_opens_a_feed_which_gets_a_port_and_a_key(week: Week, settings) -> None:
    settings.LIVE_FIRST_PORT = 9300
    answer = week.client("bj-organiser").post(url(Feed, "add"), feed_data(week))
    assert answer.status_code == 302, answer.content.decode()[:2000]
    made = Feed.objects.get(code="new-cam")
    assert (made.key, made.port, made.audio, len(made.passphrase)) == ("2021-new-cam", 9300, {"0": "zh", "1": "en"}, 24)


@pytest.mark.parametrize(("who", "venue"), [("bj-organiser", "zhengzhou"), ("zz-organiser", "beijing"), ("bj-editor", "beijing"), ("bj-director", "beijing")])
def test_nobody_opens_a_feed_where_they_do_not_publish(week: Week, who: str, venue: str) -> None:
    week.client(who).post(url(Feed, "add"), feed_data(week, venue=week.venues[venue].pk))
    assert not Feed.objects.filter(code="new-cam").exists()


def test_a_director_changes_a_feed_but_not_whether_it_may_be_relayed(week: Week) -> None:
    feed = week.rows["feed", "beijing"]
    client = week.client("bj-director")
    page = client.get(url(Feed, "edit", feed.pk)).content.decode()
    assert "may_be_relayed" not in page
    assert feed.passphrase not in page
    data = {k: v for k, v in feed_data(week, name_zh="改名", kind="test").items() if k not in {"may_be_relayed", "code", "venue"}}
    assert client.post(url(Feed, "edit", feed.pk), data).status_code == 302
    feed.refresh_from_db()
    assert (feed.name_zh, feed.may_be_relayed, feed.code) == ("改名", True, "cam-beijing")


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/x.m3u8", "http://localhost/x.m3u8", "rtsp://192.168.1.7/cam", "http://[::1]/x", "http://169.254.169.254/latest", "http://nas.local/x", "file:///etc/passwd", ""],
)
def test_a_feed_is_not_pulled_out_of_our_own_network(week: Week, address: str) -> None:
    week.client("bj-organiser").post(url(Feed, "add"), feed_data(week, kind="pull", pull_url=address))
    assert not Feed.objects.filter(code="new-cam").exists()


def test_a_name_that_leads_inside_is_found_out(week: Week, monkeypatch) -> None:
    monkeypatch.setattr(forms, "addresses_of", lambda host: ["93.184.216.34", "10.0.0.7"])
    week.client("bj-organiser").post(url(Feed, "add"), feed_data(week, kind="pull", pull_url="https://example.org/x.m3u8"))
    assert not Feed.objects.filter(code="new-cam").exists()
    monkeypatch.setattr(forms, "addresses_of", lambda host: ["93.184.216.34"])
    week.client("bj-organiser").post(url(Feed, "add"), feed_data(week, kind="pull", pull_url="https://example.org/x.m3u8"))
    assert not Feed.objects.get(code="new-cam").may_be_private


def test_a_superuser_may_let_a_feed_be_pulled_from_inside(week: Week) -> None:
    week.client("root").post(url(Feed, "add"), feed_data(week, kind="pull", pull_url="rtsp://192.168.1.7/cam"))
    feed = Feed.objects.get(code="new-cam")
    assert feed.may_be_private
    # Whoever changes the address to another one of the kind is no superuser, and is refused.
    data = {k: v for k, v in feed_data(week, kind="pull", pull_url="rtsp://192.168.1.8/cam").items() if k not in {"code", "venue"}}
    week.client("bj-organiser").post(url(Feed, "edit", feed.pk), data)
    feed.refresh_from_db()
    assert feed.pull_url == "rtsp://192.168.1.7/cam"


# ---------------------------------------------------------------- channels
def channel_data(channel: Channel, items: list[dict], **values) -> dict:
    rows = list(channel.items.order_by("sort_order")) if channel.pk else []
    data = {
        "name_zh": channel.name_zh, "name_en": "", "summary_zh": "", "summary_en": "", "poster": "", "low_latency": "on",
        "window": "7200", "caption_languages": "", "enabled": "on", "public": "on", "public_from": "", "may_be_relayed": "on",
        "items-TOTAL_FORMS": str(len(items)), "items-INITIAL_FORMS": str(len(rows)), "items-MIN_NUM_FORMS": "0",
        "items-MAX_NUM_FORMS": "1000", **values,
    }  # fmt: skip
    for number, item in enumerate(items):
        told = {
            "id": rows[number].pk if number < len(rows) else "", "ORDER": number + 1, "DELETE": "", "kind": "slate", "feed": "",
            "recording": "", "other": "", "session": "", "starts_at": "", "duration": "", "in_point": "0", "late": "join",
            "title_zh": "", "title_en": "", **item,
        }  # fmt: skip
        data |= {f"items-{number}-{name}": value for name, value in told.items()}
    return data


def test_a_director_plans_a_running_order_and_is_told_what_will_not_happen(week: Week) -> None:
    channel = week.rows["channel", "beijing"]
    own, other = week.rows["feed", "beijing"], week.rows["feed", "zhengzhou"]
    data = channel_data(
        channel,
        [
            {"kind": "live", "feed": own.pk, "starts_at": "2021-10-20 09:00", "duration": "3600", "title_zh": "开幕"},
            {"kind": "relay", "feed": other.pk, "starts_at": "2021-10-20 09:30", "duration": "600", "title_zh": "郑州连线"},
        ],
    )
    answer = week.client("bj-director").post(url(Channel, "edit", channel.pk), data, follow=True)
    items = list(RunningOrderItem.objects.filter(channel=channel).order_by("sort_order"))
    assert [(i.kind, i.feed, i.title_zh) for i in items] == [("live", own, "开幕"), ("relay", other, "郑州连线")]
    assert items[0].starts_at == at(20, 9)
    assert "开幕" in "".join(str(m) for m in answer.context["messages"])


def test_times_of_a_running_order_are_those_of_the_venue(week: Week) -> None:
    channel = week.rows["channel", "beijing"]
    channel.venue.timezone = "America/New_York"
    channel.venue.save()
    row = channel.items.order_by("sort_order").first()
    RunningOrderItem.objects.filter(pk=row.pk).update(starts_at=dt.datetime(2021, 10, 20, 13, 0, tzinfo=dt.UTC))
    client = week.client("bj-director")
    assert "2021-10-20 09:00" in client.get(url(Channel, "edit", channel.pk)).content.decode()
    data = channel_data(
        channel,
        [{"kind": "live", "feed": week.rows["feed", "beijing"].pk, "starts_at": "2021-10-20 10:00", "duration": "60"}, {}],
    )
    assert client.post(url(Channel, "edit", channel.pk), data).status_code == 302
    row.refresh_from_db()
    assert row.starts_at == dt.datetime(2021, 10, 20, 14, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("what", ["feed", "channel", "recording", "itself", "closed"])
def test_a_forged_running_order_is_refused(week: Week, what: str) -> None:
    channel = week.rows["channel", "beijing"]
    Feed.objects.filter(code="cam-zhengzhou").update(may_be_relayed=False)
    Channel.objects.filter(code="channel-zhengzhou").update(public=False)
    item = {
        "feed": {"kind": "live", "feed": week.rows["feed", "zhengzhou"].pk},
        "channel": {"kind": "relay", "other": week.rows["channel", "zhengzhou"].pk},
        "recording": {"kind": "recording", "recording": week.rows["recording", "zhengzhou"].pk},
        "itself": {"kind": "relay", "other": channel.pk},
        "closed": {"kind": "live", "feed": week.rows["feed", "2020"].pk},
    }[what]
    first = {"kind": "live", "feed": week.rows["feed", "beijing"].pk, "starts_at": "2021-10-20 09:00", "duration": "60"}
    week.client("bj-director").post(url(Channel, "edit", channel.pk), channel_data(channel, [first, item | {"duration": "60"}]))
    assert not RunningOrderItem.objects.filter(channel=channel).exclude(feed=week.rows["feed", "beijing"]).exclude(kind="slate").exists()


def test_the_form_names_nothing_that_is_not_to_be_relayed(week: Week) -> None:
    Feed.objects.filter(code="cam-zhengzhou").update(may_be_relayed=False)
    Channel.objects.filter(code="channel-zhengzhou").update(public=False)
    page = week.client("bj-director").get(url(Channel, "edit", week.rows["channel", "beijing"].pk)).content.decode()
    assert "zhengzhou 秘密" not in page
    assert "往届" not in page
    assert "park-haidian 秘密机位" in page


def test_a_director_does_not_make_a_channel_public(week: Week) -> None:
    channel = week.rows["channel", "beijing"]
    Channel.objects.filter(pk=channel.pk).update(public=False)
    client = week.client("bj-director")
    assert not re.search(r'name="public(_from)?"', client.get(url(Channel, "edit", channel.pk)).content.decode())
    first = {"kind": "live", "feed": week.rows["feed", "beijing"].pk, "starts_at": "2021-10-20 09:00", "duration": "60"}
    client.post(url(Channel, "edit", channel.pk), channel_data(channel, [first, {}]))
    channel.refresh_from_db()
    assert not channel.public
    assert week.client("bj-organiser").get(url(Channel, "edit", channel.pk)).content.decode().count('name="public"') == 1


def test_an_organiser_makes_a_channel(week: Week) -> None:
    data = channel_data(Channel(name_zh="第二频道"), [], code="second", venue=str(week.venues["beijing"].pk))
    answer = week.client("bj-organiser").post(url(Channel, "add"), data)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert Channel.objects.get(code="second").key == "2021-second"


# ---------------------------------------------------------------- recordings
def review(recording: Recording) -> str:
    return reverse("live_review", args=[recording.pk])


def test_an_editor_prepares_and_an_organiser_publishes(week: Week) -> None:
    recording = week.rows["recording", "beijing"]
    editor = week.client("bj-editor")
    assert editor.get(review(recording)).status_code == 200
    assert editor.post(review(recording), {"verb": "trim", "trim_in": "5", "trim_out": "60"}).status_code == 302
    refused = editor.post(review(recording), {"verb": "publish"})
    assert (refused.status_code, refused["Location"]) == (302, "/admin/")
    recording.refresh_from_db()
    assert (recording.trim_in, recording.trim_out, recording.state) == (5.0, 60.0, "review")
    week.client("bj-organiser").post(review(recording), {"verb": "publish"})
    recording.refresh_from_db()
    assert recording.state == "published"
    # What is public is no longer the editor's to change.
    editor.post(review(recording), {"verb": "trim", "trim_in": "0"})
    recording.refresh_from_db()
    assert recording.trim_in == 5.0
    assert editor.get(url(Recording, "edit", recording.pk)).status_code in {302, 403}
    week.client("bj-organiser").post(review(recording), {"verb": "withhold", "reason": "请求"})
    recording.refresh_from_db()
    assert recording.state == "withheld"


@pytest.mark.parametrize("who", ["zz-organiser", "zz-director", "park-editor", "bj-exhibitor"])
def test_others_do_not_see_the_review(week: Week, who: str) -> None:
    recording = week.rows["recording", "beijing"]
    assert week.client(who).get(review(recording)).status_code == 404
    assert week.client(who).post(review(recording), {"verb": "publish"}).status_code == 404
    recording.refresh_from_db()
    assert recording.state == "review"


def test_the_review_plays_what_visitors_do_not_see_yet(week: Week) -> None:
    recording = week.rows["recording", "beijing"]
    assert re.search(rf'src="/live/t/[^/"]+/r/{recording.pk}/index.m3u8"', week.client("bj-reviewer").get(review(recording)).content.decode())


def test_recordings_are_not_made_by_hand_and_uploads_not_changed(week: Week) -> None:
    client = week.client("root")
    assert client.get(url(Recording, "list")).status_code == 200
    assert week.client("bj-organiser").get(url(Recording, "add")).status_code in {302, 403}
    upload = VideoUpload.objects.get(venue=week.venues["beijing"])
    assert week.client("bj-organiser").get(url(VideoUpload, "edit", upload.pk)).status_code in {302, 403}
    page = week.client("bj-editor").get(url(VideoUpload, "list")).content.decode()
    assert reverse("live_upload") in page


def test_chapters_are_checked_in_the_form(week: Week) -> None:
    recording = week.rows["recording", "beijing"]
    data = {
        "title_zh": "改名", "title_en": "", "summary_zh": "", "summary_en": "", "venue": week.venues["beijing"].pk, "session": "",
        "poster": "", "chapters": '[{"at": 9, "title_zh": "二"}, {"at": 1, "title_zh": "一"}]', "trim_in": "0", "trim_out": "",
        "embargo_until": "",
    }  # fmt: skip
    client = week.client("bj-editor")
    assert client.post(url(Recording, "edit", recording.pk), data).status_code == 200
    data["chapters"] = '[{"at": 1, "title_zh": "一", "title_en": "One"}]'
    answer = client.post(url(Recording, "edit", recording.pk), data)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    recording.refresh_from_db()
    assert (recording.title_zh, recording.chapters[0]["title_en"]) == ("改名", "One")
    # What could not be prepared is tried again once another stretch is to be shown, and not before.
    Recording.objects.filter(pk=recording.pk).update(fault="empty")
    for trim_in, fault in (("0", "empty"), ("3", "")):
        assert client.post(url(Recording, "edit", recording.pk), {**data, "trim_in": trim_in}).status_code == 302
        recording.refresh_from_db()
        assert recording.fault == fault


def test_the_desks_menu_and_log_know_cloud_video(week: Week) -> None:
    recording = week.rows["recording", "beijing"]
    client = week.client("bj-organiser")
    client.post(review(recording), {"verb": "withhold", "reason": "测试理由"})
    assert "测试理由" in client.get(reverse("everhall_audit")).content.decode()
    assert reverse("live_upload") in client.get("/admin/").content.decode()


def test_what_has_recordings_stays_with_all_its_parts(week: Week) -> None:
    session, recording = week.rows["session", "beijing"], week.rows["recording", "beijing"]
    Recording.objects.filter(pk=recording.pk).update(session=session)
    for model, row in ((Activity, week.rows["activity", "beijing"]), (Session, session)):
        answer = week.client("root").post(url(model, "delete", row.pk), follow=True)
        assert answer.status_code in {200, 403}
        assert model.objects.filter(pk=row.pk).exists()
    Recording.objects.filter(pk=recording.pk).update(session=None)
    week.client("root").post(url(Activity, "delete", week.rows["activity", "beijing"].pk))
    assert not Session.objects.filter(pk=session.pk).exists()
