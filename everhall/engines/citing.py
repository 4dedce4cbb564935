"""How to cite an exhibit: GB/T 7714-2015 for Chinese readers, an author-title line in English, BibTeX and CSL-JSON for programmes.

In: plain facts of a work. Out: text. What must stay true: nothing is invented (who is not known is left out); what comes from
outside cannot break out of its field.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Work:
    """An exhibit as it is cited. `shown`: the edition in which it was shown; `key`: a word for BibTeX."""

    key: str
    title: str
    by: str
    shown: str
    day: dt.date
    address: str
    identifier: str
    language: str


_SPECIAL: Final = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def ended(text: str) -> str:
    """With a full stop, unless it ends with one or with a mark of its own."""
    return text if text.endswith((".", "!", "?", "。", "！", "？")) else f"{text}."


def gb7714(work: Work, seen: str = "") -> str:
    """GB/T 7714-2015, 4.6 and 8: electronic resource on the net. `seen`: the day on which it was read, as 2021-10-20; the standard
    asks for it, and only the reader knows it."""
    head = f"{work.by}. " if work.by else ""
    read = f"[{seen}]" if seen else ""
    return f"{head}{work.title}[EB/OL]//{work.shown}. ({work.day.isoformat()}){read}. {work.address}."


def english(work: Work, seen: str = "") -> str:
    """Who, year, title, where shown, identifier."""
    head = f"{work.by}. " if work.by else ""
    read = f" (accessed {seen})" if seen else ""
    return f"{head}({work.day.year}). {ended(work.title)} Exhibit at {ended(work.shown)} {work.address}{read}"


def bibtex(work: Work) -> str:
    """An entry of BibTeX; names of bodies in double braces, so that they are not taken for first and last names."""
    fields = [
        ("author", f"{{{escaped(work.by)}}}" if work.by else ""), ("title", f"{{{escaped(work.title)}}}"),
        ("howpublished", f"Exhibit, {escaped(work.shown)}"), ("year", str(work.day.year)), ("month", str(work.day.month)),
        ("url", in_url(work.address)), ("note", escaped(work.identifier)), ("langid", "english" if work.language == "en" else "chinese"),
    ]  # fmt: skip
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields if value)
    return f"@misc{{{key_of(work.key)},\n{lines}\n}}\n"


def csl(work: Work) -> dict[str, Any]:
    """An item of CSL-JSON 1.0, as citation managers import it."""
    item: dict[str, Any] = {
        "id": key_of(work.key), "type": "webpage", "title": work.title, "container-title": work.shown,
        "issued": {"date-parts": [[work.day.year, work.day.month, work.day.day]]}, "URL": work.address,
        "note": work.identifier, "language": "en" if work.language == "en" else "zh-CN", "genre": "exhibit",
    }  # fmt: skip
    if work.by:
        item["author"] = [{"literal": work.by}]
    return item


def escaped(text: str) -> str:
    return "".join(_SPECIAL.get(letter, letter) for letter in " ".join(text.split()))


def in_url(address: str) -> str:
    return re.sub(r"[{}\\\s]", "", address)


def key_of(text: str) -> str:
    """Letters, digits and hyphens only."""
    return re.sub(r"[^A-Za-z0-9-]+", "", text) or "exhibit"
