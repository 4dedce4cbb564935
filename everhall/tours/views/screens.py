"""Screens of halls. Who may open one: everyone, in public editions; it shows nothing but what visitors may see.

The page, what it shows and its worker lie below one address, so that the worker reaches nothing else and no other worker of the
site (that of notices stands at the root) reaches the screen.
"""

import datetime as dt
import functools
import json
import math
import re
from typing import Any, Final

from django.contrib.auth.hashers import check_password
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from everhall.accounts.callers import address_of, comes_from_here
from everhall.editions.models import Edition
from everhall.editions.public import edition_or_404, mark, page
from everhall.engines.allowances import Allowance, Meter, address_key
from everhall.tours import queries, services
from everhall.tours.models import Kiosk
from everhall.tours.queries.screens import look_of, shell_version

#: A hall of screens behind one address tells of itself once a minute each.
TELLING: Final = Allowance(120, 2)
#: Numbers that somebody tries on one screen.
TRYING: Final = Allowance(5, 1 / 30)
MOST_BYTES: Final = 2048
SCREEN: Final = re.compile(r"^[a-z0-9]{8,20}$")
VERSION: Final = re.compile(r"^[0-9a-f]{0,20}$")


@functools.cache
def meters() -> dict[str, Meter]:
    return {"seen": Meter(TELLING), "pin": Meter(TRYING)}


def kiosk_or_404(edition: str, code: str) -> tuple[Edition, Kiosk, dt.datetime]:
    found = edition_or_404(edition)
    kiosk = queries.kiosk_of(found, code)
    if kiosk is None:
        raise Http404(_("There is no such screen in this edition."))
    return found, kiosk, timezone.now()


def marked(response: HttpResponse, kiosk: Kiosk, until: Any) -> HttpResponse:
    moment = dt.datetime.fromtimestamp(until / 1000, dt.UTC) if until else None
    return mark(response, f"edition-{kiosk.edition.code}", kiosk.tag, until=moment)


@require_safe
def screen_page(request: HttpRequest, edition: str, screen: str) -> HttpResponse:
    """The page of a screen. Without a script it lists what it would show."""
    found, kiosk, now = kiosk_or_404(edition, screen)
    value = queries.contents(kiosk, now)
    language = "en" if request.LANGUAGE_CODE == "en" else "zh"
    context = {
        "kiosk": kiosk, "shell": shell_version(), "language": language, "look": look_of(found), "base": request.path,
        "items": [item[language] | {"sample": item["sample"]} for item in value["items"]],
    }
    until = dt.datetime.fromtimestamp(value["until"] / 1000, dt.UTC) if value["until"] else None
    return page(request, "tours/screen.html", found, context, tags=[kiosk.tag], until=until)


@require_safe
def contents(request: HttpRequest, edition: str, screen: str) -> HttpResponse:
    """JSON: all that the screen may need, with the addresses to keep."""
    _found, kiosk, now = kiosk_or_404(edition, screen)
    value = queries.contents(kiosk, now)
    response = JsonResponse(value, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})
    return marked(response, kiosk, value["until"])


@require_safe
def worker(request: HttpRequest, edition: str, screen: str) -> HttpResponse:
    """The script that keeps what the screen needs. Browsers look for a newer one each day, and the page asks them to."""
    kiosk_or_404(edition, screen)
    response = render(request, "tours/screen-worker.js", content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def body_of(request: HttpRequest) -> dict[str, Any] | None:
    if not comes_from_here(request) or len(request.body) > MOST_BYTES:
        return None
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def answered(value: dict[str, Any], status: int = 200) -> JsonResponse:
    response = JsonResponse(value, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def too_fast(kind: str, key: object, now: dt.datetime) -> JsonResponse | None:
    wait = meters()[kind].wait(key, now.timestamp())
    if not wait:
        return None
    response = answered({"ok": False, "wait": math.ceil(wait)}, 429)
    response["Retry-After"] = str(math.ceil(wait))
    return response


@csrf_exempt
@require_POST
def seen(request: HttpRequest, edition: str, screen: str) -> HttpResponse:
    """POST JSON `screen` (a word that the browser made up) and `version`: this screen is on."""
    _found, kiosk, now = kiosk_or_404(edition, screen)
    body = body_of(request)
    name, version = (body or {}).get("screen"), (body or {}).get("version", "")
    if not isinstance(name, str) or not SCREEN.fullmatch(name) or not isinstance(version, str) or not VERSION.fullmatch(version):
        return answered({"ok": False}, 400)
    refused = too_fast("seen", address_key(address_of(request)), now)
    if refused is not None:
        return refused
    services.note_screen(kiosk, name, version, now)
    return answered({"ok": True, "now": int(now.timestamp() * 1000)})


@csrf_exempt
@require_POST
def staff(request: HttpRequest, edition: str, screen: str) -> HttpResponse:
    """POST JSON `pin`: whether the staff menu of this screen opens."""
    _found, kiosk, now = kiosk_or_404(edition, screen)
    body = body_of(request)
    pin = (body or {}).get("pin")
    if not kiosk.pin_hash or not isinstance(pin, str) or len(pin) > 40:
        return answered({"ok": False}, 400)
    refused = too_fast("pin", kiosk.pk, now)
    if refused is not None:
        return refused
    return answered({"ok": check_password(pin, kiosk.pin_hash)})
