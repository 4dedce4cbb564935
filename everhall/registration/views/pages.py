"""Pages of registration: the form, what is told right after it, one's own registration with its pass, the place in line.

Who may: the form, everyone, for what visitors may see; what is told after it, whoever sent it; a registration, whoever has its link
(from a mail, or after registering with an account), which is sealed and in no page that is kept. None of these answers is kept by
the door or a cache. Each POST carries Django's token against forgery.
"""

import datetime as dt
import math
import secrets
import threading
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from everhall.editions.public import edition_or_404, real_time, week_time
from everhall.engines import tokens
from everhall.engines.qr import code_of
from everhall.programme import queries as programme
from everhall.registration import counter, passes, queries, receipts, rules, services
from everhall.registration.beside import own
from everhall.registration.gate import Ticket
from everhall.registration.models import Admission, Registration, SeatQuota
from everhall.registration.services.accounts import (
    act_pass,
    by_link,
    link_token,
    path_of,
    people_of,
    secret,
)
from everhall.registration.services.refusals import WORDS
from everhall.registration.views.acts import address_of, gate

#: A thread is held so long; they are few, and whoever waits longer is better off with a place in line.
FORM_PATIENCE: Final = 0.4
#: Seconds for which a wish that is not known here may still be written by another process.
ELSEWHERE: Final = 60.0
#: What one may do with one's own registration.
VERBS: dict[str, Callable[[Registration, Any, dt.datetime], Registration]] = {
    "cancel": lambda row, sent, now: services.cancel(row, now),
    "confirm": lambda row, sent, now: services.confirm_offer(row, now),
    "way": lambda row, sent, now: services.change_way(row, sent.get("way", ""), now),
    "transfer": services.transfer,
    "renew": lambda row, sent, now: services.renew_pass(row, now),
}


def private(response: HttpResponse) -> HttpResponse:
    """Its address lets somebody in: it is kept nowhere, told to no other site, and in no search engine."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


# ---------------------------------------------------------------- the form
@require_http_methods(["GET", "HEAD", "POST"])
def session_form(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """For a session: its own admission, else its activity's."""
    found, now = edition_or_404(edition), timezone.now()
    session = programme.public_sessions(found, now).select_related("activity").filter(code=code).first()
    admission = queries.admission_of(session) if session is not None else None
    return form_page(request, admission, reverse("programme:session", args=[edition, code]), now)


@require_http_methods(["GET", "HEAD", "POST"])
def activity_form(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """For all sessions of an activity."""
    found, now = edition_or_404(edition), timezone.now()
    activity = programme.public_activities(found, now).filter(code=code).first()
    admission = queries.admissions().filter(activity=activity).first() if activity is not None else None
    return form_page(request, admission, reverse("programme:activity", args=[edition, code]), now)


def form_page(request: HttpRequest, admission: Admission | None, back: str, now: dt.datetime) -> HttpResponse:
    if admission is None:
        raise Http404(_("There is nothing to register for here."))
    refused: services.Refused | None = None
    if request.method == "POST":
        try:
            return registered(request, admission, now)
        except services.Refused as problem:
            refused = problem
    sent: Any = request.POST
    user: Any = request.user
    request_key = sent.get("request") or request.GET.get("again") or secrets.token_urlsafe(16)
    shares = SeatQuota.objects.filter(admission=admission, organisation__isnull=False).select_related("organisation")
    questions = [(question, sent.get(f"question-{question.pk}", "")) for question in admission.questions.all()]
    context = {
        "admission": admission, "edition": admission.edition, "sessions": queries.sessions_of(admission), "back": back,
        "phase": queries.phase(admission, now), "opens_at": admission.opens_at, "closes_at": queries.closing(admission),
        "ways": [(way, Registration.Way(way).label, free) for way, free in queries.seats_left(admission).items()],
        "tickets": list(admission.tickets.all()), "questions": questions, "sent": sent, "refused": refused,
        "organisations": {share.organisation for share in shares}, "request_key": rules.request_key(request_key) or secrets.token_urlsafe(16),
        "forget_day": queries.forget_day(admission), "words": {code: services.Refused(code).words for code in WORDS},
        "act_pass": act_pass(user, now) if user.is_authenticated else "", "now": week_time(now),
        **queries.zone_said(admission, "zone"), "asks_names": admission.real_names != rules.NO_NAMES, "asks_document": admission.real_names == rules.DOCUMENT,
        "real_names_day": queries.real_names_day(admission), "opens_in": opens_in(admission, now),
    }  # fmt: skip
    return private(render(request, "registration/form.html", context, status=200 if refused is None else 422))


def opens_in(admission: Admission, now: dt.datetime) -> int:
    """Whole seconds until it opens; 0 if it has."""
    opens = real_time(admission.opens_at)
    return 0 if opens is None else max(0, math.ceil((opens - now).total_seconds()))


def body_of(request: HttpRequest, admission: Admission) -> dict[str, Any]:
    """The form's fields as the page's script would send them."""
    names = ("request", "name", "email", "way", "ticket", "organisation", "companions", "group", "size", "real_name", "document")
    body: dict[str, Any] = {name: request.POST[name] for name in names if name in request.POST}
    body["answers"] = {str(pk): request.POST.get(f"question-{pk}", "") for pk in admission.questions.values_list("pk", flat=True)}
    return {**body, "admission": admission.key, "language": get_language()}


def registered(request: HttpRequest, admission: Admission, now: dt.datetime) -> HttpResponse:
    """To the new registration, or to the place in line. Without a counter in this process it is written at once."""
    user: Any = request.user
    body = body_of(request, admission)
    ticket = gate().let_in(body, address_of(request), now.timestamp())
    if user.is_authenticated:
        ticket = Ticket(ticket.admission, ticket.request, ticket.arrived, body, user.pk)
    if not counter.here.is_open:
        account = people_of({user.pk}).get(user.pk) if user.is_authenticated else None
        return after(services.perform([services.Post(admission.key, body, account)], now)[0], now)
    found: list[services.Found] = []
    ready = threading.Event()

    def done(one: services.Found) -> None:
        found.append(one)
        ready.set()

    if not counter.here.put(ticket, done):
        raise services.Refused("busy", 2.0)
    if not ready.wait(FORM_PATIENCE):
        counter.here.leave(ticket.key, done)
        return redirect("registration:line", ticket.sealed())
    return after(found[0], now)


def after(found: services.Found, now: dt.datetime) -> HttpResponse:
    """To the registration, or to what is told without an account. Raises `Refused`."""
    if isinstance(found, services.Known) and not receipts.letters_reach_people():
        raise services.Refused("already")
    if isinstance(found, services.Refused):
        raise found
    return private(redirect(receipts.path_after(found, now)))


@require_GET
def arrived_page(request: HttpRequest, seal: str) -> HttpResponse:
    """What became of it, and that a letter is on its way: the same whether or not the address was known."""
    now = timezone.now()
    receipt = receipts.receipt_of(seal, now)
    if receipt is None:
        return link_ended(request)
    admission = receipt.admission
    context = {
        "receipt": receipt, "admission": admission, "edition": admission.edition, "sessions": queries.sessions_of(admission),
        "now": week_time(now), "forget_day": queries.forget_day(admission),
    }  # fmt: skip
    return private(render(request, "registration/arrived.html", context))


@require_GET
def line_page(request: HttpRequest, seal: str) -> HttpResponse:
    """The place in line of somebody without a script: the page looks again by itself, and leads on when their turn was."""
    now = timezone.now()
    kind, _sep, rest = (tokens.scope_of(secret(), seal, now.timestamp()) or "").partition("/")
    place_told, _sep, arrived = rest.rpartition("/")
    key, _sep, request_key = place_told.partition("/")
    if kind != "line" or (admission := queries.public_admission(key, now)) is None:
        raise Http404
    row = Registration.objects.filter(admission=admission, request=request_key).first()
    if row is not None:
        return private(redirect(receipts.path_after(row, now)))
    ticket = f"{key}/{request_key}"
    place, seconds = counter.here.leave(ticket, lambda _found: None)
    # In the hands of whoever writes, or in line in another process of this site.
    written_now = not place and (counter.here.holds(ticket) or now.timestamp() - float(arrived) < ELSEWHERE)
    thing = admission.session or admission.of_activity
    form = reverse(f"registration:{'session' if admission.session else 'activity'}", args=[admission.edition.code, thing.code])
    context = {
        "admission": admission, "edition": admission.edition, "place": place, "seconds": seconds, "written_now": written_now,
        "form": f"{form}?again={request_key}",
    }  # fmt: skip
    response = private(render(request, "registration/line.html", context))
    if place or written_now:
        response["Refresh"] = str(min(10, max(2, seconds)))
    return response


# ---------------------------------------------------------------- one's own
def link_ended(request: HttpRequest, words: str = "") -> HttpResponse:
    """404, and how to come to what the link was for."""
    told = words or _("This link leads nowhere any more. Look for a newer one in your mails.")
    return private(render(request, "registration/ask.html", {"told": told}, status=404))


def own_or_404(token: str, now: dt.datetime) -> Registration:
    found = by_link(token, now)
    if found is None:
        raise Http404(_("This link leads nowhere any more. Look for a newer one in your mails."))
    return found


@never_cache
@require_GET
def mine_page(request: HttpRequest, token: str) -> HttpResponse:
    """A registration: what became of it, the pass, all that may be changed."""
    now = timezone.now()
    row = by_link(token, now)
    return link_ended(request) if row is None else own_page(request, row, token, now)


def own_page(request: HttpRequest, row: Registration, token: str, now: dt.datetime, refused: services.Refused | None = None) -> HttpResponse:
    admission = row.admission
    text = passes.text_of(row)
    begun = all((real_time(one.starts_at) or now) <= now for one in queries.sessions_of(admission))
    context = {
        "row": row, "admission": admission, "edition": admission.edition, "token": token, "refused": refused,
        "sessions": queries.sessions_of(admission), "code": code_of(text) if text else None, "begun": begun,
        "place": queries.place_in_line(row), "waiting": queries.waiting_count(admission), "companions": list(row.companions.all()),
        "other_ways": [(way, Registration.Way(way).label) for way in queries.ways_of(admission) if way != row.way],
        "forget_day": queries.forget_day(admission), "sent": request.POST, "now": week_time(now), "beside": own.beside(row, now),
        **queries.zone_said(admission, "zone"), "asks_names": admission.real_names != rules.NO_NAMES, "asks_document": admission.real_names == rules.DOCUMENT,
    }  # fmt: skip
    return private(render(request, "registration/mine.html", context, status=200 if refused is None else 422))


@require_POST
def change(request: HttpRequest, token: str, verb: str) -> HttpResponse:
    """`verb`: cancel, confirm, way, transfer, renew. Back to the page, which has another address if the pass has changed."""
    now = timezone.now()
    row = by_link(token, now)
    if row is None:
        return link_ended(request)
    if verb not in VERBS:
        raise Http404
    try:
        gate().spend(f"change-{row.key}", address_of(request), now.timestamp())
        found = VERBS[verb](row, request.POST, now)
    except services.Refused as refused:
        row.refresh_from_db()
        return own_page(request, row, token, now, refused)
    # Whoever hands a place on does not get the new holder's link.
    return private(redirect("registration:mine", link_token(found if found.pk == row.pk else row)))


@require_GET
def pass_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The pass to print."""
    row = own_or_404(token, timezone.now())
    if not passes.text_of(row):
        raise Http404(_("There is no pass: this registration has no confirmed seat."))
    response = HttpResponse(passes.pdf_of(row), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="everhall-pass-{row.number}.pdf"'
    return private(response)


@require_GET
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar entry, with the address of the pass."""
    row = own_or_404(token, timezone.now())
    link = settings.BASE_URL + path_of(row)
    response = HttpResponse(passes.calendar_of(row, link), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="everhall.ics"'
    return private(response)

