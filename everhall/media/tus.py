"""The protocol of files in pieces: tus 1.0.0 with creation, termination and expiration, for any kind of `models.Pieces`.

In: requests. Out: answers of the protocol. Who may is asked by the views that call this; each request carries Django's token
against forgery.
"""

import base64
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import http_date

from everhall.media import pieces
from everhall.media.pieces import PIECE, Refused

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,termination,expiration"
KIND: Final = "application/offset+octet-stream"
#: What a browser sends in one piece: below what the door takes as an ordinary body, so no thread waits for a film.
PIECE_OF_BROWSER: Final = 4 * 1024 * 1024
STATUS: Final = {"too_large": 413, "wrong_offset": 409, "in_use": 423, "gone": 410, "disk_full": 507}

#: (size, metadata) -> a row that has begun, or the status of a refusal
Begin = Callable[[int, dict[str, str]], Any]


def tus(status: int, **headers: Any) -> HttpResponse:
    """An answer of the protocol; `Upload_Offset=3` is a header."""
    response = HttpResponse(status=status)
    response["Tus-Resumable"] = VERSION
    response["Cache-Control"] = "no-store"
    for name, value in headers.items():
        response[name.replace("_", "-")] = str(value)
    return response


def in_words(status: int, words: str) -> HttpResponse:
    response = tus(status)
    response.content = words.encode()
    response["Content-Type"] = "text/plain; charset=utf-8"
    return response


def metadata_of(text: str) -> dict[str, str] | None:
    """`Upload-Metadata`: pairs of a name and base64, separated by commas; None where it is not that."""
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        name, _space, value = pair.partition(" ")
        try:
            found[name[:40]] = base64.b64decode(value, validate=True).decode()[:500]
        except ValueError:
            # Not base64, not UTF-8: both are ValueErrors.
            return None
    return found if len(found) <= 20 else None


def whole_number(text: str | None) -> int | None:
    """A number of bytes as it stands in a header."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def capabilities(limit: int) -> HttpResponse:
    return tus(204, Tus_Version=VERSION, Tus_Extension=EXTENSIONS, Tus_Max_Size=limit)


def unlike(request: HttpRequest) -> HttpResponse | None:
    """A client of another version (tus §2.1)."""
    if request.headers.get("Tus-Resumable") == VERSION:
        return None
    return tus(412, Tus_Version=VERSION)


def create(request: HttpRequest, *, limit: int, begin: Begin, address: Callable[[Any], str]) -> HttpResponse:
    """POST: begin an upload; OPTIONS: what is understood."""
    if request.method == "OPTIONS":
        return capabilities(limit)
    if request.method != "POST":
        return tus(405, Allow="POST, OPTIONS")
    if (other := unlike(request)) is not None:
        return other
    size = whole_number(request.headers.get("Upload-Length"))
    metadata = metadata_of(request.headers.get("Upload-Metadata", ""))
    if size is None or metadata is None:
        return tus(400)
    try:
        made = begin(size, metadata)
    except Refused as why:
        return in_words(STATUS.get(why.code, 400), why.words)
    if isinstance(made, HttpResponse):
        return made
    expires = http_date(made.expires_at.timestamp())
    return tus(201, Location=address(made), Upload_Expires=expires, Upload_Offset=0)


def one(request: HttpRequest, upload: Any, *, add: Callable[..., Any], drop: Callable[[Any], None]) -> HttpResponse:
    """HEAD: how much is here; PATCH: a piece; DELETE: take it away."""
    if (other := unlike(request)) is not None:
        return other
    try:
        if request.method == "HEAD":
            return look(upload)
        if request.method == "PATCH":
            return patch(request, upload, add)
        if request.method == "DELETE":
            drop(upload)
            return tus(204)
    except Refused as why:
        return in_words(STATUS.get(why.code, 400), why.words)
    return tus(405, Allow="HEAD, PATCH, DELETE, OPTIONS")


def look(upload: Any) -> HttpResponse:
    if upload.state == upload.State.EXPIRED:
        raise Refused("gone")
    return tus(200, Upload_Offset=pieces.received(upload), Upload_Length=upload.size)


def body(request: HttpRequest) -> Iterator[bytes]:
    """The body as it comes; what comes before a lost connection is kept."""
    while piece := request.read(PIECE):
        yield piece


def patch(request: HttpRequest, upload: Any, add: Callable[..., Any]) -> HttpResponse:
    if request.headers.get("Content-Type") != KIND:
        return tus(415)
    offset = whole_number(request.headers.get("Upload-Offset"))
    if offset is None:
        return tus(400)
    try:
        add(upload, offset, body(request), now=timezone.now())
    except OSError:
        # The sender went away in the middle; what came was kept.
        return tus(400)
    return tus(204, Upload_Offset=upload.offset, Upload_Expires=http_date(upload.expires_at.timestamp()))
