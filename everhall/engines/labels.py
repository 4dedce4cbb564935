"""Numbers of labels: made from booths, typed by hand, never two alike.

`key_of` is what two ways of writing one number have in common: capital letters and digits, whatever dashes, blanks or
full-width forms somebody typed. In: booths without a label, and the keys that are taken. Out: a code for each. Must stay
true: no two codes have one key.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import count, product
from typing import Final

LONGEST: Final = 24
_other = re.compile(r"[^A-Z0-9]+")
#: Letters after a number that is taken: none that is read as a digit or as another letter.
LETTERS: Final = "BCDEFGHJKLMNPQRSTUVWXYZ"


def key_of(text: str) -> str:
    """`Ａ－０１７`, `a 017` and `A-017` are `A017`."""
    return _other.sub("", unicodedata.normalize("NFKC", text).upper())


def code_of(booth: str) -> str:
    """A number that can be printed, typed and put into an address; "E" where a booth has no letter or digit of that kind."""
    return _other.sub("-", unicodedata.normalize("NFKC", booth).upper()).strip("-")[:LONGEST].strip("-") or "E"


def suffixes() -> Iterator[str]:
    """B, C … Z, BB, BC …"""
    for length in count(1):
        yield from ("".join(letters) for letters in product(LETTERS, repeat=length))


def free_code(booth: str, taken: set[str]) -> str:
    """The booth's own number, else with the first suffix that is free."""
    code = code_of(booth)
    if key_of(code) not in taken:
        return code
    return next(f"{code}-{more}" for more in suffixes() if key_of(code + more) not in taken)


def given(booths: Iterable[tuple[int, str]], taken: Iterable[str]) -> dict[int, str]:
    """A code for each (whose, booth), in their order."""
    used, found = set(taken), {}
    for whose, booth in booths:
        found[whose] = code = free_code(booth, used)
        used.add(key_of(code))
    return found
