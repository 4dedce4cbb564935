"""Masters for tests, good and bad, and attachments made of them."""

import io
import struct
import zlib
from typing import Any

import numpy as np
from django.core.files.base import ContentFile
from PIL import Image

from everhall.engines import glb
from everhall.media.models import Attachment
from tests.models3d import cube, model

MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00" + bytes(400)


def attachment(data: bytes, name: str, kind: str, **values: Any) -> Attachment:
    made = Attachment(title=name, kind=kind, **values)
    made.file.save(name, ContentFile(data), save=False)
    made.save()
    return made


def poster(width: int = 1300, height: int = 900, kind: str = "JPEG") -> bytes:
    """A picture in which every place looks different."""
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.stack([x * 255 // width, y * 255 // height, (x + y) % 256], -1).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind, quality=90)
    return out.getvalue()


def pdf(pages: int, width: int = 400, height: int = 300) -> bytes:
    """A PDF of empty pages, written by hand (ISO 32000-2 §7.5)."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    objects += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]>>" % (width, height)] * pages
    kids = b" ".join(b"%d 0 R" % (n + 3) for n in range(pages))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids)
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for n, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj" % n + body + b"endobj\n")
    at = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, at))
    return out.getvalue()


def texture_bomb() -> bytes:
    """A cube with a picture that says of itself that it has 900 million pixels."""
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return with_image(b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)) + bytes(4) + b"IDAT")


def with_image(data: bytes) -> bytes:
    positions, indices = np.eye(3, dtype=np.float32), np.array([0, 1, 2])
    start = positions.nbytes + indices.size * 4
    size = start + len(data)
    views = [
        {"buffer": 0, "byteOffset": 0, "byteLength": 36}, {"buffer": 0, "byteOffset": 36, "byteLength": 12},
        {"buffer": 0, "byteOffset": start, "byteLength": len(data)},
    ]  # fmt: skip
    more = {"bufferViews": views, "images": [{"bufferView": 2, "mimeType": "image/png"}], "buffers": [{"byteLength": size}]}
    return model(positions, indices, more, data)


def many_triangles(count: int = 5_000_000) -> bytes:
    """A model that claims so many triangles without writing them down."""
    read = glb.parse(cube())
    read.document["accessors"][1]["count"] = count * 3
    return glb.assemble(read.document, read.body)


def not_numbers() -> bytes:
    corners = np.eye(3, dtype=np.float32)
    corners[1, 1] = np.nan
    return model(corners, np.array([0, 1, 2]))


def with_other_files() -> bytes:
    return model(np.eye(3), np.array([0, 1, 2]), {"images": [{"uri": "https://example.org/texture.png"}]})
