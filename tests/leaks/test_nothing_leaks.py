"""Nothing leaks: for every public address there is, in both languages, rows of another edition, drafts,
embargoed rows and an edition in planning are planted, and none is found.

The list of addresses is made from the URL configuration itself, so that a new view cannot be forgotten.
"""

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from everhall.exhibition.models import Exhibit, Label
from everhall.live import services as live
from everhall.media.models import Picture
from everhall.media.templatetags.pictures import rendition_url
from tests.world import SECRET, SECRET_EN

pytestmark = pytest.mark.django_db

#: Not public, or not ours to fill with arguments; each with the reason.
NOT_LISTS = {
    "admin/": "staff only, tested in tests/desk",
    "accounts/": "allauth's own pages show no content",
    "images/": "bytes, tested below",
    "files/": "bytes, tested below",
    "derived/": "bytes, tested in tests/media",
    "captions/": "bytes, tested in tests/media",
    "iiif/": "bytes, tested in tests/media",
    "static/": "no content",
    "healthz": "no content",
    "readyz": "no content",
    "metrics": "numbers for this machine only",
    "theme/": "a form",
}
#: What is asked beside the bare address, where the address listens to it ("$": where it ends so).
QUERIES = {
    "search": ["?q=绝密样机", "?q=Topsecretprototype", "?q=juemi", "?q=jmyj"],
    "programme": ["?day=2021-10-20", "?relay=1", "?s=draft-forum-1,embargoed-forum-1"],
    "exhibition/": ["?page=2", "?field=drones"],
    "plan/": ["?field=drones", "?q=绝密样机", "?q=Topsecretprototype", "?q=A-05&booth=A-05", "?from=door&to=A-05", "?from=A-03&to=A-05"],
    "exhibits/open-drone/": ["?at=A-05"],
    "api/": ["?limit=500"],
    "video/recordings/$": ["?venue=beijing", "?series=embargoed-forum"],
    "video/$": ["?venue=beijing", "?field=drones", "?series=draft-forum", "?series=embargoed-forum", "?page=2"],
}


def patterns(resolver=None, prefix=""):
    for item in (resolver or get_resolver()).url_patterns:
        text = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from patterns(item, text)
        elif isinstance(item, URLPattern):
            yield text


def fill(pattern: str, world) -> list[str]:
    """Addresses of one pattern with every code that exists, hidden ones too."""
    codes = list(world.channels) if "/channels/" in pattern else list(world.calls) if "/calls/" in pattern else [label.code for label in Label.objects.all()] if pattern.startswith("b/") else [*world.exhibits, *world.activities, *world.sessions, *world.organisations, *world.venues]
    found = {"/" + pattern.replace("^", "").replace("$", "").replace("\\Z", "")}
    for kind in ("edition", "venue", "hall", "stage", "code", "session", "recording", "tour", "number", "key", "walk", "screen"):
        marker = re.compile(rf"<(?:\w+:)?{kind}>|{{{kind}}}")
        values = {
            "edition": ["2021", "2030"], "venue": ["beijing"], "hall": ["indoor"], "stage": ["main-stage"],
            "code": codes, "session": list(world.sessions),
            "recording": [str(recording.pk) for recording in world.recordings.values()],
            "tour": list(world.tours), "number": ["1", "2", "3", "4", "9"], "key": ["made2021", "made2030"],
            "walk": ["walk2021", "walk2030"], "screen": list(world.kiosks),
        }[kind]
        if pattern.startswith("api") and kind == "code":
            values = ["2021", "2030"]
        found = {
            marker.sub(value, address, count=1)
            for address in found
            for value in (values if marker.search(address) else [""])
        }
    return sorted(found)


def listens(address: str, part: str) -> bool:
    return address.endswith(part[:-1]) if part.endswith("$") else part in address


def public_addresses(world) -> list[str]:
    addresses = set()
    for pattern in set(patterns()):
        plain = pattern.removeprefix("en/").lstrip("^")
        if any(plain.startswith(skip) for skip in NOT_LISTS) or "((?:" in plain:
            continue
        addresses.update(fill(plain, world))
    for name in ("2021", "2021/policy", "2021/policy/open", "2021/policy/draft", "2030", "2030/policy/open"):
        addresses.add(f"/{name}/")
    return sorted(a for a in addresses if "<" not in a)


def test_no_public_address_shows_what_is_hidden(client, world):
    cache.clear()
    shown, asked = [], 0
    for address in public_addresses(world):
        for language in ("", "/en"):
            for query in ["", *(q for part, more in QUERIES.items() if listens(address, part) for q in more)]:
                response = client.get(f"{language}{address}{query}")
                asked += 1
                body = b"".join(response) if response.streaming else response.content
                text = body.decode("utf-8", "replace")
                # The word that was asked for may stand in the search box; a result would say more.
                text = text.replace(f'value="{SECRET}"', "").replace(f'value="{SECRET_EN}"', "")
                if query.startswith("?q="):
                    leaks = [
                        w for w in (f"{SECRET}草稿", f"{SECRET}禁发", f"{SECRET}论坛", f"{SECRET}筹备", f"{SECRET}公司", f"{SECRET}文章", f"{SECRET}录像", f"{SECRET}频道", *(f"{SECRET_EN} {what}" for what in ("draft", "embargoed", "planned", "forum", "Ltd", "article", "Zhengzhou", "recording", "channel")))
                        if w in text
                    ]
                else:
                    leaks = [w for w in (SECRET, SECRET_EN) if w in text]
                if leaks and response.status_code < 500:
                    shown.append((address, language, query, leaks))
                assert response.status_code < 500, (address, query)
    assert asked > 300
    assert not shown


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize(
    "address",
    [
        "/2021/exhibition/", "/2021/exhibition/feed.atom", "/2021/programme/", "/2021/programme/list/",
        "/2021/programme.ics", "/2021/programme/feed.atom", "/2021/search/?q=往届", "/2021/venues/beijing/",
        "/api/v1/editions/2021/exhibits", "/api/v1/editions/2021/sessions", "/2021/",
        "/2021/venues/beijing.ics", "/2021/organisations/skylark/", "/2021/video/", "/2021/video/recordings/",
        "/2021/plan/", "/2021/plan/beijing/indoor/", "/2021/plan/beijing/indoor/?q=往届", "/2021/plan/beijing/indoor/plan.json",
        "/2021/video/feed.atom", "/2021/video/channels/bj-main/", "/api/v1/editions/2021/channels", "/2021/tours/",
        "/2021/tours/open-tour/", "/2021/tours/open-tour/print/", "/api/v1/editions/2021/tours", "/api/v1/editions/2021/tours/open-tour",
        "/2021/screens/zones/screen.json", "/2021/screens/hour/screen.json", "/2021/screens/tour/screen.json",
        "/api/v1/editions/2021/recordings",
    ],
)
def test_no_list_of_one_edition_shows_another(client, world, address, language):
    text = client.get(language + address).content.decode()
    assert "往届展项" not in text
    assert "往届论坛" not in text
    assert "往届录像" not in text
    assert "往届频道" not in text
    assert "往届导览" not in text
    assert "of another edition" not in text


def test_what_is_public_is_there(client, world):
    """The other half: an empty site would pass every test above."""
    for address in ("/2021/video/", "/2021/video/recordings/", "/2021/video/feed.atom"):
        assert "低空论坛录像" in client.get(address).content.decode(), address
    for address in ("/2021/plan/beijing/indoor/", "/2021/plan/beijing/indoor/plan.json", "/2021/exhibition/", "/2021/exhibition/feed.atom", "/2021/search/?q=无人机", "/2021/", "/2021/tours/open-tour/", "/2021/tours/open-tour/1/", "/2021/tours/made/made2021/", "/2021/screens/zones/screen.json", "/2021/screens/zones/"):
        assert "六旋翼巡检" in client.get(address).content.decode(), address
    exhibits = client.get("/api/v1/editions/2021/exhibits").json()["exhibits"]
    assert "六旋翼巡检无人机" in {exhibit["name"] for exhibit in exhibits}
    for address in ("/2021/programme/?day=2021-10-20", "/2021/programme/list/", "/2021/programme.ics", "/sitemap.xml"):
        response = client.get(address)
        assert response.status_code == 200
        assert "低空经济论坛" in response.content.decode() or "open-forum" in response.content.decode()


def test_an_embargo_lifts_by_the_clock(client, world):
    exhibit = world.exhibits["embargoed"]
    assert client.get("/2021/exhibits/embargoed/").status_code == 404
    Exhibit.objects.filter(pk=exhibit.pk).update(embargo_until=timezone.now() - dt.timedelta(seconds=1))
    assert client.get("/2021/exhibits/embargoed/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_bytes_of_hidden_pictures_are_unreachable(client, world):
    for code, seen in (("open-drone", 200), ("embargoed", 404), ("draft-bj", 404), ("planned", 404)):
        picture = Picture.objects.get(pk=world.exhibits[code].pictures.first().picture_id)
        response = client.get(rendition_url(picture, "width-320|format-webp"))
        assert response.status_code == seen, code
        for address in (picture.file.url, f"/media/{picture.file.name}"):
            assert client.get(address).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_withdrawing_an_exhibit_withdraws_its_pictures(client, world):
    exhibit = world.exhibits["open-drone"]
    picture = Picture.objects.get(pk=exhibit.pictures.first().picture_id)
    address = rendition_url(picture, "width-320|format-webp")
    assert client.get(address).status_code == 200
    exhibit.unpublish()
    assert client.get(address).status_code == 404
    assert client.get("/2021/exhibits/open-drone/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_bytes_of_posters_follow_their_recording_and_channel(client, world):
    def status(thing) -> int:
        return client.get(rendition_url(thing.poster, "width-320|format-webp")).status_code

    recording, channel = world.recordings["open"], world.channels["bj-main"]
    assert [status(recording), status(channel), status(world.recordings["embargoed"])] == [200, 200, 404]
    live.withhold_recording(recording, by=None)
    channel.public = False
    channel.save()
    assert [status(recording), status(channel)] == [404, 404]


@pytest.mark.django_db(transaction=True)
def test_a_recording_is_hidden_with_its_session_on_pages_and_at_the_origin(client, world, settings):
    recording, activity = world.recordings["open"], world.activities["open-forum"]
    file = Path(settings.LIVE_ROOT) / "recordings" / f"{recording.pk}.json"
    assert json.loads(file.read_text())["public"] is True
    activity.unpublish()
    assert json.loads(file.read_text())["public"] is False
    assert recording.title_zh not in client.get("/2021/video/").content.decode()
    activity.refresh_from_db()
    activity.live = True
    activity.embargo_until = timezone.now() + dt.timedelta(hours=1)
    activity.save()
    assert json.loads(file.read_text())["public_from"] == activity.embargo_until.timestamp()
    assert recording.title_zh not in client.get("/2021/video/recordings/").content.decode()
    assert "/2021/sessions/open-forum-1/" not in client.get(f"/2021/search/?q={recording.title_zh}").content.decode()


def test_an_edition_in_planning_does_not_exist(client, world):
    for address in ("/2030/", "/2030/exhibition/", "/2030/programme/", "/2030/venues/", "/2030/plan/", "/2030/plan/beijing/indoor/", "/2030/plan/beijing/indoor/plan.json", "/2030/look.css", "/2030/tours/", "/2030/tours/planned-tour/", "/2030/tours/made/made2030/", "/2030/tours/with/walk2030/", "/2030/screens/planned/", "/2030/screens/planned/screen.json", "/2030/programme.ics", "/2030/search/?q=a", "/2030/video/", "/2030/video/recordings/", "/2030/video/feed.atom"):
        assert client.get(address).status_code == 404, address
