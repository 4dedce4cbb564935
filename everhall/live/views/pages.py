"""Public pages of cloud video. Who may: everyone; private and embargoed channels, recordings that are not published
or belong to a hidden session, and other editions' do not exist here (`queries.public`)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from everhall.accounts.callers import address_of, comes_from_here
from everhall.editions import queries as editions
from everhall.editions.models import Edition, Venue
from everhall.editions.public import earliest, edition_or_404, mark, page, real_time, week_time
from everhall.exhibition.models import Field
from everhall.live import linked, queries, rules, viewing
from everhall.live.beside import channels as beside_channels
from everhall.live.models import Recording
from everhall.programme import queries as programme
from everhall.programme.models import Session
from everhall.programme.views import CHINA

COMING = 8
RECENT = 12
PER_PAGE = 24


@dataclass(frozen=True, slots=True)
class Asked:
    """How the page was narrowed: by venue (with what is below it), field, series (code of an activity)."""

    venue: Venue | None
    field: str
    series: str

    @property
    def anything(self) -> bool:
        return bool(self.venue or self.field or self.series)


def asked_for(request: HttpRequest, edition: Edition) -> Asked:
    """`?venue=`, `?field=`, `?series=`; what does not exist narrows nothing."""
    venue = Venue.objects.filter(edition=edition, code=request.GET.get("venue", "")).first()
    field = Field.objects.filter(code=request.GET.get("field", "")).values_list("code", flat=True).first()
    return Asked(venue, field or "", request.GET.get("series", "")[:80])


def choices(edition: Edition, now: dt.datetime) -> dict[str, Any]:
    """What a page can be narrowed by: only what leads to something."""
    recordings = queries.public_recordings(edition, now)
    return {
        "venues": list(editions.venues_of(edition)),
        "fields": list(Field.objects.filter(recordings__in=recordings).distinct().order_by("order", "code")),
        "series": list(queries.series_with_recordings(edition, now).order_by("code")),
    }


def until(edition: Edition, now: dt.datetime, boards: Iterable[queries.OnAir] = ()) -> dt.datetime | None:
    """When a page of cloud video changes by the clock alone."""
    return earliest(
        real_time(programme.next_boundary(edition, week_time(now))),
        queries.next_release(edition, now),
        *(board.until for board in boards),
    )


def relayed(edition: Edition, asked: Asked, now: dt.datetime) -> QuerySet[Session]:
    """Sessions that come and are relayed."""
    sessions = programme.coming(edition, now, week_time(now)).filter(relay=True)
    if asked.venue:
        sessions = programme.at_venue(sessions, asked.venue.path)
    if asked.series:
        sessions = sessions.filter(activity__code=asked.series)
    return sessions


def narrowed(edition: Edition, asked: Asked, now: dt.datetime) -> QuerySet[Recording]:
    found = queries.narrowed(
        queries.public_recordings(edition, now), venue=asked.venue, field=asked.field, activity=asked.series
    )
    return queries.with_cards(found)


def landing(request: HttpRequest, edition: str) -> HttpResponse:
    """Live now, coming up, recent recordings. Fields are told of recordings only, so with one chosen the page shows
    no more than these; a series has no channel of its own."""
    found, now = edition_or_404(edition), timezone.now()
    asked = asked_for(request, found)
    channels = queries.public_channels(found, now).order_by("venue__order", "code")
    if asked.venue:
        channels = channels.filter(venue__path__startswith=asked.venue.path)
    boards = [] if asked.field or asked.series else queries.on_air(found, list(channels), now, week_time(now))
    recordings = narrowed(found, asked, now)
    context = {
        "asked": asked, **choices(found, now),
        "live": [board for board in boards if board.is_showing],
        "waiting": [board for board in boards if not board.is_showing],
        "coming": [] if asked.field else list(relayed(found, asked, now)[:COMING]),
        "recordings": list(recordings[:RECENT]), "total": recordings.count(), "recent": RECENT,
        "now": week_time(now),
    }  # fmt: skip
    return page(
        request, "live/landing.html", found, context,
        tags=[rules.video_tag(found.code)], until=until(found, now, boards),
    )  # fmt: skip


def recordings_page(request: HttpRequest, edition: str) -> HttpResponse:
    """All recordings, newest first."""
    found, now = edition_or_404(edition), timezone.now()
    asked = asked_for(request, found)
    pages = Paginator(narrowed(found, asked, now), PER_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    context = {
        "asked": asked, **choices(found, now), "page": shown, "recordings": list(shown.object_list),
        "total": pages.count,
    }  # fmt: skip
    return page(
        request, "live/recordings.html", found, context,
        tags=[rules.video_tag(found.code)], until=queries.next_release(found, now),
    )  # fmt: skip


def channel_page(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """A channel with its player, what is on, what comes, and recordings of its venue."""
    found, now = edition_or_404(edition), timezone.now()
    channel = queries.public_channels(found, now).filter(code=code).first()
    if channel is None:
        raise Http404(_("There is no such channel in this edition."))
    (board,) = queries.on_air(found, [channel], now, week_time(now), count=12)
    recordings = queries.narrowed(queries.public_recordings(found, now), venue=channel.venue)
    starts = dt.datetime.combine(found.starts_on, dt.time(), tzinfo=CHINA)
    pieces = beside_channels.beside(channel, now)
    context: dict[str, Any] = {
        "channel": channel, "board": board, "now": week_time(now), "playlist": linked.playlist_of(channel),
        "recordings": list(queries.with_cards(recordings)[:4]),
        "json_ld": linked.json_ld(linked.channel_dict(board, starts)), "beside": pieces,
    }  # fmt: skip
    for piece in pieces:
        context.update(piece.context)
    return page(
        request, "live/channel.html", found, context,
        tags=[rules.video_tag(found.code), *(tag for piece in pieces for tag in piece.tags)],
        until=earliest(until(found, now, [board]), *(piece.until for piece in pieces)),
    )  # fmt: skip


def recording_page(request: HttpRequest, edition: str, recording: int) -> HttpResponse:
    """A recording that belongs to no session. One of a session is watched on the session's page."""
    found, now = edition_or_404(edition), timezone.now()
    shown = queries.with_cards(queries.public_recordings(found, now).filter(pk=recording)).first()
    if shown is None:
        raise Http404(_("There is no such recording in this edition."))
    release = queries.next_release(found, now)
    if shown.session is not None:
        return mark(
            redirect(f"{linked.page_of(shown)}#recording-{shown.pk}"),
            f"edition-{found.code}", rules.video_tag(found.code), until=release,
        )  # fmt: skip
    context = {"recording": shown, "json_ld": linked.json_ld(linked.recording_dict(shown))}
    return page(
        request, "live/recording.html", found, context, tags=[rules.video_tag(found.code)], until=release
    )


@csrf_exempt
@require_POST
def watched(request: HttpRequest) -> HttpResponse:
    """Who may: every player on a page of ours. Seconds that were watched (`live.viewing`), where the door does not stand in front."""
    if comes_from_here(request):
        told = request.body[: viewing.MOST_BYTES].decode("ascii", "replace")
        viewing.counted(told, address_of(request), timezone.now().timestamp())
    response = HttpResponse(status=204)
    response["Cache-Control"] = "private, no-store"
    return response
