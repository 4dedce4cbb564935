"""The index itself, on whichever database the tests run."""

import datetime as dt

import pytest
from django.db import connection
from django.utils.dateparse import parse_datetime

from everhall.search import index, queries
from everhall.search.documents import EVERY_EDITION
from everhall.search.models import IndexedDocument
from tests.search.conftest import NOW, document

pytestmark = pytest.mark.django_db


def ids(text: str, **values) -> list[str]:
    return queries.find(text, **{"edition": "2021", "now": NOW, **values}).ids


@pytest.mark.parametrize(
    "text",
    ["中关村", "中關村", "村科", "关", "城", "ＬＯＷ", "drone", "Drones", "zgc", "zhongguancun", "kexuecheng", "五g基站", "“low altitude”", "云雀", "yunque", "无人机 低空", "bj-a-017"],
)
def test_one_document_is_found_in_many_ways(text):
    index.put([
        document(1, "中关村科学城", "低空无人机，五G基站", title_en="Low-altitude drones", names=("云雀翼行", "bj-a-017")),
        document(2, "智能纺机", "别的东西", title_en="Loom"),
    ])
    assert ids(text) == ["1"]


@pytest.mark.parametrize("text", ["", "  ", "。！", "关中", "低空 纺机", "zgx", "altitude low drones x", '"', "*", "a:b OR c", "') --", "\0", "NEAR(", "!&|<->"])
def test_what_is_not_there_is_not_found_and_nothing_breaks(text):
    index.put([document(1, "中关村科学城", "低空无人机", title_en="Low-altitude drones")])
    assert ids(text) == []


def test_a_title_counts_more_than_a_text():
    index.put([document(1, "别的", "机器人与机器人"), document(2, "机器人", "别的")])
    assert ids("机器人") == ["2", "1"]


def test_short_latin_words_become_pinyin_only_when_they_find_nothing():
    index.put([document(1, "爱心"), document(2, "人工智能", title_en="AI")])
    assert ids("AI") == ["2"]
    assert ids("ax") == ["1"]


@pytest.mark.parametrize("edition", ["2021", None])
def test_drafts_and_embargoes_and_other_editions_stay_inside(edition):
    embargo = NOW + dt.timedelta(seconds=1)
    index.put([
        document(1, "机器人"),
        document(2, "机器人草稿", public=False),
        document(3, "机器人禁发", public_from=embargo),
        document(4, "往届机器人", edition="2020"),
        document(5, "机器人周", edition=EVERY_EDITION, kind="edition"),
    ])
    expected = {"1", "5"} if edition else {"1", "4", "5"}
    assert set(ids("机器人", edition=edition)) == expected
    assert {c.key for c in queries.suggest("jiqiren", edition=edition, now=NOW, language="zh")} == expected
    hits = queries.find("机器人", edition=edition, now=NOW)
    assert hits.total == len(expected)
    counts = queries.facet_counts(hits.query, edition=edition, now=NOW)
    assert sum(counts["kind"].values()) == len(expected)
    assert "3" in ids("机器人", edition=edition, now=embargo)


def test_an_embargo_never_ends_a_fraction_early():
    moment = parse_datetime("2021-10-19T04:00:00.500000+00:00")
    index.put([document(1, "机器人", public_from=moment)])
    assert ids("机器人", now=moment - dt.timedelta(milliseconds=1)) == []
    assert ids("机器人", now=moment + dt.timedelta(seconds=1)) == ["1"]


def test_the_desk_sees_drafts_too():
    index.put([document(1, "机器人草稿", public=False), document(2, "机器人", kind="activity")])
    assert queries.ids_matching("exhibit", "机器") == ["1"]


def test_facets_narrow_each_other_and_count_their_own_choices():
    index.put([
        document(1, "机器人甲", facets=(("venue", "beijing"), ("venue", "park"), ("field", "ai"))),
        document(2, "机器人乙", facets=(("venue", "beijing"), ("field", "drones"))),
        document(3, "机器人丙", facets=(("venue", "zhengzhou"), ("field", "ai"), ("organisation", "7"))),
    ])
    assert set(ids("机器人", facets={"venue": ["beijing"]})) == {"1", "2"}
    assert ids("机器人", facets={"venue": ["beijing"], "field": ["ai", "5g"]}) == ["1"]
    assert ids("机器人", facets={"kind": ["activity"]}) == []
    query = queries.find("机器人", edition="2021", now=NOW).query
    counts = queries.facet_counts(query, edition="2021", now=NOW, facets={"venue": ["beijing"]})
    assert counts["venue"] == {"beijing": 2, "park": 1, "zhengzhou": 1}
    assert counts["field"] == {"ai": 1, "drones": 1}
    assert "organisation" not in counts


def test_pages_of_hits_and_their_number():
    index.put([document(n, f"机器人{n}号") for n in range(45)])
    first = queries.find("机器人", edition="2021", now=NOW, limit=20)
    third = queries.find("机器人", edition="2021", now=NOW, offset=40, limit=20)
    beyond = queries.find("机器人", edition="2021", now=NOW, offset=60, limit=20)
    assert (first.total, len(first.ids)) == (45, 20)
    assert (third.total, len(third.ids)) == (45, 5)
    assert (beyond.total, beyond.ids) == (45, [])
    assert len(ids("机器人", limit=None)) == 45


def test_writing_twice_changes_nothing_and_says_so():
    documents = [document(1, "机器人"), document(2, "无人机")]
    assert index.put(documents) == index.Outcome(written=2)
    assert index.put(documents) == index.Outcome(unchanged=2)
    assert index.put(documents, fresh=True) == index.Outcome(written=2)
    assert ids("机器人") == ["1"]


def test_a_changed_document_is_found_by_its_new_words_only():
    index.put([document(1, "机器人", facets=(("field", "ai"),))])
    index.put([document(1, "无人机", facets=(("field", "drones"),))])
    assert ids("机器人") == []
    assert ids("无人机", facets={"field": ["drones"]}) == ["1"]
    assert ids("无人机", facets={"field": ["ai"]}) == []


def test_a_dropped_document_leaves_nothing_behind():
    index.put([document(1, "机器人"), document(1, "机器人", edition="2020"), document(2, "机器人")])
    assert index.drop("exhibit", ["1"]) == 2
    assert ids("机器人", edition=None) == ["2"]
    IndexedDocument.objects.all().delete()
    index.put([document(3, "无人机")])
    assert ids("机器人") == []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM search_fts")
            assert cursor.fetchone() == (1,)


def test_many_documents_in_one_go_are_all_there():
    index.put(document(n, f"第{n}号", "无人机") for n in range(1500))
    assert len(ids("无人机", limit=None)) == 1500
    assert ids("1234") == ["1234"]


def test_a_very_long_text_is_found_by_its_beginning_and_breaks_nothing():
    index.put([document(1, "长文", "开头无人机" + "机器人和" * 8000 + "\0末尾")])
    assert ids("无人机") == ["1"]
    assert ids("器人和机") == ["1"]


def test_a_bulk_that_breaks_leaves_a_whole_index():
    def broken():
        yield document(1, "机器人")
        raise RuntimeError

    def break_off():
        with index.bulk():
            index.put([document(2, "机器人")])
            index.put(broken())

    with pytest.raises(RuntimeError):
        break_off()
    assert ids("机器人") == ["2"]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('search_document_words') IS NOT NULL")
            assert cursor.fetchone() == (True,)


def test_cards_show_the_language_asked_for_and_why_it_was_found():
    index.put([document(1, "机器人", "会走的机器", title_en="Robot", body_en="It walks on legs")])
    hits = queries.find("legs", edition="2021", now=NOW)
    (zh,) = queries.cards(hits, language="zh")
    (en,) = queries.cards(hits, language="en")
    assert (zh.title.text, zh.path) == ("机器人", "/2021/exhibits/1/")
    assert (en.title.text, en.path) == ("Robot", "/en/2021/exhibits/1/")
    assert ("leg" in zh.text.text, zh.language) == (True, "en")
    assert list(en.text.pieces()) == [("It walks on ", False), ("legs", True)]


def test_suggestions_go_by_titles_and_names_only():
    index.put([
        document(1, "机器人", names=("云雀翼行",)), document(2, "别的", "机器人"),
    ])
    suggested = [
        [c.key for c in queries.suggest(text, edition="2021", now=NOW, language="zh")]
        for text in ("机", "机器", "jiq", "jq", "yunq", "云雀", "j", "")
    ]
    assert suggested == [["1"], ["1"], ["1"], ["1"], ["1"], ["1"], [], []]
