"""Reads on editions, venues and roles."""

from collections.abc import Iterable
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from everhall.accounts.models import User
from everhall.editions import rules
from everhall.editions.models import Appointment, Edition, Venue
from everhall.editions.prepared import Prepared

Anyone = User | AnonymousUser


def current_edition() -> Edition | None:
    """The edition the front door leads to: the one named current, else the newest public one."""
    public = Edition.objects.public()
    return public.filter(is_current=True).first() or public.order_by("-starts_on").first()


#: Lists of facts that the row of editions does not show; each would be parsed for every page.
FACTS = ("figures", "notes", "sub_venues", "sources")
_by_code = Prepared(lambda code: Edition.objects.public().filter(code=code)[:1])
_row_of_editions = Prepared(lambda: public_editions().defer(*FACTS))


def public_edition(code: str) -> Edition | None:
    """An edition that visitors may see."""
    return _by_code.first(code)


def row_of_editions() -> list[Edition]:
    """All editions visitors may see, newest first, without their facts."""
    return _row_of_editions()


def public_editions() -> QuerySet[Edition]:
    """All editions visitors may see, newest first."""
    return cast("QuerySet[Edition]", Edition.objects.public().order_by("-starts_on"))


_venue_rows = Prepared(
    lambda edition: Venue.objects.filter(edition=edition).order_by("order", "pk")
    .values_list("pk", "code", "name_zh", "name_en", "order", "path")
)
_venues_by_path = Prepared(lambda edition: Venue.objects.filter(edition=edition).order_by("path"))


def venue_rows(edition: Edition) -> list[tuple[int, str, str, str, int, str]]:
    """Id, code, names, order and path of each venue, in the order in which they are shown."""
    return _venue_rows(edition.pk)


def rows_of_venues(venues: Iterable[Venue]) -> list[tuple[int, str, str, str, int, str]]:
    """As `venue_rows`, of venues that somebody has."""
    ordered = sorted(venues, key=lambda venue: (venue.order, venue.pk))
    return [(one.pk, one.code, one.name_zh, one.name_en, one.order, one.path) for one in ordered]


def venues_of(edition: Edition) -> QuerySet[Venue]:
    """Venues of one edition in the order in which they are shown."""
    return Venue.objects.filter(edition=edition).order_by("order", "pk")


def grants_of(user: Anyone) -> tuple[rules.Grant, ...]:
    """The user's roles as plain values, read once per request (kept on the user object)."""
    if not user.is_authenticated or not user.is_active:
        return ()
    kept = getattr(user, "_everhall_grants", None)
    if kept is None:
        rows = Appointment.objects.filter(user_id=user.pk).values_list(
            "role", "edition_id", "venue__path"
        )
        kept = tuple(rules.Grant(role, edition_id, path) for role, edition_id, path in rows)
        user._everhall_grants = kept  # type: ignore[attr-defined]
    return cast("tuple[rules.Grant, ...]", kept)


def forget_grants(user: Anyone) -> None:
    """After an appointment has changed within the request."""
    if hasattr(user, "_everhall_grants"):
        del user._everhall_grants


def organisation_ids(user: Anyone) -> frozenset[int]:
    """Organisations the user belongs to."""
    if not user.is_authenticated:
        return frozenset()
    return frozenset(user.memberships.values_list("organisation_id", flat=True))


def may_at(
    user: Anyone, action: str, edition_id: int, venue_path: str | None, *, own: bool = False
) -> bool:
    """Whether the user may do `action` (a name in `rules.ALLOWS`) at this venue of this edition."""
    if not user.is_active:
        return False
    if user.is_superuser:
        return True
    roles = rules.roles_at(grants_of(user), edition_id, venue_path)
    return rules.may(action, roles, own=own)


def may_somewhere(user: Anyone, action: str, *, own: bool = True) -> bool:
    """Whether there is any place where the user may do `action`. `own`: to things of one's own is enough."""
    if not user.is_active:
        return False
    if user.is_superuser:
        return True
    return any(action in rules.ALLOWS[grant.role] and (own or grant.role not in rules.OWN_ONLY) for grant in grants_of(user))


def editions_within(user: Anyone, actions: Iterable[str]) -> list[Edition]:
    """Editions in which the user may do one of `actions` at some venue, and not to things of their own only."""
    if user.is_active and user.is_superuser:
        return running_first(Edition.objects.all())
    wanted = frozenset(actions)
    ids = {grant.edition_id for grant in grants_of(user) if wanted & rules.ALLOWS[grant.role] and grant.role not in rules.OWN_ONLY}
    return running_first(Edition.objects.filter(pk__in=ids))


def running_first(rows: QuerySet[Edition]) -> list[Edition]:
    """As desks show them: those that run, then the newest."""
    return sorted(rows.order_by("-starts_on"), key=lambda edition: edition.state != Edition.State.OPEN)


def is_staff(user: Anyone) -> bool:
    """Whether the user has a desk (and so needs a second factor)."""
    if not user.is_active:
        return False
    return user.is_superuser or any(g.role in rules.STAFF for g in grants_of(user))


def within_reach(
    user: Anyone,
    actions: Iterable[str],
    *,
    venue: str = "venue",
    edition: str = "edition",
    own: Q | None = None,
) -> Q:
    """A filter for rows at venues where the user may do one of `actions`.

    `venue` and `edition` name the lookups from the row; `own` matches rows of the user's organisations,
    without it roles that reach own rows only reach nothing.
    """
    if user.is_active and user.is_superuser:
        return Q()
    nothing = Q(pk__in=[])
    wanted = frozenset(actions)
    found = nothing
    for grant in grants_of(user):
        if not wanted & rules.ALLOWS[grant.role]:
            continue
        here = Q(**{f"{edition}_id" if edition else "pk": grant.edition_id})
        if grant.venue_path is not None:
            here &= Q(**{f"{venue}__path__startswith" if venue else "path__startswith": grant.venue_path})
        if grant.role in rules.OWN_ONLY:
            here = here & own if own is not None else nothing
        found |= here
    return found


def venues_by_path(edition: Edition) -> list[Venue]:
    """The edition's venues, each after what it stands below."""
    return _venues_by_path(edition.pk)


def venue_tree(edition: Edition) -> list[tuple[Venue, list[Any]]]:
    """The edition's venues as nested (venue, children) in one query."""
    return tree_of(venues_by_path(edition))


def tree_of(venues: Iterable[Venue]) -> list[tuple[Venue, list[Any]]]:
    """Venues as nested (venue, children)."""
    nodes: dict[int, tuple[Venue, list[Any]]] = {}
    top: list[tuple[Venue, list[Any]]] = []
    for venue in venues:
        nodes[venue.pk] = (venue, [])
    for venue, children in nodes.values():
        home = nodes[venue.parent_id][1] if venue.parent_id in nodes else top
        home.append((venue, children))
    for _, children in nodes.values():
        children.sort(key=lambda node: (node[0].order, node[0].pk))
    return sorted(top, key=lambda node: (node[0].order, node[0].pk))
