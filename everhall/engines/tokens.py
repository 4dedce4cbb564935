"""Tokens: what lets somebody see one private thing for a while, without a login and without a look at a database.

A token names its scope ("channel/2021-beijing", "feed/2021-main-stage", "recording/17") and the second at which it
ends, and is sealed with HMAC-SHA256, so that whoever knows the secret can say whether it is good. It is made of
letters that may stand in a path, because players go on from one address to the next by relative ones.

What must stay true: a token made for one scope opens no other; comparing takes the same time whatever is wrong;
no other text than the one that was made is good (no second spelling of the same token).
"""

import base64
import hashlib
import hmac
import re
from typing import Final

#: scope in base64url . seconds since the epoch . 32 bytes of seal in base64url
_SHAPE: Final = re.compile(r"([A-Za-z0-9_-]{2,200})\.([1-9][0-9]{0,11})\.([A-Za-z0-9_-]{43})")
#: Mixed into the installation's key, so that the seal of a token is never that of something else.
_PURPOSE: Final = b"everhall live token 1"


def secret_of(key: str) -> bytes:
    """The secret for tokens, from the installation's secret key."""
    return hmac.new(key.encode(), _PURPOSE, hashlib.sha256).digest()


def make(secret: bytes, scope: str, expires: float) -> str:
    """A token that is good for `scope` before `expires` (seconds since the epoch, UTC)."""
    told, until = _text(scope.encode()), str(int(expires))
    token = f"{told}.{until}.{_seal(secret, told, until)}"
    if not _SHAPE.fullmatch(token):
        msg = f"no token can be made for {scope!r} until {expires}"
        raise ValueError(msg)
    return token


def scope_of(secret: bytes, token: str, now: float) -> str | None:
    """What a token is good for at `now`; None if it is not good (any more)."""
    found = _SHAPE.fullmatch(token)
    if found is None:
        return None
    told, until, seal = found.groups()
    if not hmac.compare_digest(_seal(secret, told, until), seal) or now >= int(until):
        return None
    # Sealed by ourselves, so it is what `make` wrote.
    return base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)).decode()


def valid(secret: bytes, token: str, scope: str, now: float) -> bool:
    """Whether a token is good for `scope` at `now`."""
    found = scope_of(secret, token, now)
    return found is not None and hmac.compare_digest(found.encode(), scope.encode())


def expires(token: str) -> float:
    """When a token ends by its own words; ask only of one that is good. 0 for what has no such shape."""
    found = _SHAPE.fullmatch(token)
    return float(found[2]) if found else 0.0


def _seal(secret: bytes, told: str, until: str) -> str:
    return _text(hmac.new(secret, f"{told}.{until}".encode(), hashlib.sha256).digest())


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
