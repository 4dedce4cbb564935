"""The exhibits of an organisation: list, guided form, preview. Who may: members of the organisation.

The form is plain HTML that saves when a button is pressed; with a script it saves as one types, by the same address and the same
fields, and is answered in JSON.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from everhall.accounts.models import Membership
from everhall.exhibition.models import Exhibit
from everhall.exhibition.preview import preview as as_visitors_see
from everhall.media.taking import ACCEPT, limit_of
from everhall.media.tus import PIECE_OF_BROWSER
from everhall.office import boxes, fields, queries, rules, services, words
from everhall.office.rules import Step
from everhall.office.views import sending
from everhall.office.views.access import of_exhibit, of_organisation, page


@of_organisation
@require_http_methods(["GET", "HEAD", "POST"])
def exhibit_list(request: HttpRequest, membership: Membership) -> HttpResponse:
    """All exhibits and where they stand; POST begins a new one."""
    user: Any = request.user
    now = timezone.now()
    if request.method == "POST":
        name = request.POST.get("name_zh", "").strip()
        if not name:
            messages.error(request, _("Give it a name; you can change it later."))
            return redirect("office:exhibits", membership.organisation.code)
        try:
            made = services.begin_exhibit(membership.organisation, name, by=user, now=now)
        except services.Refused as why:
            messages.error(request, why.words)
            return redirect("office:exhibits", membership.organisation.code)
        return redirect("office:step", membership.organisation.code, made.code, Step.WHAT.value)
    rows = queries.overviews(list(queries.exhibits_of(membership.organisation)), now)
    return page(request, "office/exhibits.html", membership, {"rows": rows, "tab": "exhibits"})


@of_exhibit
@require_GET
def first(request: HttpRequest, membership: Membership, exhibit: Exhibit) -> HttpResponse:
    """Where one goes on: at the first step that lacks something needed, else at the last."""
    lacking = rules.missing(queries.facts_of(queries.draft_of(exhibit)))
    to = next((one.step for one in lacking if one.needed), Step.CHECK)
    return redirect("office:step", membership.organisation.code, exhibit.code, to.value)


@of_exhibit
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, membership: Membership, exhibit: Exhibit, step: str) -> HttpResponse:
    """One step of the form; POST saves what came, and moves or takes away a file if a button says so."""
    if step not in rules.STEPS:
        raise Http404
    here = Step(step)
    if request.method != "POST":
        return show(request, membership, exhibit, here)
    return save(request, membership, exhibit, here)


def save(request: HttpRequest, membership: Membership, exhibit: Exhibit, here: Step) -> HttpResponse:
    user: Any = request.user
    now = timezone.now()
    known = fields.fields_of(queries.draft_of(exhibit))
    sent = boxes.sent(request.POST, known)
    machine = "application/json" in request.headers.get("Accept", "")
    try:
        saved = services.save_fields(exhibit, sent, by=user, now=now)
        if not machine:
            act(request, exhibit, user)
    except services.Refused as why:
        if machine:
            return JsonResponse({"refused": why.words}, status=409)
        messages.error(request, why.words)
        return redirect("office:step", membership.organisation.code, exhibit.code, here.value)
    exhibit.refresh_from_db()
    if machine:
        return JsonResponse(told(exhibit, saved, user))
    if saved.wrong or saved.clashes:
        typed = {name: value for name, (value, _was) in sent.items()}
        return show(request, membership, exhibit, here, saved, typed)
    to = request.POST.get("to", "")
    return redirect("office:step", membership.organisation.code, exhibit.code, to if to in rules.STEPS else here.value)


def act(request: HttpRequest, exhibit: Exhibit, user: Any) -> None:
    """A button beside a file: "up:p12", "down:f9", "remove:p12"."""
    what, _colon, key = request.POST.get("do", "").partition(":")
    if what in ("up", "down"):
        services.move_file(exhibit, key, -1 if what == "up" else 1, by=user, now=timezone.now())
    elif what == "remove":
        services.remove_file(exhibit, key, by=user, now=timezone.now())


def told(exhibit: Exhibit, saved: services.Saved, user: Any) -> dict[str, Any]:
    """What the page does with the answer: times, new digests, what was wrong, what somebody else wrote."""
    draft = queries.draft_of(exhibit)
    lacking = rules.missing(queries.facts_of(draft))
    needed = sum(one.needed for one in lacking)
    other = queries.last_by_another(exhibit, user)
    known = fields.fields_of(draft)
    clashes = {}
    for name, theirs in saved.clashes.items():
        one = boxes.box(known[name], saved)
        clashes[name] = {"theirs": theirs, "said": one.theirs_said, "was": rules.digest(theirs), "who": other.who if other else ""}
    return {
        "at": timezone.localtime(timezone.now()).strftime("%H:%M"), "was": saved.was, "wrong": saved.wrong, "clashes": clashes,
        "share": rules.share_done(lacking), "left": words.left_words(needed) if needed else _("Ready to be sent"),
    }


def show(
    request: HttpRequest, membership: Membership, exhibit: Exhibit, here: Step,
    saved: services.Saved | None = None, typed: Any = None,
) -> HttpResponse:  # fmt: skip
    draft = queries.draft_of(exhibit)
    known = fields.fields_of(draft)
    lacking = rules.missing(queries.facts_of(draft))
    needed = [one for one in lacking if one.needed]
    held = hold(exhibit, request.user)
    steps = [
        {"key": each.value, "title": words.STEPS[each], "here": each == here, "lacks": sum(one.step == each and one.needed for one in lacking)}
        for each in rules.STEPS
    ]
    at = rules.STEPS.index(here)
    context: dict[str, Any] = {
        "tab": "exhibits", "exhibit": exhibit, "draft": draft, "step": here.value, "title": words.STEPS[here], "steps": steps,
        "boxes": boxes.boxes_of(known, here, saved, typed), "share": rules.share_done(lacking), "held": held,
        "left": words.left_words(len(needed)) if needed else _("Ready to be sent"), "saved": saved,
        "after": rules.STEPS[at + 1].value if at + 1 < len(rules.STEPS) else "", "before": rules.STEPS[at - 1].value if at else "",
        "other": queries.last_by_another(exhibit, request.user), "public": public_address(exhibit),
    }
    if here == Step.MEDIA:
        context |= media_context(request, exhibit, draft, known, saved, typed)
    if here == Step.CHECK:
        context |= sending.check_context(membership, exhibit, lacking)
    return page(request, f"office/{'media' if here == Step.MEDIA else 'check' if here == Step.CHECK else 'step'}.html", membership, context)


def hold(exhibit: Exhibit, user: Any) -> str:
    """Why it holds still just now; "" if it does not."""
    try:
        services.check_open(exhibit, user)
    except services.Refused as why:
        return why.words
    return ""


def public_address(exhibit: Exhibit) -> str:
    """Where visitors find it, if they do."""
    place = queries.places_of([exhibit]).get(exhibit.pk)
    overview = queries.overview(exhibit, None, place, timezone.now())
    seen = overview.standing in (rules.Standing.PUBLIC, rules.Standing.PUBLIC_DRAFT)
    if place is None or not seen or not place.edition.is_public:
        return ""
    return reverse("exhibition:exhibit", args=[place.edition.code, exhibit.code])


def media_context(request: HttpRequest, exhibit: Exhibit, draft: Exhibit, known: Any, saved: Any, typed: Any) -> dict[str, Any]:
    """Pictures and files in their order, with their boxes; what is on its way; what may be brought."""
    pictures, attachments = queries.files_of(draft)
    rows: list[dict[str, Any]] = []
    groups: tuple[list[tuple[str, str, Any, Any]], ...] = (
        [("picture", f"p{row.picture_id}", row.picture, row) for row in pictures],
        [(row.attachment.kind, f"f{row.attachment_id}", row.attachment, row) for row in attachments],
    )
    for group in groups:
        for place, (kind, key, file, row) in enumerate(group):
            rows.append(
                {
                    "kind": kind, "kind_name": words.KINDS[kind], "key": key, "file": file, "row": row,
                    "number": len(rows) + 1, "first": place == 0, "last": place == len(group) - 1,
                    "boxes": boxes.boxes_of_file(known, key, saved, typed), "derived": getattr(file, "derived", None),
                    "fixed": file.released_at is not None,
                }
            )  # fmt: skip
    kinds = [
        {"key": key, "name": name, "accept": ACCEPT[key], "megabytes": limit_of(key) // 1024**2, "bytes": limit_of(key)}
        for key, name in words.KINDS.items()
    ]
    return {
        "files": rows, "kinds": kinds, "going": queries.uploads_of(exhibit, request.user, get_language()), "piece": PIECE_OF_BROWSER,
        "licences": boxes.LICENCES,
    }


@of_exhibit
@require_GET
def preview(request: HttpRequest, membership: Membership, exhibit: Exhibit) -> HttpResponse:
    """The draft as visitors will see it, in the language of the address."""
    response = as_visitors_see(queries.draft_of(exhibit), request, get_language() or "zh-hans")
    if response.status_code == 204:
        raise Http404(_("There is no edition in which it could be shown."))
    return response
