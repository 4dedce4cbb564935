"""The form for everybody, the desk for staff.

Who may: everyone may answer a public session once, without an account; figures, words and codes are for those who publish or direct at
the session's venue (and, in their office, for its host). Nothing here is kept by anybody on the way.
"""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from everhall.accounts.callers import address_of, comes_from_here
from everhall.editions import queries as editions
from everhall.editions.public import edition_or_404
from everhall.editions.reaching import edition_in_reach, to_edition_that_runs
from everhall.feedback import codes, gate, queries, services
from everhall.feedback.forms import FeedbackForm
from everhall.programme.models import Session
from everhall.programme.queries import public_sessions

STATUS = {"too_fast": 429, "elsewhere": 403}


def page(request: HttpRequest, session: Session, context: dict[str, Any], status: int = 200) -> HttpResponse:
    around = {"edition": session.edition, "session": session, "is_personal": True}
    response = render(request, "feedback/form.html", {**around, **context}, status=status)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


# A phone that has just scanned a code has no cookie of ours; that the form comes from here is asked of the browser instead.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def form_page(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """`/2021/sessions/opening/feedback/`: the form while it is open; what somebody has done already, said in a sentence."""
    found, now = edition_or_404(edition), timezone.now()
    session = public_sessions(found, now).filter(code=code).select_related("activity__venue", "edition", "stage").first()
    if session is None:
        raise Http404(_("There is no such session in this edition."))
    token = request.COOKIES.get(services.COOKIE)
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        return sent(request, session, form, token)
    if "thanks" in request.GET:
        return page(request, session, {"thanks": True})
    givers = services.givers_of(session, request.user, token)
    phase = services.phase_of(session, now)
    said = services.WORDS["twice"] if any(queries.has_given(session, one) for one in givers) else services.WORDS.get(phase, "")
    return page(request, session, {"form": None if said else form, "said": said})


def sent(request: HttpRequest, session: Session, form: FeedbackForm, token: str | None) -> HttpResponse:
    now = timezone.now()
    made = None if token or request.user.is_authenticated else services.new_token()
    try:
        if not comes_from_here(request):
            raise services.Refused("elsewhere")
        gate.spend(address_of(request), now.timestamp())
        if not form.is_valid():
            return page(request, session, {"form": form}, 400)
        services.give(session, request.user, token or made, form.cleaned_data, now)
    except services.Refused as why:
        again = why.code in {"too_fast", "elsewhere"}
        return page(request, session, {"form": form if again else None, "said": why.words}, STATUS.get(why.code, 409))
    response = redirect(f"{request.path}?thanks")
    response["Cache-Control"] = "private, no-store"
    if made is not None:
        response.set_cookie(
            services.COOKIE, made, max_age=services.COOKIE_SECONDS, httponly=True, samesite="Lax",
            secure=bool(getattr(settings, "SESSION_COOKIE_SECURE", False)),
        )
    return response


# ---------------------------------------------------------------- the desk
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """To the edition that runs."""
    return to_edition_that_runs(request, queries.READING, "feedback_sessions")


@never_cache
@require_GET
def desk_page(request: HttpRequest, edition: str) -> HttpResponse:
    """Sessions within reach with their figures, and the code of each."""
    found = edition_in_reach(request, queries.READING, edition)
    sessions = list(queries.sessions_within(request.user, found))
    told = queries.told_of([session.pk for session in sessions])
    context = {
        "edition": found, "editions": editions.editions_within(request.user, queries.READING), "rows": [(session, told[session.pk]) for session in sessions],
        "page_title": _("Feedback"), "header_icon": "form",
    }
    return render(request, "feedback/desk.html", context)


@never_cache
@require_GET
def code_file(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The QR code for the last slide."""
    session = Session.objects.filter(pk=pk).select_related("edition").first()
    if session is None or not queries.sessions_within(request.user, session.edition).filter(pk=pk).exists():
        raise Http404
    return codes.file_of(session, ending)
