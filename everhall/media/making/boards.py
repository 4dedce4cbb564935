"""Boards: posters and display boards of a hundred megapixels and more, as tiles for deep zoom.

In: a picture or a PDF. Out: per page a pack of IIIF tiles (`1.zip`) and a poster (`1.webp`), and the facts. What must stay
true: pixels and pages are counted before they are made; what is not whole is refused.
"""

import json
import math
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pypdfium2

from everhall.engines import iiif
from everhall.engines.file_kind import HEAD, kind_of
from everhall.media.making import packs
from everhall.media.making.node import MakingError, Progress, run

#: Pictures that sharp reads for us, by what they are.
PICTURES: Final = frozenset(("jpeg", "png", "webp", "tiff", "avif", "gif"))
#: Pixels of one page: a board of 2 × 1 m at 300 dpi has 280 million. Sixteen bytes each while being made.
MOST_PIXELS: Final = 400_000_000
MOST_PAGES: Final = 20
#: A page of a PDF is drawn at 200 dpi, or so that it has this many pixels if that is less.
PDF_DPI: Final = 200
PDF_PIXELS: Final = 100_000_000
QUALITY: Final = 82
#: The picture that stands on the stage until somebody zooms: 60 kB at most (research/exhibition.md §6).
POSTER: Final = {"width": 960, "height": 960, "bytes": 60_000}
SECONDS: Final = 600.0


def look(path: Path) -> dict[str, Any]:
    """Kind and size without making anything: {"kind", "pages": [{"width", "height"}, …]}; `MakingError` if it is none."""
    with path.open("rb") as file:
        kind = kind_of(file.read(HEAD))
    if kind == "pdf":
        return {"kind": kind, "pages": pdf_pages(path)}
    if kind not in PICTURES:
        raise MakingError("not-a-board", **{"is": kind})
    facts = run("tiles.mjs", {"from": str(path), "only": "look", "pixels": MOST_PIXELS}, seconds=60)
    within(facts["width"], facts["height"])
    return {"kind": kind, "pages": [{"width": facts["width"], "height": facts["height"]}]}


def within(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise MakingError("too-many-pixels", count=width * height, limit=MOST_PIXELS)


def pdf_pages(path: Path) -> list[dict[str, int]]:
    """The sizes in which its pages will be drawn, in pixels."""
    with closing(opened_pdf(path)) as document:
        if len(document) > MOST_PAGES:
            raise MakingError("too-many-pages", count=len(document), limit=MOST_PAGES)
        return [drawn_size(document.get_page_size(n)) for n in range(len(document))]


def opened_pdf(path: Path) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as broken:
        kind = "pdf-locked" if "password" in str(broken).lower() else "cut-short"
        raise MakingError(kind, detail=str(broken)[:200]) from broken
    if not len(document):
        document.close()
        raise MakingError("cut-short", detail="no pages")
    return document


def drawn_size(points: tuple[float, float]) -> dict[str, int]:
    """Points (1/72 inch) to pixels."""
    scale = scale_of(points)
    return {"width": math.ceil(points[0] * scale), "height": math.ceil(points[1] * scale)}


def scale_of(points: tuple[float, float]) -> float:
    area = max(points[0] * points[1], 1.0)
    return float(min(PDF_DPI / 72, (PDF_PIXELS / area) ** 0.5))


def make(path: Path, into: Path, progress: Progress) -> dict[str, Any]:
    """Pack and poster of every page into the folder; the facts."""
    seen = look(path)
    pages = []
    for n, size in enumerate(seen["pages"], 1):
        source = draw_page(path, n, into) if seen["kind"] == "pdf" else path
        pages.append(make_page(source, into, n, size["width"], size["height"]))
        if source is not path:
            source.unlink()
        progress(n / len(seen["pages"]))
    return {"kind": seen["kind"], "pages": pages}


def draw_page(path: Path, number: int, into: Path) -> Path:
    """A page of a PDF as a picture beside what is made."""
    target = into / f".page-{number}.png"
    with closing(opened_pdf(path)) as document:
        page = document[number - 1]
        bitmap = page.render(scale=scale_of(page.get_size()), rev_byteorder=True)
        bitmap.to_pil().convert("RGB").save(target, compress_level=1)
    return target


def make_page(source: Path, into: Path, number: int, width: int, height: int) -> dict[str, Any]:
    tiles, wholes = into / f".tiles-{number}", into / f".wholes-{number}"
    wish = {
        "from": str(source), "tiles": str(tiles), "to": str(wholes), "tile": iiif.TILE, "sizes": iiif.sizes(width, height), "quality": QUALITY,
        "pixels": MOST_PIXELS, "poster": {**POSTER, "to": str(into / f"{number}.webp")},
    }  # fmt: skip
    run("tiles.mjs", wish, seconds=SECONDS)
    # What libvips tells of itself; the site writes `info.json` itself, for it alone knows the address.
    for spare in (tiles / "info.json", into / "vips-properties.xml"):
        spare.unlink(missing_ok=True)
    count = packs.pack((tiles, wholes), into / f"{number}.zip")
    for folder in (tiles, wholes):
        shutil.rmtree(folder)
    return {"width": width, "height": height, "tiles": count, "bytes": (into / f"{number}.zip").stat().st_size}


def info_json(identifier: str, width: int, height: int) -> bytes:
    """`info.json` of a page as bytes."""
    return json.dumps(iiif.info(identifier, width, height)).encode()
