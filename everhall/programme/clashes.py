"""Clashes as the desk tells them: in words, with links as far as the reader's reach goes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from everhall.accounts.models import Organisation
from everhall.editions.admin_base import address_of
from everhall.editions.models import Edition, Stage
from everhall.editions.policies import policy_of
from everhall.engines import clashes as engine
from everhall.engines.clashes import Clash
from everhall.programme import queries
from everhall.programme.models import Equipment, Person, Session

SEEN = ("view", "change", "publish")


@dataclass(frozen=True, slots=True)
class Told:
    """One clash: of which kind, what is wrong, and the two sessions as links or, out of reach, as what may be said."""

    kind: str
    what: str
    first: SafeString
    second: SafeString
    moment: dt.datetime

    @property
    def severe(self) -> bool:
        return self.kind not in engine.NOTES


def clashes_for(user: Any, edition: Edition, session_id: int | None = None) -> list[Told]:
    """Clashes of which the user reaches at least one session; of one session if it is given."""
    board = queries.board_of(edition)
    clashes = board.all() if session_id is None else board.having(session_id)
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
            clash.kind, names.what(clash), link(sessions[clash.first], clash.first in seen),
            link(sessions[clash.second], clash.second in seen), sessions[clash.first].starts_at,
        )
        for clash in clashes
        if {clash.first, clash.second} & seen
    ]
    return sorted(told, key=lambda t: (not t.severe, engine.KINDS.index(t.kind), t.moment))


class Names:
    """Names of the stages, people, hosts and equipment that clash, in four queries."""

    def __init__(self, clashes: Iterable[Clash]) -> None:
        about: dict[str, set[int]] = defaultdict(set)
        for clash in clashes:
            about[clash.kind].add(clash.about)
        self.stages = Stage.objects.select_related("venue").in_bulk(about[engine.STAGE])
        self.people = Person.objects.in_bulk(about[engine.SPEAKER] | about[engine.TRAVEL])
        self.hosts = Organisation.objects.in_bulk(about[engine.HOST])
        self.equipment = Equipment.objects.select_related("venue").in_bulk(about[engine.EQUIPMENT])

    def what(self, clash: Clash) -> str:
        if clash.kind == engine.STAGE:
            return _("Two sessions on one stage: %(stage)s") % {"stage": self.stages[clash.about]}
        if clash.kind == engine.HOST:
            return _("One host at two activities: %(host)s") % {"host": self.hosts[clash.about]}
        if clash.kind == engine.EQUIPMENT:
            return _("Too little equipment: %(thing)s, %(missing)d short") % {
                "thing": self.equipment[clash.about], "missing": clash.minutes,
            }
        person = self.people[clash.about]
        if clash.kind == engine.TRAVEL:
            said = {"person": person, "minutes": clash.minutes}
            return _("%(person)s cannot be there in time: %(minutes)d minutes short") % said
        return _("One speaker in two places: %(person)s") % {"person": person}


def heading(kind: str) -> str:
    return {
        engine.STAGE: _("Stages"), engine.SPEAKER: _("Speakers"), engine.TRAVEL: _("Travel time"), engine.HOST: _("Hosts"),
        engine.EQUIPMENT: _("Equipment"),
    }[kind]  # fmt: skip


def counted(found: Iterable[Told | Clash]) -> tuple[int, int]:
    """How many are severe, how many are notes."""
    severe = [one.severe for one in found]
    return sum(severe), len(severe) - sum(severe)


def by_kind(told: Iterable[Told]) -> list[tuple[str, list[Told]]]:
    """Clashes under the headings of their kinds, the severe ones first."""
    return [(heading(kind), list(its)) for kind, its in groupby(told, key=lambda t: t.kind)]


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
