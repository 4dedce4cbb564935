"""Web Push: what is sent to a browser's push service (RFC 8291, RFC 8188) and how the server proves who it is (RFC 8292).

In: a subscription's keys as browsers tell them (base64url), bytes, a private key of this site. Out: the body of the
request, the header `Authorization`. What must stay true: only the browser that subscribed can read the body; chance comes from the
caller, and no two messages may share a salt or a one-time key.
"""

import base64
import binascii
import json
from typing import Final

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

#: Bytes of a record: push services take 4096 at most, of which 103 are header, seal and delimiter (RFC 8291 §4).
RECORD: Final = 4096
LONGEST: Final = RECORD - 103
#: Seconds for which a proof is good; services refuse more than a day (RFC 8292 §2).
GOOD_FOR: Final = 12 * 3600


def text64(content: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def bytes64(text: str) -> bytes:
    """Of base64url with or without padding; ValueError for what is none."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as wrong:
        msg = "not base64url"
        raise ValueError(msg) from wrong


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """The 65 bytes of an uncompressed point."""
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def public_key(p256dh: str) -> ec.EllipticCurvePublicKey:
    """Of a subscription; ValueError if it is no point of P-256."""
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes64(p256dh))
    except InvalidKey as wrong:
        raise ValueError(str(wrong)) from wrong


def fair_keys(p256dh: str, auth: str) -> bool:
    """Whether these are the keys of a subscription: an uncompressed point of P-256 and 16 bytes."""
    try:
        return len(bytes64(p256dh)) == 65 and len(bytes64(auth)) == 16 and public_key(p256dh) is not None
    except ValueError:
        return False


def _derived(length: int, salt: bytes, info: bytes, secret: bytes) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def sealed(content: bytes, p256dh: str, auth: str, *, salt: bytes, once: ec.EllipticCurvePrivateKey) -> bytes:
    """The body, Content-Encoding aes128gcm. `salt`: 16 random bytes; `once`: a key made for this message. ValueError for
    keys that are none and for more than `LONGEST` bytes."""
    if len(content) > LONGEST:
        msg = f"{len(content)} bytes are more than {LONGEST}"
        raise ValueError(msg)
    theirs, ours = public_key(p256dh), point(once.public_key())
    # RFC 8291 §3.4: the secret of both keys, bound to the subscription by `auth`.
    info = b"WebPush: info\x00" + point(theirs) + ours
    secret = _derived(32, bytes64(auth), info, once.exchange(ec.ECDH(), theirs))
    # RFC 8188 §2.2, §2.3: key and nonce of the only record, which ends with the delimiter 2.
    key = _derived(16, salt, b"Content-Encoding: aes128gcm\x00", secret)
    nonce = _derived(12, salt, b"Content-Encoding: nonce\x00", secret)
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return head + AESGCM(key).encrypt(nonce, content + b"\x02", None)


def proof(key: ec.EllipticCurvePrivateKey, origin: str, subject: str, now: float) -> str:
    """The header `Authorization` for a push service at `origin` ("https://push.example"). `subject`: whom its operators may ask, a
    mailto: or https: address. `now`: seconds since the epoch."""
    claims = {"aud": origin, "exp": int(now) + GOOD_FOR, "sub": subject}
    signed = ".".join(text64(json.dumps(part, separators=(",", ":")).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = utils.decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    seal = text64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{seal}, k={text64(point(key.public_key()))}"
