"""Rich text typed in a plain box: what comes out of one is taken by the other without a change, and nothing typed becomes markup."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everhall.engines.light_text import to_html, to_light, words_of

PAIRS = [
    ("一段。\n\n又一段。", "<p>一段。</p><p>又一段。</p>"),
    ("one\ntwo", "<p>one<br/>two</p>"),
    ("### 标题\n\n- 甲\n- 乙\n\n1. 一\n2. 二", "<h3>标题</h3><ul><li>甲</li><li>乙</li></ul><ol><li>一</li><li>二</li></ol>"),
    ("**粗** and [a link](https://example.org/?a=1&b=2)", '<p><b>粗</b> and <a href="https://example.org/?a=1&amp;b=2">a link</a></p>'),
    ("[our page](own:page-12)", '<p><a linktype="page" id="12">our page</a></p>'),
    ("a\n\n---\n\nb", "<p>a</p><hr/><p>b</p>"),
    ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
    ("", ""),
]


@pytest.mark.parametrize(("light", "rich"), PAIRS)
def test_both_ways(light: str, rich: str) -> None:
    assert to_html(light) == rich
    assert to_light(rich) == light


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", "[x](javascript:alert(1))", '[x](https://a.b/"onclick="y)', "<img src=x onerror=y>"]
)
def test_nothing_typed_becomes_markup(typed: str) -> None:
    made = to_html(typed)
    assert not re.search(r"<(script|img)|javascript:[^)]*\"|\sonclick=", made)


@pytest.mark.parametrize(
    "rich", ["<p>- no point</p>", "<p>1. no step</p>", "<p># no heading</p>", "<p>2 ** 3 ** 4</p>", "<p>[not](https://a.b)</p>", r"<p>a\*b</p>", "<p>---</p>"]
)
def test_words_that_look_like_marks_stay_words(rich: str) -> None:
    assert to_html(to_light(rich)) == rich


def test_what_the_editor_does_not_know_is_kept_as_words() -> None:
    assert to_light("<div>a <i>b</i></div><style>x</style><h2>c</h2>") == "a b\n\n### c"


@given(st.text(alphabet="ab *[]()#-1.\\\n甲<&/:_", max_size=60))
def test_a_second_round_changes_nothing(typed: str) -> None:
    rich = to_html(typed)
    light = to_light(rich)
    assert to_html(light) == rich
    assert to_light(to_html(light)) == light


def test_words_are_counted_without_marks() -> None:
    assert words_of("### 标题\n\n- **甲** 乙") == "标题 甲 乙"
