"""What a file is by its first bytes, whatever its name says.

The first bytes of each kind are those of its specification: PNG (ISO/IEC 15948 §5.2), JPEG (ITU-T T.81 Annex B), RIFF/WebP
(RFC 9649), ISO base media (ISO/IEC 14496-12 §4.3), EBML (RFC 8794), FLAC (RFC 9639 §8), MPEG audio (ISO/IEC 11172-3 §2.4.2.3), PDF (ISO 32000-2 §7.5.2), GLB (glTF 2.0 §4.4.2).
"""

from typing import Final

#: Bytes of a file that `kind_of` wants to see.
HEAD: Final = 512

_STARTS: Final = (
    (b"glTF", "glb"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1aE\xdf\xa3", "matroska"),
    (b"OggS", "ogg"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
    (b"\xff\xf3", "mp3"),
    (b"\xff\xf2", "mp3"),
    (b"\xff\xf1", "aac"),
    (b"\xff\xf9", "aac"),
    (b"fLaC", "flac"),
    (b"FLV\x01", "flv"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"ISO-10303-21", "step"),
)
#: Brands of ISO base media that are pictures; all others are films or sound.
_PICTURES: Final = {b"avif": "avif", b"avis": "avif", b"heic": "heic", b"heix": "heic", b"mif1": "heic"}


def kind_of(head: bytes) -> str:
    """One word: a kind of picture ("png"), of film ("mp4"), of sound ("mp3"), "glb", "gltf", "stl", "obj", "ply", "step", "pdf", "zip",
    "svg", "html"; "" for what is none of these."""
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}.get(head[8:12], "")
    if head[:4] == b"FORM" and head[8:11] == b"AIF":
        return "aiff"
    if len(head) > 376 and head[0] == head[188] == head[376] == 0x47:
        return "mpegts"
    # QuickTime of before 2001 has no brand (ISO/IEC 14496-12 §4.3 came later).
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free"):
        return "mp4"
    if head[4:8] == b"ftyp":
        return _PICTURES.get(head[8:12], "mp4")
    return _text_kind(head)


def _text_kind(head: bytes) -> str:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    low = text.lower()
    if low.startswith(b"solid") or _is_binary_stl(head):
        return "stl"
    if low.startswith(b"ply\n") or low.startswith(b"ply\r"):
        return "ply"
    if low.startswith(b"{"):
        return "gltf" if b'"asset"' in low or b'"scenes"' in low or b'"accessors"' in low else "json"
    if low.startswith(b"<"):
        return "svg" if b"<svg" in low else "html" if b"<html" in low or b"<!doctype html" in low else "xml"
    lines = [line for line in low.splitlines()[:-1] if line and not line.startswith(b"#")]
    if lines and all(line.split(b" ")[0] in _OBJ_WORDS for line in lines):
        return "obj"
    return ""


_OBJ_WORDS: Final = frozenset((b"mtllib", b"o", b"g", b"v", b"vt", b"vn", b"vp", b"f", b"l", b"s", b"usemtl"))


def _is_binary_stl(head: bytes) -> bool:
    """80 bytes of anything, a count, then triangles of 50 bytes whose last two are an attribute, nearly always 0."""
    if len(head) < 84 + 100 or not any(head[80:84]) or b"\x00" not in head[84:]:
        return False
    return head[132:134] == b"\x00\x00" and head[182:184] == b"\x00\x00"
