"""Clashes as the desk tells them: in words, with links as far as the reader's reach goes."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from everhall.editions.admin_base import address_of
from everhall.editions.models import Edition, Stage
from everhall.editions.policies import policy_of
from everhall.programme import queries, rules
from everhall.programme.models import Person, Session

SEEN = ("view", "change", "publish")


@dataclass(frozen=True, slots=True)
class Told:
    """One clash: what is wrong, and the two sessions as links or, out of reach, as what may be said."""

    what: str
    first: SafeString
    second: SafeString
    moment: dt.datetime


def clashes_for(user: Any, edition: Edition, session_id: int | None = None) -> list[Told]:
    """Clashes of which the user reaches at least one session; of one session if it is given."""
    clashes = queries.clashes_in(edition)
    if session_id is not None:
        clashes = [c for c in clashes if session_id in {c.first, c.second}]
    if not clashes:
        return []
    ids = {pk for c in clashes for pk in (c.first, c.second)}
    sessions = Session.objects.select_related("activity__venue", "stage").in_bulk(ids)
    policy = policy_of(Session)
    seen = set(
        policy.instances_user_has_any_permission_for(user, SEEN).filter(pk__in=ids)
        .values_list("pk", flat=True)
    )
    names = Names(clashes)
    told = [
        Told(
            names.what(clash), link(sessions[clash.first], clash.first in seen),
            link(sessions[clash.second], clash.second in seen), sessions[clash.first].starts_at,
        )
        for clash in clashes
        if {clash.first, clash.second} & seen
    ]
    return sorted(told, key=lambda t: t.moment)


class Names:
    """Names of the stages and people that clash, in two queries."""

    def __init__(self, clashes: Iterable[rules.Clash]) -> None:
        found = list(clashes)
        self.stages = Stage.objects.select_related("venue").in_bulk(
            {c.stage_id for c in found if c.stage_id is not None}
        )
        self.people = Person.objects.in_bulk({c.person_id for c in found if c.person_id is not None})

    def what(self, clash: rules.Clash) -> str:
        if clash.stage_id is not None:
            return _("Two sessions on one stage: %(stage)s") % {"stage": self.stages[clash.stage_id]}
        return _("One speaker in two places: %(person)s") % {"person": self.people[clash.person_id or 0]}


def link(session: Session, within_reach: bool) -> SafeString:
    """A session with its local time; of a draft at another venue only the venue is told."""
    zone = session.activity.venue.zone_of_time
    begins, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    when = f"{begins:%Y-%m-%d %H:%M}–{ends:%H:%M}"
    if within_reach:
        url = address_of(Session, "edit", session.pk)
        return format_html('<a href="{}">{}</a> ({})', url, session.name, when)
    name = session.name if session.activity.live else _("a session not yet published")
    return format_html("{} · {} ({})", name, session.activity.venue.name, when)
