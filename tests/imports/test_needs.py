"""Equipment and travel times come in by sheet, and what sessions need: dry run, report, rights, undo, and out again as they were."""

import datetime as dt

import pytest
from django.utils import timezone

from everhall.editions import import_undo
from everhall.engines import clashes
from everhall.programme import queries
from everhall.programme.models import Equipment, Session, SessionNeed, TravelTime
from tests.imports.test_desk import w
from tests.imports.test_exhibits import check, run, sheet
from tests.imports.test_rights import editor_of

__all__ = ["w"]
pytestmark = pytest.mark.django_db
NOW = timezone.now()
NEEDS = ["code", "needs"]


def things(tmp_path, *rows):
    return sheet(tmp_path / "things.xlsx", *rows, head=["code", "name_zh", "count"])


@pytest.fixture
def two(w):
    """Two sessions at once in Beijing."""
    first = Session.objects.filter(activity__venue=w.venues["beijing"], activity__live=True).first()
    return first, Session.objects.create(activity=first.activity, code="at-once", starts_at=first.starts_at, ends_at=first.ends_at)


def test_what_sessions_need_comes_in_is_judged_by_the_board_and_is_taken_back(w, two, tmp_path):
    run(w, things(tmp_path, ["beijing/booths", "同传间", 1], ["park-haidian/van", "转播车", 2]), kind="equipment")
    # At one's own venue by its code alone, at another by both; without a count it is one.
    path = sheet(tmp_path / "s.xlsx", [two[0].code, "booths"], [two[1].code, "booths；park-haidian/van*2"], head=NEEDS)
    batch, _found = run(w, path, kind="sessions")
    assert dict(SessionNeed.objects.values_list("equipment__code", "count").filter(session=two[1])) == {"booths": 1, "van": 2}
    found = queries.board_of(w.editions["2021"]).having(two[1].pk)
    assert [clash.minutes for clash in found if clash.kind == clashes.EQUIPMENT] == [1], "one short"
    again = check(w, path, kind="sessions")
    assert [problem for problem in again if problem.is_error] == []
    before = set(SessionNeed.objects.values_list("pk", flat=True))
    run(w, path, kind="sessions")
    assert set(SessionNeed.objects.values_list("pk", flat=True)) == before, "the same sheet changes nothing"
    assert import_undo.undo(batch, NOW) == []
    assert not SessionNeed.objects.exists()


def test_a_session_that_comes_with_its_needs_goes_with_them_and_equipment_in_use_stays(w, two, tmp_path):
    first, _found = run(w, things(tmp_path, ["beijing/booths", "同传间", 1], ["beijing/unused", "备用", 1]), kind="equipment")
    head = ["code", "activity", "starts_at", "ends_at", "needs"]
    path = sheet(tmp_path / "s.xlsx", ["with-needs", two[0].activity.code, "2021-10-20 09:00", "2021-10-20 10:00", "booths*1"], head=head)
    batch, _found = run(w, path, kind="sessions")
    assert [problem.code for problem in import_undo.undo(first, NOW)] == ["used_since"]
    assert list(Equipment.objects.values_list("code", flat=True)) == ["booths"]
    assert import_undo.undo(batch, NOW) == []
    assert not Session.objects.filter(code="with-needs").exists()


@pytest.mark.parametrize(
    ("kind", "head", "row", "code"),
    [
        ("equipment", ["code", "name_zh"], ["booths", "同传间"], "not_at_venue"), ("equipment", ["code", "name_zh"], ["nowhere/booths", "同传间"], "unknown_reference"),
        ("equipment", ["code", "name_zh"], ["beijing/booths", ""], "required"), ("equipment", ["code", "name_zh", "count"], ["beijing/booths", "同传间", "many"], "not_a_number"),
        ("travel-times", ["between", "minutes"], ["beijing", 30], "not_between"), ("travel-times", ["between", "minutes"], ["beijing/beijing", 30], "not_between"),
        ("travel-times", ["between", "minutes"], ["beijing/nowhere", 30], "unknown_reference"), ("travel-times", ["between", "minutes"], ["beijing/zhengzhou", 9999], "not_a_number"),
        ("travel-times", ["between"], ["beijing/zhengzhou"], "column_missing"),
        ("sessions", NEEDS, ["open-forum-1", "nothing"], "unknown_reference"), ("sessions", NEEDS, ["open-forum-1", "booths*0"], "bad_need"),
        ("sessions", NEEDS, ["open-forum-1", "booths;booths*2"], "twice_in_list"), ("sessions", NEEDS, ["open-forum-1", "两个同传间"], "bad_need"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_is_written(w, tmp_path, kind, head, row, code):
    problems = [problem for problem in check(w, sheet(tmp_path / "s.xlsx", row, head=head), kind=kind) if problem.is_error]
    assert [problem.code for problem in problems] == [code]
    assert [model.objects.count() for model in (Equipment, TravelTime, SessionNeed)] == [0, 0, 0]


def test_a_way_is_one_row_in_either_order_and_said_from_either_end(w, tmp_path):
    editor = editor_of(w, "zhengzhou")
    path = sheet(tmp_path / "a.xlsx", ["beijing/zhengzhou", 250], head=["between", "minutes"])
    batch, _found = run(w, path, kind="travel-times", user=editor)
    way = TravelTime.objects.get()
    assert (way.one, way.minutes) == (w.venues["zhengzhou"], 250), "the desk lets them change it too"
    turned = sheet(tmp_path / "b.xlsx", ["zhengzhou/beijing", 240], head=["between", "minutes"])
    second, _found = run(w, turned, kind="travel-times", user=editor)
    assert TravelTime.objects.get().minutes == 240
    assert import_undo.undo(second, NOW + dt.timedelta(minutes=1)) == []
    assert TravelTime.objects.get().minutes == 250
    assert import_undo.undo(batch, NOW) == []
    assert not TravelTime.objects.exists()


def test_another_venues_equipment_and_ways_are_out_of_reach(w, tmp_path):
    editor = editor_of(w, "park-haidian")
    path = things(tmp_path, ["beijing/booths", "同传间", 1])
    assert [problem.code for problem in check(w, path, kind="equipment", user=editor)] == ["out_of_reach"]
    path = sheet(tmp_path / "a.xlsx", ["beijing/zhengzhou", 250], head=["between", "minutes"])
    assert [problem.code for problem in check(w, path, kind="travel-times", user=editor)] == ["out_of_reach"]
