"""What is about an exhibit: sessions with their recordings, and articles; and the exhibits that a session or an article is about.

In: a public placement or session, and a moment. Out: pieces of a page (`editions.beside`). What must stay true: each side asks its own
rules again, so a link tells nobody of a draft or an embargoed thing.
"""

import datetime as dt
from collections.abc import Collection
from typing import Final

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Value
from django.db.models.functions import Cast
from wagtail.models import Page, ReferenceIndex

from everhall.editions.beside import Beside
from everhall.editions.models import Edition
from everhall.editions.prepared import Prepared
from everhall.editions.public import earliest, real_time, week_time
from everhall.exhibition import queries as exhibition
from everhall.exhibition.models import Exhibit, Placement
from everhall.live import queries as live
from everhall.live.rules import video_tag
from everhall.pages.models import About, ArticlePage
from everhall.pages.queries import public_articles
from everhall.programme import queries as programme
from everhall.programme.models import Session

MOST: Final = 6
#: Links by hand, and articles that show the exhibit in their text, in one question.
_links = Prepared(
    lambda exhibit, text, pages, exhibits: About.objects.filter(exhibit_id=exhibit).order_by().values_list("session_id", "article_id")
    .union(
        ReferenceIndex.objects.filter(base_content_type_id=pages, to_content_type_id=exhibits, to_object_id=text).order_by()
        .values_list(Value(None, BigIntegerField()), Cast("object_id", BigIntegerField())),
    )
)
_exhibits_of = Prepared(lambda session: About.objects.filter(session_id=session).order_by("pk").values_list("exhibit_id"))


def exhibit_about(placement: Placement, now: dt.datetime) -> Beside | None:
    """For `exhibition.beside.exhibits`. In one question where there is nothing."""
    exhibit, edition = placement.exhibit, placement.edition
    kinds = ContentType.objects.get_for_models(Page, Exhibit)
    rows = _links(exhibit.pk, str(exhibit.pk), kinds[Page].pk, kinds[Exhibit].pk)
    sessions = sessions_of(edition, {session for session, _ in rows if session}, now)
    articles = articles_of(edition, {article for _, article in rows if article})
    if not sessions and not articles:
        # What hides by the clock now may be seen later.
        return Beside("pages/parts/nothing.html", {}, until=until(edition, now), slot="band") if rows else None
    context = {
        "about_sessions": sessions, "about_articles": articles, "now": week_time(now), "about_recorded": recorded(edition, sessions, now),
    }
    return Beside(
        "pages/parts/about.html", context, json_ld=json_ld(sessions), tags=(video_tag(edition.code),) if sessions else (),
        until=until(edition, now), slot="band",
    )


def until(edition: Edition, now: dt.datetime) -> dt.datetime | None:
    """When a session appears by the clock, begins or ends, or its recording may be seen."""
    return earliest(
        programme.next_release(edition, now), real_time(programme.next_boundary(edition, week_time(now))), live.next_release(edition, now)
    )


def sessions_of(edition: Edition, ids: Collection[int], now: dt.datetime) -> list[Session]:
    return sorted(programme.cards(edition, ids, now), key=lambda session: (session.starts_at, session.pk))[:MOST] if ids else []


def articles_of(edition: Edition, ids: Collection[int]) -> list[ArticlePage]:
    return list(public_articles(edition).filter(pk__in=ids)[:MOST]) if ids else []


def recorded(edition: Edition, sessions: Collection[Session], now: dt.datetime) -> set[int]:
    """Those that can be watched afterwards."""
    if not sessions:
        return set()
    rows = live.public_recordings(edition, now).filter(session_id__in=[session.pk for session in sessions])
    return set(rows.order_by().values_list("session_id", flat=True))


def json_ld(sessions: Collection[Session]) -> dict[str, object]:
    """schema.org: the sessions are events about the work."""
    if not sessions:
        return {}
    return {
        "subjectOf": [{"@type": "Event", "name": one.name, "startDate": one.starts_at.isoformat()} for one in sessions]
    }


# ---------------------------------------------------------------- the other direction
def session_exhibits(session: Session, now: dt.datetime) -> Beside | None:
    """For `programme.beside.sessions`: the exhibits that it is about."""
    ids = [pk for (pk,) in _exhibits_of(session.pk)]
    if not ids:
        return None
    cards = exhibition.cards(session.edition, ids, now)
    return Beside(
        "pages/parts/exhibits.html", {"about_exhibits": cards}, until=exhibition.next_release(session.edition, now), slot="band"
    )
