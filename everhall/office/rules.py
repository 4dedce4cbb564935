"""What an exhibit still lacks, where it stands, and how two people's changes go together. Plain values only.

What must stay true: each thing that is missing names the step and the field where it is put right; the share that is done is 100 only
when nothing that is needed is missing; of two changes to one field neither is lost without somebody having seen it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from everhall.engines.two_writers import Merge as Merge
from everhall.engines.two_writers import digest as digest
from everhall.engines.two_writers import merge as merge


class Step(StrEnum):
    """Steps of the guided form, in their order."""

    WHAT = "what"
    TEXTS = "texts"
    MEDIA = "media"
    SEEKS = "seeks"
    CHECK = "check"


STEPS: Final = tuple(Step)


# ---------------------------------------------------------------- completeness
@dataclass(frozen=True, slots=True)
class Shown:
    """A picture or a file of the draft."""

    key: str
    kind: str
    alt_zh: str = ""
    alt_en: str = ""
    credit: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An exhibit as far as it is written."""

    name_zh: str = ""
    name_en: str = ""
    summary_zh: str = ""
    summary_en: str = ""
    words_zh: int = 0
    words_en: int = 0
    fields: int = 0
    presentation: int = 0
    seeks: int = 0
    shown: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """`needed`: without it the exhibit cannot be sent; otherwise it would be better with it."""

    code: str
    step: Step
    field: str
    needed: bool
    #: Which picture or file, by its place among them, counted from one; 0: of none.
    number: int = 0


#: Characters of Chinese, words of English that a text should have.
ENOUGH_ZH: Final = 80
ENOUGH_EN: Final = 40
#: What counts to the share that is done, by code: the rest counts nothing.
WEIGHTS: Final = {
    "name_zh": 2, "name_en": 2, "field": 1, "presentation": 1, "summary_zh": 2, "summary_en": 2, "text_zh": 2, "text_en": 2,
    "picture": 3, "alt": 1, "licence": 1, "seeks": 1,
}


def missing(draft: Draft) -> tuple[Missing, ...]:
    """What is not there, in the order of the steps."""
    found: list[Missing] = []

    def want(there: object, code: str, step: Step, field: str, needed: bool = True) -> None:
        if not there:
            found.append(Missing(code, step, field, needed))

    want(draft.name_zh, "name_zh", Step.WHAT, "name_zh")
    want(draft.name_en, "name_en", Step.WHAT, "name_en")
    want(draft.fields, "field", Step.WHAT, "fields")
    want(draft.presentation, "presentation", Step.WHAT, "presentation")
    want(draft.summary_zh, "summary_zh", Step.TEXTS, "summary_zh")
    want(draft.summary_en, "summary_en", Step.TEXTS, "summary_en")
    want(draft.words_zh >= ENOUGH_ZH, "text_zh", Step.TEXTS, "text_zh", needed=False)
    want(draft.words_en >= ENOUGH_EN, "text_en", Step.TEXTS, "text_en", needed=False)
    want(any(one.kind == "picture" for one in draft.shown), "picture", Step.MEDIA, "pictures")
    found += of_files(draft.shown)
    want(draft.seeks, "seeks", Step.SEEKS, "seeks", needed=False)
    return tuple(found)


def of_files(shown: Sequence[Shown]) -> list[Missing]:
    """Each picture needs words for those who do not see it, each file a licence; a document tells itself."""
    found: list[Missing] = []
    for number, one in enumerate(shown, start=1):
        if one.kind != "document" and not (one.alt_zh and one.alt_en):
            name = "alt_zh" if not one.alt_zh else "alt_en"
            found.append(Missing("alt", Step.MEDIA, f"{one.key}.{name}", one.kind == "picture", number))
        if not one.licence:
            found.append(Missing("licence", Step.MEDIA, f"{one.key}.licence", False, number))
    return found


def share_done(lacking: Sequence[Missing]) -> int:
    """Of a hundred. What is needed and missing keeps it below."""
    codes = {one.code for one in lacking}
    done = sum(weight for code, weight in WEIGHTS.items() if code not in codes)
    share = round(100 * done / sum(WEIGHTS.values()))
    return min(share, 99) if may_not_send(lacking) else share


def may_not_send(lacking: Sequence[Missing]) -> bool:
    return any(one.needed for one in lacking)


# ---------------------------------------------------------------- where it stands
class Standing(StrEnum):
    """Where an exhibit stands, as its organisation is told."""

    DRAFT = "draft"
    WAITING = "waiting"
    CHANGES = "changes"
    EMBARGOED = "embargoed"
    PUBLIC = "public"
    PUBLIC_DRAFT = "public_draft"
    WITHDRAWN = "withdrawn"


def standing(
    *, live: bool, changed: bool, published: bool, in_review: bool, asked: bool, embargo_until: dt.datetime | None, now: dt.datetime
) -> Standing:
    """`changed`: the draft is ahead of what is public; `published`: it once was; `asked`: changes were asked for."""
    if in_review:
        return Standing.WAITING
    if asked:
        return Standing.CHANGES
    if not live:
        return Standing.WITHDRAWN if published else Standing.DRAFT
    if changed:
        return Standing.PUBLIC_DRAFT
    if embargo_until is not None and embargo_until > now:
        return Standing.EMBARGOED
    return Standing.PUBLIC


# ---------------------------------------------------------------- figures
@dataclass(frozen=True, slots=True)
class Bar:
    """One day of a chart: its share of the highest, in percent."""

    day: dt.date
    count: int
    height: int


def bars(counts: dict[dt.date, int], first: dt.date, last: dt.date) -> tuple[Bar, ...]:
    """Each day from the first to the last, also those of which nothing is known; at most 62."""
    days = min((last - first).days + 1, 62)
    all_days = [last - dt.timedelta(days=n) for n in range(max(days, 1) - 1, -1, -1)]
    top = max((counts.get(day, 0) for day in all_days), default=0) or 1
    return tuple(Bar(day, counts.get(day, 0), round(100 * counts.get(day, 0) / top)) for day in all_days)
