"""The key with which this site proves to push services who it is (VAPID, RFC 8292), made once and kept in the data folder.

A new key would end every subscription, so it is never changed. Readable to its owner only.
"""

import contextlib
import functools
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from everhall.engines import webpush

NAME = "push-key.pem"


def made_or_kept(folder: Path) -> ec.EllipticCurvePrivateKey:
    """The key in this folder; made if there is none. OSError where it can neither be read nor made."""
    path = folder / NAME
    if not path.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        text = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        folder.mkdir(parents=True, exist_ok=True)
        # Written whole beside it, then linked: of two processes that begin together one wins, and nobody reads half.
        draft = folder / f".{NAME}.{secrets.token_hex(8)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    found = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(found, ec.EllipticCurvePrivateKey):
        msg = f"{NAME} is no key of P-256"
        raise TypeError(msg)
    return found


@functools.cache
def key() -> ec.EllipticCurvePrivateKey:
    """That of this installation."""
    return made_or_kept(Path(settings.DATA_DIR))


def public_text() -> str:
    """As pages hand it to their browser."""
    return webpush.text64(webpush.point(key().public_key()))


def subject() -> str:
    """Whom the operators of a push service may ask."""
    sender = settings.DEFAULT_FROM_EMAIL
    return f"mailto:{sender.rpartition('<')[2].rstrip('> ')}"
