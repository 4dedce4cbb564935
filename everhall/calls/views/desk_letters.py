"""Letters to those who submitted: texts, a preview for a real receiver, sending, how far it is.

Who may: whoever may change the call (`reach.call_managed`), and of its submissions those at venues where they publish. Of a
submission with which they have a conflict of interest they write no letter. Each POST carries Django's token against forgery.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from everhall.calls.forms.desk import FilterForm, TemplateForm
from everhall.calls.letters_panel import letters_told
from everhall.calls.models import Call, Mailing, MailingRow, MailTemplate, Submission
from everhall.calls.queries import people, table
from everhall.calls.refusals import Refused
from everhall.calls.sending import letter_for
from everhall.calls.services import letters
from everhall.calls.views.desk_table import topics_of, words_of
from everhall.calls.views.reach import call_managed
from everhall.editions import queries as editions
from everhall.engines.letters import NAMES

SHOWN: Final = 200
State = MailingRow.State


def reached(request: HttpRequest, call: Call, asked: dict[str, Any]) -> list[Submission]:
    """Submissions that the filters choose and about which the user may write."""
    rows = table.submissions_within(request.user, call).exclude(people.conflict_with(request.user.pk or 0)).select_related("by")
    words = (asked.get("q") or "").strip().lower()
    return [
        row for row in rows
        if editions.may_at(request.user, "publish", call.edition_id, row.venue.path)
        and (not asked.get("state") or row.state == asked["state"])
        and (not asked.get("venue") or row.venue.code == asked["venue"])
        and (not asked.get("topic") or asked["topic"] in row.topics)
        and (not words or words in words_of(row))
    ]


def filters(request: HttpRequest, call: Call) -> tuple[FilterForm, list[Submission]]:
    data = request.GET if request.method == "GET" else request.POST
    form = FilterForm(data, venues=[row.venue for row in call.at.all()], topics=topics_of(call))
    form.fields.pop("mine")
    form.fields.pop("sort")
    return form, reached(request, call, form.cleaned_data if form.is_valid() else {})


@never_cache
@require_GET
def list_page(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Letters of a call, and what was sent."""
    call = call_managed(request, edition, code)
    mailings = list(call.mailings.select_related("by")[:SHOWN])
    counts: dict[int, Counter[str]] = {mailing.pk: Counter() for mailing in mailings}
    for pk, state in MailingRow.objects.filter(mailing__in=mailings).values_list("mailing_id", "state"):
        counts[pk][state] += 1
    context = {
        "page_title": _("Letters"), "header_icon": "mail", "call": call, "edition": call.edition,
        "templates": call.templates.all(), "mailings": [(mailing, figures(counts[mailing.pk])) for mailing in mailings],
    }
    return render(request, "calls/desk/letters.html", context | letters_told(request.user))


def figures(counts: Counter[str]) -> dict[str, int]:
    every = sum(counts.values())
    left = counts[State.WAITING] + counts[State.SENDING]
    return {
        "all": every, "sent": counts[State.SENT], "left": left, "given_up": counts[State.GIVEN_UP],
        "unknown": counts[State.UNKNOWN], "percent": round(100 * (every - left) / every) if every else 100,
    }  # fmt: skip


@never_cache
def edit_page(request: HttpRequest, edition: str, code: str, pk: int | None = None) -> HttpResponse:
    """Write a letter; what nobody can fill is told when it is saved."""
    call = call_managed(request, edition, code)
    template = MailTemplate(call=call) if pk is None else template_of(call, pk)
    form = TemplateForm(request.POST or None, instance=template)
    if request.method == "POST" and form.is_valid():
        saved = form.save(commit=False)
        saved.changed_at = timezone.now()
        saved.save()
        messages.success(request, _("The letter is saved. Nothing has been sent."))
        return redirect("calls_letter_send", edition, code, saved.pk)
    context = {
        "page_title": template.name or _("New letter"), "header_icon": "mail", "call": call, "edition": call.edition,
        "form": form, "names": [(name, zh, explained()[name]) for name, zh in NAMES.items()], "template": template,
    }
    return render(request, "calls/desk/letter.html", context)


def explained() -> dict[str, str]:
    return {
        "title": _("title of what was handed in"), "organisation": _("who handed it in"), "venue": _("venue"), "call": _("name of the call"),
        "edition": _("name of the edition"), "state": _("what became of it"), "words": _("words of the last decision"),
        "deadline": _("deadline, at the venue"), "link": _("address where they see it"),
    }  # fmt: skip


def template_of(call: Call, pk: int) -> MailTemplate:
    found = MailTemplate.objects.filter(call=call, pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_POST
def delete(request: HttpRequest, edition: str, code: str, pk: int) -> HttpResponse:
    """Take a text away; what was sent stays."""
    call = call_managed(request, edition, code)
    template_of(call, pk).delete()
    messages.success(request, _("The letter is deleted."))
    return redirect("calls_letters", edition, code)


@never_cache
def send_page(request: HttpRequest, edition: str, code: str, pk: int) -> HttpResponse:
    """Choose whom it goes to, read it as one of them will, send it."""
    call = call_managed(request, edition, code)
    template = template_of(call, pk)
    form, rows = filters(request, call)
    receivers = letters.receivers_of(rows)
    count = sum(len(addresses) for addresses in receivers.values())
    if request.method == "POST":
        return sent(request, call, template, rows, count)
    with_address = [row for row in rows if receivers.get(row.pk)]
    preview = with_address[chosen(request, len(with_address))] if with_address else None
    before = Mailing.objects.filter(call=call, name=template.name, at__gte=template.changed_at).first()
    context = {
        "page_title": template.name, "header_icon": "mail", "call": call, "edition": call.edition, "template": template, "form": form,
        "rows": with_address[:SHOWN], "more": len(with_address) - SHOWN, "count": count, "preview": preview,
        "letter": letter_for(template, preview) if preview else None, "to": receivers.get(preview.pk, []) if preview else [],
        "without": [row for row in rows if not receivers.get(row.pk)], "before": before, "kept": kept_of(request),
    }  # fmt: skip
    return render(request, "calls/desk/send.html", context)


def kept_of(request: HttpRequest) -> list[tuple[str, str]]:
    """The filters, so that what is sent is what was looked at."""
    return [(name, request.GET.get(name, "")) for name in ("q", "state", "venue", "topic")]


def chosen(request: HttpRequest, count: int) -> int:
    asked = request.GET.get("as", "0")
    return min(int(asked), count - 1) if asked.isdecimal() and len(asked) < 6 else 0


def sent(
    request: HttpRequest, call: Call, template: MailTemplate, rows: Sequence[Submission], count: int
) -> HttpResponse:
    """Into the line, if it is still the number of letters that the page told."""
    if request.POST.get("count") != str(count):
        messages.error(request, _("It would go to %(count)s addresses now, not to as many as you saw. Look again.") % {"count": count})
        return redirect("calls_letter_send", call.edition.code, call.code, template.pk)
    try:
        mailing = letters.send_letter(template, rows, request.user, timezone.now())
    except Refused as refused:
        messages.error(request, refused.words)
        return redirect("calls_letter_send", call.edition.code, call.code, template.pk)
    told = ngettext("%(n)s letter is on its way.", "%(n)s letters are on their way.", count) % {"n": count}
    messages.success(request, told)
    return redirect("calls_mailing", call.edition.code, call.code, mailing.pk)


def mailing_of(call: Call, pk: int) -> Mailing:
    found = Mailing.objects.filter(call=call, pk=pk).select_related("by").first()
    if found is None:
        raise Http404
    return found


class AgainForm(forms.Form):
    """What is tried once more."""

    also = forms.MultipleChoiceField(required=False, choices=[(State.GIVEN_UP, ""), (State.UNKNOWN, "")])


@never_cache
@require_GET
def mailing_page(request: HttpRequest, edition: str, code: str, pk: int) -> HttpResponse:
    """How far a mailing is; what could not be sent and why. `calls/progress.js` follows `mailing_state`."""
    call = call_managed(request, edition, code)
    mailing = mailing_of(call, pk)
    rows = MailingRow.objects.filter(mailing=mailing).select_related("submission")
    troubled = rows.filter(state__in=[State.GIVEN_UP, State.UNKNOWN])[:SHOWN]
    waiting = rows.filter(state=State.WAITING).order_by("due_at").first()
    context = {
        "page_title": mailing.name, "header_icon": "mail", "call": call, "edition": call.edition, "mailing": mailing,
        "figures": figures(Counter(rows.values_list("state", flat=True))), "troubled": troubled,
        "next_at": waiting.due_at if waiting and waiting.tries else None,
    }
    return render(request, "calls/desk/mailing.html", context)


@never_cache
@require_GET
def mailing_state(request: HttpRequest, edition: str, code: str, pk: int) -> JsonResponse:
    """The same as JSON."""
    mailing = mailing_of(call_managed(request, edition, code), pk)
    counts = Counter(MailingRow.objects.filter(mailing=mailing).values_list("state", flat=True))
    return JsonResponse({**figures(counts), "trouble": mailing.trouble, "stopped": mailing.stopped_at is not None})


@require_POST
def mailing_act(request: HttpRequest, edition: str, code: str, pk: int, verb: str) -> HttpResponse:
    """`stop`, `go-on` (with `also`: states to be tried again)."""
    call = call_managed(request, edition, code)
    mailing = mailing_of(call, pk)
    now = timezone.now()
    if verb == "stop":
        letters.stop(mailing, request.user, now)
        messages.success(request, _("Stopped. What is being sent this second still goes out."))
    elif verb == "go-on":
        form = AgainForm(request.POST)
        also = form.cleaned_data["also"] if form.is_valid() else []
        count = letters.go_on(mailing, request.user, now, also=also)
        messages.success(request, ngettext("%(n)s letter waits to be sent.", "%(n)s letters wait to be sent.", count) % {"n": count})
    else:
        raise Http404
    return redirect("calls_mailing", edition, code, pk)
