"""The columns of the sheets of equipment and of travel times, and how sessions name the equipment they need."""

import re
from dataclasses import dataclass
from typing import Any, Final

from everhall.engines.sheet import Layout
from everhall.engines.sheet_columns import Column, ListColumn, Whole, read_code
from everhall.engines.sheet_words import Refused
from everhall.programme.models.needs import LONGEST_WAY

_NEED: Final = re.compile(r"([a-z0-9/-]+?)\s*(?:[*×]\s*([0-9]{1,5}))?")
MOST_NEEDED: Final = 10_000


@dataclass(frozen=True, slots=True)
class AtVenue(Column):
    """`venue/code`: a thing is known by its own code and that of its venue."""

    limit: int = 141

    def read(self, text: str) -> str:
        venue, slash, code = text.partition("/")
        if not slash:
            raise Refused("not_at_venue", value=text[:80])
        return f"{read_code(venue.strip(), 80)}/{read_code(code.strip(), 60)}"


@dataclass(frozen=True, slots=True)
class Between(Column):
    """`venue/venue`, the same in either order."""

    limit: int = 161

    def read(self, text: str) -> str:
        one, slash, other = text.partition("/")
        if not slash or one.strip() == other.strip():
            raise Refused("not_between", value=text[:80])
        return "/".join(sorted(read_code(venue.strip(), 80) for venue in (one, other)))


@dataclass(frozen=True, slots=True)
class Needs(ListColumn):
    """`code*count`, semicolons between; the venue's own or `venue/code`. Without a count it is one."""

    def one(self, text: str) -> tuple[str, int]:
        found = _NEED.fullmatch(text)
        if found is None or not 0 < (count := int(found[2] or 1)) <= MOST_NEEDED:
            raise Refused("bad_need", value=text[:80])
        venue, _slash, code = found[1].rpartition("/")
        return ("/".join(read_code(part) for part in (venue, code) if part), count)

    def read(self, text: str) -> tuple[Any, ...]:
        values = ListColumn.read(self, text)
        names = [name for name, _count in values]
        for n, name in enumerate(names):
            if name in names[:n]:
                raise Refused("twice_in_list", value=name[:80])
        return values

    def write(self, value: Any) -> str:
        return ";".join(f"{name}*{count}" if count > 1 else name for name, count in value or ())


EQUIPMENT: Final = Layout(
    "equipment", "设备", "equipment",
    (
        AtVenue("code", "会场与设备编码", "venue and code", required=True),
        Column("name_zh", "中文名称", "name (Chinese)", limit=120),
        Column("name_en", "英文名称", "name (English)", limit=200),
        Whole("count", "数量", "how many", high=MOST_NEEDED),
    ),
)
TRAVEL_TIMES: Final = Layout(
    "travel-times", "路程", "travel times",
    (
        Between("between", "两个会场", "two venues", required=True),
        Whole("minutes", "分钟", "minutes", high=LONGEST_WAY),
    ),
    needed=frozenset({"between", "minutes"}),
    key="between",
)
