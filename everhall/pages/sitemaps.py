"""Sitemap of everything public, in both languages. Who may: everyone."""

import datetime as dt
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from everhall.calls import queries as calls
from everhall.editions import queries as editions
from everhall.editions.public import mark
from everhall.exhibition import queries as exhibition
from everhall.live import queries as live
from everhall.live.rules import video_tag
from everhall.pages import queries
from everhall.programme import queries as programme
from everhall.tours import queries as tours


class Bilingual(Sitemap[Any]):
    """Addresses in Chinese and English, each naming the other."""

    i18n = True
    alternates = True
    x_default = True
    limit = 40_000


class Catalogue(Bilingual):
    """Exhibits, activities, sessions, channels, recordings, halls, tours, venues of public editions; (view name, arguments, changed)."""

    def items(self) -> list[tuple[str, list[str | int], dt.datetime | None]]:
        now = timezone.now()
        found: list[tuple[str, list[str | int], dt.datetime | None]] = [("archive:hall", [], None)]
        for edition in editions.public_editions():
            code = edition.code
            placements = exhibition.public_placements(edition, now).values_list(
                "exhibit__code", "exhibit__last_published_at"
            )
            activities = programme.public_activities(edition, now).values_list(
                "code", "last_published_at"
            )
            sessions = programme.public_sessions(edition, now).values_list("code", "changed_at")
            channels = list(live.public_channels(edition, now).values_list("code", flat=True))
            recordings = live.public_recordings(edition, now)
            # A recording of a session is watched on the session's page.
            alone = recordings.filter(session=None).values_list("pk", "changed_at")
            venues = list(editions.venues_of(edition).values_list("code", flat=True))
            found += [("exhibition:exhibit", [code, c], at) for c, at in placements]
            found += [("programme:activity", [code, c], at) for c, at in activities]
            found += [("programme:session", [code, c], at) for c, at in sessions]
            found += [("pages:venue", [code, c], None) for c in venues]
            found += [("live:channel", [code, c], None) for c in channels]
            found += [("live:recording", [code, pk], at) for pk, at in alone]
            called = list(calls.public_calls(edition).values_list("code", flat=True))
            found += [("calls:call", [code, c], None) for c in called]
            if called:
                found.append(("calls:list", [code], None))
            if channels or recordings.exists():
                found.append(("live:landing", [code], None))
            if placements:
                found += [("exhibition:list", [code], None), ("exhibition:plan", [code], None)]
                halls = set(exhibition.public_placements(edition, now).values_list("zone__hall_id", flat=True).order_by().distinct())
                found += [
                    ("exhibition:hall", [code, row.venue, row.code], None)
                    for row in exhibition.halls_of(edition) if row.pk in halls
                ]
            guided = tours.covers_of(edition, now)
            found += [("tours:tour", [code, tour.code], tour.row.last_published_at) for tour in guided]
            if guided:
                found.append(("tours:list", [code], None))
            if venues:
                found += [("programme:day", [code], None), ("editions:venues", [code], None)]
        return found

    def location(self, item: Any) -> str:
        return reverse(item[0], args=item[1])

    def lastmod(self, item: Any) -> Any:
        return item[2]


class Editorial(Bilingual):
    """Live pages."""

    def items(self) -> list[Any]:
        return queries.public_pages()

    def location(self, item: Any) -> str:
        return str(item.get_url() or "/")

    def lastmod(self, item: Any) -> Any:
        return item.last_published_at


def site_map(request: HttpRequest) -> HttpResponse:
    """`/sitemap.xml`, marked so that any news purges it and the next end of an embargo does too."""
    response: Any = sitemap(request, {"catalogue": Catalogue(), "editorial": Editorial()})
    response.render()
    now = timezone.now()
    moments = [
        moment
        for edition in editions.public_editions()
        for moment in (tours.next_change(edition, now), live.next_release(edition, now))
        if moment
    ]
    codes = [edition.code for edition in editions.public_editions()]
    tags = [f"edition-{code}" for code in codes] + [video_tag(code) for code in codes]
    answer: HttpResponse = mark(response, *tags, until=min(moments, default=None))
    return answer


