"""Lists of exhibits: the walk is the database's own, cards say what the rows say, and what is kept is never old."""

import pytest
from django.utils import timezone
from django.utils.translation import override

from everhall.editions.models import Zone
from everhall.engines.facets import choose
from everhall.exhibition import queries
from everhall.exhibition import services as exhibition
from everhall.exhibition.models import ExhibitPicture, Field
from tests.world import make_exhibit, picture

pytestmark = pytest.mark.django_db
LIST = "/2021/exhibition/"


def table(world):
    edition = world.editions["2021"]
    return queries.facet_table(edition, queries.legend_of(edition), timezone.now())


def test_the_walk_in_memory_is_the_walk_of_the_database(world):
    """Zones of equal order (walked together), no zone (last in its venue), and orders that come twice."""
    hall = world.zones["beijing"].hall
    world.zones["b"] = Zone.objects.create(hall=hall, code="b", name_zh="乙", name_en="B", order=0)
    world.zones["c"] = Zone.objects.create(hall=hall, code="c", name_zh="丙", name_en="C", order=7)
    for number in range(12):
        made = make_exhibit(world, f"walk-{number}", "beijing", f"展项{number}", f"Exhibit {number}")
        exhibition.place_exhibit(
            made, world.venues["beijing"], booth=str(number), order=number * 5 % 4,
            zone=[world.zones["c"], None, world.zones["b"], world.zones["beijing"]][number % 4],
        )
    public = queries.public_placements(world.editions["2021"], timezone.now())
    ids = table(world).ids
    assert list(ids) == list(queries.in_order(public).values_list("pk", flat=True))
    assert len(ids) == 15


def test_a_row_has_the_values_that_facets_count(world):
    world.exhibits["open-park"].fields.add(Field.objects.get(code="ai"))
    world.exhibits["open-park"].save()
    counts = choose(table(world), {}, ["venue", "field", "presentation", "seeks"]).counts
    beijing, park = (str(world.venues[code].pk) for code in ("beijing", "park-haidian"))
    assert counts["venue"][beijing] == 2, "what stands in the park stands at its venue"
    assert counts["venue"][park] == 1
    assert counts["field"] == {"drones": 3, "ai": 1}
    assert counts["presentation"] == {"object": 3, "board": 3}
    assert counts["seeks"] == {"capital": 3}


def test_an_edition_without_exhibits_has_a_list(world, client):
    for placement in list(queries.public_placements(world.editions["2021"], timezone.now())):
        placement.delete()
    assert table(world).ids.size == 0
    assert client.get(LIST).status_code == 200


def test_a_card_speaks_the_language_of_the_page(world):
    now = timezone.now()
    pks = [world.exhibits["open-drone"].placements.get().pk]
    for language, name, field, by in (
        ("zh-hans", "六旋翼巡检无人机", "无人机", "云雀翼行"),
        ("en", "Hexacopter inspection drone", "Drones", "Skylark Wings"),
    ):
        with override(language):
            (card,) = queries.cards_of(world.editions["2021"], pks, now)
        assert (card.name, card.over, card.organisation, card.hue) == (name, field, by, "drones")


def test_a_card_shows_the_first_picture(world):
    exhibit = world.exhibits["open-drone"]
    first = picture("another", size=(900, 300))
    ExhibitPicture.objects.create(exhibit=exhibit, picture=first, sort_order=-1)
    (card,) = queries.cards(world.editions["2021"], [exhibit.pk], timezone.now())
    assert card.cover is not None
    assert (card.cover.pk, card.cover.width, card.cover.height) == (first.pk, 900, 300)


def test_whatever_a_card_shows_is_new_on_the_page_once_it_is_new_in_the_row(world, client):
    """Cards are kept by their values: each value is changed after the page has been written once."""
    exhibit, field = world.exhibits["open-drone"], Field.objects.get(code="drones")
    placement, by = exhibit.placements.get(), world.organisations["skylark"]
    changes = [
        (exhibit, {"name_zh": "新名字"}, "新名字"), (exhibit, {"summary_zh": "新简介"}, "新简介"),
        (exhibit, {"is_sample": True}, 'class="sample"'), (placement, {"booth": "Z-99"}, "Z-99"),
        (field, {"name_zh": "新领域"}, "<span>新领域</span>"), (by, {"name_zh": "新单位"}, "新单位"),
    ]  # fmt: skip
    for row, values, shown in changes:
        assert shown not in client.get(LIST).content.decode(), shown
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        assert shown in client.get(LIST).content.decode(), shown
    new = picture("new")
    ExhibitPicture.objects.filter(exhibit=exhibit).update(picture=new)
    assert f"/{new.pk}/fill-640x427" in client.get(LIST).content.decode()


def test_the_list_asks_no_more_of_the_database_with_more_exhibits(world, client, django_assert_num_queries):
    client.get(LIST)
    for extra in (0, 20):
        for number in range(extra):
            make_exhibit(world, f"more-{number}", "zhengzhou", f"展项{number}", f"Exhibit {number}")
        with django_assert_num_queries(11):
            client.get(LIST)
