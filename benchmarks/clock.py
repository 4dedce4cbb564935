"""Reads the clock that `engines/burned_clock.py` burns into test pictures, from decoded pixels.

In: a picture as brightness, from an encoder however poor. Out: the clock's value, or None if it cannot be read.
"""

from typing import Any

import numpy as np

from everhall.engines.burned_clock import BITS, centres, value_of

Gray = np.ndarray[Any, Any]


def read_clock(picture: Gray) -> int | None:
    """Milliseconds since the epoch modulo 2^32 as shown by `picture` (height × width, brightness 0…255)."""
    levels = np.empty(BITS)
    for number, (x, y, half) in enumerate(centres(picture.shape[1])):
        reach = max(1.0, half * 0.6)
        block = picture[int(y - reach) : int(y + reach) + 1, int(x - reach) : int(x + reach) + 1]
        levels[number] = block.mean()
    middle = (levels.max() + levels.min()) / 2
    if levels.max() - levels.min() < 60:
        return None
    return value_of([int(level > middle) for level in levels])


def read_clocks(pictures: Gray) -> list[int | None]:
    """The same for many pictures (count × height × width)."""
    return [read_clock(picture) for picture in pictures]
