"""Lists of one's registrations: of an account, or of an address that is shown to be somebody's by a letter.

Who may: whoever is logged in, their own; everyone may ask that a letter with a link be sent to an address, and is told the same whether
or not anything is registered with it; whoever has that link, those of its address, for two hours. None of these answers is kept by anybody.
"""

import math

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from everhall.registration import queries, rules, services
from everhall.registration.models import Registration
from everhall.registration.services.accounts import by_letter, path_of
from everhall.registration.views.acts import address_of, gate
from everhall.registration.views.pages import link_ended, private

MOST_SHOWN = 500


def shown(rows: list[Registration]) -> list[dict[str, object]]:
    """For the template: what can still be used first, in the order of time."""
    return [
        {"row": row, "link": path_of(row), "sessions": queries.sessions_of(row.admission)[:1]}
        for row in sorted(rows, key=lambda row: not row.is_live)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def list_page(request: HttpRequest) -> HttpResponse:
    """`/registrations/`: of an account its list; without one, where a letter is asked for."""
    if request.user.is_authenticated:
        return private(render(request, "registration/list.html", {"rows": shown(list(queries.registrations_of(request.user)[:MOST_SHOWN])), "own": True}))
    if request.method != "POST":
        return private(render(request, "registration/ask.html", {}))
    return asked(request)


def asked(request: HttpRequest) -> HttpResponse:
    """A letter, if there is anything to tell; the page says the same either way."""
    now, told = timezone.now(), request.POST.get("email", "")
    email = rules.mail_address(told)
    if email is None:
        refused = services.Refused("email")
        return private(render(request, "registration/ask.html", {"told": refused.words, "email": told[:254]}, status=422))
    try:
        wanted = gate().spend_letter(email, address_of(request), now.timestamp())
    except services.Refused as slow:
        response = private(render(request, "registration/ask.html", {"told": slow.words, "email": email}, status=429))
        response["Retry-After"] = str(math.ceil(slow.wait))
        return response
    if wanted:
        services.write_links(email, "en" if get_language() == "en" else "zh-hans", now)
    return private(render(request, "registration/ask.html", {"sent_to": email}))


@require_safe
def of_address(request: HttpRequest, token: str) -> HttpResponse:
    """`/registrations/of/<token>/`: all of an address, by the link of the letter."""
    rows = by_letter(token, timezone.now())
    if not rows:
        return link_ended(request, _("This link was good for two hours. Ask for a new letter here."))
    return private(render(request, "registration/list.html", {"rows": shown(rows[:MOST_SHOWN]), "own": False}))
