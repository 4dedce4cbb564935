"""What people call the clock of a place."""

import datetime as dt
import zoneinfo

import pytest

from everhall.engines.local_time import name_of, offset_beside


@pytest.mark.parametrize(
    ("zone", "chinese", "english"),
    [
        ("Asia/Shanghai", "中国标准时间", "China Standard Time"),
        ("Europe/Berlin", "中欧时间", "Central European Time"),
        ("UTC", "协调世界时", "Coordinated Universal Time"),
    ],
)
def test_it_is_what_they_say_all_year(zone: str, chinese: str, english: str) -> None:
    assert name_of(zone, "zh-hans") == chinese
    assert name_of(zone, "en") == english


@pytest.mark.parametrize(
    ("zone", "told"), [("Asia/Shanghai", ""), ("Asia/Singapore", ""), ("Asia/Tokyo", "UTC+9"), ("Asia/Kolkata", "UTC+5:30"), ("America/New_York", "UTC-4")]
)
def test_a_clock_that_shows_another_time_says_so(zone: str, told: str) -> None:
    there = dt.datetime(2021, 10, 20, 9, 30, tzinfo=zoneinfo.ZoneInfo(zone))
    assert offset_beside(there, zoneinfo.ZoneInfo("Asia/Shanghai")) == told
