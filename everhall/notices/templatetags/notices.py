"""What each public page shows of notices: those at its top, and where it listens for more."""

import datetime as dt
from typing import Any

from django import template
from django.utils import timezone

from everhall.editions.models import Edition, Venue
from everhall.editions.public import week_time
from everhall.notices import queries
from everhall.notices.addresses import link_of
from everhall.programme.models import Activity, Session

register = template.Library()


def place_of(context: Any) -> tuple[str, str]:
    """The path of the venue and the code of the session that a page is about, "" for none."""
    session = context.get("session")
    if isinstance(session, Session):
        return session.activity.venue.path, session.code
    for name in ("venue", "activity", "channel"):
        thing = context.get(name)
        if isinstance(thing, Venue):
            return thing.path, ""
        if isinstance(thing, Activity) or (name == "channel" and hasattr(thing, "venue")):
            return thing.venue.path, ""
    return "", ""


@register.inclusion_tag("notices/parts/bar.html", takes_context=True)
def notice_bar(context: Any, edition: Any) -> dict[str, Any]:
    """The bar at the top. An edition that is over has none, and its pages do not listen."""
    code = getattr(edition, "code", "")
    state = getattr(edition, "state", "")
    if not code or state not in {Edition.State.OPEN, Edition.State.ANNOUNCED}:
        return {"listens": False}
    venue, session = place_of(context)
    return {
        "listens": True, "edition": edition, "notices": queries.at_the_top(edition, venue, session, timezone.now()),
        "venue_path": venue, "session_code": session,
    }


@register.inclusion_tag("notices/parts/bell.html")
def notice_bell(edition: Edition, kind: str, code: str, label: str) -> dict[str, Any]:
    """The button with which a browser asks to be told. `kind`: edition, venue, session; `code`: its own."""
    follow = f"{kind}/{edition.code}" + (f"/{code}" if kind != "edition" else "")
    return {"follow": follow, "label": label, "edition": edition}


@register.filter
def in_the_week(moment: dt.datetime | None) -> dt.datetime | None:
    """A moment beside those of the programme: on its clock, so that in a demo of a past week a notice is of that week."""
    return week_time(moment) if moment else None


register.filter("notice_link", link_of)
