"""Whether it is noted that somebody takes part online. Who may: whoever holds an online place in a session (account, or browser that took the
registration into its week), for themselves. Never kept."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from everhall.accounts.callers import address_of, comes_from_here
from everhall.editions.public import edition_or_404, week_time
from everhall.myweek import gate, queries, services
from everhall.myweek.models import OnlineAttendance
from everhall.myweek.services import Refused
from everhall.myweek.views.week import STATUS, known, language
from everhall.programme import queries as programme
from everhall.programme.models import Session
from everhall.registration.models import Registration
from everhall.visits import services as visits
from everhall.visits.personal import answered, page, private, remember, token_of
from everhall.visits.wording import mark_of


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def attend(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """`/2021/my-week/opening/attend/`: a page, or JSON for a script that accepts that; POST `verb` "on" with the `mark` of what was read, or "off"."""
    found, now = edition_or_404(edition), timezone.now()
    session = programme.with_cards(programme.public_sessions(found, now)).filter(code=code).first()
    if session is None:
        raise Http404(_("There is no such session in this edition. Look for it in the programme."))
    row = queries.online_place(request.user, known(request, now), session)
    made, refused = None, None
    if request.method == "POST":
        try:
            made = done(request, session, row, now)
        except Refused as problem:
            refused = problem
    told = state_of(session, row, now)
    status = STATUS.get(refused.code, 409) if refused is not None else 200
    if "application/json" in request.headers.get("Accept", ""):
        return remember(answered({**told, "refused": refused.words if refused else ""}, status), made)
    if request.method == "POST" and refused is None:
        return remember(private(redirect("myweek:attend", found.code, session.code)), made)
    return page(request, "myweek/attend.html", {"edition": found, "session": session, "told": told, "refused": refused}, status)


def done(request: HttpRequest, session: Session, row: Registration | None, now: dt.datetime) -> str | None:
    """The token of a browser that was not known before. Raises `Refused`."""
    if not comes_from_here(request):
        raise Refused("elsewhere")
    gate.spend("acts", address_of(request), now.timestamp())
    if row is None:
        raise Refused("no_place")
    if request.POST.get("verb") == "off":
        services.attend_no_more(row, session, now)
        return None
    visitor, made = visits.known_or_new(request.user, token_of(request), now)
    services.attend(visitor, row, session, request.POST.get("mark", ""), language(), now)
    return made


def state_of(session: Session, row: Registration | None, now: dt.datetime) -> dict[str, Any]:
    """What the page and the script show. `seal`: what a player sends along, while it is noted."""
    if row is None:
        return {"able": False, "on": False}
    over = session.ends_at <= week_time(now) or session.status == Session.Status.CANCELLED
    one = OnlineAttendance.objects.select_related("session").filter(registration=row, session=session).first()
    needed = services.minutes_needed(session)
    if one is None:
        text = services.words_for(row, session)
        return {"able": not over, "on": False, "text": text, "mark": mark_of(text)}
    words = _("Noted so far: %(n)s minutes. From %(needed)s minutes on there is a certificate, in “My week”, once the session is over.")
    return {
        "able": True, "on": True, "text": words % {"n": one.minutes, "needed": needed}, "seal": services.seal_of(one),
        "week": reverse("myweek:mine", args=[session.edition.code]),
    }  # fmt: skip
