"""Films in pieces (tus 1.0.0): offsets, limits, owners, lost connections; whole ones become recordings."""

import base64
import datetime as dt
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from everhall.live import services
from everhall.live.models import Recording, VideoUpload
from tests.desk.places import Week, make_week

pytestmark = pytest.mark.django_db

TUS = {"HTTP_TUS_RESUMABLE": "1.0.0"}
KIND = "application/offset+octet-stream"
BODY = bytes(range(256)) * 40


@pytest.fixture
def week(db, settings, monkeypatch) -> Week:
    settings.STAFF_2FA = False
    monkeypatch.setattr("everhall.live.services.uploads.ROOM", 0)
    return make_week()


def metadata(**values: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in values.items())


def newest() -> VideoUpload:
    """The upload that the test has begun; the week has others."""
    return VideoUpload.objects.order_by("-pk")[0]


def begin(week: Week, who: str = "bj-editor", venue: str = "beijing", size: int = len(BODY), **more: str):
    told = metadata(filename="../开幕式.MP4", venue=str(week.venues[venue].pk), title="开幕式", **more)
    return week.client(who).post(
        reverse("live_tus_create"), HTTP_UPLOAD_LENGTH=str(size), HTTP_UPLOAD_METADATA=told, **TUS
    )


def patch(week: Week, address: str, offset: int, body: bytes, who: str = "bj-editor", **more):
    headers = {**TUS, "HTTP_UPLOAD_OFFSET": str(offset), **more}
    return week.client(who).patch(address, body, content_type=KIND, **headers)


def test_what_is_understood_is_told(week: Week) -> None:
    answer = week.client("bj-editor").options(reverse("live_tus_create"))
    assert (answer.status_code, answer["Tus-Version"], answer["Tus-Resumable"]) == (204, "1.0.0", "1.0.0")
    assert {"creation", "termination", "expiration"} <= set(answer["Tus-Extension"].split(","))
    assert int(answer["Tus-Max-Size"]) > 0
    other = week.client("bj-editor").post(reverse("live_tus_create"), HTTP_TUS_RESUMABLE="0.2.2")
    assert (other.status_code, other["Tus-Version"]) == (412, "1.0.0")


def test_a_film_comes_in_pieces_and_becomes_a_recording(week: Week, settings) -> None:
    made = begin(week, title_en="Opening")
    assert made.status_code == 201
    address = made["Location"]
    assert patch(week, address, 0, BODY[:4000])["Upload-Offset"] == "4000"
    look = week.client("bj-editor").head(address, **TUS)
    assert (look.status_code, look["Upload-Offset"], look["Upload-Length"]) == (200, "4000", str(len(BODY)))
    assert "no-store" in look["Cache-Control"]
    before = set(Recording.objects.values_list("pk", flat=True))
    last = patch(week, address, 4000, BODY[4000:])
    assert (last.status_code, last["Upload-Offset"]) == (204, str(len(BODY)))
    upload = newest()
    assert (upload.state, upload.name) == ("received", "开幕式.MP4")
    assert upload.path == Path(settings.LIVE_ROOT) / "uploads" / f"{upload.code}.mp4"
    assert upload.path.read_bytes() == BODY
    recording = Recording.objects.exclude(pk__in=before).get()
    assert (recording.title_zh, recording.title_en, recording.state, recording.venue) == (
        "开幕式", "Opening", "kept", week.venues["beijing"],
    )  # fmt: skip
    assert week.client("bj-editor").head(address, **TUS)["Upload-Offset"] == str(len(BODY))
    assert patch(week, address, len(BODY), b"x").status_code == 410


@pytest.mark.parametrize(
    ("offset", "more", "status"),
    [(0, {}, 409), (5, {}, 409), (4001, {}, 409), (-1, {}, 400), (4000, {"CONTENT_TYPE": "video/mp4"}, 415), (4000, {"HTTP_TUS_RESUMABLE": "1"}, 412)],
)
def test_a_piece_that_does_not_fit_changes_nothing(week: Week, offset, more, status) -> None:
    address = begin(week)["Location"]
    patch(week, address, 0, BODY[:4000])
    assert patch(week, address, offset, b"zzzz", **more).status_code == status
    assert newest().path.read_bytes() == BODY[:4000]


def test_more_than_was_told_is_refused(week: Week) -> None:
    address = begin(week, size=10)["Location"]
    assert patch(week, address, 0, b"x" * 11).status_code == 413
    assert newest().state == "uploading"


def test_what_came_before_a_lost_connection_is_kept(week: Week) -> None:
    begin(week)
    upload = newest()

    def pieces():
        yield BODY[:3000]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        services.add_to_upload(upload, 0, pieces(), now=timezone.now())
    upload.refresh_from_db()
    assert upload.offset == 3000
    services.add_to_upload(upload, 3000, [BODY[3000:]], now=timezone.now())
    assert upload.path.read_bytes() == BODY


def test_two_at_once_do_not_mix(week: Week) -> None:
    begin(week)
    first, second = newest(), newest()

    def pieces():
        yield BODY[:100]
        with pytest.raises(services.Refused, match="in_use"):
            services.add_to_upload(second, 100, [b"zzz"], now=timezone.now())
        yield BODY[100:200]

    services.add_to_upload(first, 0, pieces(), now=timezone.now())
    assert first.path.read_bytes() == BODY[:200]


@pytest.mark.parametrize("size", ["", "-1", "1e3", "0", "9" * 30])
def test_sizes_that_are_none_are_refused(week: Week, size: str) -> None:
    told = metadata(filename="a.mp4", venue=str(week.venues["beijing"].pk))
    before = VideoUpload.objects.count()
    answer = week.client("bj-editor").post(
        reverse("live_tus_create"), HTTP_UPLOAD_LENGTH=size, HTTP_UPLOAD_METADATA=told, **TUS
    )
    assert answer.status_code in {400, 413}
    assert VideoUpload.objects.count() == before


def test_a_film_above_the_limit_is_refused_before_a_byte(week: Week, settings) -> None:
    settings.VIDEO_MAX_BYTES = 1000
    assert begin(week, size=1001).status_code == 413
    assert begin(week, size=1000).status_code == 201


@pytest.mark.parametrize(("who", "status"), [("zz-editor", 403), ("park-editor", 403), ("bj-reviewer", 403), ("bj-exhibitor", 403), ("bj-organiser", 201), ("national", 201)])
def test_only_the_team_of_a_venue_brings_films_to_it(week: Week, who: str, status: int) -> None:
    assert begin(week, who=who).status_code == status


def test_an_upload_belongs_to_who_began_it(week: Week) -> None:
    address = begin(week)["Location"]
    for who in ("bj-organiser", "zz-editor", "national"):
        client = week.client(who)
        assert client.head(address, **TUS).status_code == 404
        assert patch(week, address, 0, BODY, who=who).status_code == 404
        assert client.delete(address, **TUS).status_code == 404
    assert week.client("bj-editor").delete(address, **TUS).status_code == 204
    assert week.client("bj-editor").head(address, **TUS).status_code == 410
    assert not list(newest().folder.iterdir())


def test_what_nobody_goes_on_with_expires(week: Week) -> None:
    begin(week)
    upload = newest()
    assert services.expire_uploads(timezone.now()) == 0
    week_later = timezone.now() + dt.timedelta(days=7, seconds=1)
    assert services.expire_uploads(week_later) == 1
    assert not upload.path.exists()


@pytest.mark.parametrize("told", ["venue", "venue !!!", "venue " + "QQ" * 3, "filename \xff"])
def test_metadata_that_cannot_be_read_is_refused(week: Week, told: str) -> None:
    answer = week.client("bj-editor").post(
        reverse("live_tus_create"), HTTP_UPLOAD_LENGTH="5", HTTP_UPLOAD_METADATA=told, **TUS
    )
    assert answer.status_code in {400, 403}


def test_the_page_offers_ones_own_venues(week: Week) -> None:
    text = week.client("bj-editor").get(reverse("live_upload")).content.decode()
    assert "北京会场" in text
    assert "海淀园" in text
    assert "郑州主会场" not in text
    assert week.client("bj-reviewer").get(reverse("live_upload")).status_code == 404
