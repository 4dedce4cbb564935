"""What a device at a door asks, below `/door/`.

Who may: for the page and its parts, everybody (they hold nothing); for enrolment, whoever has a link of the desk; for the rest, a
device whose key is known, by its signature (`Everhall-Device: key.sequence.signature`). No cookie is read, so nothing can be forged
by another site. Nothing here may be kept by anybody.
"""

import base64
import binascii
import datetime as dt
import functools
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from everhall.accounts.callers import address_of
from everhall.checkin import services
from everhall.checkin.models import Device
from everhall.checkin.services import Refused
from everhall.engines.allowances import Allowance, Meter, address_key

MOST_BYTES: Final = 200_000
#: All phones of a hall may stand behind one address.
OF_ADDRESS: Final = Allowance(300, 20)


@functools.cache
def meter() -> Meter:
    """The one of this process."""
    return Meter(OF_ADDRESS)


def answered(body: Mapping[str, Any], status: int = 200) -> JsonResponse:
    return private(JsonResponse(body, status=status))


def private(response: Any) -> Any:
    response["Cache-Control"] = "private, no-store"
    return response


def asked(view: Callable[[HttpRequest, Mapping[str, Any], dt.datetime], HttpResponse]) -> Callable[..., HttpResponse]:
    """A POST of JSON, in the device's language, its refusals in words."""

    @csrf_exempt
    @require_POST
    @functools.wraps(view)
    def inner(request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        with translation.override("en" if request.headers.get("Everhall-Language") == "en" else "zh-hans"):
            try:
                if meter().wait(address_key(address_of(request)), now.timestamp()):
                    raise Refused("too_fast")
                return view(request, body_of(request), now)
            except Refused as refused:
                return answered({"code": refused.code, "words": refused.words, "now": int(now.timestamp() * 1000)}, refused.status)

    return inner


def body_of(request: HttpRequest) -> Mapping[str, Any]:
    if len(request.body) > MOST_BYTES:
        raise Refused("malformed")
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Refused("malformed") from None
    if not isinstance(found, dict):
        raise Refused("malformed")
    return found


def who(request: HttpRequest, now: dt.datetime) -> Device:
    key, _, rest = request.headers.get("Everhall-Device", "").partition(".")
    number, _, signature = rest.partition(".")
    if not (number.isdecimal() and len(number) < 17):
        raise Refused("unsigned")
    return services.device_of(key[:20], int(number), decoded(signature), "POST", request.path, request.body, now)


def decoded(text: object) -> bytes:
    """Base64 for addresses; nothing for what is none."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) if isinstance(text, str) else b""
    except (ValueError, binascii.Error):
        return b""


@asked
def enrol(request: HttpRequest, body: Mapping[str, Any], now: dt.datetime) -> HttpResponse:
    """`token`, `signing`, `agreement`, `name` -> the device's key and the site's."""
    device = services.enrol(body.get("token"), decoded(body.get("signing")), decoded(body.get("agreement")), body.get("name"), now)
    return answered({"device": device.key, "site": services.site_key().hex(), "now": int(now.timestamp() * 1000)})


@asked
def roster(request: HttpRequest, body: Mapping[str, Any], now: dt.datetime) -> HttpResponse:
    """`mark` of the roster it has: 204 if it is still the newest, and `made` (milliseconds) is not too long ago."""
    device = who(request, now)
    if device.revoked_at is not None:
        raise Refused("revoked")
    if body.get("mark") == services.mark_of(device):
        return private(HttpResponse(status=204))
    return private(HttpResponse(services.roster(device, now), content_type="application/octet-stream"))


@asked
def sync(request: HttpRequest, body: Mapping[str, Any], now: dt.datetime) -> HttpResponse:
    """See `services.syncing`."""
    return answered(services.sync(who(request, now), body, now))
