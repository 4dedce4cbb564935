"""What a host may type, and which wished times fit: the venue's clock, the days of the week, the change of the clocks."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everhall.engines import local_time
from everhall.proposals import rules

BERLIN = ZoneInfo("Europe/Berlin")
#: What clocks show, without a zone.
CLOCK = (dt.datetime(2015, 1, 1), dt.datetime(2030, 1, 1))  # noqa: DTZ001 - as it says
WEEK = rules.Week(dt.date(2021, 10, 25), dt.date(2021, 10, 31), BERLIN)
SPRING = rules.Week(dt.date(2021, 3, 25), dt.date(2021, 3, 31), BERLIN)


def codes(week: rules.Week, **data: str) -> list[str]:
    return [wish.code for wish in rules.wishes_of({"minutes": "60", **data}, week)]


def test_a_wished_time_outside_of_the_week_is_told():
    assert codes(WEEK, wish1="2021-10-24T23:59", wish2="2021-10-25T00:00", wish3="2021-11-01T00:00") == ["outside", "", "outside"]


def test_what_would_end_after_the_last_day_is_told_and_midnight_is_no_fault():
    assert codes(WEEK, wish1="2021-10-31T23:00", wish2="2021-10-31T23:01") == ["", "late"]


def test_a_time_that_the_clocks_jump_over_does_not_happen():
    assert codes(SPRING, wish1="2021-03-28T02:30", wish2="2021-03-28T03:00") == ["skipped", ""]


def test_a_time_that_comes_twice_is_the_first_for_what_begins_and_the_second_for_a_deadline():
    twice = dt.datetime(2021, 10, 31, 2, 30)  # noqa: DTZ001 - what a clock shows
    assert local_time.moment_of(twice, BERLIN) == dt.datetime(2021, 10, 31, 0, 30, tzinfo=dt.UTC)
    assert local_time.moment_of(twice, BERLIN, later=True) == dt.datetime(2021, 10, 31, 1, 30, tzinfo=dt.UTC)


@given(st.datetimes(*CLOCK), st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]), st.booleans())
def test_a_moment_reads_on_the_venues_clock_as_it_was_written(local: dt.datetime, name: str, later: bool):
    zone = ZoneInfo(name)
    try:
        moment = local_time.moment_of(local, zone, later=later)
    except local_time.Skipped:
        # Going there and back leads elsewhere, and only then.
        assert local.replace(tzinfo=zone).astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) != local
        return
    assert moment.astimezone(zone).replace(tzinfo=None, fold=0) == local


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("minutes", "9", "number"), ("minutes", "721", "number"), ("minutes", "-30", "number"), ("minutes", "６０", "number"),
        ("wish1", "2021-10-20", "moment"), ("wish1", "2021-10-20T09:00+08:00", "moment"), ("wish1", "tomorrow", "moment"),
        ("kind", "party", "choice"), ("equipment", ("cannon",), "choice"), ("name_zh", "x" * 201, "long"), ("name_zh", ("a",), "choice"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_told_with_its_reason(name: str, value: rules.Value, code: str):
    with pytest.raises(rules.Wrong) as wrong:
        rules.tidy(rules.SPECS[name], value)
    assert wrong.value.code == code


@given(st.sampled_from([spec for spec in rules.SPECS.values() if spec.shape in {"line", "area", "long", "number", "moment"}]), st.text(max_size=60))
def test_what_is_kept_once_is_kept_the_same_again(spec: rules.Spec, text: str):
    try:
        kept = rules.tidy(spec, text)
    except rules.Wrong:
        return
    assert rules.tidy(spec, kept) == kept


def test_a_speaker_who_is_written_twice_speaks_once():
    data = {"s1.name_zh": "甲", "s2.name_zh": "乙", "s3.name_zh": "甲", "s5.title_zh": "没有名字"}
    assert [one.name_zh for one in rules.speakers_of(data)] == ["甲", "乙"]


def test_seats_are_needed_on_site_only():
    def asked(mode: str) -> bool:
        return any(one.code == "seats" for one in rules.missing({"mode": mode}, WEEK))

    assert (asked("onsite"), asked("both"), asked("online")) == (True, True, False)
