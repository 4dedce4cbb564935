"""Followed programmes in the desk: what is followed, how it goes, and everything that is done about it.

Who may: whoever may add and publish at a venue sees its source, sets it up and applies what came. Others find nothing here.
"""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.log_actions import log

from everhall.editions import queries as editions
from everhall.editions.models import Edition, Venue
from everhall.programme import following
from everhall.programme.models import FollowedSession, ProgrammeSource

#: What somebody needs at a venue to let another platform write there.
NEEDED = ("add", "publish")


def may_follow(user: Any, venue: Venue) -> bool:
    return all(editions.may_at(user, action, venue.edition_id, venue.path) for action in NEEDED)


def venues_within(user: Any) -> list[Venue]:
    """Venues of editions that are not archived, in their order."""
    found = Venue.objects.exclude(edition__state=Edition.State.ARCHIVED).select_related("edition")
    return [venue for venue in found.order_by("-edition__starts_on", "order", "pk") if may_follow(user, venue)]


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]
    """An address for a venue. Another address begins anew."""

    class Meta:
        model = ProgrammeSource
        fields = ["venue", "url", "every", "by_itself", "publish", "on"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.venues = {venue.pk: venue for venue in venues_within(user)}
        self.fields["venue"].queryset = Venue.objects.filter(pk__in=self.venues).order_by("order", "pk")  # type: ignore[attr-defined]
        if self.instance.pk:
            del self.fields["venue"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        venue = cleaned.get("venue")
        if venue is not None and ProgrammeSource.objects.filter(venue=venue).exists():
            self.add_error("venue", _("This venue follows a programme already. Change that one."))
        return cleaned

    def save(self, commit: bool = True) -> ProgrammeSource:
        made: ProgrammeSource = super().save(commit=False)
        made.edition_id, made.user = made.venue.edition_id, self.user
        if "url" in self.changed_data or not made.pk:
            made.etag = made.last_modified = made.digest = ""
        made.tried_at = None
        made.save()
        return made


@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """What is followed within reach, and the form for more."""
    venues = venues_within(request.user)
    if not venues:
        raise PermissionDenied
    form = SourceForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        made = form.save()
        log(instance=made.venue.edition, action="everhall.follow_set_up", user=request.user, data=said(made))
        messages.success(request, _("It is looked at within seconds."))
        return redirect("programme_follow")
    rows = rows_of(venues)
    context = {"rows": rows, "busy": " ".join(map(str, under_way(rows))), "form": form, "page_title": _("Programmes of other platforms"), "header_icon": "link"}
    return render(request, "programme/desk/follow.html", context)


def rows_of(venues: list[Venue]) -> list[dict[str, Any]]:
    """Sources with their state in words."""
    found = ProgrammeSource.objects.filter(venue__in=venues).select_related("venue", "edition", "batch")
    return [
        {
            "source": one, "words": following.WORDS.get(one.failure, ""), "batch": one.batch_id if one.failure in following.TO_LOOK_AT else None,
            "may_apply": one.failure in {"waits", "gone", "taken_back"}, "count": FollowedSession.objects.filter(source=one, gone_at=None).count(),
            "gone": FollowedSession.objects.filter(source=one, gone_at__isnull=False).count(),
        }
        for one in found
    ]  # fmt: skip


def under_way(rows: list[dict[str, Any]]) -> list[int]:
    return [row["source"].pk for row in rows if row["source"].asked]


def source_for(request: HttpRequest, pk: int) -> ProgrammeSource:
    found = following.sources().model.objects.filter(pk=pk).select_related("venue", "edition", "batch", "user").first()
    if found is None or not may_follow(request.user, found.venue):
        raise Http404
    return found


@never_cache
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another address, rhythm or manner. Who saves it is who it is imported for from now on."""
    source = source_for(request, pk)
    form = SourceForm(request.POST or None, instance=source, user=request.user)
    if request.method == "POST" and form.is_valid():
        made = form.save()
        log(instance=made.edition, action="everhall.follow_change", user=request.user, data=said(made))
        return redirect("programme_follow")
    context = {"form": form, "source": source, "page_title": str(source.venue.name), "header_icon": "link"}
    return render(request, "programme/desk/follow_change.html", context)


@never_cache
def state(request: HttpRequest) -> JsonResponse:
    """Which of those within reach are under way: `{"busy": [id]}`."""
    venues = venues_within(request.user)
    if not venues:
        raise PermissionDenied
    return JsonResponse({"busy": under_way(rows_of(venues))})


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """`look` asks within seconds, `apply` writes what waits (both are the worker's), `drop` follows no more: sessions stay as they are and are ours."""
    source = source_for(request, pk)
    if verb in ProgrammeSource.Asked:
        if not following.ask_for(source, verb):
            messages.warning(request, _("It is under way already."))
            return redirect("programme_follow")
    elif verb == "drop":
        source.delete()
    else:
        raise Http404
    log(instance=source.venue.edition, action=f"everhall.follow_{verb}", user=request.user, data=said(source))
    return redirect(reverse("programme_follow"))


def said(source: ProgrammeSource) -> dict[str, Any]:
    return {"label": source.venue.name_zh, "about": source.url, "venue": source.venue.code}
