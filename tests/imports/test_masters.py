"""Films, models, boards, panoramas and captions in the sheet of exhibits: judged row by row, taken in together, undone together."""

from pathlib import Path

import pytest
from django.utils import timezone

from everhall.editions import import_undo
from everhall.editions.models import ImportBatch
from everhall.exhibition.models import Exhibit, ExhibitAttachment
from everhall.media import deriving, services
from everhall.media.models import Attachment, Caption, Derived
from tests.imports.test_exhibits import check, run, sheet, w, zipped
from tests.media import clips, masters
from tests.models3d import cube

__all__ = ["w"]
pytestmark = [pytest.mark.django_db, pytest.mark.slow]

HEAD = ["code", "name_zh", "venue", "video", "models", "boards", "panoramas", "documents", "captions"]
ROW = ["bj-m-001", "样机", "beijing", "tour.mp4;talk.mp3", "arm.glb;turn.zip", "board.jpg", "hall.jpg", "leaflet.pdf", "tour.zh.srt;tour.en.vtt"]
ZH = "1\n00:00:00,500 --> 00:00:01,500\n样机启动\n".encode("gb18030")
EN = b"WEBVTT\n\n00:00.500 --> 00:01.500\nIt starts\n"


def files(**other: bytes) -> dict[str, bytes]:
    return {
        "tour.mp4": clips.film(".mp4", "320x240", 10, 2), "talk.mp3": clips.sound(".mp3"), "arm.glb": cube(),
        "turn.zip": clips.turntable(), "board.jpg": masters.poster(300, 200), "hall.jpg": clips.equirect(1024),
        "leaflet.pdf": masters.pdf(2), "tour.zh.srt": ZH, "tour.en.vtt": EN,
    } | {name.replace("__", "."): data for name, data in other.items()}  # fmt: skip


def test_all_kinds_come_with_a_row_and_their_captions_with_the_film(w, tmp_path):
    batch, found = run(w, sheet(tmp_path / "s.xlsx", ROW, head=HEAD), pictures=zipped(tmp_path / "f.zip", **files()))
    assert found.created == 1
    rows = ExhibitAttachment.objects.filter(exhibit__code="bj-m-001").select_related("attachment").order_by("sort_order")
    kinds = [row.attachment.kind for row in rows]
    assert kinds == ["model", "turntable", "panorama", "video", "audio", "board", "document"]
    assert {(c.attachment.title, c.language) for c in Caption.objects.all()} == {("tour.mp4", "zh-hans"), ("tour.mp4", "en")}
    assert "样机启动" in Caption.objects.get(language="zh-hans").text
    deriving.note([row.attachment_id for row in rows])
    assert Derived.objects.filter(state="waiting").count() == 6
    assert import_undo.undo(batch, timezone.now()) == []
    assert not Exhibit.objects.filter(code="bj-m-001").exists()
    assert not Attachment.objects.filter(title="arm.glb").exists()
    assert not Caption.objects.exists()


def test_each_bad_file_is_told_with_row_and_column_in_both_languages(w, tmp_path):
    bad = files(
        arm__glb=masters.not_numbers(), board__jpg=masters.MP4, hall__jpg=clips.equirect(1024)[:5000],
        tour__mp4=b"PK\x03\x04 not a film", talk__mp3=cube(), tour__zh__srt=b"hello", leaflet__pdf=b"hello",
    )  # fmt: skip
    found = check(w, sheet(tmp_path / "s.xlsx", ROW, head=HEAD), pictures=zipped(tmp_path / "f.zip", **bad))
    told = {(p.row, p.column, p.value): p for p in found if p.is_error}
    assert set(told) == {
        (2, "models", "arm.glb"), (2, "boards", "board.jpg"), (2, "video", "tour.mp4"), (2, "video", "talk.mp3"),
        (2, "documents", "leaflet.pdf"), (2, "captions", "tour.zh.srt"), (2, "captions", "tour.en.vtt"),
    }  # fmt: skip
    assert "不是数字" in told[2, "models", "arm.glb"].params["what_zh"]
    assert "a film and cannot be a board" in told[2, "boards", "board.jpg"].params["what_en"]
    assert "a 3D model, not a film" in told[2, "video", "talk.mp3"].params["what_en"]
    assert told[2, "captions", "tour.en.vtt"].code == "caption_without_film"
    assert not Attachment.objects.filter(title="tour.mp4").exists()
    assert not ImportBatch.objects.exists()


def test_a_sheet_sent_again_changes_nothing_and_leaves_corrected_captions(w, tmp_path):
    path, enclosed = sheet(tmp_path / "s.xlsx", ROW, head=HEAD), zipped(tmp_path / "f.zip", **files())
    run(w, path, pictures=enclosed)
    film = Attachment.objects.get(title="tour.mp4")
    services.caption(film, "en", "captions", EN.replace(b"It starts", b"It begins"))
    for pictures in (None, enclosed):
        _, found = run(w, path, pictures=pictures)
        assert (found.created, found.updated) == (0, 0)
    assert "It begins" in Caption.objects.get(language="en").text


def test_another_film_takes_the_place_of_one_and_models_stay(w, tmp_path: Path):
    run(w, sheet(tmp_path / "s.xlsx", ROW, head=HEAD), pictures=zipped(tmp_path / "f.zip", **files()))
    less = sheet(tmp_path / "t.xlsx", ["bj-m-001", "样机", "beijing", "other.mp4"], head=HEAD[:4])
    batch, found = run(w, less, pictures=zipped(tmp_path / "g.zip", **{"other.mp4": clips.film(".mp4", "320x240", 10, 1)}))
    assert found.updated == 1
    kinds = list(ExhibitAttachment.objects.filter(exhibit__code="bj-m-001").order_by("sort_order").values_list("attachment__kind", flat=True))
    assert kinds == ["model", "turntable", "panorama", "video", "board", "document"]
    import_undo.undo(batch, timezone.now())
    titles = set(ExhibitAttachment.objects.filter(exhibit__code="bj-m-001").values_list("attachment__title", flat=True))
    assert {"tour.mp4", "talk.mp3", "arm.glb"} <= titles
