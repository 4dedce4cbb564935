"""Chinese tables for the pure engine: pinyin readings, beside the folding of `engines.simplified`.

They come from pypinyin and are made once, on first use: commands that never search do not wait for them.
"""

import functools
import importlib
import sys
import unicodedata

from everhall.engines.pinyin import Readings
from everhall.engines.simplified import folding

__all__ = ["folding", "readings"]

_TONES = {0x0300: "", 0x0301: "", 0x0304: "", 0x030C: ""}


@functools.cache
def readings() -> Readings:
    """pypinyin's dictionaries without tones; ü is typed v, or u."""
    constants = importlib.import_module("pypinyin.constants")
    fold = folding().fold
    phrases: dict[str, tuple[str, ...]] = {}
    for phrase, syllables in constants.PHRASES_DICT.items():
        plain = tuple(_plain(options[0])[0] for options in syllables)
        if len(plain) == len(phrase):
            phrases.setdefault(fold(phrase), plain)
    characters: dict[str, tuple[str, ...]] = {}
    for code, options in constants.PINYIN_DICT.items():
        plain_options = [plain for option in options.split(",") for plain in _plain(option)]
        characters[chr(code)] = tuple(dict.fromkeys(plain_options))
    return Readings.of(characters, phrases)


@functools.cache
def _plain(syllable: str) -> tuple[str, ...]:
    bare = unicodedata.normalize("NFD", syllable).translate(_TONES)
    bare = unicodedata.normalize("NFC", bare)
    if "ü" in bare:
        return sys.intern(bare.replace("ü", "v")), sys.intern(bare.replace("ü", "u"))
    bare = "".join(letter for letter in bare if letter.isascii())
    return (sys.intern(bare),) if bare else ()


def initials_of(name: str) -> str:
    """By which letters a name is found that is typed by its sound, and the letters it has: 林知夏 lzx."""
    characters = readings().characters
    found = (letter if letter.isascii() else (characters.get(letter) or ("",))[0][:1] for letter in name)
    return "".join(letter for letter in found if letter.isalnum() or letter == " ").lower().strip()
