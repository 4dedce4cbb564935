"""Pages of cloud video: what is there, what is not named, what the door is told of it."""

import datetime as dt
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from everhall.live import services
from everhall.live.models import Channel, Recording, RunningOrderItem
from tests.world import SECRET, World

pytestmark = pytest.mark.django_db


def ld(text: str) -> dict:
    found = re.search(r'<script type="application/ld\+json">(.+?)</script>', text)
    assert found
    return json.loads(found.group(1))


def now_showing(world: World, **values) -> RunningOrderItem:
    """The main channel shows one thing."""
    channel = world.channels["bj-main"]
    RunningOrderItem.objects.filter(channel=channel).delete()
    return RunningOrderItem.objects.create(
        channel=channel, sort_order=0, starts_at=timezone.now() - dt.timedelta(minutes=5), duration=3600, **values
    )


def test_the_landing_shows_channels_sessions_and_recordings(client, world: World) -> None:
    now_showing(world, kind="live", feed=world.feeds["bj-cam"], session=world.sessions["open-forum"])
    text = client.get("/2021/video/").content.decode()
    for word in ("北京主频道", "低空经济论坛", "低空论坛录像", "中原短片"):
        assert word in text
    assert SECRET not in text
    english = client.get("/en/2021/video/").content.decode()
    assert "Low-altitude forum, recorded" in english
    assert "Live now" in english


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("?venue=zhengzhou", "中原短片", "低空论坛录像"),
        ("?series=open-forum", "低空论坛录像", "中原短片"),
        ("?field=drones", "低空论坛录像", "北京主频道"),
        ("?venue=nowhere&field=nothing", "中原短片", "绝密"),
    ],
)
def test_the_landing_is_narrowed_by_venue_field_and_series(client, world: World, query, there, gone) -> None:
    text = client.get(f"/2021/video/{query}").content.decode()
    assert there in text
    assert gone not in text


def test_a_field_without_recordings_is_not_offered_and_narrows_to_nothing(client, world: World) -> None:
    text = client.get("/2021/video/?field=ai").content.decode()
    assert "低空论坛录像" not in text
    assert 'value="ai"' not in text


def test_a_channels_page_has_the_player_and_what_comes(client, world: World) -> None:
    now_showing(world, kind="live", feed=world.feeds["bj-cam"], session=world.sessions["open-forum"])
    text = client.get("/2021/video/channels/bj-main/").content.decode()
    assert 'src="/live/c/2021-bj-main/index.m3u8"' in text
    assert "<noscript>" in text
    assert "低空经济论坛" in text
    data = ld(text)
    assert data["@type"] == "VideoObject"
    assert data["publication"][0]["isLiveBroadcast"] is True
    for code in ("private", "later", "closed", "none"):
        assert client.get(f"/2021/video/channels/{code}/").status_code == 404
    assert client.get("/2021/video/channels/other-channel/").status_code == 404


def test_what_a_director_takes_is_not_named_by_the_name_of_the_feed(client, world: World) -> None:
    channel = world.channels["bj-main"]
    services.take(channel, world.feeds["bj-cam"].source, by=None, now=timezone.now())
    text = client.get("/2021/video/channels/bj-main/").content.decode()
    assert SECRET not in text
    services.take(channel, world.recordings["film"].source, by=None, now=timezone.now())
    assert "中原短片" in client.get("/2021/video/channels/bj-main/").content.decode()


def test_a_recording_has_a_page_and_one_of_a_session_the_sessions(client, world: World) -> None:
    film = world.recordings["film"]
    film.chapters = [{"at": 75, "title_zh": "问答", "title_en": "Questions"}]
    film.save()
    text = client.get(f"/2021/video/recordings/{film.pk}/").content.decode()
    assert f'src="/live/r/{film.pk}/index.m3u8"' in text
    assert "1:15" in text
    assert "问答" in text
    data = ld(text)
    assert (data["@type"], data["duration"]) == ("VideoObject", "PT1H0S")
    answer = client.get(f"/2021/video/recordings/{world.recordings['open'].pk}/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/2021/sessions/open-forum-1/#recording-")
    for code in ("withheld", "in-review", "embargoed", "of-draft", "of-embargoed", "other"):
        assert client.get(f"/2021/video/recordings/{world.recordings[code].pk}/").status_code == 404, code


def test_a_sessions_page_becomes_the_recordings_page(client, world: World) -> None:
    address = "/2021/sessions/open-forum-1/"
    Recording.objects.filter(pk=world.recordings["open"].pk).update(state="review")
    now_showing(world, kind="live", feed=world.feeds["bj-cam"], session=world.sessions["open-forum"])
    text = client.get(address).content.decode()
    assert 'src="/live/c/2021-bj-main/index.m3u8"' in text
    assert 'ends="' in text
    assert ld(text)["subEvent"]["@type"] == "BroadcastEvent"
    services.publish_recording(world.recordings["open"], by=None, now=timezone.now())
    text = client.get(address).content.decode()
    assert f'src="/live/r/{world.recordings["open"].pk}/index.m3u8"' in text
    assert "/live/c/" not in text
    assert ld(text)["recordedIn"][0]["@type"] == "VideoObject"


def test_a_session_tells_on_which_channel_it_will_be(client, world: World) -> None:
    item = now_showing(world, kind="live", feed=world.feeds["zz-cam"], session=world.sessions["zz-forum"])
    RunningOrderItem.objects.filter(pk=item.pk).update(starts_at=timezone.now() + dt.timedelta(hours=1))
    text = client.get("/2021/sessions/zz-forum-1/").content.decode()
    assert "/2021/video/channels/bj-main/" in text
    assert "ever-player" not in text


def test_pages_say_what_they_show_and_until_when(client, world: World) -> None:
    answer = client.get("/2021/video/")
    assert {"edition-2021", "video-2021"} <= set(answer["Everhall-Tags"].split())
    until = float(answer["Everhall-Until"])
    assert until <= (timezone.now() + dt.timedelta(minutes=6)).timestamp()
    session = client.get("/2021/sessions/open-forum-1/")
    assert "video-2021" in session["Everhall-Tags"].split()
    Channel.objects.filter(code="bj-main").update(public_from=timezone.now() + dt.timedelta(seconds=30))
    RunningOrderItem.objects.all().delete()
    assert float(client.get("/2021/video/")["Everhall-Until"]) <= (timezone.now() + dt.timedelta(seconds=31)).timestamp()


def test_lists_do_not_ask_more_for_more_rows(client, world: World) -> None:
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    addresses = ("/2021/video/", "/2021/video/recordings/", "/2021/video/channels/bj-main/")
    place = world.venues["zhengzhou"]

    def more(name: str) -> None:
        channel = Channel.objects.create(edition=place.edition, venue=place, code=name, name_zh=name)
        services.take(channel, world.feeds["zz-cam"].source, by=None, now=timezone.now())
        for n in range(3):
            RunningOrderItem.objects.create(
                channel=channel, kind="live", feed=world.feeds["zz-cam"], sort_order=n, duration=60,
                starts_at=timezone.now() if n == 0 else None, session=world.sessions["zz-forum"],
            )
        Recording.objects.create(
            edition=place.edition, venue=place, title_zh=name, state="published", published_at=timezone.now(),
            starts_at=timezone.now(), ends_at=timezone.now(),
        )

    more("one")
    for address in addresses:
        client.get(address)
    before = [asked(a) for a in addresses]
    for name in ("two", "three", "four"):
        more(name)
    assert [asked(a) for a in addresses] == before


def test_the_third_door_and_the_navigation_lead_there(client, world: World) -> None:
    assert client.get("/2021/").content.decode().count('href="/2021/video/"') == 2


def test_atom_sitemap_api_and_search_know_recordings(client, world: World) -> None:
    atom = client.get("/2021/video/feed.atom").content.decode()
    assert "低空论坛录像" in atom
    assert SECRET not in atom
    sitemap = client.get("/sitemap.xml").content.decode()
    assert "/2021/video/channels/bj-main/" in sitemap
    assert f"/2021/video/recordings/{world.recordings['film'].pk}/" in sitemap
    assert f"/2021/video/recordings/{world.recordings['open'].pk}/" not in sitemap
    channels = client.get("/api/v1/editions/2021/channels").json()
    assert [c["code"] for c in channels] == ["bj-main"]
    found = client.get("/api/v1/editions/2021/recordings?limit=1").json()
    assert (found["total"], len(found["recordings"])) == (2, 1)
    one = client.get(f"/api/v1/editions/2021/recordings/{world.recordings['open'].pk}").json()
    assert (one["session"], one["series"], one["fields"]) == ("open-forum-1", "open-forum", ["drones"])
    assert client.get(f"/api/v1/editions/2021/recordings/{world.recordings['withheld'].pk}").status_code == 404
    assert client.get("/api/v1/editions/2021/recordings/99999999999999999999").status_code == 404
    assert "低空论坛录像" in client.get("/2021/search/?q=低空论坛录像").content.decode()
