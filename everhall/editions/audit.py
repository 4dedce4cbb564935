"""Who changed what, when: Wagtail's log, as far as the reader's reach goes.

National organisers see their edition, venue organisers their venues, superusers everything. Other roles see
the history of single rows in the desk, not this list.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import quote
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.encoding import force_str
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry, Revision, RevisionMixin
from wagtail.snippets.models import get_snippet_models

from everhall.editions import queries, rules
from everhall.editions.models import Edition, Venue
from everhall.editions.policies import policy_of


def may_audit(user: Any) -> bool:
    return bool(queries.may_somewhere(user, "publish"))


def entries_for(user: Any) -> QuerySet[ModelLogEntry]:
    """Log entries on rows that the user could publish or is organiser of, newest first."""
    entries = ModelLogEntry.objects.select_related("user", "content_type").annotate(
        before=Revision.objects.previous_revision_id_subquery()
    )
    if not user.is_superuser:
        entries = entries.filter(reach(user))
    return entries.order_by("-timestamp", "-pk")


def reach(user: Any) -> Q:
    found = Q(pk__in=[])
    for model in get_snippet_models():
        rows = policy_of(model).instances_user_has_any_permission_for(user, ["publish"])
        ids = rows.order_by().annotate(as_text=Cast("pk", TextField())).values("as_text")
        found |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=ids)
    return found | of_venues(user)


def of_venues(user: Any) -> Q:
    """What was told of an edition but happened at a venue within reach: `data["venue"]` is its code."""
    found = Q(pk__in=[])
    edition_type = ContentType.objects.get_for_model(Edition)
    for grant in queries.grants_of(user):
        if grant.role != rules.VENUE_ORGANISER or grant.venue_path is None:
            continue
        below = Venue.objects.filter(
            edition_id=grant.edition_id, path__startswith=grant.venue_path
        )
        found |= Q(
            content_type=edition_type, object_id=str(grant.edition_id),
            data__venue__in=list(below.values_list("code", flat=True)),
        )
    return found


def narrowed(entries: QuerySet[ModelLogEntry], asked: dict[str, str]) -> QuerySet[ModelLogEntry]:
    """By words in the name of the thing or the person, by action and by kind."""
    if asked.get("q"):
        entries = entries.filter(
            Q(label__icontains=asked["q"]) | Q(user__email__icontains=asked["q"])
            | Q(user__name__icontains=asked["q"])
        )
    if asked.get("action"):
        entries = entries.filter(action=asked["action"])
    if asked.get("kind", "").isdecimal():
        entries = entries.filter(content_type_id=int(asked["kind"]))
    return entries


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it is shown and exported."""

    when: Any
    who: str
    action: str
    kind: str
    thing: str
    message: str
    edit_url: str
    compare_url: str


def lines(user: Any, entries: Any) -> Iterator[Line]:
    for entry in entries:
        # Not get_action_label: it knows no action before something else has asked for them all.
        formatter = registry.get_formatter(entry)
        action = force_str(formatter.label) if formatter else entry.action
        model: Any = entry.content_type.model_class() if entry.content_type else None
        viewset = getattr(model, "snippet_viewset", None)
        edit_url = compare_url = ""
        if viewset is not None and not entry.deleted:
            edit_url = reverse(viewset.get_url_name("edit"), args=[quote(entry.object_id)])
            if issubclass(model, RevisionMixin) and entry.revision_id and entry.before:
                compare_url = reverse(
                    viewset.get_url_name("revisions_compare"),
                    args=[quote(entry.object_id), entry.before, entry.revision_id],
                )
        yield Line(
            entry.timestamp, str(entry.user or ""), action,
            str(model._meta.verbose_name) if model else "", entry.label, force_str(entry.message),
            edit_url, compare_url,
        )
