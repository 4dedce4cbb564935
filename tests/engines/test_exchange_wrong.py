"""Files of strangers at their worst: whatever stands in them, the reader says what is wrong and never falls."""

import pytest

from everhall.engines.exchange_read import read
from everhall.engines.exchange_words import Unreadable

SHANGHAI = "Asia/Shanghai"


def frab(day="2021-10-20", date="", start="09:00", duration="01:00", change="", guid="", title="T"):
    return (
        f'<schedule><conference><title>x</title>{f"<day_change>{change}</day_change>" if change else ""}</conference>'
        f'<day index="1" date="{day}"><room name="R"><event id="1" guid="{guid}"><title>{title}</title><room>R</room>'
        f"<start>{start}</start><date>{date}</date><duration>{duration}</duration></event></room></day></schedule>"
    ).encode()


def xcal(starts="2021-10-20T09:00:00", ends="", lasts=""):
    return (
        f"<iCalendar><vcalendar><vevent><uid>u</uid><summary>s</summary><dtstart>{starts}</dtstart><dtend>{ends}</dtend>"
        f"<duration>{lasts}</duration></vevent></vcalendar></iCalendar>"
    ).encode()


def ical(*lines):
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:1", "SUMMARY:s"]
    return "\r\n".join([*head, *lines, "END:VEVENT", "END:VCALENDAR", ""]).encode()


NO_MOMENT = {
    "the night after the last day there is": frab(day="9999-12-31", start="01:00", change="04:00"),
    "a day before there were zones": frab(day="0001-01-01", start="00:00"),
    "a moment before there were zones": frab(date="0001-01-01T00:00:00"),
    "the last minute there is": frab(date="9999-12-31T23:59:00", duration="99:00"),
    "the last minute there is, with an offset": frab(date="9999-12-31T23:59:00+00:00"),
    "no time on a clock": frab(start="99:99"),
    "xCal before there were zones": xcal(starts="0001-01-01T00:00:00"),
    "iCal before there were zones": ical("DTSTART:00010101T000000", "DURATION:PT1H"),
    "iCal with words for a time": ical("DTSTART:garbage", "DURATION:garbage"),
}
NO_LENGTH = {
    "a length of five thousand digits": frab(duration="9" * 5000),
    "a length below nothing": frab(duration="-1:00"),
    "a length in raised digits": frab(duration="²:³"),
    "xCal with five thousand digits": xcal(lasts=f"P{'9' * 5000}D"),
    "xCal with ten digits": xcal(lasts="P10000000001D"),
    "xCal with a raised digit": xcal(lasts="P²D"),
    "iCal of thousands of years": ical("DTSTART:20211020T090000Z", "DURATION:P9999999D"),
}
UNREADABLE = {
    "JSON a hundred thousand deep": b'{"a":' * 100_000,
    "lists a hundred thousand deep": b'{"schedule":' + b"[" * 100_000,
    "XML forty deep": b"<schedule>" + b"<a>" * 40,
    "no encoding that there is": b'<?xml version="1.0" encoding="foo"?><schedule/>',
    "a calendar that stops": b"BEGIN:VCALENDAR",
    "nothing but zeros": b"\x00\x00",
    "days that are no days": b'{"schedule":{"conference":{"days":[1]}}}',
    "events that are no events": b'{"schedule":{"events":[1,null]}}',
}


@pytest.mark.parametrize("name", NO_MOMENT)
def test_a_time_that_is_none_is_told(name):
    found = read(NO_MOMENT[name], SHANGHAI)
    assert not found.schedule.items
    assert [fault.code for fault in found.faults] == ["exchange_moment"]


@pytest.mark.parametrize("name", NO_LENGTH)
def test_a_length_that_is_none_is_told(name):
    found = read(NO_LENGTH[name], SHANGHAI)
    assert not found.schedule.items
    assert [fault.code for fault in found.faults] == ["exchange_duration"]


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_programme_is_refused_whole(name):
    try:
        found = read(UNREADABLE[name], SHANGHAI)
    except Unreadable:
        return
    assert not found.schedule.items
    assert found.faults


def test_of_a_length_that_stands_there_twice_the_first_counts():
    found = read(ical("DTSTART:20211020T090000Z", "DURATION:PT1H", "DURATION:PT2H"), SHANGHAI)
    assert found.schedule.items[0].minutes == 60
