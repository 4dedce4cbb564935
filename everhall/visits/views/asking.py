"""Questions to exhibitors and contacts for them, from the form to the answer.

Who may: everyone asks and gives, about exhibits that visitors may see; members of the organisation and the venue's team answer.
"""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from everhall.accounts.callers import address_of
from everhall.editions import queries as editions
from everhall.editions.models import Edition
from everhall.editions.public import edition_or_404
from everhall.exhibition import queries as exhibition
from everhall.exhibition.models import Placement
from everhall.visits import gate, queries, services, wording
from everhall.visits.models import Consent, ExhibitQuestion, PostWish
from everhall.visits.personal import forget_token, from_here, page, private, remember, token_of
from everhall.visits.services import Asked, Given, Refused
from everhall.visits.services.letters import CONFIRM, opened_by

ASK = ("text", "name", "email")
GIVE = ("name", "works_at", "email", "phone", "remark")


def placement_or_404(edition: str, code: str, now: dt.datetime) -> tuple[Edition, Placement]:
    found = edition_or_404(edition)
    placement = exhibition.placement_of(found, code, now)
    if placement is None or placement.exhibit.organisation_id is None:
        raise Http404(_("There is no such exhibit in this edition."))
    return found, placement


def language_of() -> str:
    return "en" if get_language() == "en" else "zh-hans"


def filled(request: HttpRequest, names: tuple[str, ...]) -> dict[str, str]:
    """What the form holds; at first, what an account knows already."""
    if request.method == "POST":
        return {name: request.POST.get(name, "") for name in names}
    known = {"name": request.user.name, "email": request.user.email} if request.user.is_authenticated else {}
    return {name: known.get(name, "") for name in names}


def agreed_to(request: HttpRequest, text: str) -> str:
    """The text to which the form agrees. Refused "agree" if it does not, "changed" if it showed another one."""
    if request.POST.get("agree") != "yes":
        raise Refused("agree")
    if request.POST.get("agreed") != wording.mark_of(text):
        raise Refused("changed")
    return text


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """The form of a question on a page of its own; the exhibit's page holds the same and sends it here."""
    now = timezone.now()
    found, placement = placement_or_404(edition, code, now)
    text, values = wording.question_text(placement), filled(request, ASK)
    wishes_public = request.POST.get("public") == "yes"
    refused: Refused | None = None
    if request.method == "POST":
        try:
            from_here(request)
            agreed = agreed_to(request, text)
            gate.spend("forms", address_of(request), now.timestamp())
            visitor, made = services.known_or_new(request.user, token_of(request), now)
            asked = Asked(values["text"], values["name"], values["email"], language_of(), wishes_public, agreed)
            question = services.ask(placement, asked, visitor, request.user, now)
            waits = question.state == ExhibitQuestion.State.UNCONFIRMED
            return remember(sent(placement, "question", waits=waits), made)
        except Refused as problem:
            refused = problem
    context = form_context(found, placement, values, refused, text)
    return page(request, "visits/ask.html", {**context, "wishes_public": wishes_public}, 200 if refused is None else 409)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """The form by which somebody gives an exhibitor their contact details."""
    now = timezone.now()
    found, placement = placement_or_404(edition, code, now)
    text, values = wording.contact_text(placement), filled(request, GIVE)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            from_here(request)
            agreed = agreed_to(request, text)
            gate.spend("forms", address_of(request), now.timestamp())
            visitor, made = services.known_or_new(request.user, token_of(request), now)
            consent = services.give_contact(
                placement, Given(**values, language=language_of(), agreed_text=agreed), visitor, request.user, now
            )
            return remember(sent(placement, "contact", waits=consent.confirmed_at is None), made)
        except Refused as problem:
            refused = problem
    context = form_context(found, placement, values, refused, text)
    return page(request, "visits/give.html", context, 200 if refused is None else 409)


def form_context(
    edition: Edition, placement: Placement, values: dict[str, str], refused: Refused | None, text: str
) -> dict[str, Any]:
    return {
        "edition": edition, "placement": placement, "exhibit": placement.exhibit, "values": values, "refused": refused,
        "consent_text": text, "consent_mark": wording.mark_of(text),
    }


def sent(placement: Placement, kind: str, *, waits: bool) -> HttpResponse:
    """To a page that says what happens now; reloading it sends nothing again."""
    address = reverse("visits:sent", args=[placement.edition.code, placement.exhibit.code, kind])
    return private(redirect(f"{address}?waits=yes" if waits else address))


@require_http_methods(["GET", "HEAD"])
def sent_page(request: HttpRequest, edition: str, code: str, kind: str) -> HttpResponse:
    """What happens now."""
    found, placement = placement_or_404(edition, code, timezone.now())
    if kind not in {"question", "contact"}:
        raise Http404
    context = {
        "edition": found, "placement": placement, "exhibit": placement.exhibit, "kind": kind, "waits": request.GET.get("waits") == "yes",
    }
    return forget_token(request, page(request, "visits/sent.html", context))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """From the letter: the address is mine, pass it on. GET asks, POST does: what looks at links in advance confirms nothing."""
    now = timezone.now()
    number = opened_by(token, CONFIRM, now)
    consent = (
        Consent.objects.select_related("exhibit", "organisation", "edition").filter(pk=number).first() if number is not None else None
    )
    back = reverse("visits:agreed")
    if consent is None:
        return page(request, "visits/refused.html", {"refused": Refused("late"), "back": back}, 410)
    if request.method == "POST":
        try:
            from_here(request)
            services.confirm(consent, now)
        except Refused as refused:
            return page(request, "visits/refused.html", {"refused": refused, "back": back}, 409)
        return private(redirect(request.path))
    consent.refresh_from_db()
    return page(request, "visits/confirm.html", {"consent": consent, "edition": consent.edition, "exhibit": consent.exhibit})


# ---------------------------------------------------------------- who answers
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a question, report it, or take an answer off the page. Who may: members of the organisation that is asked; to all others
    it does not exist. (The venue's team does so in the desk, behind its second factor.)"""
    own = editions.organisation_ids(request.user)
    found = (
        ExhibitQuestion.objects.select_related("exhibit__organisation", "edition", "answered_by")
        .filter(pk=pk, organisation_id__in=own, forgotten_at=None, state__in=queries.SEEN).first()
    )
    if found is None:
        raise Http404(_("There is no such question."))
    refused: Refused | None = None
    if request.method == "POST":
        try:
            messages.success(request, done(request, found, timezone.now()))
            still_theirs = found.state in queries.SEEN
            return private(redirect(request.path if still_theirs else reverse("visits:post")))
        except Refused as problem:
            refused = problem
    context = {
        "question": found, "edition": found.edition, "refused": refused, "text": request.POST.get("answer", found.answer),
    }
    return page(request, "visits/answer.html", context, 200 if refused is None else 409)


def done(request: HttpRequest, question: ExhibitQuestion, now: dt.datetime) -> str:
    """What was done, in words."""
    verb = request.POST.get("verb", "answer")
    if verb == "report":
        services.report_question(question, now)
        return _("Reported. The venue's team looks at it.")
    if verb == "hide":
        services.hide_answer(question)
        return _("It no longer stands on the page.")
    services.answer_question(question, request.POST.get("answer", ""), request.user, now, public=request.POST.get("public") == "yes")
    return _("Saved; the answer goes out by e-mail.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: HttpRequest) -> HttpResponse:
    """How often letters come about what visitors ask. Who may: everyone with a login, for themselves."""
    user: Any = request.user
    wish = PostWish.objects.filter(user=user).first() or PostWish(user=user)
    if request.method == "POST":
        rhythm, language = request.POST.get("rhythm", ""), request.POST.get("language", "")
        if rhythm in PostWish.Rhythm.values and language in {"zh-hans", "en"}:
            PostWish.objects.update_or_create(user=user, defaults={"rhythm": rhythm, "language": language})
            messages.success(request, _("Saved."))
        return private(redirect(request.path))
    return page(request, "visits/wishes.html", {"wish": wish, "rhythms": PostWish.Rhythm.choices})
