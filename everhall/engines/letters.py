"""Letters with placeholders: what a text asks for, whether that is known, and the text filled in.

In: a text with `{name}` or `{名称}`, values. Out: the text, or what is wrong with it. Pure. Must stay true: what is filled in is
never read for placeholders again, so that nobody's title can ask for somebody's address; a subject is one line.
"""

import re
from collections.abc import Mapping
from typing import Final

#: Name -> its Chinese name. Both may stand in a text.
NAMES: Final[Mapping[str, str]] = {
    "title": "标题",
    "organisation": "单位",
    "venue": "会场",
    "call": "征集",
    "edition": "届",
    "state": "状态",
    "words": "意见",
    "deadline": "截止时间",
    "link": "链接",
}
MEANT: Final[Mapping[str, str]] = {**{name: name for name in NAMES}, **{zh: name for name, zh in NAMES.items()}}
PLACE: Final = re.compile(r"\{([^{}\n]{0,60})\}")
LOOSE: Final = re.compile(r"[{}]")


def unknown_in(text: str) -> list[str]:
    """Placeholders that nobody can fill, as they stand in the text; braces that open or close nothing count as such."""
    found = [match.group(0) for match in PLACE.finditer(text) if match.group(1).strip() not in MEANT]
    found += LOOSE.findall(PLACE.sub("", text))
    return list(dict.fromkeys(found))


def asked_in(text: str) -> set[str]:
    """Names that the text asks for."""
    return {MEANT[match.group(1).strip()] for match in PLACE.finditer(text) if match.group(1).strip() in MEANT}


def filled(text: str, values: Mapping[str, str]) -> str:
    """Each placeholder by its value, in one pass; an unknown one stays as it is."""
    def value(match: re.Match[str]) -> str:
        name = MEANT.get(match.group(1).strip())
        return values.get(name, "") if name else match.group(0)

    return PLACE.sub(value, text)


def one_line(text: str) -> str:
    """For a subject: no line breaks, which would begin another header."""
    return " ".join(text.split())
