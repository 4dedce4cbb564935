"""Kinds of columns: what a cell may hold, and how a value is written back.

In: a cell as CSV or XLSX gives it. Out: a plain value, or `Refused` with a code of `sheet_words`.
Must stay true: `parse(write(value)) == value` for every value that `parse` returns, so that an exported
sheet, sent back, changes nothing.
"""

import datetime as dt
import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import nh3

from everhall.engines.sheet_words import Refused

Cell = str | int | float | bool | dt.datetime | dt.date | dt.time | None

CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
EXCEL_ERROR: Final = re.compile(r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!)")
#: A spreadsheet program takes such a cell for a formula; CSV files of strangers have done harm with it.
FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
LONGEST_CELL: Final = 32_767
TAGS: Final = frozenset(
    {"p", "h2", "h3", "h4", "b", "strong", "i", "em", "ul", "ol", "li", "a", "br", "hr", "sup", "sub",
     "blockquote", "embed"}
)
HARMFUL: Final = re.compile(
    r"<\s*/?\s*(script|iframe|object|form|svg|math|style|link|meta|base|input|button|video|audio|img)\b"
    r"|\bon[a-z]{3,}\s*=|javascript\s*:|vbscript\s*:",
    re.IGNORECASE,
)
# A whole tag; "<" before anything else is a sign ("t<T", "3 < 4") and stays text.
_TAG = r"""/?[a-zA-Z][a-zA-Z0-9-]*(?:\s(?:[^<>"']|"[^"]*"|'[^']*')*)?/?>|!--"""
MARKUP: Final = re.compile(f"<(?:{_TAG})")
SIGN: Final = re.compile(f"<(?!{_TAG})")


def guard(text: str) -> str:
    """A text as a cell that no spreadsheet program takes for a formula; `unguard` takes it back."""
    return f"'{text}" if FORMULA.match(text) else text


def unguard(text: str) -> str:
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def plain(cell: Cell) -> str:
    """A cell as the text a person sees in it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.strftime("%Y-%m-%d %H:%M" if not cell.second else "%Y-%m-%d %H:%M:%S")
    if not isinstance(cell, str):
        return str(cell)
    text = cell.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "").strip()
    text = unguard(text)
    if len(text) > LONGEST_CELL:
        raise Refused("too_long", length=len(text), limit=LONGEST_CELL)
    if CONTROL.search(text):
        raise Refused("control_character")
    if EXCEL_ERROR.fullmatch(text):
        raise Refused("excel_error", error=text)
    return unicodedata.normalize("NFC", text)


def split_list(text: str) -> list[str]:
    """Parts of a list cell; the full-width semicolon counts too."""
    return [part.strip() for part in re.split("[;；\n]", text) if part.strip()]


@dataclass(frozen=True, slots=True)
class Column:
    """A column; also the kind for one line of text. `zh` and `en` are accepted as headers as well."""

    name: str
    zh: str
    en: str
    required: bool = False
    limit: int = LONGEST_CELL

    @property
    def empty(self) -> Any:
        """The value of an empty cell."""
        return ""

    def parse(self, cell: Cell) -> Any:
        text = plain(cell)
        if not text:
            if self.required:
                raise Refused("required")
            return self.empty
        return self.read(text)

    def read(self, text: str) -> Any:
        if len(text) > self.limit:
            raise Refused("too_long", length=len(text), limit=self.limit)
        return text

    def write(self, value: Any) -> str | int:
        return guard(CONTROL.sub("", str(value)))


@dataclass(frozen=True, slots=True)
class RichText(Column):
    """Text with simple markup; plain paragraphs become <p>."""

    def read(self, text: str) -> str:
        found = HARMFUL.search(text)
        if found:
            allowed = "p, h3, b, i, ul, ol, li, a, hr"
            raise Refused("harmful_html", found=found.group().strip("< "), allowed=allowed)
        return rich(text)


def rich(text: str) -> str:
    """Markup cleaned, or plain paragraphs as markup. Cleaning twice changes nothing."""
    if not MARKUP.search(text):
        return _clean(_paragraphs(html.escape(text, quote=False)))
    cleaned = _clean(SIGN.sub("&lt;", text))
    return cleaned if MARKUP.search(cleaned) else _paragraphs(cleaned)


def _paragraphs(escaped: str) -> str:
    return "".join(f"<p>{line.strip()}</p>" for line in escaped.split("\n") if line.strip())


def _clean(markup: str) -> str:
    return nh3.clean(
        markup,
        tags=set(TAGS),
        attributes={
            "*": {"data-block-key"},
            "a": {"href", "linktype", "id"},
            "embed": {"embedtype", "id", "format", "alt", "url"},
        },
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    ).strip()


@dataclass(frozen=True, slots=True)
class Code(Column):
    """The stable code of a row, or of something it refers to."""

    limit: int = 80

    def read(self, text: str) -> str:
        return read_code(text, self.limit)


def read_code(text: str, limit: int = 100) -> str:
    if not CODE.fullmatch(text):
        raise Refused("bad_code", value=text[:80])
    if len(text) > limit:
        raise Refused("too_long", length=len(text), limit=limit)
    return text


@dataclass(frozen=True, slots=True)
class ListColumn(Column):
    """Several values with semicolons between them."""

    @property
    def empty(self) -> tuple[Any, ...]:
        return ()

    def one(self, text: str) -> Any:
        return text

    def read(self, text: str) -> tuple[Any, ...]:
        values = [self.one(part) for part in split_list(text)]
        for n, value in enumerate(values):
            if value in values[:n]:
                raise Refused("twice_in_list", value=str(value)[:80])
        return tuple(values)

    def write(self, value: Any) -> str:
        return guard(";".join(str(part) for part in value))


@dataclass(frozen=True, slots=True)
class Codes(ListColumn):
    """Codes of other things."""

    def one(self, text: str) -> str:
        return read_code(text)


@dataclass(frozen=True, slots=True)
class CodeSet(Codes):
    """Codes whose order means nothing."""

    def read(self, text: str) -> tuple[Any, ...]:
        return tuple(sorted(ListColumn.read(self, text)))


@dataclass(frozen=True, slots=True)
class FileNames(ListColumn):
    """Names of pictures or documents, as in the zip or folder, with or without folders."""

    def one(self, text: str) -> str:
        if len(text) > 255:
            raise Refused("too_long", length=len(text), limit=255)
        return text.replace("\\", "/")


@dataclass(frozen=True, slots=True)
class Choice(Column):
    """One of a few words; `options` maps the word to its labels, which are accepted too."""

    options: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    default: str = ""

    @property
    def empty(self) -> str:
        return self.default

    def read(self, text: str) -> str:
        return choose(self.options, text)


@dataclass(frozen=True, slots=True)
class Choices(ListColumn):
    """Several of a few words."""

    options: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def one(self, text: str) -> str:
        return choose(self.options, text)


def choose(options: Mapping[str, tuple[str, str]], text: str) -> str:
    wanted = text.casefold()
    for word, labels in options.items():
        if wanted == word.casefold() or wanted in {label.casefold() for label in labels}:
            return word
    told = ", ".join(f"{word} ({labels[0]})" if labels[0] else word for word, labels in options.items())
    raise Refused("not_a_choice", value=text[:80], options=told)


@dataclass(frozen=True, slots=True)
class YesNo(Column):
    """yes or no; empty is no."""

    @property
    def empty(self) -> bool:
        return False

    def read(self, text: str) -> bool:
        word = text.casefold()
        if word in {"yes", "y", "true", "1", "是", "√"}:
            return True
        if word in {"no", "n", "false", "0", "否", "×"}:
            return False
        raise Refused("not_yes_no", value=text[:80])

    def write(self, value: Any) -> str:
        return "yes" if value else "no"


@dataclass(frozen=True, slots=True)
class Whole(Column):
    """A whole number that is not negative; empty is 0."""

    high: int = 1_000_000

    @property
    def empty(self) -> int:
        return 0

    def read(self, text: str) -> int:
        digits = unicodedata.normalize("NFKC", text)
        if not re.fullmatch(r"[0-9]{1,9}", digits) or int(digits) > self.high:
            raise Refused("not_a_number", value=text[:80], low=0, high=self.high)
        return int(digits)

    def write(self, value: Any) -> int:
        return int(value)


@dataclass(frozen=True, slots=True)
class Url(Column):
    """A web address."""

    limit: int = 200

    def read(self, text: str) -> str:
        if len(text) > self.limit:
            raise Refused("too_long", length=len(text), limit=self.limit)
        if not re.fullmatch(r"https?://[^\s/?#<>\"']+\.[^\s<>\"']+", text, re.IGNORECASE):
            raise Refused("not_a_url", value=text[:80])
        return text


MOMENT: Final = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?)?"
)


@dataclass(frozen=True, slots=True)
class Moment(Column):
    """A moment on the clock of the venue: a naive datetime, or None."""

    @property
    def empty(self) -> None:
        return None

    def read(self, text: str) -> dt.datetime:
        found = MOMENT.fullmatch(unicodedata.normalize("NFKC", text))
        if found is None:
            raise Refused("not_a_moment", value=text[:80])
        parts = [int(part or 0) for part in found.groups()]
        try:
            return dt.datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - the venue's wall clock
        except ValueError as impossible:
            raise Refused("not_a_moment", value=text[:80]) from impossible

    def write(self, value: Any) -> str:
        return plain(value) if value else ""


@dataclass(frozen=True, slots=True)
class People(ListColumn):
    """`名字|Name|头衔|Title`, semicolons between people; the last parts may be missing."""

    def one(self, text: str) -> tuple[str, str, str, str]:
        parts = [part.strip() for part in re.split("[|｜]", text)]
        if len(parts) > 4 or not (parts[0] or (parts[1:2] != [] and parts[1])):
            raise Refused("bad_person", value=text[:80])
        parts += [""] * (4 - len(parts))
        for part, limit in zip(parts, (80, 120, 200, 200), strict=True):
            if len(part) > limit:
                raise Refused("too_long", length=len(part), limit=limit)
        return (parts[0], parts[1], parts[2], parts[3])

    def write(self, value: Any) -> str:
        return guard(";".join("|".join(person).rstrip("|") for person in value))


#: The cell of what opens with the launch of its edition: there is no moment yet, and the ceremony sets it.
LAUNCH: Final = "launch"
_LAUNCHES: Final = frozenset({LAUNCH, "启动", "启动仪式", "随启动开放"})


@dataclass(frozen=True, slots=True)
class Embargo(Moment):
    """A moment as above, or the word `launch`."""

    def read(self, text: str) -> dt.datetime | str:  # type: ignore[override]
        return LAUNCH if text.casefold() in _LAUNCHES else Moment.read(self, text)
