"""Registering, waiting, moving up, changing, handing on: no seat twice, nobody twice, twice is once."""

import datetime as dt

import pytest
from django.utils import timezone

from everhall.editions.public import real_time
from everhall.registration import services
from everhall.registration.models import Admission, Registration, SeatQuota, Taken, Ticket
from everhall.registration.services import Refused
from tests.registration.places import (
    admission_to,
    come,
    held,
    let_the_week_come,
    letters,
    post,
    states,
    taken,
)

pytestmark = pytest.mark.django_db


def refused(code):
    return pytest.raises(Refused, match=f"^{code}$")


def test_seats_go_to_those_who_come_first_and_the_next_wait(hall):
    for name in "abcde":
        come(hall, name)
    assert states(hall) == {"a": "confirmed", "b": "confirmed", "c": "confirmed", "d": "waiting", "e": "waiting"}
    assert taken(hall) == held(hall) == 3
    assert list(Registration.objects.filter(admission=hall).values_list("number", flat=True)) == [1, 2, 3, 4, 5]


def test_on_site_and_online_are_counted_apart(hall):
    for name in "abc":
        come(hall, name)
    assert come(hall, "d", way="online").state == "confirmed"
    assert (taken(hall), taken(hall, "online")) == (3, 1)


def test_a_batch_is_settled_in_its_order(hall):
    found = services.perform([post(hall, name) for name in "abcd"], timezone.now())
    assert [(one.name, one.state, one.number) for one in found] == [
        ("a", "confirmed", 1), ("b", "confirmed", 2), ("c", "confirmed", 3), ("d", "waiting", 4),
    ]  # fmt: skip


def test_the_same_request_is_the_same_registration_in_a_batch_and_later(hall):
    one = post(hall, "a")
    first, second = services.perform([one, one], timezone.now())
    assert first is second
    assert services.register(one, timezone.now()).pk == first.pk
    assert taken(hall) == 1
    assert letters() == [("confirmed", "a@example.org")]


def test_a_request_of_somebody_else_is_not_handed_out(hall):
    one = post(hall, "a")
    services.register(one, timezone.now())
    with refused("malformed"):
        services.register(services.Post(hall.key, {**one.body, "email": "thief@example.org"}), timezone.now())


def test_one_address_has_one_place_however_it_is_written(hall):
    come(hall, "a", email="Someone@Example.org")
    with refused("already"):
        come(hall, "b", email="ｓomeone@example.org")
    assert taken(hall) == 1


def test_two_of_one_batch_with_one_address_are_one(hall):
    found = services.perform([post(hall, "a"), post(hall, "b", email="a@example.org")], timezone.now())
    assert (found[0].state, found[1].state) == ("confirmed", "confirmed")
    assert isinstance(found[1], services.Known), "told as if the address were new, and not written"
    assert taken(hall) == 1


def test_who_registers_twice_is_sent_the_link_and_not_more_often_than_that(hall):
    come(hall, "a", timezone.now() - dt.timedelta(hours=1))
    for _ in range(3):
        with refused("already"):
            come(hall, "b", email="a@example.org")
    assert [kind for kind, _ in letters()] == ["confirmed", "again"]


def test_an_account_that_comes_again_gets_its_own_registration(hall, world):
    user = world.user("visitor@example.org", name="访客")
    person = services.Person(user.name, user.email, user.pk)
    body = {"way": "onsite", "email": "other@example.org"}
    first = services.register(services.Post(hall.key, {**body, "request": "request-of-the-first"}, person), timezone.now())
    again = services.register(services.Post(hall.key, {**body, "request": "request-of-the-second"}, person), timezone.now())
    assert first.pk == again.pk
    assert (first.name, first.email, first.user_id) == ("访客", "visitor@example.org", user.pk)


def test_after_cancelling_one_may_come_again_at_the_end(hall):
    first = come(hall, "a")
    services.cancel(first, timezone.now())
    again = come(hall, "a")
    assert (again.pk != first.pk, again.number, taken(hall)) == (True, 2, 1)


def test_what_is_wrong_with_one_harms_no_other(hall):
    found = services.perform([post(hall, "a"), post(hall, "b", email="nonsense"), post(hall, "c"), services.Post("nothing", {})], timezone.now())
    assert [getattr(one, "code", None) or one.state for one in found] == ["confirmed", "email", "confirmed", "gone"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": ""}, "name"), ({"name": "x" * 61}, "name"), ({"name": ["a"]}, "name"), ({"email": "a@b"}, "email"),
        ({"email": "a@b.c\n"}, None), ({"email": "a@b..example.org"}, "email"), ({"way": "by-air"}, "way"),
        ({"request": "short"}, "malformed"), ({"request": 7}, "malformed"), ({"companions": ["b"]}, "people"),
        ({"companions": "x\n" * 900}, "people"), ({"group": "School", "size": 40}, "group"), ({"organisation": 999}, "organisation"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_told_by_its_field(hall, body, code):
    sent = services.Post(hall.key, {**post(hall, "a").body, **body})
    if code is None:
        assert services.register(sent, timezone.now()).state == "confirmed"
    else:
        with refused(code):
            services.register(sent, timezone.now())
        assert not Registration.objects.exists()


def test_all_refusals_have_words_in_both_languages():
    from django.utils.translation import override

    from everhall.registration.services.refusals import WORDS

    for code in WORDS:
        with override("en"):
            english = Refused(code).words
        with override("zh-hans"):
            chinese = Refused(code).words
        assert english.isascii()
        assert any("一" <= sign <= "鿿" for sign in chinese), code


# ---------------------------------------------------------------- when
def test_before_it_opens_and_after_it_closes_nobody_gets_in(hall, settings):
    opens = hall.session.starts_at - dt.timedelta(hours=12)
    Admission.objects.filter(pk=hall.pk).update(opens_at=opens)
    with refused("not_open"):
        come(hall, "a")
    let_the_week_come(settings, opens)
    assert come(hall, "a").state == "confirmed"
    let_the_week_come(settings, hall.session.starts_at)
    with refused("closed"):
        come(hall, "b")


def test_a_retry_after_closing_is_answered_as_before(hall, settings):
    one = post(hall, "a")
    first = services.register(one, timezone.now())
    let_the_week_come(settings, hall.session.starts_at)
    assert services.register(one, timezone.now()).pk == first.pk


def test_what_visitors_may_not_see_they_cannot_register_for(world, settings):
    let_the_week_come(settings)
    for code in ("draft-forum", "embargoed-forum", "planned-forum"):
        with refused("gone"):
            come(admission_to(world.sessions[code]), "a")


def test_nobody_registers_for_what_was_cancelled(hall):
    session = hall.session
    session.status = "cancelled"
    session.save()
    with refused("closed"):
        come(hall, "a")


def test_without_a_waiting_list_full_is_full(world, settings):
    let_the_week_come(settings)
    small = admission_to(world.sessions["open-forum"], onsite=1, waiting_list=False)
    come(small, "a")
    with refused("full"):
        come(small, "b")
    assert Registration.objects.count() == 1


# ---------------------------------------------------------------- moving up
def test_a_seat_given_up_is_offered_to_who_waits_longest_until_a_moment(hall):
    now = timezone.now()
    rows = {name: come(hall, name) for name in "abcde"}
    services.cancel(rows["b"], now)
    services.cancel(rows["b"], now)
    offered = Registration.objects.get(name="d")
    assert states(hall) == {"a": "confirmed", "b": "cancelled", "c": "confirmed", "d": "offered", "e": "waiting"}
    assert offered.offered_until == now.replace(microsecond=0) + dt.timedelta(minutes=720)
    assert taken(hall) == held(hall) == 3
    assert services.confirm_offer(offered, now).state == "confirmed"
    assert services.confirm_offer(offered, now).state == "confirmed"


def test_an_offer_not_taken_goes_to_the_next(hall):
    now = timezone.now()
    rows = {name: come(hall, name) for name in "abcde"}
    services.cancel(rows["a"], now)
    late = now + dt.timedelta(minutes=721)
    with refused("lapsed"):
        services.confirm_offer(rows["d"], late)
    assert services.lapse_offers(late) == 1
    assert services.lapse_offers(late) == 0
    assert states(hall)["d"] == "lapsed"
    assert states(hall)["e"] == "offered"
    with refused("lapsed"):
        services.confirm_offer(rows["d"], late)


def test_an_offer_is_not_kept_beyond_the_beginning(hall):
    rows = {name: come(hall, name) for name in "abcd"}
    Admission.objects.filter(pk=hall.pk).update(window_minutes=100_000)
    rows["a"].admission.window_minutes = 100_000
    services.cancel(rows["a"], timezone.now())
    assert Registration.objects.get(name="d").offered_until == real_time(hall.session.starts_at)


def test_with_no_window_the_seat_is_theirs_at_once(world, settings):
    let_the_week_come(settings)
    small = admission_to(world.sessions["open-forum"], onsite=1, window_minutes=0)
    first = come(small, "a")
    come(small, "b")
    services.cancel(first, timezone.now())
    assert states(small)["b"] == "confirmed"


def test_a_quota_that_grows_moves_people_up(hall):
    for name in "abcde":
        come(hall, name)
    SeatQuota.objects.filter(admission=hall, way="onsite").update(size=4)
    assert services.promote_admissions([hall.pk], timezone.now()) == 1
    assert services.promote_waiting(timezone.now()) == 0
    assert states(hall)["d"] == "offered"


def test_a_newcomer_does_not_pass_who_waits(hall):
    for name in "abcd":
        come(hall, name)
    SeatQuota.objects.filter(admission=hall, way="onsite").update(size=4)
    assert come(hall, "new").state == "waiting"
    assert states(hall)["d"] == "offered"


def test_once_it_has_begun_nobody_moves_up(hall, settings):
    rows = [come(hall, name) for name in "abcd"]
    let_the_week_come(settings, hall.session.starts_at)
    services.cancel(rows[0], timezone.now())
    assert states(hall)["d"] == "waiting"


# ---------------------------------------------------------------- groups, companions, quotas
def test_a_school_is_all_or_nothing_or_as_many_as_fit(world, settings):
    let_the_week_come(settings)
    whole = admission_to(world.sessions["open-forum"], onsite=30, most_group=50)
    assert come(whole, "a", group="School", size=40).state == "waiting"
    fit = admission_to(world.sessions["zz-forum"], onsite=30, most_group=50, group_rule="fit")
    row = come(fit, "a", group="School", size=40)
    assert (row.state, row.seats, taken(fit)) == ("confirmed", 30, 30)


def test_companions_take_seats_and_leave_with_whom_they_came(world, settings):
    let_the_week_come(settings)
    small = admission_to(world.sessions["open-forum"], onsite=3, most_companions=2)
    row = come(small, "a", companions="Anna\n\n Bert ")
    assert [one.name for one in row.companions.all()] == ["Anna", "Bert"]
    assert taken(small) == 3
    services.cancel(row, timezone.now())
    assert taken(small) == 0


def test_a_kind_of_ticket_has_its_own_seats(world, settings):
    let_the_week_come(settings)
    small = admission_to(world.sessions["open-forum"], onsite=10)
    press, guest = (Ticket.objects.create(admission=small, name_zh=name) for name in ("媒体", "观众"))
    SeatQuota.objects.create(admission=small, way="", ticket=press, size=1)
    with refused("ticket"):
        come(small, "a")
    assert come(small, "a", ticket=str(press.pk)).state == "confirmed"
    assert come(small, "b", ticket=press.pk).state == "waiting"
    assert come(small, "c", ticket=guest.pk).state == "confirmed"


def test_an_organisation_has_its_share(world, settings):
    let_the_week_come(settings)
    small = admission_to(world.sessions["open-forum"], onsite=10)
    skylark = world.organisations["skylark"]
    SeatQuota.objects.create(admission=small, organisation=skylark, size=1)
    assert [come(small, name, organisation=skylark.pk).state for name in "ab"] == ["confirmed", "waiting"]
    assert come(small, "c").state == "confirmed"


def test_a_venues_seats_are_shared_by_its_sessions_and_those_below(world, settings):
    let_the_week_come(settings)
    first = admission_to(world.sessions["open-forum"])
    other = admission_to(world.sessions["zz-forum"])
    quota = SeatQuota.objects.create(venue=world.venues["beijing"], way="onsite", size=1)
    assert [come(first, "a").state, come(first, "b").state, come(other, "a").state] == ["confirmed", "waiting", "confirmed"]
    assert Taken.objects.get(quota=quota).seats == 1


# ---------------------------------------------------------------- changes
def test_a_change_of_way_moves_the_seat_and_hands_the_old_one_on(hall):
    rows = {name: come(hall, name) for name in "abcd"}
    now = timezone.now()
    assert services.change_way(rows["a"], "online", now).way == "online"
    services.change_way(rows["a"], "online", now)
    assert (taken(hall), taken(hall, "online")) == (held(hall), held(hall, "online")) == (3, 1)
    assert states(hall)["d"] == "offered"


def test_where_the_other_way_is_full_everything_stays(hall):
    for name in "xy":
        come(hall, name, way="online")
    row = come(hall, "a")
    with refused("full_way"):
        services.change_way(row, "online", timezone.now())
    row.refresh_from_db()
    assert (row.way, row.seats, taken(hall), taken(hall, "online")) == ("onsite", 1, 1, 2)


def test_who_waits_and_changes_may_find_room(hall):
    rows = {name: come(hall, name) for name in "abcd"}
    row = services.change_way(rows["d"], "online", timezone.now())
    assert (row.state, row.way, taken(hall, "online")) == ("offered", "online", 1)


def test_a_place_is_handed_on_with_a_new_pass_and_no_new_seat(hall):
    row, now = come(hall, "a"), timezone.now()
    made = services.transfer(row, {"name": "Berta", "email": "Berta@example.org"}, now)
    again = services.transfer(row, {"name": "Berta", "email": "berta@example.org"}, now)
    row.refresh_from_db()
    assert again.pk == made.pk
    assert (row.state, row.seats, made.state, made.seats, taken(hall)) == ("transferred", 0, "confirmed", 1, 1)
    assert bytes(row.pass_code) != bytes(made.pass_code)
    assert set(letters()) == {
        ("confirmed", "a@example.org"), ("transferred", "a@example.org"), ("received", "berta@example.org"),
    }  # fmt: skip


def test_a_place_is_not_handed_to_somebody_who_has_one_nor_one_that_only_waits(hall):
    rows = {name: come(hall, name) for name in "abcd"}
    with refused("taken_by"):
        services.transfer(rows["a"], {"name": "B", "email": "b@example.org"}, timezone.now())
    with refused("state"):
        services.transfer(rows["d"], {"name": "New", "email": "new@example.org"}, timezone.now())


def test_once_it_has_begun_nothing_is_changed_but_one_may_still_cancel(hall, settings):
    row = come(hall, "a")
    let_the_week_come(settings, hall.session.starts_at)
    for change in (lambda: services.change_way(row, "online", timezone.now()), lambda: services.transfer(row, {"name": "B", "email": "b@example.org"}, timezone.now())):
        with refused("begun"):
            change()
    assert services.cancel(row, timezone.now()).state == "cancelled"
