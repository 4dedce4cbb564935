"""The desk's page of the captions of a film or a sound: what there is, put right, taken away, added. Who may: whoever may change
the attachment."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.permissions import policy_registry

from everhall.media import services
from everhall.media.forms import CaptionForm
from everhall.media.models import Attachment, Caption
from everhall.media.queries import captions_of

SPEAKING = (Attachment.Kind.VIDEO, Attachment.Kind.AUDIO)


def within_reach(user: Any, pk: int) -> Attachment:
    """A film or a sound that the user may change; 404 else."""
    policy = policy_registry.get_by_type(Attachment)
    mine = policy.instances_user_has_any_permission_for(user, ["change"])
    found: Attachment | None = mine.filter(pk=pk, kind__in=SPEAKING).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def captions(request: HttpRequest, pk: int) -> HttpResponse:
    """The tracks and a form. Faults are told beside the form that was sent; what was written stays in it."""
    file = within_reach(request.user, pk)
    sent = request.POST.get("track", "")
    form = CaptionForm(request.POST, request.FILES, prefix=sent or None) if request.method == "POST" else None
    if form is not None and form.is_valid():
        asked = form.cleaned_data
        services.caption(file, asked["language"], asked["kind"], asked["data"])
        return redirect("media_captions", pk)
    tracks = []
    for row in Caption.objects.filter(attachment=file):
        name = f"track-{row.pk}"
        values = {"language": row.language, "kind": row.kind, "text": row.text}
        tracks.append({"row": row, "name": name, "form": form if form and sent == name else CaptionForm(prefix=name, initial=values),
                       "open": sent == name, "count": row.text.count("-->")})  # fmt: skip
    context = {
        "file": file, "tracks": tracks, "new": form if form is not None and not sent else CaptionForm(),
        "shown": captions_of([pk]).get(pk, []), "page_title": _("Captions: %(title)s") % {"title": file.title},
    }
    return render(request, "media/desk/captions.html", context, status=200 if form is None else 422)


@require_POST
def delete(request: HttpRequest, pk: int, track: int) -> HttpResponse:
    """Take a track away."""
    file = within_reach(request.user, pk)
    row = Caption.objects.filter(attachment=file, pk=track).first()
    if row is None:
        raise Http404
    row.delete()
    return redirect("media_captions", pk)
