"""All that is kept of one person, over all apps: to take it along, and to delete it.

In: who it is, by all that their request shows. Out: plain values for a file; how much was deleted. Each app's share is handed in on the top
floor (`config/wiring.py`), for the week knows some of them only. What must stay true: what one share fails at, the others do all the same,
and the person is told; the visitor goes last, because the others are found by them.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from django.db import transaction

from everhall.visits.models import Visitor

log = structlog.get_logger("everhall.myweek")


@dataclass(frozen=True, slots=True)
class Who:
    """An account (or None), a visitor (or None), and the tokens of other cookies by name."""

    user: Any = None
    visitor: Visitor | None = None
    tokens: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Share:
    """Of one app. `title` for people; `give`: what is kept, plain values, empty for nothing; `erase`: how many rows are gone or say less;
    `stays`: what is not deleted, and why ("" for nothing)."""

    name: str
    title: Any
    give: Callable[[Who, dt.datetime], Any]
    erase: Callable[[Who, dt.datetime], int]
    stays: Any = ""


_shares: Final[dict[str, Share]] = {}


def share(one: Share) -> None:
    """Called at start-up, in the order in which is deleted."""
    _shares[one.name] = one


def shares() -> list[Share]:
    return list(_shares.values())


def everything_of(who: Who, now: dt.datetime) -> dict[str, Any]:
    """By app; apps that keep nothing of them are there too, so that one sees that they were asked."""
    return {one.name: one.give(who, now) for one in shares()}


def erase(who: Who, now: dt.datetime) -> tuple[int, list[str]]:
    """How many rows are gone or say less, and names of shares that failed."""
    done, failed = 0, []
    for one in shares():
        try:
            with transaction.atomic():
                done += one.erase(who, now)
        except Exception:
            log.exception("not erased", share=one.name)
            failed.append(one.name)
    return done, failed
