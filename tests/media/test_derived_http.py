"""Models, posters and tiles over HTTP: released ones for everybody, others for nobody; frames on the exhibit's page."""

import datetime as dt
import json
from pathlib import Path

import iiif_prezi3
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from everhall.engines import iiif
from everhall.exhibition import services as exhibition
from everhall.exhibition.models import Exhibit, ExhibitAttachment
from everhall.media import deriving
from everhall.media.models import Attachment, Derived
from tests.kept import once
from tests.media import clips, masters
from tests.models3d import cube

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def stage(world, settings) -> dict[str, dict[str, Derived]]:
    """A model and a board on an open, a draft and an embargoed exhibit; what is made of them stands where `once` keeps files."""
    settings.DERIVED_ROOT = str(Path(settings.MEDIA_ROOT) / "derived")
    return once(make_stage)


def make_stage() -> dict[str, dict[str, Derived]]:
    return attached(("open-drone", "draft-bj", "embargoed", "planned"), (("model", "cube.glb", cube()), ("board", "board.png", masters.poster(600, 400, "PNG"))))


def attached(codes: tuple[str, ...], files: tuple[tuple[str, str, bytes], ...]) -> dict[str, dict[str, Derived]]:
    """Each file at each exhibit, with what is made of it."""
    found: dict[str, dict[str, Derived]] = {}
    for code in codes:
        exhibit = Exhibit.objects.get(code=code)
        for n, (kind, name, data) in enumerate(files):
            file = masters.attachment(data, name, kind, title_en=f"{kind} of {code}", licence="CC0-1.0", credit="Somebody")
            ExhibitAttachment.objects.create(exhibit=exhibit, attachment=file, sort_order=n)
            deriving.note([file.pk])
            found.setdefault(code, {})[kind] = deriving.make(deriving.next_waiting())
    exhibition.settle_release(list(Exhibit.objects.values_list("pk", flat=True)))
    return found


def asked(client: Client, way: str):
    """The answer, read to its end, which closes its file; its bytes are in `body`. (`close()` would close the connection to
    the database too.)"""
    answer = client.get(way)
    answer.body = b"".join(answer) if answer.streaming else answer.content
    return answer


def addresses(row: Derived) -> list[str]:
    """Every way to the bytes of what is made, and of its master."""
    pk = row.attachment_id
    ways = [row.attachment.url, row.url("poster.webp"), row.url("phone.glb"), row.url("1.webp")]
    ways += [reverse("media:iiif", args=[pk, 1]), reverse("media:iiif-info", args=[pk, 1])]
    ways += [reverse("media:iiif-tile", args=[pk, 1, name]) for name in iiif.whole_names(600, 400)]
    return ways


@pytest.mark.parametrize("code", ["draft-bj", "embargoed", "planned"])
def test_nothing_of_a_hidden_exhibit_is_reachable(client, stage, code):
    for kind, row in stage[code].items():
        for way in addresses(row):
            assert asked(client, way).status_code == 404, (kind, way)
        for edition in ("2021", "2030"):
            frame = reverse("exhibition:frame", args=[edition, code, row.attachment_id])
            assert client.get(frame).status_code == 404
            other = reverse("exhibition:frame", args=[edition, "open-drone", row.attachment_id])
            assert client.get(other).status_code == 404


def test_an_embargo_lifts_by_the_clock(client, stage):
    exhibit = Exhibit.objects.get(code="embargoed")
    exhibit.embargo_until = timezone.now() - dt.timedelta(seconds=1)
    exhibit.save()
    exhibition.settle_release([exhibit.pk])
    row = stage["embargoed"]["model"]
    assert asked(client, row.url("phone.glb")).status_code == 200
    # The master stays with the desk.
    row.attachment.refresh_from_db()
    assert client.get(row.attachment.url).status_code == 404


def test_the_desk_reaches_masters_and_what_is_not_released(world, stage):
    staff = Client()
    staff.force_login(world.user("boss@example.org", is_superuser=True, is_staff=True))
    row = stage["embargoed"]["model"]
    for way in (row.attachment.url, row.url("phone.glb")):
        answer = asked(staff, way)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]


def test_a_model_may_be_kept_for_good_and_the_former_version_for_a_while(client, stage):
    row = stage["open-drone"]["model"]
    before = row.url("phone.glb")
    answer = asked(client, before)
    assert answer["Content-Type"] == "model/gltf-binary"
    assert "immutable" in answer["Cache-Control"]
    assert answer.body[:4] == b"glTF"
    deriving.make_anew(row)
    row = deriving.make(deriving.next_waiting())
    assert row.url("phone.glb") != before
    assert asked(client, before).status_code == 200
    for name in ("facts.json", "..%2Ffacts.json", "1.zip", "master.glb"):
        assert client.get(before.replace("phone.glb", name)).status_code == 404


def test_deep_zoom_speaks_iiif_to_everybody(client, stage, settings):
    row = stage["open-drone"]["board"]
    base = reverse("media:iiif", args=[row.attachment_id, 1])
    redirect = client.get(base)
    assert (redirect.status_code, redirect["Location"]) == (303, f"{base}/info.json")
    answer = client.get(f"{base}/info.json")
    told = json.loads(answer.content)
    assert told["id"] == settings.BASE_URL + base
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert client.get(f"{base}/info.json", headers={"accept": "application/ld+json"})["Content-Type"].startswith("application/ld+json")
    for name in (*iiif.tile_names(600, 400), *iiif.whole_names(600, 400)):
        tile = client.get(f"{base}/{name}")
        assert (tile.status_code, tile["Content-Type"]) == (200, "image/jpeg"), name
    for name in ("full/600,/0/default.jpg", "0,0,1,1/1,1/0/default.jpg", "full/max/0/default.png", "../facts.json"):
        assert client.get(f"{base}/{name}").status_code == 404
    assert client.get(base.replace(".1", ".2") + "/info.json").status_code == 404


def test_the_exhibits_page_shows_them_and_loads_nothing_of_them(client, stage):
    page = client.get("/en/2021/exhibits/open-drone/").content.decode()
    model, board = stage["open-drone"]["model"], stage["open-drone"]["board"]
    assert page.count("data-panel=") == 3
    assert model.url("poster.webp") in page
    assert board.url("1.webp") in page
    for word in ("phone.glb", "model-viewer", "openseadragon", "info.json"):
        assert word not in page
    assert "CC0-1.0" in page
    frame = client.get(reverse("exhibition:frame", args=["2021", "open-drone", model.attachment_id]))
    assert "phone.glb" in frame.content.decode()
    policy = frame["Content-Security-Policy"]
    assert "wasm-unsafe-eval" in policy
    assert "unsafe-eval'" not in policy.replace("wasm-unsafe-eval'", "")
    assert "wasm-unsafe-eval" not in client.get("/en/2021/exhibits/open-drone/")["Content-Security-Policy"]


def test_the_manifest_names_pictures_boards_and_models_in_both_languages(client, stage):
    answer = client.get("/2021/exhibits/open-drone/manifest.json")
    told = json.loads(answer.content)
    assert iiif_prezi3.Manifest(**told).id.endswith("/2021/exhibits/open-drone/manifest.json")
    assert set(told["label"]) == {"zh-Hans", "en"}
    bodies = [canvas["items"][0]["items"][0]["body"] for canvas in told["items"]]
    assert [body["format"] for body in bodies] == ["image/webp", "image/jpeg"]
    assert bodies[1]["service"][0]["type"] == "ImageService3"
    assert told["rendering"][0]["format"] == "model/gltf-binary"
    assert answer["Access-Control-Allow-Origin"] == "*"
    for code in ("draft-bj", "embargoed", "planned"):
        assert client.get(f"/2021/exhibits/{code}/manifest.json").status_code == 404


def test_what_is_not_made_yet_is_not_on_the_stage(client, world, stage):
    file = masters.attachment(cube(2), "other.glb", "model", title_en="Rotor of tomorrow")
    ExhibitAttachment.objects.create(exhibit=Exhibit.objects.get(code="open-drone"), attachment=file, sort_order=9)
    deriving.note([file.pk])
    assert "Rotor of tomorrow" not in client.get("/en/2021/exhibits/open-drone/").content.decode()
    assert Attachment.objects.get(pk=file.pk).derived.state == Derived.State.WAITING


# ---------------------------------------------------------------- films, sounds, panoramas, turntables
@pytest.fixture
def shown(world, settings) -> dict[str, dict[str, Derived]]:
    """A film, a sound, a panorama and a turntable on an open and an embargoed exhibit."""
    settings.DERIVED_ROOT = str(Path(settings.MEDIA_ROOT) / "derived")
    return once(make_shown)


def make_shown() -> dict[str, dict[str, Derived]]:
    files = (
        ("video", "film.mp4", clips.film(".mp4", "640x360", 10, 1)), ("audio", "talk.wav", clips.sound()),
        ("panorama", "hall.jpg", clips.equirect(1024)), ("turntable", "turn.zip", clips.turntable()),
    )  # fmt: skip
    return attached(("open-drone", "embargoed"), files)


def of_all(rows: dict[str, Derived]) -> list[str]:
    """Every way to what is made."""
    film, pano, turn = rows["video"], rows["panorama"], rows["turntable"]
    pieces = [(pano, "tiles", f"1/{face}0_0.webp") for face in "frblud"] + [(turn, "frames", name) for name in ("full/1.webp", "phone/12.webp")]
    return [
        film.url("360.mp4"), film.poster, *(source.address for source in rows["audio"].sources), pano.url("flat.webp"), pano.poster,
        turn.poster, *(reverse("media:piece", args=[row.attachment_id, row.made, pack, name]) for row, pack, name in pieces),
    ]  # fmt: skip


def test_what_is_made_is_there_for_everybody_once_it_is_released_and_before_for_nobody(client, shown):
    for way in of_all(shown["open-drone"]):
        answer = asked(client, way)
        assert answer.status_code == 200, way
        assert "immutable" in answer["Cache-Control"]
    for way in of_all(shown["embargoed"]):
        assert asked(client, way).status_code == 404, way
    rows = shown["open-drone"]
    for name in ("1/x0_0.webp", "9/f9_9.webp", "../facts.json", "full/1.webp"):
        assert client.get(reverse("media:piece", args=[rows["panorama"].attachment_id, rows["panorama"].made, "tiles", name])).status_code == 404
    other = reverse("media:piece", args=[rows["panorama"].attachment_id, rows["panorama"].made, "frames", "full/1.webp"])
    assert client.get(other).status_code == 404


def test_players_seek_in_films(client, shown):
    way = shown["open-drone"]["video"].url("360.mp4")
    whole = asked(client, way).body
    answer = client.get(way, headers={"Range": "bytes=100-299"})
    assert (answer.status_code, answer["Content-Range"]) == (206, f"bytes 100-299/{len(whole)}")
    assert b"".join(answer) == whole[100:300]
    assert client.get(way, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416


def test_masters_stay_in_the_house_and_whoever_asks_for_a_film_gets_what_is_made(client, world, shown):
    for kind, row in shown["open-drone"].items():
        row.attachment.refresh_from_db()
        answer = client.get(row.attachment.url)
        if kind in ("video", "audio"):
            assert answer.status_code == 302
            assert asked(client, answer["Location"])["Content-Type"] in ("video/mp4", "audio/mp4")
        else:
            assert answer.status_code == 404
    for row in shown["embargoed"].values():
        assert client.get(row.attachment.url).status_code == 404
    staff = Client()
    staff.force_login(world.user("boss@example.org", is_superuser=True, is_staff=True))
    row = shown["open-drone"]["video"]
    assert asked(staff, row.attachment.url).body == Path(row.attachment.file.path).read_bytes()


def test_the_stage_shows_all_of_them_and_loads_nothing(client, shown):
    page = client.get("/en/2021/exhibits/open-drone/").content.decode()
    rows = shown["open-drone"]
    assert page.count("data-panel=") == 5
    assert f'<source src="{rows["video"].url("360.mp4")}" type="video/mp4">' in page
    assert f'<source src="{rows["audio"].url("sound.m4a")}" type="audio/mp4">' in page
    assert 'preload="none"' in page
    assert "autoplay" not in page
    for kind, words in (("panorama", ("data-cube", "pannellum")), ("turntable", ("data-turntable", "turntable.js"))):
        way = reverse("exhibition:frame", args=["2021", "open-drone", rows[kind].attachment_id])
        frame = client.get(way).content.decode()
        for word in words:
            assert word in frame
            assert word not in page
        hidden = reverse("exhibition:frame", args=["2021", "embargoed", shown["embargoed"][kind].attachment_id])
        assert client.get(hidden).status_code == 404
    # Films and sounds play in the page itself.
    assert client.get(reverse("exhibition:frame", args=["2021", "open-drone", rows["video"].attachment_id])).status_code == 404


def test_notes_on_a_model_are_read_beside_it_and_stand_in_the_viewer(client, world, stage):
    row = stage["open-drone"]["model"]
    row.attachment.notes.create(label_zh="旋翼", label_en="Rotor", text_zh="四片桨叶", text_en="Four <blades>", x=0, y=0.5, z=0.1, normal_x=0, normal_y=1, normal_z=1)
    hidden = stage["embargoed"]["model"]
    hidden.attachment.notes.create(label_zh="绝密", label_en="Topsecret", x=0, y=0, z=0)
    page = client.get("/en/2021/exhibits/open-drone/").content.decode()
    assert "Rotor" in page
    assert "Four &lt;blades&gt;" in page
    assert "旋翼" in client.get("/2021/exhibits/open-drone/").content.decode()
    frame = client.get("/en" + reverse("exhibition:frame", args=["2021", "open-drone", row.attachment_id])).content.decode()
    assert 'data-position="0.00000m 0.50000m 0.10000m"' in frame
    assert 'data-down="45.0"' in frame
    assert "<blades>" not in frame
    assert "Topsecret" not in page + frame
