"""Reads on files: who may see the bytes of one."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone


def may_see(request: HttpRequest, released_at: dt.datetime | None) -> bool:
    """Released, or asked for by somebody with a desk."""
    if released_at is not None and released_at <= timezone.now():
        return True
    user: Any = request.user
    return bool(user.is_authenticated and user.has_perm("wagtailadmin.access_admin"))
