"""Plans of halls for visitors: the same rows as the list, where they stand, and nothing that is hidden."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from everhall.editions.models import Zone
from everhall.engines import plan_json
from everhall.engines.plan_layout import lay_out
from everhall.exhibition.models import Exhibit, FloorPlan, Label, Placement
from tests.world import SECRET, SECRET_EN, make_exhibit

pytestmark = pytest.mark.django_db

HALL = "/2021/plan/beijing/indoor/"


def drawn(world, codes=("A-00", "A-03", "A-05", "B-01"), **values) -> FloorPlan:
    """A plan somebody drew for Beijing's hall."""
    hall = world.zones["beijing"].hall
    plan = lay_out([("a", list(codes))], up=90)
    return FloorPlan.objects.create(hall=hall, data=plan_json.written(plan), changed_at=timezone.now(), **values)


def text(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def test_all_halls_with_booths_are_listed_by_venue(client, world):
    page = text(client, "/2021/plan/")
    for address in (HALL, "/2021/plan/park-haidian/indoor/", "/2021/plan/zhengzhou/indoor/"):
        assert f'href="{address}"' in page
    narrowed = text(client, "/2021/plan/?venue=zhengzhou")
    assert f'href="{HALL}?venue=zhengzhou"' in narrowed
    assert "0 个展项符合" in narrowed


def test_a_booth_leads_to_its_exhibit_and_a_hidden_one_is_empty(client, world):
    for made in (False, True):
        if made:
            drawn(world)
        page = text(client, HALL)
        assert 'href="/2021/exhibits/open-drone/"' in page
        assert 'aria-label="A-00: 六旋翼巡检无人机 (云雀翼行)"' in page
        # Of the draft and of the embargoed one there are numbers of empty booths.
        assert '<g class="booth empty" data-booth="A-03">' in page
        for secret in (SECRET, SECRET_EN, "embargoed", "draft-bj"):
            assert secret not in page


def test_an_embargo_that_ends_fills_the_booth_and_moves_nothing(client, world):
    before = text(client, HALL)
    Exhibit.objects.filter(code="embargoed").update(embargo_until=timezone.now() - dt.timedelta(seconds=1))
    after = text(client, HALL)
    assert '/2021/exhibits/embargoed/"' in after
    box = before.partition('viewBox="')[2].partition('"')[0]
    assert f'viewBox="{box}"' in after


def test_other_editions_and_unknown_halls_are_not_there(client, world):
    for address in ("/2030/plan/", "/2030/plan/beijing/indoor/", "/2021/plan/beijing/attic/", "/2021/plan/nowhere/indoor/", "/2021/plan/beijing-2020/indoor/"):
        assert client.get(address).status_code == 404, address
    assert "往届展项" not in text(client, HALL)
    assert "往届展项" in text(client, "/2020/plan/beijing/indoor/")


def test_what_narrows_the_list_narrows_the_plan_and_the_tabs_keep_it(client, world):
    plan = text(client, f"{HALL}?field=ai")
    assert '<a class="booth dim" href="/2021/exhibits/open-drone/"' in plan
    assert 'href="/2021/exhibition/?field=ai"' in plan
    listed = text(client, "/2021/exhibition/?field=drones&page=1")
    assert 'href="/2021/plan/?field=drones"' in listed
    assert 'class="booth hit"' not in text(client, f"{HALL}?field=drones")  # all of them fit: none stands out


def test_a_search_lights_booths_up(client, world):
    make_exhibit(world, "second", "beijing", "磁悬浮列车", "Maglev train")
    for query in ("巡检", "A-00", "a00", "Hexacopter"):
        page = text(client, f"{HALL}?q={query}")
        assert '<a class="booth hit" href="/2021/exhibits/open-drone/"' in page, query
        assert '<a class="booth dim" href="/2021/exhibits/second/"' in page, query
    for query in (SECRET, SECRET_EN, "A-05"):
        page = text(client, f"{HALL}?q={query}")
        assert "embargoed" not in page
        assert 'class="booth hit"' not in page


def test_one_is_told_where_one_is(client, world):
    assert '<a class="booth is-here" href="/2021/exhibits/open-drone/" data-booth="A-00"' in text(client, f"{HALL}?booth=Ａ００")
    assert '<g class="booth empty is-here" data-booth="A-05">' in text(client, f"{HALL}?booth=A-05")
    page = text(client, f"{HALL}?booth=Z-99<script>")
    assert "Z-99&lt;script&gt;" in page
    assert "is-here" not in page


def test_a_way_is_drawn_and_told_in_the_readers_language(client, world):
    make_exhibit(world, "second", "beijing", "磁悬浮列车", "Maglev train")
    booth = Placement.objects.get(exhibit__code="second").booth
    page = text(client, f"{HALL}?from=A-00&to={booth}")
    assert 'class="plan-walk"' in page
    assert "走约" in page
    english = text(client, f"/en{HALL}?from=door&to=a00")
    assert "From the door to A-00" in english
    assert 'class="plan-walk"' in english
    assert 'class="plan-walk"' not in text(client, f"{HALL}?from=A-00&to=Q-1")
    # By the number of a label, but not by that of a hidden exhibit.
    label = Label.objects.get(exhibit__code="second").code
    assert 'class="plan-walk"' in text(client, f"{HALL}?from=door&to={label}")


def test_where_walls_stand_all_around_it_is_said(client, world):
    row = drawn(world)
    first = row.data["booths"][0]["outline"]
    left, top = first[0]
    row.data["walls"].append([[left - 2, top - 2.5], [left + 4, top - 2.5], [left + 4, top + 5], [left - 2, top + 5], [left - 2, top - 2.5]])
    row.data["walls"][-1] = [[max(0, x), max(0, y)] for x, y in row.data["walls"][-1]]
    row.version += 1
    row.save()
    page = text(client, f"{HALL}?from=door&to=A-00")
    assert 'class="plan-walk"' not in page
    assert "没有可走的路" in page


def test_the_json_of_a_plan_names_what_is_public(client, world):
    drawn(world)
    data = client.get(f"{HALL}plan.json").json()
    by_code = {booth["code"]: booth for booth in data["booths"]}
    assert [one["code"] for one in by_code["A-00"]["exhibits"]] == ["open-drone"]
    assert by_code["A-05"]["exhibits"] == []
    assert data["up"] == 90
    plan_json.read({key: data[key] for key in plan_json.KEYS - {"booths", "areas"}} | {"booths": [], "areas": []})


def test_an_exhibit_shows_where_it_stands(client, world):
    page = text(client, "/2021/exhibits/open-drone/")
    assert 'id="place"' in page
    assert f'href="{HALL}?booth=A-00"' in page
    assert "您在这里" not in page
    label = Label.objects.get(exhibit__code="open-drone", edition__code="2021").code
    assert "您在这里" in text(client, f"/2021/exhibits/open-drone/?at={label}")
    other = Label.objects.get(exhibit__code="embargoed").code
    assert "您在这里" not in text(client, f"/2021/exhibits/open-drone/?at={other}")


def test_pages_follow_what_changes(client, world):
    text(client, HALL)
    row = drawn(world)
    assert 'data-booth="B-01"' in text(client, HALL)
    zone = Zone.objects.get(pk=world.zones["beijing"].pk)
    zone.name_zh = "改名展区"
    zone.save()
    assert "改名展区" in text(client, HALL)
    row.data["booths"] = row.data["booths"][:1]
    row.version += 1
    row.save()
    assert 'data-booth="B-01"' not in text(client, HALL)


def test_a_list_stands_whole_for_typing_and_a_long_one_has_pages_that_lead_to_a_booth(client, world):
    for number in range(61):
        make_exhibit(world, f"many-{number}", "beijing", f"展项{number}", f"Exhibit {number}")
    whole = text(client, HALL)
    assert whole.count("data-words=") >= 62
    for number in range(61, 200):
        make_exhibit(world, f"many-{number}", "beijing", f"展项{number}", f"Exhibit {number}")
    first = text(client, HALL)
    assert "data-words=" not in first
    assert first.count('<span class="what">') == 60
    assert "?page=2" in first
    booth = world.exhibits["many-199"].placements.get().booth
    # Whoever comes from a label is led to the page of its booth.
    assert '/2021/exhibits/many-199/"' not in first.partition('class="stands"')[2]
    assert '/2021/exhibits/many-199/"' in text(client, f"{HALL}?booth={booth}").partition('class="stands"')[2]


def test_plan_pages_are_marked_for_the_door(client, world):
    for address in (HALL, "/2021/plan/", f"{HALL}plan.json"):
        response = client.get(address)
        assert "edition-2021" in response["Everhall-Tags"]
        assert "Everhall-Until" in response  # the embargo


@pytest.mark.parametrize("address", [HALL, f"{HALL}?from=door&to=A-00&q=A", "/2021/plan/", f"{HALL}plan.json", "/2021/exhibits/open-drone/"])
def test_a_page_asks_no_more_of_the_database_with_more_exhibits(client, world, address):
    counts = []
    for extra in (0, 20):
        for number in range(extra):
            make_exhibit(world, f"more-{number}", "beijing", f"展项{number}", f"Exhibit {number}")
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        counts.append(len(seen))
    assert counts[1] <= 16 if "?" in address else counts[1] <= 15, [query["sql"][:110] for query in seen]
    assert counts[0] <= counts[1] <= counts[0] + 2  # cards of neighbours, which one exhibit alone has not
