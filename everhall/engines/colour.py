"""Colours of an edition that stay readable: WCAG 2.2 contrast and the tones made from two base colours.

In: `#rrggbb`. Out: ratios (1 to 21) and `#rrggbb`. Source: WCAG 2.2, definitions of relative luminance and
contrast ratio.
"""

import colorsys
import re

HEX = re.compile(r"^#[0-9a-fA-F]{6}$")


def rgb(colour: str) -> tuple[float, float, float]:
    """Components 0..1. ValueError for anything but #rrggbb."""
    if not HEX.match(colour):
        msg = f"{colour!r} is not a colour; write it as #rrggbb."
        raise ValueError(msg)
    return (int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255)


def luminance(colour: str) -> float:
    """Relative luminance 0 (black) to 1 (white)."""

    def linear(c: float) -> float:
        return c / 12.92 if c <= 0.04045 else float(((c + 0.055) / 1.055) ** 2.4)

    r, g, b = (linear(c) for c in rgb(colour))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable_on(background: str, colour: str, ratio: float = 4.5) -> str:
    """`colour`, made darker or lighter just as much as `ratio` against `background` needs."""
    if contrast(background, colour) >= ratio:
        return colour
    hue, light, saturation = colorsys.rgb_to_hls(*rgb(colour))
    step = -0.01 if luminance(background) > 0.18 else 0.01
    while 0 < light + step < 1:
        light += step
        made = "#{:02x}{:02x}{:02x}".format(
            *(round(c * 255) for c in colorsys.hls_to_rgb(hue, light, saturation))
        )
        if contrast(background, made) >= ratio:
            return made
    return "#000000" if step < 0 else "#ffffff"
