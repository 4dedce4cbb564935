"""The table from Traditional to Simplified characters, and the folding made with it.

In: nothing. Out: one `Folding`, made on first use: commands that compare no text do not wait for it. opencc brings the
table as data of its package. What must stay true: a character becomes the same wherever it stands.
"""

import functools

import opencc

from everhall.engines.text import Folding

_HAN_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))


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
