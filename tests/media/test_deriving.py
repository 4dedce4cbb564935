"""What is made of masters: by the real tools, on a real database; told, replaced and begun anew as promised."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.utils import timezone

from everhall.engines import glb, iiif
from everhall.media import deriving
from everhall.media.making import packs
from everhall.media.models import Attachment, Derived
from tests.media import masters
from tests.models3d import cube

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


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


def test_a_model_is_made_for_screens_and_phones_with_a_poster(db):
    row = made(cube(), "cube.glb", "model")
    assert (row.state, row.fault, row.progress) == (Derived.State.READY, {}, 100)
    assert row.facts["checked"]["errors"] == 0
    assert row.facts["phone"]["fits"]
    assert row.facts["phone"]["triangles"] == 12
    assert row.facts["sides"] == pytest.approx([1, 1, 1])
    names = {path.name for path in place(row).iterdir()}
    assert names == {"full.glb", "phone.glb", "poster.webp", "facts.json"}
    assert "EXT_meshopt_compression" in glb.parse((place(row) / "phone.glb").read_bytes()).document["extensionsRequired"]
    assert (place(row) / "poster.webp").stat().st_size < 60_000


def test_shapes_of_engineers_become_models(db):
    stl = b"solid t\n" + b"".join(
        b"facet normal 0 0 1\nouter loop\nvertex 0 0 %d\nvertex 900 0 %d\nvertex 0 900 %d\nendloop\nendfacet\n" % (n, n, n)
        for n in range(4)
    ) + b"endsolid t\n"  # fmt: skip
    row = made(stl, "part.stl", "model")
    assert row.state == Derived.State.READY, row.fault
    assert (place(row) / "master.glb").exists()
    # Millimetres, and z was up.
    assert row.facts["sides"] == pytest.approx([0.9, 0.003, 0.9])


def test_a_board_is_made_into_exactly_the_tiles_that_it_offers(db):
    row = made(masters.poster(1300, 900), "board.jpg", "board")
    assert row.state == Derived.State.READY, row.fault
    (page,) = row.pages
    assert (page["width"], page["height"]) == (1300, 900)
    for name in (*iiif.tile_names(1300, 900), *iiif.whole_names(1300, 900)):
        assert (packs.read(place(row) / "1.zip", name) or b"").startswith(b"\xff\xd8"), name
    assert packs.read(place(row) / "1.zip", "../facts.json") is None
    assert (place(row) / "1.webp").stat().st_size <= 60_000


def test_each_page_of_a_pdf_is_a_page_of_the_board(db):
    row = made(masters.pdf(2), "board.pdf", "board")
    assert [(p["width"], p["height"]) for p in row.pages] == [(1112, 834)] * 2
    assert {"1.zip", "2.zip", "1.webp", "2.webp", "facts.json"} == {path.name for path in place(row).iterdir()}


def test_what_the_validator_or_the_decoder_refuses_is_told(db):
    broken = cube().replace(b'"componentType":5125', b'"componentType":5126')
    row = made(broken, "cube.glb", "model")
    assert (row.state, row.fault["kind"]) == (Derived.State.FAULTY, "invalid")
    assert row.fault["errors"][0]["code"]
    half = masters.poster()
    row = made(half[: len(half) // 2], "board.jpg", "board")
    assert (row.state, row.fault["kind"]) == (Derived.State.FAULTY, "cut-short")


def test_a_faulty_new_master_leaves_the_former_on_the_stage(db):
    row = made(masters.poster(), "board.jpg", "board")
    before = row.made
    attachment = row.attachment
    attachment.file.save("board.jpg", masters.ContentFile(masters.poster(800, 600)[:4000]))
    deriving.note([attachment.pk])
    row = deriving.make(deriving.next_waiting())
    assert row.state == Derived.State.FAULTY
    assert row.made == before
    assert row.pages[0]["width"] == 1300
    assert (place(row) / "1.zip").exists()
    # Taken back to what it was, nothing has to be made.
    attachment.file.save("board.jpg", masters.ContentFile(masters.poster()))
    deriving.note([attachment.pk])
    assert deriving.next_waiting() is None
    row.refresh_from_db()
    assert (row.state, row.fault) == (Derived.State.READY, {})


def test_nobody_makes_twice_and_what_died_is_begun_anew(db):
    attachment = masters.attachment(masters.poster(300, 200), "board.jpg", "board")
    deriving.note([attachment.pk])
    deriving.note([attachment.pk])
    row = deriving.next_waiting()
    assert deriving.next_waiting() is None
    now = timezone.now()
    assert deriving.begin_anew(now) == 0
    half = deriving.folder_of(attachment.pk, f".{row.wanted}.1")
    half.mkdir(parents=True)
    assert deriving.begin_anew(now + dt.timedelta(hours=1)) == 1
    row = deriving.make(deriving.next_waiting())
    assert row.state == Derived.State.READY
    assert not half.exists()
    # A folder that is gone (a restored backup has none) is made again.
    (place(row) / "facts.json").unlink()
    assert deriving.begin_anew(now) == 1


def test_a_file_that_changes_while_it_is_made_is_made_again(db):
    attachment = masters.attachment(masters.poster(300, 200), "board.jpg", "board")
    deriving.note([attachment.pk])
    row = deriving.next_waiting()
    attachment.file.save("board.jpg", masters.ContentFile(masters.poster(320, 200)))
    deriving.note([attachment.pk])
    deriving.make(row)
    again = Derived.objects.get()
    assert again.made == ""
    row = deriving.make(deriving.next_waiting())
    assert row.pages[0]["width"] == 320
    assert json.loads((place(row) / "facts.json").read_text())["pages"][0]["width"] == 320


def test_another_kind_or_a_deleted_file_leaves_nothing(db):
    row = made(masters.poster(300, 200), "board.jpg", "board")
    folder = place(row).parent
    Attachment.objects.filter(pk=row.attachment_id).update(kind="document")
    deriving.note([row.attachment_id])
    assert not Derived.objects.exists()
    Attachment.objects.all().delete()
    deriving.note([row.attachment_id])
    assert not folder.exists()


def test_made_again_by_hand_it_gets_another_address(db):
    row = made(masters.poster(300, 200), "board.jpg", "board")
    before = row.made
    deriving.make_anew(row)
    row.refresh_from_db()
    assert (row.state, row.made) == (Derived.State.WAITING, before)
    row = deriving.make(deriving.next_waiting())
    assert row.made == f"{before}-1"
    deriving.note([row.attachment_id])
    assert deriving.next_waiting() is None
