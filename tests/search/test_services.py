"""From the catalogue into the index and out again, by the news of what changed."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.utils import timezone

from everhall.editions.models import Edition, Venue
from everhall.exhibition.models import Exhibit, Placement
from everhall.programme.models import Activity
from everhall.search import index, queries, services
from everhall.search.models import IndexedDocument
from tests.search.conftest import document
from tests.world import SECRET

pytestmark = pytest.mark.django_db


def found(text: str, **values) -> set[tuple[str, str]]:
    hits = queries.find(text, **{"edition": "2021", "now": timezone.now(), "limit": None, **values})
    return {(card.kind, card.title.text) for card in queries.cards(hits, language="zh")}


@pytest.fixture
def indexed(world):
    assert IndexedDocument.objects.exists()
    return world


def test_every_kind_is_found(indexed):
    assert ("exhibit", "六旋翼巡检无人机") in found("无人机")
    assert ("activity", "低空经济论坛") in found("论坛")
    assert ("activity", "低空经济论坛") in found("shilijiangzhe")
    assert ("organisation", "云雀翼行") in found("yunque")
    assert ("venue", "海淀园") in found("haidian")
    assert ("edition", "2021年双创周") in found("2021")


def test_what_is_hidden_is_found_by_no_word_of_it(indexed):
    for edition in ("2021", "2030", None):
        for text in (SECRET, "绝密", "Topsecretprototype", "juemi", "jmyj", "草稿", "embargoed"):
            assert found(text, edition=edition) == set(), (edition, text)
    assert not any("往届" in title for _, title in found("往届") | found("展项") | found("论坛"))


def test_the_desk_finds_drafts(indexed):
    draft = indexed.exhibits["draft-bj"]
    assert queries.ids_matching("exhibit", f"{SECRET}草稿") == [str(draft.pk)]


def test_an_embargo_lifts_by_the_clock_for_the_exhibit_and_its_organisation(indexed):
    later = timezone.now() + dt.timedelta(days=2)
    kinds = {kind for kind, _ in found(SECRET, now=later)}
    assert kinds == {"exhibit", "activity", "organisation", "recording", "tour"}


def test_a_parent_venue_includes_its_children(indexed):
    assert ("exhibit", "园区接驳车") in found("接驳", facets={"venue": ["beijing"]})
    assert ("exhibit", "园区接驳车") in found("接驳", facets={"venue": ["park-haidian"]})
    assert found("接驳", facets={"venue": ["zhengzhou"]}) == set()
    assert found("纺机", facets={"zone": ["zhengzhou.indoor.a"], "field": ["drones"]})


def test_a_new_name_is_found_and_the_old_one_is_not(indexed):
    exhibit = indexed.exhibits["open-drone"]
    Exhibit.objects.filter(pk=exhibit.pk).update(name_zh="八旋翼测绘机", summary_zh="", text_zh="")
    services.refresh("exhibit", [exhibit.pk])
    assert ("exhibit", "八旋翼测绘机") in found("测绘")
    assert found("巡检") == set()


def test_withdrawing_the_only_thing_of_an_organisation_withdraws_its_name(indexed):
    name = indexed.organisations["skylark"].name_zh
    assert ("organisation", name) in found(name)
    Activity.objects.all().update(live=False)
    Exhibit.objects.all().update(live=False)
    services.refresh("exhibit", [e.pk for e in indexed.exhibits.values()])
    services.refresh("activity", [a.pk for a in indexed.activities.values()])
    assert found(name) == set()


def test_a_renamed_organisation_is_found_through_its_exhibits(indexed):
    organisation = indexed.organisations["skylark"]
    type(organisation).objects.filter(pk=organisation.pk).update(name_zh="鸿雁航空")
    services.refresh("organisation", [organisation.pk])
    assert ("exhibit", "六旋翼巡检无人机") in found("鸿雁")
    assert ("activity", "低空经济论坛") in found("hongyan")


def test_a_deleted_thing_leaves_the_index(indexed):
    exhibit = indexed.exhibits["open-zz"]
    pk = exhibit.pk
    Placement.objects.filter(exhibit=exhibit).delete()
    services.refresh("exhibit", [pk])
    assert found("纺机") == set()


def test_a_moved_venue_takes_its_exhibits_along(indexed):
    park = indexed.venues["park-haidian"]
    park.parent = indexed.venues["zhengzhou"]
    Venue.save(park)
    services.refresh("venue", [park.pk])
    assert ("exhibit", "园区接驳车") in found("接驳", facets={"venue": ["zhengzhou"]})
    assert found("接驳", facets={"venue": ["beijing"]}) == set()


def test_an_edition_is_found_when_it_is_announced_and_not_before(indexed):
    planned = indexed.editions["2030"]
    assert found("筹备", edition="2030") == set()
    Edition.objects.filter(pk=planned.pk).update(state="announced")
    services.refresh_edition(planned.pk)
    assert {kind for kind, _ in found("筹备", edition="2030")} >= {"exhibit", "activity"}
    Edition.objects.filter(pk=planned.pk).update(state="planning")
    services.refresh_edition(planned.pk)
    assert found("筹备", edition="2030") == set()
    assert found("2030", edition=None) == set()


def test_rebuild_adds_what_is_missing_takes_out_what_is_gone_and_leaves_the_rest(indexed):
    pk = indexed.exhibits["open-drone"].pk
    index.drop("exhibit", [str(pk)])
    index.put([document(999_999, "幽灵展项")])
    outcome = services.rebuild()
    assert (outcome.written, outcome.dropped) == (1, 1)
    assert ("exhibit", "六旋翼巡检无人机") in found("巡检")
    assert found("幽灵") == set()
    assert services.rebuild(fresh=True).unchanged == 0


def test_a_rebuild_that_is_stopped_goes_on_where_it_was(world, monkeypatch):
    monkeypatch.setattr(index, "BATCH", 2)

    def stop(kind: str, done: int, of: int) -> None:
        if kind == "exhibit":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        services.rebuild(progress=stop)
    done = IndexedDocument.objects.count()
    assert done > 0
    outcome = services.rebuild()
    assert outcome.unchanged == done
    assert ("exhibit", "智能纺机") in found("纺机")


def test_the_command_says_what_it_did(world, capsys):
    call_command("search", "rebuild", "--kind", "exhibit", "--fresh")
    assert "8 written, 0 unchanged, 0 taken out" in capsys.readouterr().out


def test_refreshing_many_costs_few_queries(indexed, django_assert_max_num_queries):
    keys = [exhibit.pk for exhibit in indexed.exhibits.values()]
    with django_assert_max_num_queries(28):
        services.refresh("exhibit", keys)
