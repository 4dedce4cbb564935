"""What people call the clock of a place."""

import pytest

from everhall.engines.local_time import name_of


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
