"""Films, sounds, panoramas and turntables for tests, good and bad, made when they are asked for."""

import io
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from everhall.engines import panorama
from tests.films import FFMPEG

PICTURE = ("-f", "lavfi", "-i", "testsrc2=s={size}:r={rate}:d={seconds}")
SOUND = ("-f", "lavfi", "-i", "sine=f=440:d={seconds}")


@cache
def made(ending: str, *arguments: str) -> bytes:
    """What ffmpeg writes as a file with this ending."""
    with tempfile.TemporaryDirectory() as place:
        target = Path(place) / f"made{ending}"
        subprocess.run([FFMPEG, "-v", "error", *arguments, str(target)], check=True)
        return target.read_bytes()


def film(ending: str = ".mp4", size: str = "1280x720", rate: int = 25, seconds: float = 2, *more: str, sound: bool = True) -> bytes:
    """A moving test picture, with a tone of its length; `more` goes before the file."""
    values = {"size": size, "rate": rate, "seconds": seconds}
    inputs = [part.format(**values) for part in (*PICTURE, *(SOUND if sound else ()))]
    codec = ("-c:v", "libvpx", "-deadline", "realtime") if ending == ".webm" else ("-c:v", "libx264", "-preset", "ultrafast")
    return made(ending, *inputs, *codec, "-pix_fmt", "yuv420p", "-metadata", "comment=FilmedInSomebodysHome", *more)


def sound(ending: str = ".wav", seconds: float = 2) -> bytes:
    return made(ending, *(part.format(seconds=seconds) for part in SOUND))


def turned() -> bytes:
    """A film held upright, as phones write it: lying pixels and a sign that says so."""
    with tempfile.TemporaryDirectory() as place:
        lying = Path(place) / "lying.mp4"
        lying.write_bytes(film())
        return made(".mp4", "-display_rotation", "90", "-i", str(lying), "-c", "copy")


def equirect(width: int = 2048, kind: str = "JPEG", **more: Any) -> bytes:
    """All directions, each in a colour of its own: red from left to right, green from above to below."""
    x, y = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, width // 2))
    out = io.BytesIO()
    Image.fromarray(np.stack([x, y, np.full_like(x, 90)], -1).astype(np.uint8)).save(out, kind, quality=92, **more)
    return out.getvalue()


def with_place(data: bytes) -> bytes:
    """A JPEG that says where it was taken."""
    out = io.BytesIO()
    picture = Image.open(io.BytesIO(data))
    exif = picture.getexif()
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 13.0, 49.0), 3: "E", 4: (121.0, 28.0, 25.0)})
    exif[0x010F] = "CameraOfSomebody"
    picture.save(out, "JPEG", exif=exif, quality=92)
    return out.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def jpeg(pixels: Any) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(out, "JPEG", quality=95)
    return out.getvalue()


def cube(named: Callable[[str], str] = lambda face: f"{face}.jpg", side: int = 512) -> bytes:
    """The six faces of `equirect`."""
    pixels = np.asarray(Image.open(io.BytesIO(equirect())))
    return zipped({named(face): jpeg(picture) for face, picture in panorama.to_cube(pixels, side).items()})


def turntable(count: int = 12, side: int = 300) -> bytes:
    """A bar that walks from left to right."""
    files = {}
    for n in range(count):
        pixels = np.full((side, side * 4 // 3, 3), 255, np.uint8)
        pixels[:, n * 20 : n * 20 + 20] = (200, 30, 30)
        files[f"photos/img{n + 1}.jpg"] = jpeg(pixels)
    return zipped(files)
