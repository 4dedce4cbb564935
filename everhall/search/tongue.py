"""Chinese tables for the pure engine: Traditional to Simplified, and pinyin readings.

They come from opencc and pypinyin and are made once, on first use: commands that never search
do not wait for them.
"""

import functools
import importlib
import sys
import unicodedata

import opencc

from everhall.engines.pinyin import Readings
from everhall.engines.text import Folding

_HAN_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))
_TONES = {0x0300: "", 0x0301: "", 0x0304: "", 0x030C: ""}


@functools.cache
def folding() -> Folding:
    """Each character is converted alone: a phrase-aware conversion would not be searchable."""
    characters = [chr(code) for low, high in _HAN_BLOCKS for code in range(low, high)]
    convert = opencc.OpenCC("t2s").convert
    once = dict(zip(characters, convert("\n".join(characters)).split("\n"), strict=True))
    return Folding(
        {
            character: once.get(simple, simple)
            for character, simple in once.items()
            if simple != character and len(simple) == 1
        }
    )


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
