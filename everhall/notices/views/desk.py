"""Where organisers write to people, below `/admin/notices/`.

Who may: whoever may publish at the place, and of a session whoever directs there (`queries.may_tell`). Others find nothing
here (404). Each POST carries Django's token against forgery.
"""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import override, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from everhall.editions import queries as editions
from everhall.editions.models import Edition
from everhall.editions.reaching import edition_in_reach, to_edition_that_runs
from everhall.notices import queries, rules, services
from everhall.notices.forms import NoticeForm
from everhall.notices.models import Notice, Push

TELLING = (rules.PUBLISHING, rules.DIRECTING)


def edition_told(request: HttpRequest, code: str) -> Edition:
    """One in which the user may tell somebody."""
    return edition_in_reach(request, TELLING, code)


def notice_told(request: HttpRequest, edition: Edition, pk: int) -> Notice:
    rows = Notice.objects.select_related("edition", "venue", "session__activity__venue")
    found = rows.filter(edition=edition, pk=pk).first()
    if found is None or not queries.may_change(request.user, found):
        raise Http404
    return found


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The notices of the edition that runs."""
    return to_edition_that_runs(request, TELLING, "notices_list")


def state_of(notice: Notice, now: Any) -> str:
    """draft, later, current, over, withdrawn."""
    if notice.withdrawn_at is not None:
        return "withdrawn"
    if notice.published_at is None:
        return "draft"
    if notice.published_at > now:
        return "later"
    return "current" if queries.is_current(notice, now) else "over"


@never_cache
@require_GET
def list_page(request: HttpRequest, edition: str) -> HttpResponse:
    """All that the user may change, with what became of them."""
    found, now = edition_told(request, edition), timezone.now()
    rows = queries.notices_within(request.user, found)
    sent = Push.objects.filter(notice__in=rows, state=Push.State.SENT).order_by().values_list("notice")
    counts = dict(sent.annotate(Count("pk")))
    return render(
        request, "notices/desk/list.html",
        {
            "page_title": pgettext("notice", "Notices"), "header_icon": "info-circle", "edition": found,
            "editions": editions.editions_within(request.user, TELLING),
            "rows": [(notice, state_of(notice, now), counts.get(notice.pk, 0)) for notice in rows],
        },
    )  # fmt: skip


@never_cache
def edit_page(request: HttpRequest, edition: str, pk: int | None = None) -> HttpResponse:
    """Write, publish, correct. `save`: "draft" or "publish"."""
    found = edition_told(request, edition)
    notice = notice_told(request, found, pk) if pk is not None else Notice(edition=found)
    form = NoticeForm(request.POST or None, instance=notice, edition=found, user=request.user)
    if request.method == "POST" and form.is_valid():
        return saved(request, form.save(commit=False))
    now = timezone.now()
    return render(
        request, "notices/desk/edit.html",
        {
            "page_title": pgettext("notice", "Notice"), "header_icon": "info-circle", "edition": found, "form": form,
            "notice": notice, "state": state_of(notice, now) if notice.pk else "draft",
            "reached": queries.reached(notice).count() if notice.pk else None,
        },
    )  # fmt: skip


def saved(request: HttpRequest, notice: Notice) -> HttpResponse:
    now = timezone.now()
    if notice.told_at is not None and notice.withdrawn_at is None:
        services.correct(notice, request.user, now)
        messages.success(request, pgettext("notice", "Corrected. Open pages and devices have been told."))
    elif request.POST.get("save") == "publish":
        services.publish(notice, request.user, now)
        messages.success(request, pgettext("notice", "Published."))
    else:
        services.save_draft(notice, request.user)
        messages.success(request, pgettext("notice", "Saved. Nobody sees it yet."))
    return redirect("notices_list", notice.edition.code)


@require_POST
def withdraw(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Take it from pages and lists."""
    services.withdraw(notice_told(request, edition_told(request, edition), pk), request.user, timezone.now())
    messages.success(request, pgettext("notice", "Withdrawn."))
    return redirect("notices_list", edition)


@never_cache
@xframe_options_sameorigin
@require_POST
def preview(request: HttpRequest, edition: str) -> HttpResponse:
    """What is written in the form as visitors will see it, in both languages, and how many devices will be told. Keeps
    nothing."""
    found = edition_told(request, edition)
    pk = request.POST.get("pk", "")
    notice = notice_told(request, found, int(pk)) if pk.isdecimal() and len(pk) < 19 else Notice(edition=found)
    form = NoticeForm(request.POST, instance=notice, edition=found, user=request.user)
    form.is_valid()
    notice = form.instance
    shown = []
    for language in ("zh-hans", "en"):
        with override(language):
            shown.append((language, notice.title, notice.text, notice.get_weight_display()))
    return render(
        request, "notices/desk/preview.html",
        {
            "edition": found, "notice": notice, "shown": shown, "form": form,
            "reached": queries.reached(notice).count() if form.is_valid() else None,
        },
    )
