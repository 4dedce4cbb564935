"""The key with which passes are signed (Ed25519), made once and kept in the data folder, readable to its owner only.

Doors get its public half with their roster. A new key would end every pass, so it is never changed.
"""

import contextlib
import functools
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

NAME = "pass-key.pem"


def made_or_kept(folder: Path) -> Ed25519PrivateKey:
    """The key in this folder; made if there is none. OSError where it can neither be read nor made."""
    path = folder / NAME
    if not path.exists():
        text = Ed25519PrivateKey.generate().private_bytes(
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
    if not isinstance(found, Ed25519PrivateKey):
        msg = f"{NAME} is no key of Ed25519"
        raise TypeError(msg)
    return found


@functools.cache
def key() -> Ed25519PrivateKey:
    """That of this installation."""
    return made_or_kept(Path(settings.DATA_DIR))
