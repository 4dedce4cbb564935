"""What a pass says at the door, where there may be no network: signed, and small enough for a small QR code.

    EH1:<base45 of body and signature>

The body is 28 bytes, big-endian: version (1), key id (4, the first bytes of SHA-256 of the public key), what it is for
(8, the admission's public id), the pass (8, random), its issue (1: grows when a lost pass is made anew), seats (1), way
(1: 0 on site, 1 online), good until (4, whole minutes since 1970 UTC). The signature is Ed25519 (RFC 8032, 64 bytes) over
"everhall pass" and the body. Base45 (RFC 9285) makes 138 signs of the 92 bytes, in the alphanumeric mode of QR codes: with
the head 142, and version 6 of the code holds 154 at level M.

In: facts and a key. Out: a text, and facts again. What must stay true: nothing of a person is in it; what was not signed
by a key that is known is not a pass; a body of an unknown version is refused and not guessed at.
"""

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

HEAD: Final = "EH1:"
VERSION: Final = 1
PURPOSE: Final = b"everhall pass"
WAYS: Final = ("onsite", "online")
_BODY: Final = struct.Struct(">B4s8s8sBBBI")
_SIGNS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE: Final = {sign: value for value, sign in enumerate(_SIGNS)}


@dataclass(frozen=True, slots=True)
class Facts:
    """`admission`, `code`: 8 bytes each; `until`: seconds since 1970, kept to the minute, upwards."""

    admission: bytes
    code: bytes
    issue: int
    seats: int
    way: str
    until: float


def key_id(public: Ed25519PublicKey) -> bytes:
    """By which a door finds the key."""
    return hashlib.sha256(public.public_bytes_raw()).digest()[:4]


def signed(facts: Facts, key: Ed25519PrivateKey) -> str:
    """The text of the code. ValueError for facts that do not fit."""
    if len(facts.admission) != 8 or len(facts.code) != 8 or not 1 <= facts.seats <= 255 or not 0 <= facts.issue <= 255:
        msg = "facts of a pass are out of range"
        raise ValueError(msg)
    body = _BODY.pack(
        VERSION, key_id(key.public_key()), facts.admission, facts.code, facts.issue, facts.seats,
        WAYS.index(facts.way), -int(-facts.until // 60),
    )  # fmt: skip
    return HEAD + base45(body + key.sign(PURPOSE + body))


def read(text: str, keys: Mapping[bytes, Ed25519PublicKey]) -> Facts | None:
    """What a pass says; None for what is no pass of ours. Whether it is good now, or has been revoked, asks the door."""
    if not text.startswith(HEAD):
        return None
    sealed = unbase45(text[len(HEAD) :])
    if sealed is None or len(sealed) != _BODY.size + 64:
        return None
    body, signature = sealed[: _BODY.size], sealed[_BODY.size :]
    version, who, admission, code, issue, seats, way, until = _BODY.unpack(body)
    key = keys.get(who)
    if version != VERSION or key is None or way >= len(WAYS) or seats < 1:
        return None
    try:
        key.verify(signature, PURPOSE + body)
    except InvalidSignature:
        return None
    return Facts(admission, code, issue, seats, WAYS[way], until * 60.0)


def base45(content: bytes) -> str:
    """RFC 9285 §4."""
    found: list[str] = []
    for place in range(0, len(content) - 1, 2):
        value = content[place] * 256 + content[place + 1]
        found += (_SIGNS[value % 45], _SIGNS[value // 45 % 45], _SIGNS[value // 2025])
    if len(content) % 2:
        found += (_SIGNS[content[-1] % 45], _SIGNS[content[-1] // 45])
    return "".join(found)


def unbase45(text: str) -> bytes | None:
    """None for what no `base45` writes."""
    if len(text) % 3 == 1 or any(sign not in _VALUE for sign in text):
        return None
    found = bytearray()
    for place in range(0, len(text), 3):
        values = [_VALUE[sign] for sign in text[place : place + 3]]
        value = sum(part * 45**power for power, part in enumerate(values))
        size = len(values) - 1
        if value >= 256**size:
            return None
        found += value.to_bytes(size, "big")
    return bytes(found)
