"""Citations: each style in its form; what comes from outside cannot break out of its field."""

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from everhall.engines import citing

WORK = citing.Work(
    "everhall-2021-drone", "六旋翼巡检无人机", "云雀翼行", "2021年双创周", dt.date(2021, 10, 19), "https://hall.example/ark:/99999/h1x", "ark:/99999/h1x", "zh",
)


def test_chinese_readers_get_gb_t_7714():
    assert citing.gb7714(WORK) == "云雀翼行. 六旋翼巡检无人机[EB/OL]//2021年双创周. (2021-10-19). https://hall.example/ark:/99999/h1x."
    assert "(2021-10-19)[2021-10-20]. " in citing.gb7714(WORK, "2021-10-20")


def test_who_is_not_known_is_left_out():
    assert citing.gb7714(replace(WORK, by="")).startswith("六旋翼")
    assert "author" not in citing.bibtex(replace(WORK, by=""))
    assert "author" not in citing.csl(replace(WORK, by=""))


def test_english_readers_get_author_year_title():
    english = citing.english(replace(WORK, title="What is it?", by="Skylark", shown="Week 2021"))
    assert english == "Skylark. (2021). What is it? Exhibit at Week 2021. https://hall.example/ark:/99999/h1x"


def test_csl_has_the_parts_that_managers_read():
    item = citing.csl(WORK)
    assert item["issued"] == {"date-parts": [[2021, 10, 19]]}
    assert item["author"] == [{"literal": "云雀翼行"}]
    assert item["URL"] == WORK.address


@given(st.text(max_size=60))
def test_nothing_breaks_out_of_a_field_of_bibtex(title):
    entry = citing.bibtex(replace(WORK, title=title))
    depth = 0
    escaped = False
    for letter in entry.strip():
        if escaped:
            escaped = False
        elif letter == "\\":
            escaped = True
        elif letter == "{":
            depth += 1
        elif letter == "}":
            depth -= 1
        assert depth >= 0
    assert depth == 0
    assert entry.count("\n") == citing.bibtex(WORK).count("\n")
