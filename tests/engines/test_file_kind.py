"""A file is what its first bytes say, whatever it is called."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from everhall.engines.file_kind import HEAD, kind_of
from tests.models3d import cube


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (picture("PNG"), "png"), (picture("JPEG"), "jpeg"), (picture("WEBP"), "webp"), (picture("GIF"), "gif"),
        (picture("TIFF"), "tiff"), (picture("AVIF"), "avif"), (cube(), "glb"),
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00", "mp4"), (b"\x00\x00\x00\x18ftypheic", "heic"),
        (b"%PDF-1.7\n", "pdf"), (b"PK\x03\x04", "zip"), (b"solid cube\nfacet normal 0 0 1\n", "stl"),
        (bytes(80) + b"\x0c\x00\x00\x00" + (b"\x00\x00\x80?" * 12 + b"\x00\x00") * 12, "stl"),
        (b"# made by hand\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "obj"), (b"ply\nformat ascii 1.0\n", "ply"),
        (b'{ "asset": {"version": "2.0"} }', "gltf"), (b'<?xml version="1.0"?>\n<svg xmlns="x">', "svg"),
        (b"<!doctype html><p>", "html"), (b"ISO-10303-21;\n", "step"), (b"", ""), (b"hello there\n", ""),
    ],
)  # fmt: skip
def test_kinds(head, kind):
    assert kind_of(head[:HEAD]) == kind


@given(st.binary(max_size=HEAD))
def test_any_bytes_have_a_kind_or_none(head):
    assert isinstance(kind_of(head), str)
