"""What is made of films, sounds, panoramas and turntables: by the real tools, of real files."""

import io
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from everhall.engines import film as films
from everhall.engines.hls import boxes
from everhall.media import deriving
from everhall.media.making import packs
from everhall.media.making.ffmpeg import heard_by
from everhall.media.models import Attachment, Derived
from tests.media import clips, masters
from tests.models3d import cube as model

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


FACES = {"f": "Front", "r": "Right", "b": "Back", "l": "Left", "u": "Up", "d": "Down"}


@pytest.fixture(autouse=True)
def _folders(settings, tmp_path):
    settings.DERIVED_ROOT = str(tmp_path / "derived")
    settings.MEDIA_ROOT = str(tmp_path / "media")


def made(data: bytes, name: str, kind: str) -> Derived:
    attachment = masters.attachment(data, name, kind)
    deriving.note([attachment.pk])
    row = deriving.next_waiting()
    assert row is not None
    return deriving.make(row)


def place(row: Derived) -> Path:
    return deriving.folder_of(row.attachment_id, row.made)


def names(row: Derived) -> set[str]:
    return {path.name for path in place(row).iterdir()}


# ---------------------------------------------------------------- films
def test_a_film_becomes_a_ladder_that_begins_at_once_and_says_nothing_of_its_maker(db):
    data = clips.film()
    row = made(data, "film.mp4", "video")
    assert (row.state, row.fault) == (Derived.State.READY, {})
    assert names(row) == {"720.mp4", "360.mp4", "poster.webp", "facts.json"}
    assert [(r["side"], r["width"], r["height"]) for r in row.facts["rungs"]] == [(720, 1280, 720), (360, 640, 360)]
    assert row.facts["seconds"] == pytest.approx(2, abs=0.2)
    for rung in ("720.mp4", "360.mp4"):
        path = place(row) / rung
        found = films.film_of(heard_by(path))
        assert found is not None
        assert found.has_sound
        # The index comes before the pictures, or nothing plays until all of it is there.
        kinds = [box.kind for box in boxes.Splitter().feed(path.read_bytes())]
        assert kinds.index("moov") < kinds.index("mdat")
        assert b"FilmedInSomebodysHome" not in path.read_bytes()
    assert b"FilmedInSomebodysHome" in data
    assert (place(row) / "poster.webp").stat().st_size <= 60_000
    assert Path(row.attachment.file.path).read_bytes() == data


@pytest.mark.parametrize(
    ("data", "name", "sizes"),
    [
        (clips.turned, "phone.mov", [(720, 1280), (360, 640)]),
        (lambda: clips.film(".webm", "640x480", 10, 1, sound=False), "old.webm", [(640, 480), (480, 360)]),
        (lambda: clips.film(".mkv", "320x240", 10, 1), "tiny.mkv", [(320, 240)]),
        (lambda: clips.film(".avi", "1920x1080", 5, 1, sound=False), "wide.avi", [(1920, 1080), (1280, 720), (640, 360)]),
    ],
    ids=["upright", "webm-without-sound", "small", "large"],
)  # fmt: skip
def test_whatever_a_camera_writes_is_played_everywhere_and_never_made_larger(db, data, name, sizes):
    row = made(data(), name, "video")
    assert row.state == Derived.State.READY, row.fault
    assert [(r["width"], r["height"]) for r in row.facts["rungs"]] == sizes
    said = heard_by(place(row) / f"{row.facts['rungs'][-1]['side']}.mp4")
    assert re.search(r"Video: h264 \(High\).*yuv420p", said)


def test_a_bright_film_is_made_for_ordinary_screens(db):
    bright = clips.film(
        ".mkv", "640x360", 10, 1, "-vf", "scale=out_color_matrix=bt2020nc,format=yuv420p10le,setparams=color_primaries=bt2020:color_trc=arib-std-b67:colorspace=bt2020nc:range=tv",
        "-pix_fmt", "yuv420p10le", sound=False,
    )  # fmt: skip
    found = films.film_of("Input #0\n Duration: 00:00:01.00\n Stream #0:0: Video: hevc, yuv420p10le(tv, bt2020nc/bt2020/arib-std-b67), 640x360, 10 fps")
    assert found is not None
    assert found.bright
    row = made(bright, "phone.mkv", "video")
    assert row.state == Derived.State.READY, row.fault
    assert "yuv420p(" in heard_by(place(row) / "360.mp4") or "yuv420p," in heard_by(place(row) / "360.mp4")


def test_a_film_that_was_cut_short_is_faulty_and_the_former_one_stays(db):
    row = made(clips.film(".mp4", "640x360", 25, 4, "-movflags", "+faststart"), "film.mp4", "video")
    before = row.made
    whole = clips.film(".mp4", "640x360", 25, 5, "-movflags", "+faststart")
    again = masters.attachment(whole[: len(whole) // 2], "half.mp4", "video")
    row.attachment.file = again.file
    row.attachment.save()
    deriving.note([row.attachment_id])
    row = deriving.make(deriving.next_waiting([row.attachment_id]))
    assert (row.state, row.fault["kind"]) == (Derived.State.FAULTY, "cut-short")
    assert row.made == before
    assert (place(row) / "360.mp4").exists()


def test_a_head_that_lies_about_its_length_is_found_out(db):
    """Ten minutes are claimed, two seconds are there."""
    data = bytearray(clips.film(".mp4", "320x240", 10, 2))
    for kind, at in ((b"mvhd", 20), (b"tkhd", 24), (b"mdhd", 20)):
        start = 0
        while (found := data.find(kind, start)) >= 0:
            value = int.from_bytes(data[found + at : found + at + 4], "big")
            data[found + at : found + at + 4] = (value * 300).to_bytes(4, "big")
            start = found + 4
    row = made(bytes(data), "film.mp4", "video")
    assert row.state == Derived.State.FAULTY or row.facts["seconds"] == pytest.approx(2, abs=0.3)


# ---------------------------------------------------------------- sounds
@pytest.mark.parametrize("ending", [".wav", ".flac", ".mp3", ".ogg", ".m4a"])
def test_a_sound_is_made_for_all_players_with_its_waveform(db, ending):
    row = made(clips.sound(ending), f"talk{ending}", "audio")
    assert (row.state, row.fault) == (Derived.State.READY, {})
    assert names(row) == {"sound.m4a", "sound.mp3", "facts.json"}
    assert [source.type for source in row.sources] == ["audio/mp4", "audio/mpeg"]
    assert row.poster == ""
    peaks = row.facts["peaks"]
    assert len(peaks) == 160
    assert 0.05 < max(peaks) <= 1
    assert row.facts["seconds"] == pytest.approx(2, abs=0.2)


def test_the_sound_of_a_film_is_taken_where_a_sound_is_wanted(db):
    row = made(clips.film(), "talk.mp4", "audio")
    assert (row.state, names(row)) == (Derived.State.READY, {"sound.m4a", "sound.mp3", "facts.json"})


# ---------------------------------------------------------------- panoramas
def tile(row: Derived, name: str) -> np.ndarray:
    body = packs.read(place(row) / "tiles.zip", name)
    assert body is not None, name
    return np.asarray(Image.open(io.BytesIO(body)).convert("RGB")).astype(int)


def faces_are_right(row: Derived) -> None:
    """Red grows clockwise from behind, green from above to below: as the picture was drawn."""
    middle = {face: tile(row, f"1/{face}0_0.webp")[256, 256] for face in "frblud"}
    assert middle["f"][0] == pytest.approx(128, abs=12)
    assert middle["r"][0] == pytest.approx(191, abs=12)
    assert middle["l"][0] == pytest.approx(64, abs=12)
    assert middle["u"][1] < 20
    assert middle["d"][1] > 235
    left, right = tile(row, "1/f0_0.webp")[256, [2, 509]]
    assert left[0] == pytest.approx(96, abs=12)
    assert right[0] == pytest.approx(159, abs=12)


def test_a_panorama_becomes_tiles_a_flat_picture_and_a_poster(db):
    row = made(clips.with_place(clips.equirect(4096)), "hall.jpg", "panorama")
    assert (row.state, row.fault) == (Derived.State.READY, {})
    assert names(row) == {"tiles.zip", "flat.webp", "poster.webp", "facts.json"}
    assert (row.facts["cube"], row.facts["levels"], row.facts["tiles"]) == (1024, 2, 30)
    faces_are_right(row)
    with Image.open(place(row) / "flat.webp") as flat:
        assert flat.size == (4096, 2048)
    assert (place(row) / "poster.webp").stat().st_size <= 60_000
    # Neither the place nor the camera leaves the house.
    with zipfile.ZipFile(place(row) / "tiles.zip") as archive:
        bodies = [archive.read(name) for name in archive.namelist()]
    for body in [*bodies, (place(row) / "flat.webp").read_bytes(), (place(row) / "poster.webp").read_bytes()]:
        assert b"CameraOfSomebody" not in body
        assert not Image.open(io.BytesIO(body)).getexif()


@pytest.mark.parametrize(
    "named",
    [
        lambda face: f"{face}.jpg",
        lambda face: {"f": "posz", "r": "posx", "b": "negz", "l": "negx", "u": "posy", "d": "negy"}[face] + ".jpg",
        lambda face: f"pano/Hall A_{FACES[face]}.jpg",
    ],
)
def test_six_faces_of_a_cube_are_taken_by_any_of_their_names(db, named):
    row = made(clips.cube(named), "hall.zip", "panorama")
    assert row.state == Derived.State.READY, row.fault
    assert row.facts["cube"] == 512
    faces_are_right(row)
    with Image.open(place(row) / "flat.webp") as flat:
        assert flat.getpixel((flat.width // 4, flat.height // 2))[0] == pytest.approx(64, abs=12)


# ---------------------------------------------------------------- turntables
def test_a_turntable_keeps_the_order_of_its_names_and_one_size(db):
    row = made(clips.turntable(), "turn.zip", "turntable")
    assert (row.state, row.fault) == (Derived.State.READY, {})
    assert names(row) == {"frames.zip", "poster.webp", "facts.json"}
    assert row.facts["count"] == 12
    for n in (1, 2, 10, 12):
        body = packs.read(place(row) / "frames.zip", f"full/{n}.webp")
        assert body is not None
        pixels = np.asarray(Image.open(io.BytesIO(body)).convert("RGB")).astype(int)
        reddest = (pixels[:, :, 0] - pixels[:, :, 1]).mean(0).argmax()
        assert reddest // 20 == n - 1


# ---------------------------------------------------------------- the site that was updated
def test_films_that_came_before_are_wanted_at_start(db):
    from django.utils import timezone

    film = masters.attachment(clips.film(), "film.mp4", "video")
    assert not Derived.objects.exists()
    deriving.begin_anew(timezone.now())
    assert Derived.objects.get().attachment_id == film.pk
    deriving.begin_anew(timezone.now())
    assert Derived.objects.count() == 1


def test_a_kind_that_changes_is_made_anew_and_a_document_of_nothing(db):
    row = made(clips.film(), "film.mp4", "video")
    Attachment.objects.filter(pk=row.attachment_id).update(kind="audio")
    deriving.note([row.attachment_id])
    again = deriving.make(deriving.next_waiting())
    assert names(again) == {"sound.m4a", "sound.mp3", "facts.json"}
    Attachment.objects.filter(pk=row.attachment_id).update(kind="document")
    deriving.note([row.attachment_id])
    assert not Derived.objects.exists()


def test_notes_make_nothing_anew(db):
    row = made(model(), "cube.glb", "model")
    row.attachment.notes.create(label_zh="顶面", x=0, y=0.5, z=0, normal_x=0, normal_y=1, normal_z=0)
    row.refresh_from_db()
    assert row.state == Derived.State.READY
