"""Answers that are of one person: never kept, by nobody; and the cookie by which a browser is known."""

import math
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from everhall.accounts.callers import comes_from_here
from everhall.visits import services
from everhall.visits.services import Refused

STATUS = {"malformed": 400, "elsewhere": 403, "unknown": 404, "gone": 410, "too_fast": 429, "late": 410}


def private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page that shows something of one person; search engines leave it alone."""
    response = private(render(request, template, {"is_personal": True, **context}, status=status))
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response


def answered(body: dict[str, Any], status: int = 200) -> HttpResponse:
    return private(JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False}))


def refusal(refused: Refused) -> HttpResponse:
    """For scripts: the code, and words in the language of the request."""
    response = answered({"ok": False, "code": refused.code, "words": refused.words}, STATUS.get(refused.code, 409))
    if refused.wait:
        response["Retry-After"] = str(math.ceil(refused.wait))
    return response


def from_here(request: HttpRequest) -> None:
    """Refused "elsewhere" for a form that another site sent."""
    if not comes_from_here(request):
        raise Refused("elsewhere")


def token_of(request: HttpRequest) -> str | None:
    return request.COOKIES.get(services.COOKIE)


def remember(response: HttpResponse, token: str | None) -> HttpResponse:
    """Let the browser be known by its token, if one was made."""
    if token is not None:
        response.set_cookie(
            services.COOKIE, token, max_age=services.COOKIE_SECONDS, httponly=True, samesite="Lax",
            secure=bool(getattr(settings, "SESSION_COOKIE_SECURE", False)),
        )
    return response


def forget_token(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """An account is known by its session: what the browser kept is its own by now."""
    if request.user.is_authenticated and token_of(request):
        response.delete_cookie(services.COOKIE, samesite="Lax")
    return response
