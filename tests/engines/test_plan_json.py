"""A plan as JSON: what is written is read again; what is no plan is refused, with words in both languages."""

import copy
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everhall.engines import plan_json, plan_words
from everhall.engines.plan import inside
from everhall.engines.plan_fronts import oddities, stood_before
from everhall.engines.plan_layout import lay_out
from everhall.engines.plan_words import Complaint, Unfit

GOOD = plan_json.written(lay_out([("a", ["A-01", "A-02"]), ("b", ["B-01"])], up=90))


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8), st.integers(0, 359))
def test_what_is_written_is_read_again(sizes, up):
    plan = plan_json.read(plan_json.written(lay_out([(f"z{n}", [f"{n}-{m}" for m in range(size)]) for n, size in enumerate(sizes)], up=up)))
    assert plan_json.read(plan_json.written(plan)) == plan
    assert plan.up == up


def changed(**values):
    data = copy.deepcopy(GOOD)
    data.update(values)
    return data


def booth(**values):
    one = {"code": "X-1", "outline": [[4, 4], [7, 4], [7, 7], [4, 7]], "front": [5.5, 8.5], **values}
    return changed(booths=[one])


@pytest.mark.parametrize(("data", "code"), [
    (None, "not_a_plan"), ([], "not_a_plan"), (changed(colour="red"), "not_a_plan"), (changed(width=1), "metres"),
    (changed(width=float("nan")), "not_a_plan"), (changed(width=True), "not_a_plan"), (changed(width=10**400), "not_a_plan"), (changed(depth=1e9), "not_a_plan"),
    (changed(depth=5000), "metres"), (changed(booths={}), "not_a_plan"), (changed(booths=None), "not_a_plan"),
    (changed(booths=[GOOD["booths"][0]] * 2), "code_twice"), (changed(booths=[GOOD["booths"][0]] * 3000), "not_a_plan"),
    (changed(walls=[[[0, 0]]]), "not_a_plan"), (changed(walls=[[[0, 0], [999, 0]]]), "not_a_plan"),
    (changed(doors=[[0, "0"]]), "not_a_plan"), (changed(doors=[[0, 0, 0]]), "not_a_plan"),
    (booth(code=""), "no_code"), (booth(code="x" * 31), "no_code"), (booth(code=7), "no_code"), (booth(code="a\nb"), "no_code"),
    (booth(outline=[[4, 4], [7, 4]]), "not_a_plan"), (booth(outline=[[4, 4], [7, 4], [10, 4]]), "no_ground"),
    (booth(outline=[[4, 4], [999, 4], [7, 7]]), "outside"), (booth(front=[-5, 3]), "shut_in"), (booth(more=1), "not_a_plan"),
    (changed(areas=[{"code": "a", "outline": [[0, 0], [1, 1]]}]), "not_a_plan"), (changed(areas=[3]), "not_a_plan"),
])
def test_what_is_no_plan_is_refused(data, code):
    with pytest.raises(Unfit) as refused:
        plan_json.read(data)
    assert code in {one.code for one in refused.value.complaints}
    for one in refused.value.complaints:
        for language in ("zh-hans", "en"):
            assert all(plan_words.said(one, language))


json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(sorted(plan_json.KEYS)) | st.text(max_size=3), inner, max_size=7),
)


@given(json)
def test_anything_else_is_refused_and_never_breaks(data):
    with pytest.raises(Unfit):
        plan_json.read(data)


def test_every_complaint_has_both_languages_with_the_same_particulars():
    fields = {name: f"<{name}>" for name in ("size", "most", "least", "line", "what", "id", "where", "code", "other", "ground", "count", "codes")}
    for code, texts in plan_words.WORDS.items():
        asked = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (texts[0] + texts[1], texts[2] + texts[3])]
        assert asked[0] == asked[1] <= set(fields), code
        assert plan_words.said(Complaint(code, fields), "zh-hans") != plan_words.said(Complaint(code, fields), "en")
    assert set(plan_words.WORDS) >= plan_words.WARNINGS


def test_visitors_stand_on_the_open_side():
    row = [(f"B{n}", ((2 + 3 * n, 2), (5 + 3 * n, 2), (5 + 3 * n, 5), (2 + 3 * n, 5))) for n in range(3)]
    behind = [("C", ((2, 5), (11, 5), (11, 8), (2, 8)))]
    fronts = {one.code: one.front for one in stood_before([*row, *behind], 20, 20)}
    # Row and island back to back: the row looks up, the island down.
    assert fronts["B1"] == (6.5, 0.5) or fronts["B1"] == (6.5, 1.0)
    assert fronts["C"] == (6.5, 9.5)


@given(st.lists(st.tuples(st.integers(0, 16), st.integers(0, 16), st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=9))
def test_nobody_is_told_to_stand_outside_the_hall(boxes):
    shapes = [(f"B{n}", ((x, y), (x + w, y), (x + w, y + d), (x, y + d))) for n, (x, y, w, d) in enumerate(boxes)]
    for one in stood_before(shapes, 20, 20):
        assert 0 <= one.front[0] <= 20
        assert 0 <= one.front[1] <= 20
        assert not inside(one.front, one.outline) or one.front in one.outline


def test_odd_plans_are_told_of():
    data = changed(
        booths=[
            {"code": "A", "outline": [[4, 4], [7, 4], [7, 7], [4, 7]], "front": [6, 9]},
            {"code": "B", "outline": [[5, 5], [8, 5], [8, 8], [5, 8]], "front": [6, 6]},
            {"code": "C", "outline": [[0, 0], [0.6, 0], [0.6, 0.6], [0, 0.6]], "front": [1, 1]},
        ],
        doors=[],
    )
    assert {(one.code, one.params.get("code")) for one in oddities(plan_json.read(data))} == {
        ("overlap", "A"), ("shut_in", "B"), ("size_odd", "C"), ("no_door", None),
    }
