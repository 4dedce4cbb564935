"""Sheets and what opens with the launch: the cell says `launch`, whatever moment the ceremony has set or not set yet."""

import datetime as dt

import pytest
from django.utils import timezone

from everhall.editions import import_undo, imports
from everhall.editions.models import LaunchMoment
from everhall.editions.rules import NOT_YET
from everhall.exhibition.models import Exhibit
from tests.imports.test_exhibits import (  # noqa: F401 - `w` is a fixture
    check,
    run,
    sheet,
    w,
)

pytestmark = pytest.mark.django_db

HEAD = ["code", "name_zh", "embargo_until"]
T0 = dt.datetime(2021, 10, 19, 2, tzinfo=dt.UTC)


def embargo(code: str) -> tuple[bool, dt.datetime | None]:
    return Exhibit.objects.values_list("opens_with_launch", "embargo_until").get(code=code)


def exported(w, path):  # noqa: F811
    ask = imports.ask_of(None, w.editions["2021"], None, publish=False, now=timezone.now())
    count = imports.export(imports.kinds()["exhibits"], ask, path)
    return count, path.read_text(encoding="utf-8-sig") if path.suffix == ".csv" else ""


@pytest.mark.parametrize("word", ["launch", "Launch", "启动仪式"])
def test_the_word_marks_it_and_nobody_sees_it_yet(w, tmp_path, word):  # noqa: F811
    run(w, sheet(tmp_path / "s.xlsx", ["e-1", "一", word], head=HEAD))
    assert embargo("e-1") == (True, NOT_YET)


@pytest.mark.parametrize("at", [None, T0])
def test_exported_imported_exported_it_is_the_same(w, tmp_path, at):  # noqa: F811
    LaunchMoment.objects.update_or_create(edition=w.editions["2021"], defaults={"at": at})
    run(w, sheet(tmp_path / "s.xlsx", ["e-1", "一", "launch"], ["e-2", "二", "2021-10-19 14:30"], head=HEAD))
    assert embargo("e-1") == (True, at or NOT_YET)
    count, first = exported(w, tmp_path / "first.csv")
    assert "launch" in first
    assert "2999" not in first
    for name in ("first.csv", "first.xlsx"):
        exported(w, tmp_path / name)
        _, found = run(w, tmp_path / name, venue=None)
        assert (found.read, found.created, found.updated, found.problems) == (count, 0, 0, [])
    Exhibit.objects.filter(code__in=["e-1", "e-2"]).delete()
    (tmp_path / "again.csv").write_text(first, encoding="utf-8")
    run(w, tmp_path / "again.csv", venue=None)
    assert embargo("e-1") == (True, at or NOT_YET)
    assert exported(w, tmp_path / "second.csv")[1] == first


def test_a_moment_or_nothing_takes_the_mark_away(w, tmp_path):  # noqa: F811
    run(w, sheet(tmp_path / "s.xlsx", ["e-1", "一", "launch"], ["e-2", "二", "launch"], ["e-3", "三", "launch"], head=HEAD))
    run(w, sheet(tmp_path / "t.xlsx", ["e-1", "一", "2021-10-19 14:30"], ["e-2", "二", ""], head=HEAD))
    assert embargo("e-1") == (False, dt.datetime(2021, 10, 19, 6, 30, tzinfo=dt.UTC))
    assert embargo("e-2") == (False, None)
    # A sheet without the column leaves it alone.
    run(w, sheet(tmp_path / "u.xlsx", ["e-3", "叁"], head=HEAD[:2]))
    assert embargo("e-3") == (True, NOT_YET)


def test_undone_the_mark_is_as_it_was(w, tmp_path):  # noqa: F811
    run(w, sheet(tmp_path / "s.xlsx", ["e-1", "一", "launch"], head=HEAD))
    batch, _ = run(w, sheet(tmp_path / "t.xlsx", ["e-1", "一", "2021-10-19 14:30"], head=HEAD))
    import_undo.undo(batch, timezone.now())
    assert embargo("e-1") == (True, NOT_YET)


def test_another_word_is_told_with_what_to_write(w, tmp_path):  # noqa: F811
    found = check(w, sheet(tmp_path / "s.xlsx", ["e-1", "一", "soon"], head=HEAD))
    assert [(p.code, p.column) for p in found if p.is_error] == [("not_a_moment", "embargo_until")]
