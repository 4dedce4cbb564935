"""The page of a device, what makes it installable, and the worker that has it ready without a network.

Who may: everybody; they are the same for all and hold nothing of an edition. Chinese at `/door/`, English at `/door/en/`.
"""

import hashlib
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from everhall.checkin.words import words

#: Modules of the page, loaded by it or by each other.
MODULES: Final = (
    "page", "door", "entry", "pass", "roster", "store", "wire", "view", "parts", "stopped", "around", "verdict", "results", "lens", "camera", "badge", "sounds",
)  # fmt: skip
FILES: Final = (
    *(f"checkin/{name}.js" for name in MODULES), "lib/qr-decode.js", "lib/qr.js", "checkin/door.css", "everhall/icons/mark.svg",
)  # fmt: skip


@require_GET
def page(request: HttpRequest, language: str = "zh") -> HttpResponse:
    """The shell; all else is made on the device."""
    with translation.override("en" if language == "en" else "zh-hans"):
        return fresh(render(request, "checkin/page.html", {"language": language, "words": words()}))


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Browsers look for a newer one at each visit; another list of files is another worker."""
    files = [static(name) for name in FILES]
    version = hashlib.sha256("".join(files).encode()).hexdigest()[:12]
    context = {"files": files, "version": version, "pages": [reverse("door:page"), reverse("door:page_en")]}
    return fresh(render(request, "checkin/worker.js", context, content_type="text/javascript; charset=utf-8"))


@require_GET
def manifest(request: HttpRequest, language: str = "zh") -> HttpResponse:
    with translation.override("en" if language == "en" else "zh-hans"):
        name = pgettext("door", "Door")
    start = reverse("door:page_en" if language == "en" else "door:page")
    icon = {"src": static("everhall/icons/mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    told = {
        "name": name, "short_name": name, "id": "/door/", "scope": "/door/", "start_url": start, "display": "standalone",
        "background_color": "#14171c", "theme_color": "#14171c", "lang": "en" if language == "en" else "zh-Hans", "icons": [icon],
    }
    return fresh(JsonResponse(told, content_type="application/manifest+json"))


def fresh(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-cache"
    return response
