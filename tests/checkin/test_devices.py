"""Devices at doors over HTTP: links, signatures, rosters, and what becomes of passages when they meet."""

import datetime as dt
import itertools
import json

import pytest
from django.test import Client
from django.utils import timezone

from everhall.checkin import queries, services
from everhall.checkin.models import EntryList, Passage
from everhall.engines import door_seal
from everhall.registration import passes
from everhall.registration import services as registration
from everhall.registration.models import Registration
from tests.checkin.devices import Phone, device_of, phone_at
from tests.registration.places import come

pytestmark = pytest.mark.django_db


def ago(**span: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(**span)


def standings(door) -> list[tuple[str, int]]:
    return [(one.standing, one.counted) for one in Passage.objects.order_by("moment", "pk")]


# ---------------------------------------------------------------- devices
def test_a_link_enrols_one_device_and_no_other(door):
    token = services.invite(door.gate, None, timezone.now())
    assert Phone().enrol(token).status_code == 200
    answer = Phone().enrol(token)
    assert (answer.status_code, answer.json()["code"]) == (409, "link_used")
    assert "已经用过" in answer.json()["words"]


def test_a_link_ends_after_a_quarter_of_an_hour_and_an_unknown_one_is_none(door):
    token = services.invite(door.gate, None, ago(minutes=15, seconds=1))
    assert Phone().enrol(token).json()["code"] == "link_ended"
    assert Phone().enrol("made-up").status_code == 404


def test_keys_that_are_none_are_refused(door):
    token = services.invite(door.gate, None, timezone.now()).partition(".")[0]
    body = {"token": token, "name": "x", "signing": "AAAA", "agreement": "BBBB"}
    assert Client().post("/door/enrol", json.dumps(body), content_type="application/json").status_code == 400


def test_a_request_is_taken_once_and_only_with_its_devices_signature(door):
    phone = phone_at(door.gate)
    body = {"passages": [], "sent": timezone.now().timestamp() * 1000, "cursor": 0}
    sent = json.dumps(body).encode()
    signed = phone.signing.sign(door_seal.asked("POST", "/door/sync", 1, sent))
    from tests.checkin.devices import text

    header = f"{phone.key}.1.{text(signed)}"
    assert phone.ask("sync", body, header=header, sent=sent).status_code == 200
    assert phone.ask("sync", body, header=header, sent=sent).json()["code"] == "repeated"
    assert phone.ask("roster", body, header=f"{phone.key}.9.{text(signed)}", sent=sent).json()["code"] == "unsigned"
    assert phone.ask("sync", body, header=f"nobody.9.{text(signed)}").json()["code"] == "unknown_device"


def test_a_revoked_device_gets_nothing_and_what_it_let_in_afterwards_is_kept_apart(door):
    row, later = come(door.admission, "甲"), come(door.admission, "乙")
    phone = phone_at(door.gate)
    services.revoke(device_of(phone), ago(minutes=10))
    answer = phone.sync(phone.passed(door.listed, row, ago(minutes=20)), phone.passed(door.listed, later, ago(minutes=5)))
    assert (answer.status_code, answer.json()["code"]) == (410, "revoked")
    assert standings(door) == [("counted", 1), ("apart", 0)]
    assert phone.ask("roster", {}).status_code == 410
    later.refresh_from_db()
    assert later.came_at is None


# ---------------------------------------------------------------- the roster
def test_a_roster_holds_what_the_door_needs_and_nothing_else_of_a_person(door):
    row = come(door.admission, "林知夏", email="secret-address@example.org")
    gone = come(door.admission, "陈以安")
    registration.cancel(gone, timezone.now())
    head, columns = phone_at(door.gate).roster()
    assert (head["count"], head["lists"][0]["rule"]) == (2, "once")
    assert columns[:16] == bytes(row.pass_code) + bytes(gone.pass_code)
    assert "林知夏".encode() in columns
    assert b"lzx" in columns
    for hidden in ("secret-address", "陈以安"):
        assert hidden.encode() not in columns


def test_a_roster_is_for_its_device_alone_and_a_changed_byte_ends_it(door):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    phone, other = phone_at(door.gate), phone_at(door.gate)
    content = phone.ask("roster", {}).content
    site = Ed25519PublicKey.from_public_bytes(phone.site)
    assert door_seal.opened(content, phone.key, phone.agreement, site)
    assert door_seal.opened(content, other.key, other.agreement, site) is None
    for place in (20, 120, len(content) - 3):
        changed = bytearray(content)
        changed[place] ^= 1
        assert door_seal.opened(bytes(changed), phone.key, phone.agreement, site) is None


def test_a_roster_that_is_the_newest_is_not_sent_again(door):
    come(door.admission, "甲")
    phone = phone_at(door.gate)
    mark = phone.roster()[0]["mark"]
    assert phone.ask("roster", {"mark": mark}).status_code == 204
    come(door.admission, "乙")
    assert phone.ask("roster", {"mark": mark}).status_code == 200


def test_a_list_of_everybody_takes_passes_of_venues_below_and_of_no_other(door, world):
    every = EntryList.objects.create(venue=world.venues["beijing"], name_zh="园区", everybody=True)
    keys = set(queries.admissions_of(every).values_list("pk", flat=True))
    assert door.admission.pk in keys
    assert not queries.admissions_of(EntryList.objects.create(venue=world.venues["zhengzhou"], name_zh="郑州", everybody=True)).exists()


# ---------------------------------------------------------------- merging
def test_two_gates_offline_let_the_same_pass_in_whoever_was_first_wins_and_both_are_told(door):
    row = come(door.admission, "甲")
    east, west = phone_at(door.gate), phone_at(door.other)
    # The later one is heard first.
    assert east.sync(east.passed(door.listed, row, ago(minutes=3))).json()["news"][0]["standing"] == "counted"
    told = west.sync(west.passed(door.listed, row, ago(minutes=9))).json()["news"]
    assert {(one["standing"], one["counted"]) for one in told} == {("counted", 1), ("double", 0)}
    (mine,) = [one for one in east.sync().json()["news"] if one["own"]]
    assert (mine["standing"], mine["first"]["where"]) == ("double", ["西门", "West gate"])
    assert queries.headcounts([door.listed]) == {door.listed.pk: 1}
    row.refresh_from_db()
    assert abs((row.came_at - ago(minutes=9)).total_seconds()) < 5


def test_the_end_is_the_same_in_whatever_order_devices_come(door):
    rows = [come(door.admission, name) for name in "甲乙丙"]
    whole = []
    for order in itertools.permutations(range(3)):
        phones = [phone_at(gate) for gate in (door.gate, door.other, door.gate)]
        batches = [[phone.passed(door.listed, row, ago(minutes=30 - 7 * at - 3 * row.number % 5)) for row in rows] for at, phone in enumerate(phones)]
        for place in order:
            phones[place].sync(*batches[place])
        devices = {device_of(phone).pk: place for place, phone in enumerate(phones)}
        whole.append(sorted((one.registration_id, devices[one.device_id], one.standing) for one in Passage.objects.all()))
        Passage.objects.all().delete()
    assert all(each == whole[0] for each in whole)
    assert sum(standing == "counted" for _, _, standing in whole[0]) == 3


def test_what_is_sent_twice_is_one(door):
    row = come(door.admission, "甲")
    phone = phone_at(door.gate)
    told = phone.passed(door.listed, row, ago(minutes=1))
    phone.sync(told)
    phone.cursor = 0
    assert phone.sync(told).json()["taken"] == 1
    assert standings(door) == [("counted", 1)]


def test_a_clock_off_by_hours_is_put_right_and_the_devices_own_order_kept(door):
    rows = [come(door.admission, name) for name in "甲乙"]
    phone, other = phone_at(door.gate), phone_at(door.other)
    phone.ahead = -5 * 3_600_000
    phone.sync(phone.passed(door.listed, rows[0], ago(minutes=10)), phone.passed(door.listed, rows[1], ago(minutes=30)))
    first, second = Passage.objects.order_by("sequence")
    assert abs((first.moment - ago(minutes=10)).total_seconds()) < 5
    assert first.moment <= second.moment
    # It was not five hours ahead of the other, who came before.
    other.sync(other.passed(door.listed, rows[0], ago(minutes=11)))
    assert Passage.objects.get(pk=first.pk).standing == "double"


def test_nothing_is_later_than_its_arrival(door):
    row = come(door.admission, "甲")
    phone = phone_at(door.gate)
    phone.sync(phone.passed(door.listed, row, timezone.now() + dt.timedelta(days=2)))
    assert Passage.objects.get().moment <= timezone.now()


def test_a_registration_that_was_cancelled_meanwhile_is_told(door):
    row = come(door.admission, "甲")
    phone = phone_at(door.gate)
    registration.cancel(row, timezone.now())
    told = phone.sync(phone.passed(door.listed, row, ago(seconds=5))).json()["news"]
    assert [(one["found"], one["standing"]) for one in told] == [("cancelled", "counted")]


def test_whoever_goes_out_after_having_cancelled_is_counted_out_and_nobody_is_told(door):
    row = come(door.admission, "甲")
    phone = phone_at(door.gate)
    phone.sync(phone.passed(door.listed, row, ago(minutes=5)))
    registration.cancel(row, timezone.now())
    told = phone.sync(phone.passed(door.listed, row, ago(seconds=5), direction="out", reason="out")).json()["news"]
    assert [(one["found"], one["standing"], one["counted"]) for one in told] == [("", "counted", 1)]
    assert queries.headcounts([door.listed]) == {door.listed.pk: 0}


def test_a_pass_newer_than_the_roster_is_known_by_its_signature(door):
    row = come(door.admission, "甲")
    phone = phone_at(door.gate)
    told = phone.passed(door.listed, None, ago(seconds=5), code=bytes(row.pass_code).hex(), text=passes.text_of(row), reason="unknown")
    forged = phone.passed(door.listed, None, ago(seconds=4), code="00" * 8, text="EH1:AAAA", reason="unknown", override=True)
    assert [one["found"] for one in phone.sync(told, forged).json()["news"]] == ["", "unknown"]
    assert Passage.objects.get(sequence=1).registration == row


def test_a_group_of_forty_comes_in_parts_and_not_more_than_forty(door):
    row = come(door.admission, "师", group="第一中学", size=40)
    east, west = phone_at(door.gate), phone_at(door.other)
    east.sync(east.passed(door.listed, row, ago(minutes=9), people=25))
    west.sync(west.passed(door.listed, row, ago(minutes=5), people=20))
    assert standings(door) == [("counted", 25), ("double", 15)]
    assert queries.headcounts([door.listed])[door.listed.pk] == 40


def test_what_was_undone_counts_for_nobody_and_the_next_one_wins(door):
    row = come(door.admission, "甲")
    east, west = phone_at(door.gate), phone_at(door.other)
    first = east.passed(door.listed, row, ago(minutes=9))
    east.sync(first)
    west.sync(west.passed(door.listed, row, ago(minutes=5)))
    east.sync(east.passed(door.listed, row, ago(minutes=1), decision="refuse", reason="undone", undoes=first["sequence"], people=0))
    assert standings(door) == [("undone", 0), ("counted", 1), ("refused", 0)]
    row.refresh_from_db()
    assert abs((row.came_at - ago(minutes=5)).total_seconds()) < 5, "they came when the entry that counts says"


def test_exits_free_places_where_the_list_says_so(door):
    EntryList.objects.filter(pk=door.listed.pk).update(rule="after_exit")
    row = come(door.admission, "甲")
    phone = phone_at(door.gate)
    phone.sync(
        phone.passed(door.listed, row, ago(minutes=9)), phone.passed(door.listed, row, ago(minutes=8), direction="out"),
        phone.passed(door.listed, row, ago(minutes=7)), phone.passed(door.listed, row, ago(minutes=6)),
    )
    assert standings(door) == [("counted", 1), ("counted", 1), ("counted", 1), ("double", 0)]
    assert queries.headcounts([door.listed])[door.listed.pk] == 1


def test_people_without_a_pass_take_seats_as_long_as_there_are_any(door):
    EntryList.objects.filter(pk=door.listed.pk).update(walk_ins=True)
    door.admission.quotas.filter(way="onsite").update(size=1)
    phone = phone_at(door.gate)
    told = [phone.passed(door.listed, None, ago(minutes=3 - at), source="walk-in", reason="walk_in") for at in range(2)]
    phone.sync(*told)
    assert [one.found for one in Passage.objects.order_by("sequence")] == ["", "over"]
    assert queries.headcounts([door.listed])[door.listed.pk] == 2
    assert Registration.objects.filter(by_hand=True, came_at__isnull=False).count() == 1
    phone.sync(*told)
    assert Registration.objects.filter(by_hand=True).count() == 1


@pytest.mark.parametrize("change", [{"people": -1}, {"at": "now"}, {"list": 3}, {"direction": "up"}, {"sequence": 0}, {"code": "zz"}])
def test_what_is_no_passage_is_named_and_the_rest_is_taken(door, change):
    row = come(door.admission, "甲")
    phone = phone_at(door.gate)
    bad = {**phone.passed(door.listed, row, ago(minutes=2)), **change}
    answer = phone.sync(bad, phone.passed(door.listed, row, ago(minutes=1))).json()
    assert answer["refused"] == [bad["sequence"]]
    assert standings(door) == [("counted", 1)]


def test_a_list_of_another_venue_is_written_by_no_device_here(door, world):
    other = EntryList.objects.create(venue=world.venues["zhengzhou"], name_zh="别的", everybody=True)
    phone = phone_at(door.gate)
    assert phone.sync(phone.passed(other, come(door.admission, "甲"), ago(minutes=1))).json()["refused"] == [1]
    assert not Passage.objects.exists()


def test_a_list_that_left_the_gate_meanwhile_keeps_what_was_scanned_for_it(door):
    phone = phone_at(door.gate)
    told = phone.passed(door.listed, come(door.admission, "甲"), ago(minutes=1))
    door.gate.lists.clear()
    phone.sync(told)
    assert standings(door) == [("counted", 1)]


def test_what_is_personal_goes_on_its_day(door, world, settings):
    from tests.registration.places import let_the_week_come

    phone = phone_at(door.gate, world.user("team@example.org"))
    let_the_week_come(settings, dt.datetime(2022, 1, 22, 12, tzinfo=dt.UTC))
    services.forget_doors(timezone.now())
    assert device_of(phone).name
    let_the_week_come(settings, dt.datetime(2022, 1, 24, 12, tzinfo=dt.UTC))
    assert services.forget_doors(timezone.now()) == 1
    gone = device_of(phone)
    assert (gone.name, gone.enrolled_by, bool(gone.revoked_at)) == ("", None, True)
