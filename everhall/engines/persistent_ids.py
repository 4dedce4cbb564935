"""Identifiers that outlive addresses: opaque names of ARKs with a character that catches slips of the pen.

In: chance, a name assigning authority number (NAAN). Out: names such as `h1b5k2v9tq`, and whether one could be ours. A name is
the shoulder, betanumeric characters (digits and consonants without l, so that no words and no 1/l/0/o confusions arise), and a
check character by NOID's algorithm: the sum of each character's ordinal times its position, over `naan/name`, modulo 29.
It finds every single wrong character and every two that changed places (as 29 is prime and longer than any of our texts).

What must stay true: a name says nothing of what it names; hyphens and case in what people type mean nothing (ARK specification,
draft-kunze-ark, "Normalization").
"""

import re
from collections.abc import Callable
from typing import Final

LETTERS: Final = "0123456789bcdfghjkmnpqrstvwxz"
#: Ours within the NAAN: a letter and digits, up to the first digit ("primordinal").
SHOULDER: Final = "h1"
#: Characters by chance: 29^8 are 500 milliards.
LENGTH: Final = 8
#: For tests and demonstrations; a resolver of the world never leads there.
TEST_NAAN: Final = "99999"
_HYPHENS: Final = re.compile(r"[-\u00ad\u2010-\u2015\u2212\uff0d\s]+")
_NAAN: Final = re.compile(r"[0-9bcdfghjkmnpqrstvwxz]{5,9}")
_ORDINAL: Final = {letter: n for n, letter in enumerate(LETTERS)}


def check_character(text: str) -> str:
    """Of `naan/name` without its last character; what is not betanumeric (the slash) counts 0 but takes a place."""
    return LETTERS[sum(place * _ORDINAL.get(letter, 0) for place, letter in enumerate(text, 1)) % len(LETTERS)]


def made(naan: str, chance: Callable[[int], int]) -> str:
    """A new name; `chance(n)` gives a whole number from 0 to n - 1."""
    body = SHOULDER + "".join(LETTERS[chance(len(LETTERS))] for _ in range(LENGTH))
    return body + check_character(f"{naan}/{body}")


def normal(text: str) -> str:
    """A name as it is stored, however it was typed."""
    return _HYPHENS.sub("", text).lower()


def is_sound(naan: str, name: str) -> bool:
    """Whether a name in its normal form has the shape of ours and the right last character."""
    fits = len(name) == len(SHOULDER) + LENGTH + 1 and name.startswith(SHOULDER) and all(c in _ORDINAL for c in name)
    return fits and check_character(f"{naan}/{name[:-1]}") == name[-1]


def is_naan(text: str) -> bool:
    return _NAAN.fullmatch(text) is not None


def ark(naan: str, name: str) -> str:
    """The whole identifier, in the form that resolvers of all ages read."""
    return f"ark:/{naan}/{name}"
