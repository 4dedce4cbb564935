"""Who is on the other side of a request, and whether it comes from a page of this site.

Public pages are the same for everybody and hold no token against forgery: an act must say that it comes from here, which no other
site can make a browser say.
"""

import urllib.parse

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Who is on the other side: the peer, or whom our proxy saw."""
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        seen = str(request.headers.get("X-Forwarded-For", "")).rpartition(",")[2].strip()
        if seen:
            return seen
    return str(request.META.get("REMOTE_ADDR", ""))


def comes_from_here(request: HttpRequest) -> bool:
    """By what browsers say of themselves: Sec-Fetch-Site, or the Origin where one is too old for it."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = urllib.parse.urlsplit(request.headers.get("Origin", ""))
    return bool(origin.netloc) and origin.netloc == request.get_host()
