"""The catalogue in memory is what a fresh look at the rows gives, whatever was done to them and in whichever process."""

import datetime as dt
import random

import pytest
from django.db import transaction
from django.utils import timezone

from everhall.exhibition import queries
from everhall.exhibition import services as exhibition
from everhall.exhibition.models import Exhibit, Field, Placement
from everhall.exhibition.queries import catalogue
from everhall.realtime.following import Following
from everhall.realtime.models import NewsItem
from tests.world import make_exhibit

NOW = timezone.now


def decoded(found):
    """Rows as values, in no order."""
    rows, books = found.rows, found.books
    columns = (
        ("place", books.places), ("fields", books.fields), ("presentation", books.presentations), ("seeks", books.seeks),
        ("booth", books.booths),
    )
    return {
        (
            int(rows.pk[n]), int(rows.exhibit[n]), int(rows.order[n]), float(rows.until[n]),
            *(frozenset((value or "").split(",")) if name == "fields" else value for name, value in (
                (name, book.values[getattr(rows, name)[n]]) for name, book in columns
            )),
        )
        for n in range(len(rows.pk))
    }


class Deeds:
    """What people do to exhibits, by chance."""

    def __init__(self, world, seed):
        self.world, self.chance = world, random.Random(seed)  # noqa: S311 - the same each time
        self.number = 0

    def any_exhibit(self):
        return self.chance.choice(list(Exhibit.objects.order_by("pk")))

    def make(self):
        self.number += 1
        make_exhibit(self.world, f"made-{self.number}", "beijing", f"展项{self.number}", f"Exhibit {self.number}")

    def publish(self):
        exhibit = self.any_exhibit()
        exhibit.live = not exhibit.live
        exhibit.save()

    def embargo(self):
        exhibit = self.any_exhibit()
        exhibit.embargo_until = self.chance.choice([None, NOW() + dt.timedelta(hours=self.chance.randint(-5, 5))])
        exhibit.save()

    def fields(self):
        exhibit = self.any_exhibit()
        exhibit.fields.set(self.chance.sample(list(Field.objects.all()), self.chance.randint(0, 2)))
        exhibit.seeks = self.chance.choice([[], ["capital"], ["orders", "partners"]])
        exhibit.save()

    def move(self):
        exhibition.place_exhibit(
            self.any_exhibit(), self.world.venues["beijing"], booth=f"Z-{self.chance.randint(1, 99)}",
            order=self.chance.randint(0, 9), zone=self.chance.choice([None, self.world.zones["beijing"]]),
        )

    def take_away(self):
        if Placement.objects.count() > 3:
            self.chance.choice(list(Placement.objects.order_by("pk"))).delete()

    def think_better(self):
        """Done and not committed."""
        with transaction.atomic():
            self.chance.choice([self.make, self.publish, self.embargo])()
            queries.facet_table(edition := self.world.editions["2021"], queries.legend_of(edition), NOW())
            transaction.set_rollback(True)

    def any_deed(self):
        deeds = (self.make, self.publish, self.embargo, self.fields, self.move, self.take_away, self.think_better)
        self.chance.choice(deeds)()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_kept_catalogue_is_a_fresh_one_after_every_deed(world, seed):
    edition, deeds = world.editions["2021"], Deeds(world, seed)
    for turn in range(30):
        deeds.any_deed()
        if turn % 3:
            continue
        kept = queries.catalogue_of(edition, NOW())
        assert decoded(kept) == decoded(catalogue.read(edition.pk))
        public = queries.public_placements(edition, NOW())
        table = kept.table(queries.legend_of(edition), NOW())
        assert table.ids.tolist() == list(queries.in_order(public).values_list("pk", flat=True))


def in_common(one, other):
    return len({field.pk for field in one.exhibit.fields.all()} & {field.pk for field in other.exhibit.fields.all()})


@pytest.mark.django_db(transaction=True)
def test_kin_share_a_field_and_stand_elsewhere_and_those_with_most_in_common_come_first(world):
    edition, deeds = world.editions["2021"], Deeds(world, 7)
    for _ in range(40):
        deeds.any_deed()
    kept, met = queries.catalogue_of(edition, NOW()), 0
    public = list(queries.public_placements(edition, NOW()).prefetch_related("exhibit__fields"))
    for one in public:
        zone = one.zone_id or 0
        allowed = {
            other.pk: in_common(one, other) for other in public
            if other.exhibit_id != one.exhibit_id and (zone == 0 or other.zone_id != zone) and in_common(one, other)
        }
        for count in (1, 3, 100):
            found = kept.kin(one.exhibit_id, zone, NOW(), count)
            assert len(set(found)) == len(found) == min(count, len(allowed))
            best = sorted(allowed.values(), reverse=True)[:count]
            assert [allowed[pk] for pk in found] == best
            met += len(found)
    assert met
    assert kept.kin(10**9, 0, NOW(), 4) == []


@pytest.mark.django_db(transaction=True)
def test_where_nothing_has_changed_the_rows_are_not_read_again(world, django_assert_num_queries):
    edition = world.editions["2021"]
    first = queries.catalogue_of(edition, NOW())
    with django_assert_num_queries(1):
        assert queries.catalogue_of(edition, NOW()) is first
    Exhibit.objects.get(code="open-drone").save()
    assert queries.catalogue_of(edition, NOW()) is not first


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_nothing_is_kept(world):
    edition = world.editions["2021"]
    before = decoded(queries.catalogue_of(edition, NOW()))
    with transaction.atomic():
        make_exhibit(world, "never", "beijing", "从未", "Never")
        assert len(decoded(queries.catalogue_of(edition, NOW()))) == len(before) + 1
        transaction.set_rollback(True)
    assert decoded(queries.catalogue_of(edition, NOW())) == before


@pytest.mark.django_db
def test_an_embargo_ends_by_the_clock_alone(world):
    edition, legend = world.editions["2021"], queries.legend_of(world.editions["2021"])
    found = queries.catalogue_of(edition, NOW())
    ends = found.next_release(NOW())
    assert ends is not None
    before, after = (len(found.table(legend, at).ids) for at in (ends - dt.timedelta(seconds=1), ends))
    assert after > before
    assert found.next_release(ends) is None or found.next_release(ends) > ends


@pytest.mark.django_db
def test_events_are_told_once_and_a_cleared_outbox_tells_nothing():
    class Told:
        pass

    def tell(n, hours=0):
        NewsItem.objects.create(told_at=NOW() - dt.timedelta(hours=hours), kind="Told", payload={"ids": [n]}, handled=True)

    following = Following(Told)
    assert following.news(NOW()) == []
    tell(1, hours=30)
    tell(2)
    assert [one["ids"] for one in following.news(NOW())] == [[1], [2]]
    assert following.news(NOW()) == []
    NewsItem.objects.filter(payload__ids=[1]).delete()  # as old news is cleared
    assert following.news(NOW()) == []
    tell(3)
    assert [one["ids"] for one in following.news(NOW())] == [[3]]


@pytest.mark.django_db
def test_another_outbox_under_the_same_numbers_is_noticed():
    class Told:
        pass

    following = Following(Told)
    item = NewsItem.objects.create(told_at=NOW(), kind="Told", payload={"ids": [1]}, handled=True)
    assert len(following.news(NOW())) == 1
    item.delete()
    assert following.news(NOW()) is None, "what was told a moment ago is not cleared: this is another database"
    NewsItem.objects.create(pk=item.pk, told_at=NOW(), kind="Told", payload={"ids": [2]}, handled=True)
    assert [one["ids"] for one in following.news(NOW())] == [[2]]
