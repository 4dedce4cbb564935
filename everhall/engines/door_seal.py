"""What passes between the site and a device at a door: a roster that only this device can read, requests that only it can sign.

A roster on its way and at rest, big-endian:

    "EHR1" | device (12 letters) | made (8, milliseconds) | until (8, milliseconds) | the site's key of this once (65, P-256)
    | nonce (12) | AES-256-GCM of the gzipped columns | signature of the site (64, Ed25519)

The AES key is HKDF-SHA256 of the ECDH secret; salt: the key of this once; info: "everhall roster" and the device. All that stands
before the cipher text is its additional data, and the signature is of "everhall roster" and everything before it.

A request carries `device.sequence.signature`: Ed25519 over method, path, sequence and the SHA-256 of the body.

In: bytes and keys. Out: bytes, or None for what is not right. What must stay true: no key of the site or of a device signs two
kinds of things that could be taken for each other.
"""

import hashlib
import struct
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

MAGIC: Final = b"EHR1"
PURPOSE: Final = b"everhall roster"
REQUEST: Final = b"everhall door request"
HEAD: Final = struct.Struct(">4s12sQQ65s12s")


def sealed(
    columns: bytes, device: str, agreement: bytes, made: int, until: int, once: ec.EllipticCurvePrivateKey, nonce: bytes,
    site: Ed25519PrivateKey,
) -> bytes:  # fmt: skip
    """`agreement`: the device's public key, 65 bytes; `once`, `nonce`: made for this roster only."""
    own = once.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    head = HEAD.pack(MAGIC, device.encode(), made, until, own, nonce)
    body = head + AESGCM(_key(once, agreement, own, device)).encrypt(nonce, columns, head)
    return body + site.sign(PURPOSE + body)


def opened(content: bytes, device: str, agreement: ec.EllipticCurvePrivateKey, site: Ed25519PublicKey) -> bytes | None:
    """What a device does; the browser's roster.js is the one that is used."""
    if len(content) < HEAD.size + 80:
        return None
    body, signature = content[:-64], content[-64:]
    magic, whose, _made, _until, own, nonce = HEAD.unpack(body[: HEAD.size])
    if magic != MAGIC or whose.decode("latin-1") != device:
        return None
    try:
        site.verify(signature, PURPOSE + body)
    except InvalidSignature:
        return None
    return AESGCM(_key(agreement, own, own, device)).decrypt(nonce, body[HEAD.size :], body[: HEAD.size])


def _key(private: ec.EllipticCurvePrivateKey, public: bytes, salt: bytes, device: str) -> bytes:
    shared = private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public))
    return HKDF(hashes.SHA256(), 32, salt, PURPOSE + device.encode()).derive(shared)


def is_agreement(public: bytes) -> bool:
    """Whether these bytes are a point of the curve."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    except ValueError:
        return False
    return len(public) == 65


def asked(method: str, path: str, sequence: int, body: bytes) -> bytes:
    """What a device signs."""
    return b"\n".join((REQUEST, method.encode(), path.encode(), str(sequence).encode(), hashlib.sha256(body).hexdigest().encode()))


def is_signed(public: bytes, signature: bytes, content: bytes) -> bool:
    """Whether the device with this key (32 bytes) signed it."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True
