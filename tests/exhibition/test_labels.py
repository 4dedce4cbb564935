"""Labels lead to this year's place of their exhibit, for ever, and tell nothing of what is hidden."""

import datetime as dt
import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from everhall.config.clerk import Scans
from everhall.editions.models import Edition, Hall, Zone
from everhall.exhibition import services
from everhall.exhibition.models import Exhibit, Label, LabelScans, Placement
from everhall.exhibition.services import scans
from tests.world import SECRET, SECRET_EN, make_exhibit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted():
    scans._waiting.clear()
    yield
    scans._waiting.clear()


def label_of(code: str, edition: str = "2021") -> str:
    return Label.objects.get(exhibit__code=code, edition__code=edition).code


def test_every_exhibit_with_a_booth_has_one(world):
    placed = Placement.objects.exclude(booth="").count()
    assert Label.objects.count() == placed
    assert label_of("open-drone") == "A-00"


def test_a_label_leads_to_its_exhibit_however_it_is_written(client, world):
    for written in ("A-00", "a-00", "a00", "Ａ－００", "A 00", "A-00/"):
        response = client.get(f"/b/{written}")
        assert response.status_code == 302, written
        assert response["Location"] == "/2021/exhibits/open-drone/?at=A-00#place"
        assert "no-store" in response["Cache-Control"]
        assert "Everhall-Tags" not in response
    assert client.get("/en/b/a00")["Location"] == "/en/2021/exhibits/open-drone/?at=A-00#place"


def test_a_number_is_typed_by_hand(client, world):
    assert "A-017" in client.get("/b/").content.decode()
    assert client.get("/b/?code=a 00")["Location"] == "/b/a%2000"
    assert client.get("/b/?code=a/00").status_code == 302
    assert client.get("/en/b/?code=A00")["Location"] == "/en/b/A00"


def test_hidden_labels_are_as_unknown_as_those_that_never_were(client, world):
    unknown = client.get("/b/Q-99").content.decode()
    for code, edition in (("embargoed", "2021"), ("draft-bj", "2021"), ("planned", "2030")):
        label = label_of(code, edition)
        response = client.get(f"/b/{label}")
        page = response.content.decode()
        assert response.status_code == 404
        assert page.replace(label, "Q-99") == unknown
        assert SECRET not in page
        assert SECRET_EN not in page
    assert services.write_scans() == 0


def test_an_embargo_that_ends_opens_the_label(client, world):
    label = label_of("embargoed")
    Exhibit.objects.filter(code="embargoed").update(embargo_until=timezone.now() - dt.timedelta(seconds=1))
    assert client.get(f"/b/{label}").status_code == 302


def test_a_label_of_years_ago_leads_to_this_years_place(client, world):
    old = label_of("other-edition", "2020")
    assert client.get(f"/b/{old}")["Location"] == f"/2020/exhibits/other-edition/?at={old}#place"
    exhibit = Exhibit.objects.get(code="other-edition")
    services.place_exhibit(exhibit, world.venues["beijing"], zone=world.zones["beijing"], booth="B-07", order=50)
    assert client.get(f"/b/{old}")["Location"] == f"/2021/exhibits/other-edition/?at={old}#place"
    assert label_of("other-edition") == "B-07"
    # An edition in planning is not this year's yet.
    services.place_exhibit(exhibit, world.venues["beijing-2030"], zone=world.zones["beijing-2030"], booth="C-01")
    assert client.get("/b/C-01")["Location"].startswith("/2021/exhibits/other-edition/")


def test_a_label_never_changes_and_is_never_given_again(world):
    exhibit = Exhibit.objects.get(code="open-drone")
    services.place_exhibit(exhibit, world.venues["beijing"], zone=world.zones["beijing"], booth="Z-01")
    assert label_of("open-drone") == "A-00"
    Placement.objects.filter(exhibit=exhibit).delete()
    exhibit.delete()
    assert Label.objects.get(code="A-00").exhibit is None
    make_exhibit(world, "newcomer", "beijing", "新来的", "Newcomer")
    services.place_exhibit(Exhibit.objects.get(code="newcomer"), world.venues["beijing-2020"], zone=world.zones["beijing-2020"], booth="A-00")
    assert label_of("newcomer", "2020") == "A-00-B"


def test_a_gone_exhibits_label_is_unknown(client, world):
    Placement.objects.filter(exhibit__code="open-drone").delete()
    Exhibit.objects.get(code="open-drone").delete()
    assert client.get("/b/A-00").status_code == 404


def test_labels_of_many_cost_few_queries(world, django_assert_max_num_queries):
    edition = world.editions["2021"]
    hall = Hall.objects.create(venue=world.venues["beijing"], code="big", name_zh="大馆")
    zone = Zone.objects.create(hall=hall, code="z", name_zh="大区")
    made = Exhibit.objects.bulk_create([Exhibit(code=f"bulk-{n}", name_zh=f"{n}") for n in range(300)])
    Placement.objects.bulk_create([
        Placement(exhibit=one, edition=edition, venue=hall.venue, zone=zone, booth=f"Q-{n % 200:03}", order=n) for n, one in enumerate(made)
    ])
    with django_assert_max_num_queries(6):
        assert services.label_exhibits(edition, [one.pk for one in made]) == 300
    with django_assert_max_num_queries(4):
        assert services.label_exhibits(edition, [one.pk for one in made]) == 0
    assert label_of("bulk-199") == "Q-199"
    assert label_of("bulk-200") == "Q-000-B"


def test_scans_are_counted_by_day_without_a_word_of_who(client, world):
    for _ in range(3):
        client.get("/b/A-00")
    client.head("/b/A-00")
    client.get("/b/A-00", headers={"Sec-Purpose": "prefetch"})
    assert not LabelScans.objects.exists()
    assert services.write_scans() == 3
    client.get("/b/a00")
    services.write_scans()
    row = LabelScans.objects.get()
    assert (row.label.code, row.day, row.count) == ("A-00", timezone.localdate(), 4)
    assert {field.name for field in LabelScans._meta.get_fields()} == {"id", "label", "day", "count"}


def test_the_serving_process_writes_them(client, world):
    worker = Scans()
    for _ in range(2):
        client.get("/b/A-00")
        worker.turn(timezone.now())
    assert LabelScans.objects.get().count == 2


def test_what_cannot_be_written_waits_for_the_next_turn(world):
    services.count_scan(Label.objects.get(code="A-00").pk, timezone.now())
    connection.set_rollback(True)  # the database refuses everything until this is taken back
    with pytest.raises(DatabaseError):
        services.write_scans()
    connection.set_rollback(False)
    assert services.write_scans() == 1
    assert LabelScans.objects.get().count == 1


def test_counting_from_many_threads_loses_nothing(world):
    label, now = Label.objects.get(code="A-00").pk, timezone.now()
    threads = [threading.Thread(target=lambda: [services.count_scan(label, now) for _ in range(200)]) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert services.write_scans() == 1600
    assert LabelScans.objects.get().count == 1600


def test_a_scan_asks_the_database_little(client, world, django_assert_max_num_queries):
    client.get("/b/A-00")
    with django_assert_max_num_queries(2):
        client.get("/b/A-00")


def test_the_database_keeps_numbers_apart(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Label.objects.create(code="A 00", key="A00", edition=Edition.objects.get(code="2020"))
