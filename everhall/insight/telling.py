"""Figures in words and charts, as pages and sheets show them.

In: rows of `queries`. Out: cells in the active language, charts, and the same numbers as a sheet. Must stay true: what stands beside a
chart is what the chart draws; a number that is not told reads as such and is never taken for zero.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import pgettext

from everhall.engines import bar_chart
from everhall.engines.small_groups import FEW, GROUP, WITHHELD
from everhall.insight.queries import Row

#: In the order of their columns.
COLUMNS: Final = (
    "sessions", "registered", "onsite", "online", "waiting", "cancelled", "came", "live", "live_minutes", "later", "later_minutes",
    "questions", "answers", "rating",
)  # fmt: skip
HEADLINE: Final = ("sessions", "registered", "came", "live", "later", "rating")
#: People and views have a chart each: views are many times as many, and on one scale people could not be read.
CHARTED: Final = (("registered", "came"), ("live", "later"))


def names() -> dict[str, str]:
    return {
        "sessions": pgettext("figures", "Sessions"), "registered": pgettext("figures", "Registered"),
        "onsite": pgettext("figures", "of them on site"), "online": pgettext("figures", "of them online"),
        "waiting": pgettext("figures", "Waiting"), "cancelled": pgettext("figures", "Given back"), "came": pgettext("figures", "Came"),
        "live": pgettext("figures", "Views live"), "live_minutes": pgettext("figures", "Minutes a live view"),
        "later": pgettext("figures", "Views later"), "later_minutes": pgettext("figures", "Minutes a later view"),
        "questions": pgettext("figures", "Questions"), "answers": pgettext("figures", "Answers"), "rating": pgettext("figures", "Rating"),
    }  # fmt: skip


def cell(numbers: dict[str, Any], column: str) -> str:
    """As it reads; a dash for what is not counted here."""
    value = numbers.get(column)
    if value is None:
        return "–"
    if value == FEW:
        return f"<{GROUP}"
    if value == WITHHELD:
        return pgettext("figures", "withheld")
    return f"{value:,}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of a table: what it is of, and its cells."""

    thing: Any
    cells: tuple[tuple[str, str, str], ...]


def table(rows: Iterable[Row], columns: Sequence[str] = COLUMNS) -> list[Shown]:
    """Each cell with its column's key and name."""
    told = names()
    return [Shown(row.thing, tuple((key, told[key], cell(row.numbers, key)) for key in columns)) for row in rows]


def heads(columns: Sequence[str] = COLUMNS) -> list[tuple[str, str]]:
    told = names()
    return [(key, told[key]) for key in columns]


@dataclass(frozen=True, slots=True)
class Charted:
    """A chart with the names of its series and, for each bar, words. A series has the same colour (0 to 3) wherever it is drawn."""

    title: str
    chart: bar_chart.Chart
    series: tuple[tuple[int, str], ...]
    bars: tuple[tuple[bar_chart.Bar, int, str], ...]
    summary: str


def charted(title: str, labels: Sequence[str], numbers: Sequence[dict[str, Any]]) -> list[Charted]:
    """One chart of people, one of views. Series that are counted nowhere are left out, and so is a chart without any."""
    if not labels:
        return []
    drawn, colour = [], 0
    titles = (pgettext("figures", "{what}: people"), pgettext("figures", "{what}: views"))
    for keys, of in zip(CHARTED, titles, strict=True):
        colours = {key: colour + n for n, key in enumerate(keys) if any(its.get(key) is not None for its in numbers)}
        if colours:
            drawn.append(chart_of(of.format(what=title), labels, numbers, colours))
        colour += len(keys)
    return drawn


def chart_of(title: str, labels: Sequence[str], numbers: Sequence[dict[str, Any]], colours: dict[str, int]) -> Charted:
    told, keys = names(), list(colours)
    chart = bar_chart.drawn(labels, [[its.get(key) for its in numbers] for key in keys])
    width = (chart.width - bar_chart.LEFT) / len(labels)
    bars = []
    for bar in chart.bars:
        at, key = min(int((bar.x - bar_chart.LEFT) // width), len(labels) - 1), keys[bar.series]
        bars.append((bar, colours[key], f"{labels[at]} · {told[key]}: {cell(numbers[at], key)}"))
    summary = "; ".join(f"{label}: " + ", ".join(f"{told[key]} {cell(its, key)}" for key in keys) for label, its in zip(labels, numbers, strict=True))
    return Charted(title, chart, tuple((colours[key], told[key]) for key in keys), tuple(bars), summary)


def by_day(title: str, row: Row) -> list[Charted]:
    days: list[dt.date] = sorted(row.by_day)
    return charted(title, [f"{day:%m-%d}" for day in days], [row.by_day[day] for day in days])


def day_rows(row: Row) -> list[Row]:
    return [Row(day, row.by_day[day]) for day in sorted(row.by_day)]


def sheet_cell(numbers: dict[str, Any], column: str) -> str | int | float:
    """A number where one is told, so that it can be summed; words where not."""
    value = numbers.get(column)
    if value is None:
        return ""
    return value if isinstance(value, (int, float)) and value >= 0 else cell(numbers, column)
