"""Sheets: every wrong cell is told with its place; what is written is read back as it was."""

import datetime as dt
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everhall.engines import sheet_kind, sheet_words
from everhall.engines.sheet import Layout, Reader, Row, read_header, write_row
from everhall.engines.sheet_columns import (
    Choice,
    Code,
    CodeSet,
    Column,
    Moment,
    People,
    RichText,
    Url,
    Whole,
    YesNo,
    guard,
    rich,
    unguard,
)
from everhall.engines.sheet_kind import Held
from everhall.engines.sheet_words import Problem, Refused

LAYOUT = Layout(
    "things", "物", "things",
    (
        Code("code", "编码", "code", required=True),
        Column("name_zh", "中文名称", "name (Chinese)", required=True, limit=10),
        CodeSet("fields", "领域", "fields"),
        Choice("kind", "类型", "type", options={"forum": ("论坛", "forum"), "tour": ("参观", "tour")}, default="forum"),
        Whole("order", "顺序", "order"),
        Moment("starts_at", "开始", "begins"),
        YesNo("sample", "示例", "sample"),
    ),
)
OTHER = Layout("others", "别的", "others", (Code("code", "编码", "code"), Column("city", "城市", "city"), Url("web", "网", "web")))


def header(*names: str):
    return read_header(LAYOUT, [names], [LAYOUT, OTHER])


def read(names, *rows):
    reader = Reader(LAYOUT, header(*names))
    good = list(reader.read(enumerate(rows, start=2)))
    return good, reader.problems


def codes(problems) -> list[tuple[int, str, str]]:
    return [(p.row, p.column, p.code) for p in problems]


def test_headers_may_be_chinese_wide_or_starred():
    found = header("编码*", "ＮＡＭＥ＿ＺＨ", " Fields ")
    assert [column.name for column in found.columns] == ["code", "name_zh", "fields"]
    assert found.usable


def test_an_unknown_column_is_told_with_the_nearest_known():
    problem = header("code", "name_hz").problems[0]
    assert problem.code == "column_unknown"
    assert "name_zh" in sheet_words.remedy(problem, "en")


def test_a_column_twice_and_a_missing_one_are_told():
    assert {p.code for p in header("name_zh", "中文名称").problems} == {"column_twice", "column_missing"}


def test_a_sheet_of_another_kind_is_named():
    problem = header("code", "city", "web").problems[0]
    assert problem.code == "wrong_sheet"
    assert "别的" in sheet_words.what(problem, "zh-hans")


def test_a_title_above_the_header_is_found_out():
    rows = [["2021 年展项表"], [], ["code", "name_zh", "fields", "kind"]]
    problem = read_header(LAYOUT, rows).problems[0]
    assert (problem.code, problem.params["at"]) == ("header_lower", "3")


def test_a_report_sent_back_passes_its_own_column_over():
    good, problems = read(("问题", "code", "name_zh"), ("某错误", "a-1", "一"), ("只有问题", None, None))
    assert ([row.values["code"] for row in good], problems) == (["a-1"], [])


def test_each_wrong_cell_is_told_with_row_and_column():
    _, problems = read(
        ("code", "name_zh", "kind", "order", "starts_at", "sample"),
        ("A 1", "名", "Forum", "x", "19.10.", "maybe"),
        ("a-2", "", "party", -1, "2021-02-30", ""),
    )
    assert codes(problems) == [
        (2, "code", "bad_code"), (2, "order", "not_a_number"), (2, "starts_at", "not_a_moment"),
        (2, "sample", "not_yes_no"), (3, "name_zh", "required"), (3, "kind", "not_a_choice"),
        (3, "order", "not_a_number"), (3, "starts_at", "not_a_moment"),
    ]


def test_a_code_used_twice_names_the_first_row():
    good, problems = read(("code", "name_zh"), ("a-1", "一"), ("a-1", "二"))
    assert len(good) == 1
    assert (problems[0].row, problems[0].params["first"]) == (3, "2")


def test_blank_rows_count_but_are_nothing():
    good, problems = read(("code", "name_zh"), ("", None), ("a-1", "一"))
    assert (good[0].number, problems) == (3, [])


@pytest.mark.parametrize(
    ("cell", "code"),
    [("a\x00b", "control_character"), ("#REF!", "excel_error"), ("十一个字的中文名称超长了", "too_long")],
)
def test_cells_that_cannot_be_kept_are_refused(cell, code):
    with pytest.raises(Refused) as refused:
        LAYOUT.column("name_zh").parse(cell)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "cell",
    ["2021-10-19 14:30", "2021/10/19 14:30", "2021年10月19日 14：30", dt.datetime(2021, 10, 19, 14, 30)],  # noqa: DTZ001
)
def test_moments_are_read_as_people_write_them(cell):
    assert LAYOUT.column("starts_at").parse(cell) == dt.datetime(2021, 10, 19, 14, 30)  # noqa: DTZ001


@pytest.mark.parametrize("cell", ["<script>alert(1)</script>", '<p onclick="x()">', "<svg/onload=x>", "<a href='javascript:x'>"])
def test_scripts_in_texts_are_refused(cell):
    with pytest.raises(Refused) as refused:
        RichText("text_zh", "正文", "text").parse(cell)
    assert refused.value.code == "harmful_html"


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("0<A", "<p>0&lt;A</p>"),
        ("t<T\n3 < 4 & 5", "<p>t&lt;T</p><p>3 &lt; 4 &amp; 5</p>"),
        ("<b>t<T</b>", "<b>t&lt;T</b>"),
        ("<div>hall</div>", "<p>hall</p>"),
        ('<a href="https://a.example/?b=<c>">d</a>', '<a href="https://a.example/?b=&lt;c&gt;">d</a>'),
    ],
)
def test_a_sign_is_no_tag_and_loses_nothing(text, markup):
    assert rich(text) == markup


PIECES = st.sampled_from(["<", ">", "<p>", "</p>", "<b>", "<div>", "<!--", "-->", '"', "'", "&lt;", "a", "A ", "\n", "<a href=\"", "/", "<br>"])


@given(st.lists(PIECES, max_size=12).map("".join))
def test_cleaning_a_soup_twice_changes_nothing(text):
    assert rich(rich(text)) == rich(text)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200))
def test_cleaning_a_text_twice_changes_nothing(text):
    assert rich(rich(text)) == rich(text)


@given(st.text(max_size=50))
def test_a_guarded_text_is_no_formula_and_comes_back(text):
    guarded = guard(text)
    assert guarded[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert unguard(guarded) == text


CODES = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=8)
VALUES = st.fixed_dictionaries(
    {
        "code": CODES,
        "name_zh": st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=5),
        "fields": st.lists(CODES, unique=True, max_size=4).map(lambda its: tuple(sorted(its))),
        "kind": st.sampled_from(["forum", "tour"]),
        "order": st.integers(0, 1000),
        "starts_at": st.none() | st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2100, 1, 1)).map(lambda m: m.replace(microsecond=0)),  # noqa: DTZ001
        "sample": st.booleans(),
    }
)


@given(VALUES)
def test_what_is_written_plans_nothing_when_it_is_read(values):
    good, problems = read(LAYOUT.headers, write_row(LAYOUT, values))
    assert problems == []
    assert sheet_kind.plan(LAYOUT, good[0], Held(1, values)).action == "same"


def test_a_column_that_is_absent_is_not_in_the_plan():
    held = Held(1, {"code": "a-1", "name_zh": "旧", "fields": ("ai",), "kind": "tour", "order": 3, "starts_at": None, "sample": True})
    plan = sheet_kind.plan(LAYOUT, Row(2, {"code": "a-1", "name_zh": "新"}), held)
    assert (plan.changed, plan.values["kind"], plan.values["name_zh"]) == ({"name_zh"}, "tour", "新")


def test_people_are_written_with_bars():
    column = People("speakers", "嘉宾", "speakers")
    people = column.parse("张三|Zhang San|主任|Director；李四")
    assert people == (("张三", "Zhang San", "主任", "Director"), ("李四", "", "", ""))
    assert column.parse(column.write(people)) == people


@pytest.mark.parametrize("code", sorted(sheet_words.WORDS))
def test_every_problem_is_said_in_both_languages_with_the_same_particulars(code):
    fields = [
        {name for _, name, _, _ in string.Formatter().parse(text) if name} for text in sheet_words.WORDS[code]
    ]
    zh, en = fields[0] | fields[1], fields[2] | fields[3]
    # What another table says comes in both languages under a name for each.
    assert {name.removesuffix("_zh") for name in zh} - {"what", "example"} == {name.removesuffix("_en") for name in en} - {"what", "example"}
    params = dict.fromkeys(zh | en, "7")
    for language in ("zh-hans", "en"):
        assert sheet_words.sentence(Problem(code, 3, "name_zh", "x", params), language)
