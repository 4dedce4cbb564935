"""The desk's page of the notes on a 3D model: click on the model, write what is there. Who may: whoever may change the
attachment."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.permissions import policy_registry

from everhall.media.forms import NoteForm
from everhall.media.models import Attachment, Note

#: More would hide the model.
MOST = 30


def within_reach(user: Any, pk: int) -> Attachment:
    """A model that the user may change; 404 else."""
    policy = policy_registry.get_by_type(Attachment)
    mine = policy.instances_user_has_any_permission_for(user, ["change"])
    found: Attachment | None = mine.filter(pk=pk, kind=Attachment.Kind.MODEL).select_related("derived").first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: HttpRequest, pk: int) -> HttpResponse:
    """The notes with a form each, and an empty one; `?note=` or the form's own `note` says which was sent."""
    file = within_reach(request.user, pk)
    rows = list(file.notes.all())
    sent = next((row for row in rows if str(row.pk) == request.POST.get("note")), None)
    form = None
    if request.method == "POST":
        form = NoteForm(request.POST, instance=sent or Note(attachment=file))
        if sent is None and len(rows) >= MOST:
            form.add_error(None, _("A model has %(n)s notes at most.") % {"n": MOST})
        if form.is_valid():
            form.save()
            return redirect("media_notes", pk)
    made = getattr(file, "derived", None)
    context = {
        "file": file, "made": made if made is not None and made.made else None, "rows": rows,
        "forms": [form if form is not None and sent == row else NoteForm(instance=row, prefix=None, auto_id=f"note-{row.pk}-%s") for row in rows],
        "new": form if form is not None and sent is None else NoteForm(initial={"order": len(rows)}, auto_id="new-%s"),
        "wrong": sent.pk if sent is not None and form is not None else 0, "full": len(rows) >= MOST,
        "page_title": _("Notes on %(title)s") % {"title": file.title},
    }  # fmt: skip
    return render(request, "media/desk/notes.html", context, status=200 if form is None else 422)


@require_POST
def note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """Take a note away."""
    row = within_reach(request.user, pk).notes.filter(pk=note).first()
    if row is None:
        raise Http404
    row.delete()
    return redirect("media_notes", pk)
