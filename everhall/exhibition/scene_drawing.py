"""What hangs and stands in a drawn hall: covers of exhibits made small, signs written with Pillow.

Signs carry Chinese where this machine has a font with Chinese (Debian: fonts-noto-cjk); without one, codes only, and
`has_chinese` says so.
"""

import colorsys
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from everhall.media.models import Picture

Array = NDArray[Any]

COVER: Final = (432, 288)
BOARD: Final = (300, 420)
SIGN: Final = (640, 76)
ZONE_SIGN: Final = (720, 230)
#: Folders in which systems keep fonts, and names of those that know Chinese, the best first.
PLACES: Final = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts")
CHINESE: Final = (
    "NotoSansCJK-Bold.ttc", "NotoSansCJKsc-Bold.otf", "NotoSansSC-Bold.otf", "SourceHanSansSC-Bold.otf",
    "NotoSansCJK-Regular.ttc", "wqy-zenhei.ttc", "PingFang.ttc", "Hiragino Sans GB.ttc",
)


@cache
def chinese_font() -> Path | None:
    """The file of a font that knows Chinese, if this machine has one."""
    found: dict[str, Path] = {}
    for place in PLACES:
        for path in sorted(Path(place).rglob("*")) if Path(place).is_dir() else ():
            if path.name in CHINESE:
                found.setdefault(path.name, path)
    return next((found[name] for name in CHINESE if name in found), None)


def has_chinese() -> bool:
    return chinese_font() is not None


@cache
def font(size: int) -> Any:
    path = chinese_font()
    return ImageFont.truetype(str(path), size) if path else ImageFont.load_default(size)


def readable(*texts: str) -> str:
    """Those of the texts that can be written here."""
    return "  ".join(text for text in texts if text and (has_chinese() or text.isascii()))


def written(draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, width: float, **more: Any) -> None:
    """A line that ends in … where it would leave `width`."""
    face = font(size)
    while text and draw.textlength(text, font=face) > width:
        text = text[:-2].rstrip() + "…"
    draw.text(at, text, font=face, **more)


def tone(hue: float, saturation: float, lightness: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hls_to_rgb((hue % 360) / 360, lightness, saturation)
    return round(red * 255), round(green * 255), round(blue * 255)


def sign(code: str, name: str, hue: float) -> Array:
    """Over the front of a booth: its code, and the exhibit's name."""
    picture = Image.new("RGB", SIGN, tone(hue, 0.42, 0.29))
    draw = ImageDraw.Draw(picture)
    height = SIGN[1]
    draw.rectangle((0, 0, 10, height), fill=tone(hue, 0.5, 0.6))
    draw.text((26, height / 2), code, font=font(40), fill=(255, 240, 214), anchor="lm")
    start = 26 + draw.textlength(code, font=font(40)) + 22
    written(draw, (start, height / 2), readable(name), 38, SIGN[0] - start - 14, fill=(255, 255, 255), anchor="lm")
    return np.asarray(picture)


def zone_sign(code: str, name_zh: str, name_en: str, hue: float) -> Array:
    """Over a zone: its letter and its name in both languages."""
    picture = Image.new("RGB", ZONE_SIGN, tone(hue, 0.40, 0.27))
    draw = ImageDraw.Draw(picture)
    width, height = ZONE_SIGN
    draw.rectangle((0, 0, height * 0.86, height), fill=tone(hue, 0.42, 0.20))
    draw.text((height * 0.43, height / 2), code[:3].upper(), font=font(120 if len(code) < 3 else 72), fill=(255, 236, 200), anchor="mm")
    left = height * 0.86 + 30
    room = width - left - 18
    if has_chinese() and name_zh:
        written(draw, (left, height * 0.4), name_zh, 66 if len(name_zh) < 8 else 46, room, fill=(255, 255, 255), anchor="lm")
        written(draw, (left, height * 0.72), name_en, 30, room, fill=(236, 228, 214), anchor="lm")
    else:
        written(draw, (left, height * 0.5), name_en or readable(name_zh), 44, room, fill=(255, 255, 255), anchor="lm")
    return np.asarray(picture)


def picture_of(master: Picture, size: tuple[int, int]) -> Array | None:
    """A picture small enough to hang in a hall; None if its file cannot be read."""
    try:
        with master.file.open("rb") as file, Image.open(file) as opened:
            opened.draft("RGB", (size[0] * 2, size[1] * 2))
            small = opened.convert("RGB")
            small.thumbnail(size, Image.Resampling.LANCZOS)
            return np.asarray(small)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError):
        return None
