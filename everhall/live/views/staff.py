"""Pages of the desk beside lists and forms: keys of feeds and captions, the review of a recording; and the question of
our RTMP server whether somebody may send.

Who may: keys, whoever may direct at the venue; the review, whoever sees the recording, to publish, withhold or trim
whoever may do that there. Others find nothing (404).
"""

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from everhall.editions.admin_base import address_of
from everhall.editions.policies import VIEWING, policy_of
from everhall.live import linked, queries, services
from everhall.live.desk import leave
from everhall.live.forms import TrimForm
from everhall.live.models import Channel, Feed, Recording
from everhall.live.spool import knock
from everhall.live.store import Store


def host_of_site() -> str:
    return str(settings.BASE_URL).partition("://")[2].partition("/")[0].rpartition(":")[0] or "localhost"


def ways_in(feed: Feed) -> list[tuple[Any, str]]:
    """What somebody types into an encoder."""
    host = host_of_site()
    if feed.kind == Feed.Kind.SRT:
        return [
            (_("Address for OBS"), f"srt://{host}:{feed.port}?mode=caller&passphrase={feed.passphrase}&latency=400000"),
            (_("Host and port"), f"{host}:{feed.port}"), (_("Passphrase"), feed.passphrase),
        ]  # fmt: skip
    if feed.kind == Feed.Kind.RTMP:
        return [(_("Server"), f"rtmp://{host}/live"), (_("Stream key"), f"{feed.key}?key={feed.passphrase}")]
    return [(_("Key"), feed.passphrase)]


@never_cache
def feed_key(request: HttpRequest, feed: int) -> HttpResponse:
    """How to send to a feed; POST gives it a new key."""
    found = Feed.objects.filter(pk=feed).select_related("venue", "edition").first()
    if found is None or not queries.may_direct(request.user, found):
        raise Http404
    if request.method == "POST":
        services.rotate_key(found, by=request.user)
        messages.success(request, _("The feed has a new key. Whoever sent with the old one is disconnected."))
        return redirect(request.path)
    return render(
        request, "live/desk/key.html",
        {
            "thing": found, "ways": ways_in(found), "page_title": _("Key and connection"), "header_icon": "key",
            "back": address_of(Feed, "edit", found.pk),
        },
    )  # fmt: skip


@never_cache
def captions_key(request: HttpRequest, channel: int) -> HttpResponse:
    """How to post captions to a channel; POST gives it a new key."""
    found = queries.directed_channel(request.user, channel)
    if found is None:
        raise Http404
    if request.method == "POST":
        services.rotate_captions_key(found, by=request.user)
        messages.success(request, _("There is a new key for captions."))
        return redirect(request.path)
    ways = [
        (_("Address"), f"{settings.BASE_URL}/live/captions/{found.key}/"),
        (_("Key"), found.captions_key),
        (_("Example"), f'curl -H "Authorization: Bearer {found.captions_key}" -d \'{{"text": "大家好", "language": "zh"}}\' {settings.BASE_URL}/live/captions/{found.key}/'),
    ]
    return render(
        request, "live/desk/key.html",
        {
            "thing": found, "ways": ways, "page_title": _("Captions key"), "header_icon": "key",
            "back": address_of(Channel, "edit", found.pk),
        },
    )  # fmt: skip


def recording_or_404(request: HttpRequest, pk: int) -> Recording:
    found = Recording.objects.filter(pk=pk).select_related("venue", "edition", "session__activity").first()
    if found is None or not policy_of(Recording).user_has_any_permission_for_instance(
        request.user, VIEWING, found
    ):
        raise Http404
    return found


def review(request: HttpRequest, recording: int) -> HttpResponse:
    """Watch a recording before visitors do; publish, withhold, trim."""
    found = recording_or_404(request, recording)
    policy = policy_of(Recording)

    def may(action: str) -> bool:
        return bool(policy.user_has_permission_for_instance(request.user, action, found))

    form = TrimForm(initial={"trim_in": found.trim_in, "trim_out": found.trim_out})
    if request.method == "POST":
        verb = request.POST.get("verb", "")
        if not may("change" if verb == "trim" else "publish"):
            raise PermissionDenied
        form = TrimForm(request.POST) if verb == "trim" else form
        if verb != "trim" or form.is_valid():
            try:
                messages.success(request, done(request, found, verb, form))
            except services.Refused as refused:
                messages.error(request, refused.words)
            return redirect(request.path)
    beginning = leave(found.source, timezone.now())
    return render(
        request, "live/desk/review.html",
        {
            "recording": found, "form": form, "may_publish": may("publish"), "may_change": may("change"),
            "playlist": linked.playlist_of(found).replace("/live", beginning, 1),
            "page_title": _("Review"), "header_icon": "check", "back": address_of(Recording, "edit", found.pk),
        },
    )  # fmt: skip


def done(request: HttpRequest, recording: Recording, verb: str, form: TrimForm) -> str:
    """Do it; what to say afterwards."""
    if verb == "publish":
        services.publish_recording(recording, by=request.user, now=timezone.now())
        return _("Published: visitors see it, unless an embargo still holds it.")
    if verb == "withhold":
        services.withhold_recording(recording, by=request.user, reason=request.POST.get("reason", ""))
        return _("Withheld: no visitor sees it, no channel shows it. Everything that was kept stays.")
    if verb == "trim":
        services.trim_recording(
            recording, form.cleaned_data["trim_in"], form.cleaned_data["trim_out"], by=request.user
        )
        return _("Trimmed. Download and pictures are made anew of what is left.")
    raise PermissionDenied


# Asked by our own RTMP server on this machine, which knows neither cookies nor tokens against forgery.
@csrf_exempt
@require_POST
def may_send(request: HttpRequest) -> HttpResponse:
    """nginx-rtmp's `on_publish`: `name` is the feed's key, `key` its passphrase (from the query of the address). 204 lets
    them send and has the feed fetched at once; 403 does not, whatever was wrong."""
    name, given = request.POST.get("name", ""), request.POST.get("key", "")
    feed = Feed.objects.filter(key=name, kind=Feed.Kind.RTMP, enabled=True).first()
    wanted = feed.passphrase if feed else secrets.token_hex(12)
    if not secrets.compare_digest(given.encode(), wanted.encode()) or feed is None:
        return HttpResponse(status=403)
    knock(Store(Path(settings.LIVE_ROOT)), feed.key)
    return HttpResponse(status=204)
