"""Codec strings of sample entries, as multivariant playlists and Media Source Extensions want them (RFC 6381).

In: a sample entry's name and its configuration box (`avcC`, `hvcC`, `av1C`, `vpcC`, `esds`, `dOps`). Out: the string,
and what else of the configuration playing needs.

Must stay true: bytes that are too short raise IndexError or struct.error, which `init` tells as BrokenBoxes.
"""

from struct import unpack_from

from everhall.engines.hls.boxes import Bytes

#: Sampling frequencies by index (ISO/IEC 14496-3 table 1.18).
_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
#: Channels by channel configuration (ISO/IEC 14496-3 table 1.19); 7 is 7.1.
_CHANNELS = (0, 1, 2, 3, 4, 5, 6, 8)


def avc(entry: str, avcc: Bytes) -> tuple[str, int]:
    """Codec string and size of a NAL unit's length (ISO/IEC 14496-15 §5.3.3; RFC 6381 §3.3)."""
    return f"{entry}.{avcc[1]:02x}{avcc[2]:02x}{avcc[3]:02x}", (avcc[4] & 3) + 1


def hevc(entry: str, hvcc: Bytes) -> tuple[str, int]:
    """As `avc` (ISO/IEC 14496-15 annex E.3)."""
    space = ("", "A", "B", "C")[hvcc[1] >> 6]
    tier = "H" if hvcc[1] & 0x20 else "L"
    (compatible,) = unpack_from(">I", hvcc, 2)
    reversed_bits = int(f"{compatible:032b}"[::-1], 2)
    constraints = bytes(hvcc[6:12]).rstrip(b"\0")
    parts = [f"{entry}.{space}{hvcc[1] & 0x1F}", f"{reversed_bits:x}", f"{tier}{hvcc[12]}"]
    return ".".join([*parts, *(f"{byte:x}" for byte in constraints)]), (hvcc[21] & 3) + 1


def av1(av1c: Bytes) -> str:
    """AV1 Codec ISO Media File Format Binding §5."""
    depth = 8 if not av1c[2] & 0x40 else 12 if av1c[2] & 0x20 else 10
    tier = "H" if av1c[2] & 0x80 else "M"
    return f"av01.{av1c[1] >> 5}.{av1c[1] & 0x1F:02d}{tier}.{depth:02d}"


def vp9(entry: str, vpcc: Bytes) -> str:
    """VP Codec ISO Media File Format Binding; `vpcc` begins with version and flags."""
    return f"{entry}.{vpcc[4]:02d}.{vpcc[5]:02d}.{vpcc[6] >> 4:02d}"


def _descriptor(esds: Bytes, at: int) -> tuple[int, int]:
    """Tag and where the body begins (ISO/IEC 14496-1 §8.3.3: seven bits of length a byte, at most four bytes)."""
    tag = esds[at]
    for step in range(1, 5):
        if not esds[at + step] & 0x80:
            break
    return tag, at + step + 1


def mp4a(esds: Bytes) -> tuple[str, int, int]:
    """Codec string, sample rate and channels; rate and channels 0 where the descriptor does not tell them."""
    tag, at = _descriptor(esds, 4)
    if tag != 3:
        return "mp4a", 0, 0
    flags = esds[at + 2]
    at += 3 + (2 if flags & 0x80 else 0) + (2 if flags & 0x20 else 0)
    if flags & 0x40:
        at += 1 + esds[at]
    tag, at = _descriptor(esds, at)
    kind = esds[at]
    if tag != 4 or kind != 0x40:
        return f"mp4a.{kind:02x}", 0, 0
    tag, at = _descriptor(esds, at + 13)
    if tag != 5:
        return "mp4a.40.2", 0, 0
    return _audio_specific(int.from_bytes(bytes(esds[at : at + 8]).ljust(8, b"\0"), "big"))


def _audio_specific(bits: int) -> tuple[str, int, int]:
    """AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1) in the upper bits of a 64-bit number."""
    left = 64

    def read(count: int) -> int:
        nonlocal left
        left -= count
        return bits >> left & ((1 << count) - 1)

    def read_rate() -> int:
        index = read(4)
        return read(24) if index == 15 else _RATES[index]

    kind = read(5)
    if kind == 31:
        kind = 32 + read(6)
    rate = read_rate()
    channels = read(4)
    if kind in {5, 29}:  # SBR, PS: the rate that is heard comes after
        rate = read_rate()
    return f"mp4a.40.{kind}", rate, _CHANNELS[channels] if channels < len(_CHANNELS) else 0
