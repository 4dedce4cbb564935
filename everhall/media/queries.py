"""Reads on files: who may see the bytes of one."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

#: (user, file) -> whether it is theirs to see before its release
Owns = Callable[[Any, Any], bool]
_owners: list[Owns] = []


def seen_by(owns: Owns) -> None:
    """Let another room say whose a file is, before everybody may see it. Only config/wiring.py calls this."""
    if owns not in _owners:
        _owners.append(owns)


def may_see(request: HttpRequest, released_at: dt.datetime | None, file: Any = None) -> bool:
    """Released, or asked for by somebody with a desk, or by those whose `file` it is."""
    if released_at is not None and released_at <= timezone.now():
        return True
    user: Any = request.user
    if not user.is_authenticated:
        return False
    return bool(user.has_perm("wagtailadmin.access_admin")) or (file is not None and any(owns(user, file) for owns in _owners))
