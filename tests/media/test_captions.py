"""Captions of films and sounds: brought in the desk, released with their film, shown and read on the stage."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from everhall.exhibition import services as exhibition
from everhall.exhibition.models import Exhibit, ExhibitAttachment
from everhall.media import deriving, services
from everhall.media.models import Attachment, Caption
from everhall.media.queries import captions_of, transcripts_of
from tests.media import clips, masters

pytestmark = pytest.mark.django_db

ZH = "1\n00:00:00,500 --> 00:00:02,000\n无人机起飞\n".encode("gb18030")
EN = b"WEBVTT\n\n00:00.500 --> 00:02.000\n<v Narrator>The drone takes off & climbs\n"


def film_of(code: str, kind: str = "video", data: bytes = masters.MP4) -> Attachment:
    file = masters.attachment(data, f"{code}.mp4", kind, title_en="Flight")
    ExhibitAttachment.objects.create(exhibit=Exhibit.objects.get(code=code), attachment=file, sort_order=1)
    services.caption(file, "zh-hans", "captions", ZH)
    services.caption(file, "en", "captions", EN)
    exhibition.settle_release(list(Exhibit.objects.values_list("pk", flat=True)))
    return file


def test_tracks_are_listed_by_attachment_in_one_query(world, django_assert_num_queries):
    film, sound, bare = film_of("open-drone"), film_of("draft-bj", "audio"), masters.attachment(masters.MP4, "bare.mp4", "video")
    with django_assert_num_queries(1):
        found = captions_of([film.pk, sound.pk, bare.pk])
    assert set(found) == {film.pk, sound.pk}
    assert [(t.language, t.tag, t.label, t.kind) for t in found[film.pk]] == [
        ("zh-hans", "zh-Hans", "中文", "captions"), ("en", "en", "English", "captions"),
    ]  # fmt: skip
    with django_assert_num_queries(1):
        texts = transcripts_of([film.pk], "en")
    assert texts[film.pk].lines[0].text == "The drone takes off & climbs"
    assert transcripts_of([film.pk], "zh-hans")[film.pk].tag == "zh-Hans"


def test_a_transcript_is_read_before_captions_and_a_description_never(world):
    film = film_of("open-drone")
    services.caption(film, "en", "descriptions", b"WEBVTT\n\n00:00.000 --> 00:01.000\nA field\n")
    services.caption(film, "en", "transcript", b"WEBVTT\n\n00:00.000 --> 00:01.000\nAll of it\n")
    assert transcripts_of([film.pk], "en")[film.pk].lines[0].text == "All of it"
    Caption.objects.filter(language="en").exclude(kind="descriptions").delete()
    assert transcripts_of([film.pk], "en")[film.pk].tag == "zh-Hans"


def test_the_text_is_webvtt_whatever_came_in_and_its_address_changes_with_it(client, world):
    film = film_of("open-drone")
    before = captions_of([film.pk])[film.pk][0].address
    answer = client.get(before)
    assert answer["Content-Type"] == "text/vtt; charset=utf-8"
    assert answer.content.decode() == "WEBVTT\n\n00:00:00.500 --> 00:00:02.000\n无人机起飞\n"
    assert "immutable" in answer["Cache-Control"]
    assert answer["Everhall-Tags"] == f"attachment-{film.pk}"
    services.caption(film, "zh-hans", "captions", ZH.replace("起飞".encode("gb18030"), "降落".encode("gb18030")))
    after = captions_of([film.pk])[film.pk][0].address
    assert after != before
    assert Caption.objects.filter(attachment=film).count() == 2
    old = client.get(before)
    assert "降落" in old.content.decode()
    assert "immutable" not in old["Cache-Control"]


@pytest.mark.parametrize("code", ["draft-bj", "embargoed", "planned"])
def test_nothing_is_read_of_a_film_that_is_not_released(client, world, code):
    film = film_of(code)
    ways = [track.address for track in captions_of([film.pk])[film.pk]]
    assert [client.get(way).status_code for way in ways] == [404, 404]
    staff = Client()
    staff.force_login(world.user("boss@example.org", is_superuser=True, is_staff=True))
    assert [staff.get(way)["Cache-Control"] for way in ways] == ["private, no-store"] * 2


def test_an_embargo_lifts_by_the_clock(client, world):
    film = film_of("embargoed")
    Exhibit.objects.filter(code="embargoed").update(embargo_until=timezone.now() - dt.timedelta(seconds=1))
    exhibition.settle_release([Exhibit.objects.get(code="embargoed").pk])
    assert client.get(captions_of([film.pk])[film.pk][0].address).status_code == 200


def test_only_what_speaks_has_captions(world):
    board = masters.attachment(masters.poster(30, 20), "board.jpg", "board")
    with pytest.raises(ValidationError):
        services.caption(board, "en", "captions", EN)
    with pytest.raises(ValidationError):
        services.caption(film_of("open-drone"), "fr", "captions", EN)


def test_the_exhibits_page_shows_tracks_and_the_text_beside(client, world, settings, tmp_path):
    settings.DERIVED_ROOT = str(tmp_path / "derived")
    film = film_of("open-drone", data=clips.film(".mp4", "320x240", 10, 1))
    assert "无人机起飞" not in client.get("/2021/exhibits/open-drone/").content.decode()
    deriving.note([film.pk])
    deriving.make(deriving.next_waiting())
    page = client.get("/en/2021/exhibits/open-drone/").content.decode()
    for track in captions_of([film.pk])[film.pk]:
        assert f'srclang="{track.tag}" label="{track.label}" src="{track.address}"' in page
    assert "The drone takes off &amp; climbs" in page
    assert "<b>Narrator</b>" in page
    assert "无人机起飞" in client.get("/2021/exhibits/open-drone/").content.decode()


# ---------------------------------------------------------------- the desk
@pytest.fixture
def boss(world, settings) -> Client:
    settings.STAFF_2FA = False
    client = Client()
    client.force_login(world.user("boss@example.org", is_superuser=True, is_staff=True))
    return client


def test_the_desk_brings_corrects_and_takes_away_tracks(boss, world):
    film = masters.attachment(masters.MP4, "film.mp4", "video")
    place = reverse("media_captions", args=[film.pk])
    sent = boss.post(place, {"language": "zh-hans", "kind": "captions", "file": SimpleUploadedFile("a.srt", ZH)})
    assert sent.status_code == 302
    row = Caption.objects.get()
    page = boss.get(place).content.decode()
    assert "无人机起飞" in page
    name = f"track-{row.pk}"
    wrong = {"track": name, f"{name}-language": "zh-hans", f"{name}-kind": "captions", f"{name}-text": "WEBVTT\n\n00:05.000 --> 00:04.000\n倒着走"}
    told = boss.post(place, wrong)
    assert told.status_code == 422
    assert "第 3 行" in told.content.decode()
    assert "倒着走" in told.content.decode()
    wrong[f"{name}-text"] = "WEBVTT\n\n00:03.000 --> 00:04.000\n往前走"
    assert boss.post(place, wrong).status_code == 302
    assert "往前走" in Caption.objects.get().text
    assert boss.post(place, {"language": "en", "kind": "captions"}).status_code == 422
    assert boss.post(reverse("media_captions_delete", args=[film.pk, row.pk])).status_code == 302
    assert not Caption.objects.exists()


def test_the_desk_of_captions_is_for_those_who_may_change_the_film(boss, world):
    film = film_of("open-drone")
    row = Caption.objects.first()
    place, delete = reverse("media_captions", args=[film.pk]), reverse("media_captions_delete", args=[film.pk, row.pk])
    somebody = Client()
    somebody.force_login(world.user("somebody@example.org"))
    for visitor in (Client(), somebody):
        assert visitor.get(place).status_code in (302, 403, 404)
        assert visitor.post(delete).status_code in (302, 403, 404)
    assert Caption.objects.filter(pk=row.pk).exists()
    board = masters.attachment(masters.poster(30, 20), "board.jpg", "board")
    assert boss.get(reverse("media_captions", args=[board.pk])).status_code == 404
