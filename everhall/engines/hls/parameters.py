"""Parameter sets inside samples: whether an encoder has changed its picture without a new init segment.

In: a batch that begins with a key sample, and its track. Out: the sequence parameter sets in that sample, as bytes to
be compared. Encoders that repeat them (MPEG-TS, RTMP) send new ones when size or profile change; a player that was
given the old init segment would show nothing, or rubbish.

Must stay true: never raises; reads no more than the first units of one sample.
"""

from everhall.engines.hls.batch import Batch
from everhall.engines.hls.init import InitTrack

#: Units before the first slice: delimiter, parameter sets, a few messages.
_MOST = 16


def parameter_sets(batch: Batch, track: InitTrack) -> bytes:
    """The sequence parameter sets of the batch's first sample (ISO/IEC 14496-10 §7.4.1, 23008-2 §7.4.2.2), b"" if
    there are none there or the codec has no such thing."""
    length, at = track.nal_length, 0
    if not length or not batch.pieces:
        return b""
    data = batch.pieces[0]
    if len(data) < min(batch.sizes[0], 4096) and len(batch.pieces) > 1:
        data = memoryview(b"".join(batch.pieces))
    end = min(batch.sizes[0], len(data))
    hevc = track.track.codec.startswith(("hvc1", "hev1"))
    found = b""
    for _ in range(_MOST):
        if at + length >= end:
            break
        size = int.from_bytes(data[at : at + length], "big")
        at += length
        kind = data[at] >> 1 & 0x3F if hevc else data[at] & 0x1F
        if kind == (33 if hevc else 7):
            found += bytes(data[at : min(at + size, end)])
        elif (kind < 32) if hevc else (1 <= kind <= 5):
            break  # a slice
        at += size
    return found
