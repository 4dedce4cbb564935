"""Display boards of the demo, drawn by code: a hundred megapixels that are worth a close look.

In: a row of the demo's exhibits, its cover, a size. Out: a JPEG. What must stay true: the same row gives the same board; it
says that it is a sample; without a Chinese font it speaks English.
"""

import re
import textwrap
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
#: Where Debian, Fedora and macOS keep fonts that have Chinese.
CHINESE: Final = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc", "/System/Library/Fonts/PingFang.ttc",
)  # fmt: skip
PAPER, INK, SOFT = (250, 248, 243), (32, 30, 28), (120, 114, 106)


def chinese_font() -> str | None:
    return next((path for path in CHINESE if Path(path).exists()), None)


def font(size: int) -> Font:
    """Chinese where the machine has it, else Pillow's own."""
    path = chinese_font()
    return ImageFont.truetype(path, size) if path else ImageFont.load_default(size)


def draw(row: dict[str, str], cover: Path, size: tuple[int, int], target: Path) -> Path:
    """Draw one board to a file."""
    language = "zh" if chinese_font() else "en"
    width, height = size
    unit = min(size) / 100
    board = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(board)
    edge = round(5 * unit)
    wide = width > height
    place = (edge, edge, round(width * 0.45), height - edge) if wide else (edge, edge, width - edge, round(height * 0.42))
    if cover.exists():
        with Image.open(cover) as picture:
            paste_filling(board, picture.convert("RGB"), place)
    left, begin = (place[2] + edge, edge) if wide else (edge, place[3] + edge // 2)
    room = width - edge - left
    top = write(pen, (left, begin), row[f"name_{language}"], round(5.2 * unit), room, INK)
    top = write(pen, (left, top + unit), row["name_en"] if language == "zh" else "", round(2.4 * unit), room, SOFT)
    top = write(pen, (left, top + 2 * unit), row[f"summary_{language}"], round(2.2 * unit), room, INK)
    text = re.sub(r"<[^>]+>", " ", row[f"text_{language}"]).strip()
    top = write(pen, (left, top + 2 * unit), text, round(1.5 * unit), room, INK)
    foot = height - edge - round(3 * unit)
    measured(pen, row["code"], (left, round(top + 3 * unit), left + room, foot - round(2 * unit)), unit)
    words = "示例展板 SAMPLE · EVERHALL · " if language == "zh" else "SAMPLE BOARD · EVERHALL · "
    pen.text((left, foot), words + row["code"].upper(), font=font(round(1.4 * unit)), fill=SOFT)
    board.save(target, "JPEG", quality=88, subsampling=0)
    return target


def paste_filling(board: Image.Image, picture: Image.Image, place: tuple[int, int, int, int]) -> None:
    width, height = place[2] - place[0], place[3] - place[1]
    scale = max(width / picture.width, height / picture.height)
    large = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.BICUBIC)
    x, y = (large.width - width) // 2, (large.height - height) // 2
    board.paste(large.crop((x, y, x + width, y + height)), place[:2])


def write(pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, room: int, colour: tuple[int, int, int]) -> float:
    """Lines as wide as there is room; where they end."""
    if not text:
        return at[1]
    letters = max(4, int(room / (size * (1.02 if chinese_font() and not text.isascii() else 0.52))))
    lines = textwrap.wrap(text, letters) if text.isascii() else [text[n : n + letters] for n in range(0, len(text), letters)]
    for n, line in enumerate(lines):
        pen.text((at[0], at[1] + n * size * 1.45), line, font=font(size), fill=colour)
    return at[1] + len(lines) * size * 1.45


def measured(pen: ImageDraw.ImageDraw, code: str, place: tuple[int, int, int, int], unit: float) -> None:
    """A drawn diagram with fine print: a reason to zoom. Its curve is chance and says so."""
    left, top, right, foot = place
    if foot - top < 10 * unit:
        return
    rng = np.random.default_rng(sum(code.encode()))
    fine = round(unit * 0.1) or 1
    for n in range(41):
        x = left + (right - left) * n / 40
        pen.line([(x, top), (x, foot)], fill=(224, 219, 209), width=fine)
        pen.text((x + 2 * fine, foot - unit * 0.7), f"{n * 25}", font=font(max(8, round(unit * 0.45))), fill=SOFT)
    for n in range(17):
        y = top + (foot - top) * n / 16
        pen.line([(left, y), (right, y)], fill=(224, 219, 209), width=fine)
    for colour in ((179, 38, 30), (31, 95, 174), (40, 122, 72)):
        walk = np.cumsum(rng.normal(0, 1, 1200))
        walk = (walk - walk.min()) / (np.ptp(walk) or 1)
        points = [(left + (right - left) * n / 1199, foot - (foot - top) * (0.08 + 0.84 * v)) for n, v in enumerate(walk)]
        pen.line(points, fill=colour, width=round(unit * 0.18), joint="curve")
    note = "示意曲线，非测量数据 · drawn for show, not measured" if chinese_font() else "drawn for show, not measured"
    pen.text((left + unit, top + unit * 0.6), note, font=font(round(unit * 0.9)), fill=SOFT)
