"""A board of 96 megapixels to tiles: all that the house makes of it, beside libvips cutting the same file and nothing more.

Both in a process of their own, in turns. Ours judges the file, cuts the tiles, makes whole pictures and a poster, and packs
all of it into one file.
"""

import argparse
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks import Report, report
from everhall.media.making import boards
from everhall.media.making.node import TOOLS, node_program

SIZE = (12_000, 8_000)
#: libvips by sharp, as it comes: the same tiles of the same quality into a folder.
PLAIN = (
    'import sharp from "sharp"; const [from, to, quality] = process.argv.slice(-3);'
    "await sharp(from, { limitInputPixels: 4e8, sequentialRead: true }).jpeg({ quality: Number(quality) })"
    '.tile({ size: 512, layout: "iiif3" }).toFile(to);'
)


def drawn(path: Path) -> Path:
    """Colours that change everywhere and a grain, as photographs have: nothing that packs unusually well."""
    width, height = SIZE
    rng = np.random.default_rng(1)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    picture = np.stack([128 + 100 * np.sin(x / 300) * np.cos(y / 200), 128 + 90 * np.sin(x / 500 + y / 400), x / width * 255], -1)
    picture += rng.normal(0, 6, (height, width, 1)).astype(np.float32)
    Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(path, quality=90)
    return path


def plain(source: Path, into: Path) -> None:
    program = node_program()
    if program is None:
        raise RuntimeError("no Node")
    script = TOOLS / ".plain.mjs"
    script.write_text(PLAIN)
    try:
        subprocess.run([program, str(script), str(source), str(into / "tiles"), str(boards.QUALITY)], check=True, timeout=600)
    finally:
        script.unlink()


def seconds(deed: object, source: Path) -> float:
    with tempfile.TemporaryDirectory() as into:
        start = time.perf_counter()
        if deed is plain:
            plain(source, Path(into))
        else:
            boards.make(source, Path(into), lambda _share: None)
        return time.perf_counter() - start


def run(argv: list[str]) -> Report:
    parser = argparse.ArgumentParser(prog="everhall bench tiles")
    parser.add_argument("--runs", type=int, default=3, help="of each, in turns (3)")
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        source = drawn(Path(folder) / "board.jpg")
        with tempfile.TemporaryDirectory() as into:
            facts = boards.make(source, Path(into), lambda _share: None)
        ours, theirs = [], []
        for _ in range(asked.runs):
            theirs.append(seconds(plain, source))
            ours.append(seconds(boards.make, source))
        master_mb = source.stat().st_size / 1e6
    page = facts["pages"][0]
    figures = {
        "board_megapixels": SIZE[0] * SIZE[1] / 1e6,
        "master_mb": master_mb,
        "tiles_count": page["tiles"],
        "pack_mb": page["bytes"] / 1e6,
        "seconds": statistics.median(ours),
        "plain_libvips_seconds": statistics.median(theirs),
        "ratio_to_libvips": statistics.median(ours) / statistics.median(theirs),
    }
    return report("tiles", runs=asked.runs, figures=figures, limits={"ratio_to_libvips": ("<=", 1.3)})
