"""Publishing numbered versions of the programme in the desk.

Who may: whoever may publish in the whole edition. The form carries the number that its reader saw, so of two who publish
at once the second is told.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from everhall.editions import queries as editions
from everhall.editions.models import Edition
from everhall.programme import queries, rules, services
from everhall.programme.clashes import counted
from everhall.programme.models import ProgrammeVersion
from everhall.programme.versions import coming, headings


def editions_of(user: Any) -> list[Edition]:
    """Editions whose programme the user may publish."""
    found = Edition.objects.exclude(state=Edition.State.ARCHIVED)
    return [edition for edition in found if editions.may_at(user, "publish", edition.pk, None)]


def versions_page(request: HttpRequest) -> HttpResponse:
    """Who may: see the module. Versions so far, and what the next one would say."""
    found = editions_of(request.user)
    if not found:
        raise PermissionDenied
    rows = []
    for edition in found:
        versions = list(ProgrammeVersion.objects.filter(edition=edition).select_related("published_by")[:20])
        last = versions[0] if versions else None
        old, new = (last.snapshot if last else {}), queries.facts_of(edition)
        changes = rules.compared(old, new)
        counts = [(word, sum(c.what == what for c in changes)) for what, word in headings().items()]
        # The first version would name the whole programme.
        told = coming(edition, old, new, changes) if last else ()
        unsettled = counted(queries.board_of(edition).all())
        rows.append((edition, versions, last.number if last else 0, [(word, n) for word, n in counts if n], told, unsettled))
    context = {"rows": rows, "page_title": _("Versions of the programme"), "header_icon": "history"}
    return render(request, "programme/desk/versions.html", context)


@require_POST
def publish(request: HttpRequest, edition: str) -> HttpResponse:
    """Who may: see the module."""
    found = get_object_or_404(Edition, code=edition)
    if not editions.may_at(request.user, "publish", found.pk, None):
        raise PermissionDenied
    base = request.POST.get("base", "")
    notes = {name: request.POST.get(name, "").strip()[:500] for name in ("note_zh", "note_en")}
    try:
        made = services.publish_version(
            found, int(base) if base.isdecimal() else -1, request.user, timezone.now(), **notes
        )
    except services.Overtaken as overtaken:
        theirs = overtaken.version
        said = {"number": theirs.number, "who": theirs.published_by or "–", "when": f"{timezone.localtime(theirs.published_at):%H:%M}"}
        messages.error(request, _("%(who)s published version %(number)d at %(when)s. Look at what is new since, then publish.") % said)
    except services.NothingNew:
        messages.info(request, _("Nothing has changed since the last version."))
    else:
        messages.success(request, _("Version %(number)d is published.") % {"number": made.number})
    return redirect("everhall_versions")
