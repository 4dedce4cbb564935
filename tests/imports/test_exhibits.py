"""Exhibits from sheets: written all or not at all, updated by code, undone as a whole."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image
from wagtail.models import ModelLogEntry, Revision

from everhall.editions import import_undo, imports
from everhall.editions.models import Appointment, ImportBatch
from everhall.engines.sheet_words import Problem
from everhall.exhibition.models import Exhibit, ExhibitPicture, Placement
from everhall.media.models import Picture
from everhall.media.workbook_writing import write_xlsx
from tests import world
from tests.kept import once

pytestmark = pytest.mark.django_db

HEAD = ["code", "name_zh", "name_en", "organisation", "fields", "venue", "hall", "zone", "booth", "order"]


@pytest.fixture
def w(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return once(world.build)


def sheet(path: Path, *rows, head=HEAD) -> Path:
    write_xlsx(path, "exhibits", head, rows)
    return path


def batch_of(w, path, *, kind="exhibits", pictures=None, publish=True, user=None, venue="beijing") -> ImportBatch:
    return ImportBatch.objects.create(
        kind=kind, edition=w.editions["2021"], venue=w.venues[venue] if venue else None, user=user,
        publish=publish, sheet_name=path.name, sheet_path=str(path),
        pictures_name=pictures.name if pictures else "", pictures_path=str(pictures or ""),
        created_at=timezone.now(),
    )


def run(w, path, **kwargs):
    batch = batch_of(w, path, **kwargs)
    return batch, imports.apply(batch, timezone.now())


def check(w, path, *, user=None, venue="beijing", pictures=None, kind="exhibits") -> list[Problem]:
    ask = imports.ask_of(user, w.editions["2021"], w.venues[venue] if venue else None, publish=True, now=timezone.now())
    return imports.Run(imports.kinds()[kind], ask).check(path, pictures).problems


def png(colour="#804020", size=(40, 30)) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", size, colour).save(data, "PNG")
    return data.getvalue()


def zipped(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


ROW = ["bj-a-001", "芯片", "Chip", "skylark", "drones;ai", "beijing", "indoor", "a", "A-01", 1]


def test_a_new_row_becomes_a_published_exhibit_in_its_place(w, tmp_path):
    batch, found = run(w, sheet(tmp_path / "s.xlsx", ROW))
    exhibit = Exhibit.objects.get(code="bj-a-001")
    place = Placement.objects.get(exhibit=exhibit)
    assert (exhibit.live, exhibit.name_en, exhibit.organisation.code) == (True, "Chip", "skylark")
    assert {f.code for f in exhibit.fields.all()} == {"drones", "ai"}
    assert (place.venue.code, place.zone.code, place.booth, exhibit.steward) == (
        "beijing", "a", "A-01", w.venues["beijing"],
    )
    assert (batch.state, found.created) == ("applied", 1)
    assert ModelLogEntry.objects.filter(object_id=str(exhibit.pk), action="wagtail.create").count() == 1


def test_one_wrong_row_keeps_all_rows_out(w, tmp_path):
    before = Exhibit.objects.count()
    path = sheet(tmp_path / "s.xlsx", ROW, ["bj-a-002", "", "", "nobody", "magic", "beijing", "", "q", "", "x"])
    with pytest.raises(imports.HasErrors) as wrong:
        run(w, path)
    told = {(p.row, p.column, p.code) for p in wrong.value.found.problems}
    assert (3, "name_zh", "required") in told
    assert (3, "order", "not_a_number") in told
    assert Exhibit.objects.count() == before
    assert ImportBatch.objects.get().state == "refused"


def test_references_are_told_with_row_and_column(w, tmp_path):
    path = sheet(tmp_path / "s.xlsx", ["x-1", "名", "N", "nobody", "magic", "beijing", "", "q", "", 1])
    told = {(p.row, p.column, p.code) for p in check(w, path)}
    assert told == {
        (2, "organisation", "unknown_reference"), (2, "fields", "unknown_reference"),
        (2, "zone", "unknown_reference"),
    }


def test_the_same_sheet_again_changes_nothing(w, tmp_path):
    path = sheet(tmp_path / "s.xlsx", ROW)
    run(w, path)
    _, found = run(w, path)
    assert (found.created, found.updated, Exhibit.objects.filter(code="bj-a-001").count()) == (0, 0, 1)


def test_an_exported_sheet_sent_back_changes_nothing(w, tmp_path):
    run(w, sheet(tmp_path / "s.xlsx", ["bj-a-001", "=1+1", "-dash", "", "", "beijing", "", "", "+1", 1]))
    for name in ("out.xlsx", "out.csv"):
        ask = imports.ask_of(None, w.editions["2021"], None, publish=False, now=timezone.now())
        count = imports.export(imports.kinds()["exhibits"], ask, tmp_path / name)
        _, found = run(w, tmp_path / name, venue=None)
        assert (found.read, found.created, found.updated, found.problems) == (count, 0, 0, [])


def test_a_column_that_is_absent_is_left_alone(w, tmp_path):
    _, found = run(w, sheet(tmp_path / "s.xlsx", ["open-drone", "新名"], head=["code", "name_zh"]))
    exhibit = Exhibit.objects.get(code="open-drone")
    assert (exhibit.name_zh, exhibit.name_en, found.updated) == ("新名", "Hexacopter inspection drone", 1)


def test_undo_deletes_what_was_made_and_restores_what_was_changed(w, tmp_path):
    old = Exhibit.objects.get(code="open-drone")
    place = Placement.objects.get(exhibit=old)
    path = sheet(tmp_path / "s.xlsx", ROW, ["open-drone", "新名", "New", "", "ai", "beijing", "", "", "Z-9", 99])
    batch, _ = run(w, path)
    assert Exhibit.objects.get(code="open-drone").organisation is None
    assert import_undo.undo(batch, timezone.now()) == []
    assert not Exhibit.objects.filter(code="bj-a-001").exists()
    new = Exhibit.objects.get(code="open-drone")
    now = Placement.objects.get(exhibit=new)
    assert (new.name_zh, new.organisation, new.live) == (old.name_zh, old.organisation, True)
    assert [f.code for f in new.fields.all()] == ["drones"]
    assert (now.zone_id, now.booth, now.order) == (place.zone_id, place.booth, place.order)
    assert ExhibitPicture.objects.filter(exhibit=new).count() == 1
    assert batch.state == "undone"


def test_undo_leaves_what_somebody_changed_since(w, tmp_path):
    batch, _ = run(w, sheet(tmp_path / "s.xlsx", ROW))
    exhibit = Exhibit.objects.get(code="bj-a-001")
    exhibit.name_zh = "后来改的"
    exhibit.save()
    left = import_undo.undo(batch, timezone.now())
    assert [(p.code, p.value) for p in left] == [("changed_since", "bj-a-001")]
    assert Exhibit.objects.filter(code="bj-a-001").exists()


def test_pictures_come_with_the_exhibit_and_go_with_the_undo(w, tmp_path):
    path = sheet(tmp_path / "s.xlsx", ["bj-a-001", "芯片", "wing.png;b.png"], head=["code", "name_zh", "pictures"])
    batch, _ = run(w, path, pictures=zipped(tmp_path / "p.zip", **{"图/Wing.PNG": png(), "b.png": png("red")}))
    exhibit = Exhibit.objects.get(code="bj-a-001")
    pictures = [row.picture for row in exhibit.pictures.all()]
    assert [p.title for p in pictures] == ["wing.png", "b.png"]
    assert pictures[0].width == 40
    names = [p.file.name for p in pictures]
    assert all(default_storage.exists(name) for name in names)
    # Sent again without the zip, the names mean what the exhibit holds.
    _, again = run(w, path)
    assert (again.updated, again.errors) == (0, 0)
    import_undo.undo(batch, timezone.now())
    assert not Picture.objects.filter(title="wing.png").exists()
    assert not any(default_storage.exists(name) for name in names)


def test_bad_pictures_are_told_by_row_and_nothing_is_kept(w, tmp_path):
    path = sheet(
        tmp_path / "s.xlsx", ["a-1", "一", "x.svg"], ["a-2", "二", "cut.png"], ["a-3", "三", "none.png"],
        head=["code", "name_zh", "pictures"],
    )
    files = zipped(tmp_path / "p.zip", **{"x.svg": b"<svg><script/></svg>", "cut.png": png(size=(400, 400))[:-40]})
    told = {(p.row, p.column, p.code) for p in check(w, path, pictures=files) if p.is_error}
    assert told == {
        (2, "pictures", "svg_refused"), (3, "pictures", "picture_broken"), (4, "pictures", "file_not_given"),
    }


def test_an_editor_reaches_only_her_venues_and_makes_drafts(w, tmp_path):
    editor = w.user("editor@example.org")
    Appointment.objects.create(
        user=editor, role="venue_editor", edition=w.editions["2021"], venue=w.venues["beijing"]
    )
    path = sheet(
        tmp_path / "s.xlsx", ROW, ["open-zz", "改名", "", "", "", "zhengzhou", "", "", "", 1],
    )
    told = {(p.row, p.code) for p in check(w, path, user=editor)}
    assert (3, "out_of_reach") in told
    run(w, sheet(tmp_path / "t.xlsx", ROW), user=editor)
    exhibit = Exhibit.objects.get(code="bj-a-001")
    assert (exhibit.live, exhibit.has_unpublished_changes) == (False, True)


def test_an_editor_may_not_take_another_venues_exhibit_by_moving_it(w, tmp_path):
    editor = w.user("editor@example.org")
    Appointment.objects.create(
        user=editor, role="venue_editor", edition=w.editions["2021"], venue=w.venues["beijing"]
    )
    path = sheet(tmp_path / "s.xlsx", ["open-zz", "改名", "", "", "", "beijing", "", "", "", 1])
    assert {p.code for p in check(w, path, user=editor) if p.is_error} == {"held_elsewhere"}


def test_without_the_right_to_publish_the_live_text_stays_and_a_draft_lies_on_top(w, tmp_path):
    editor = w.user("editor@example.org")
    Appointment.objects.create(
        user=editor, role="venue_editor", edition=w.editions["2021"], venue=w.venues["beijing"]
    )
    path = sheet(tmp_path / "s.xlsx", ["open-drone", "草稿名"], head=["code", "name_zh"])
    batch, _ = run(w, path, user=editor)
    exhibit = Exhibit.objects.get(code="open-drone")
    assert (exhibit.name_zh, exhibit.has_unpublished_changes) == ("六旋翼巡检无人机", True)
    draft = exhibit.get_latest_revision_as_object()
    assert draft.name_zh == "草稿名"
    assert [p.picture.title for p in draft.pictures.all()] == ["cover-open-drone"]
    _, again = run(w, path, user=editor)
    assert again.updated == 0
    assert import_undo.undo(batch, timezone.now()) == []
    exhibit.refresh_from_db()
    assert (exhibit.has_unpublished_changes, exhibit.latest_revision) == (False, None)


def test_an_unpublished_draft_is_told_and_the_editor_shows_the_import(w, tmp_path):
    exhibit = Exhibit.objects.get(code="open-drone")
    exhibit.name_en = "A draft name"
    exhibit.save_revision()
    path = sheet(tmp_path / "s.xlsx", ["open-drone", "导入名"], head=["code", "name_zh"])
    batch, found = run(w, path)
    assert [p.code for p in found.problems] == ["draft_beneath"]
    exhibit.refresh_from_db()
    assert (exhibit.name_zh, exhibit.name_en, exhibit.has_unpublished_changes) == ("导入名", "A draft name", False)
    assert exhibit.get_latest_revision_as_object().name_zh == "导入名"
    assert Revision.objects.for_instance(exhibit).count() == 2
    assert import_undo.undo(batch, timezone.now()) == []
    exhibit.refresh_from_db()
    assert (exhibit.name_zh, exhibit.name_en) == ("六旋翼巡检无人机", "Hexacopter inspection drone")
    assert exhibit.has_unpublished_changes
    assert exhibit.get_latest_revision_as_object().name_en == "A draft name"


def test_a_check_writes_nothing_at_all(w, tmp_path, django_assert_num_queries):
    before = {Exhibit: Exhibit.objects.count(), Picture: Picture.objects.count()}
    path = sheet(tmp_path / "s.xlsx", ["bj-a-001", "芯片", "a.png"], head=["code", "name_zh", "pictures"])
    assert check(w, path, pictures=zipped(tmp_path / "p.zip", **{"a.png": png()})) == []
    assert {model: model.objects.count() for model in before} == before
    assert not ImportBatch.objects.exists()
    assert not (Path(default_storage.location) / "original_images" / "a.png").exists()


def test_a_stop_in_the_middle_writes_nothing_and_leaves_no_file(w, tmp_path):
    path = sheet(tmp_path / "s.xlsx", ["bj-a-001", "芯片", "mine.png"], head=["code", "name_zh", "pictures"])
    batch = batch_of(w, path, pictures=zipped(tmp_path / "p.zip", **{"mine.png": png()}))

    def stop_when_stored(stage: str, done: int, total: int) -> None:
        if stage == "writing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        imports.apply(batch, timezone.now(), stop_when_stored)
    batch.refresh_from_db()
    assert batch.state == "stopped"
    assert not Exhibit.objects.filter(code="bj-a-001").exists()
    assert not list(Path(default_storage.location).rglob("mine*.png"))
    imports.apply(batch, timezone.now())
    assert Exhibit.objects.get(code="bj-a-001").pictures.count() == 1


def test_an_embargo_is_on_the_clock_of_the_venue(w, tmp_path):
    run(w, sheet(tmp_path / "s.xlsx", ["e-1", "一", "2021-10-19 14:30"], head=["code", "name_zh", "embargo_until"]))
    moment = Exhibit.objects.get(code="e-1").embargo_until
    assert moment == dt.datetime(2021, 10, 19, 6, 30, tzinfo=dt.UTC)
