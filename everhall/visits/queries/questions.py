"""Questions to exhibitors: for the organisation that is asked, for the venue's team, for everybody."""

import datetime as dt
import functools
from typing import Any

from django.db.models import Q, QuerySet

from everhall.accounts.models import User
from everhall.editions import queries as editions
from everhall.editions.models import Appointment, Edition
from everhall.editions.policies import policy_of
from everhall.editions.prepared import Prepared
from everhall.engines.simplified import folding
from everhall.engines.word_list import WordList as Words
from everhall.engines.word_list import words_of as words_in
from everhall.exhibition.models import Exhibit
from everhall.visits.models import ExhibitQuestion, WordList

State = ExhibitQuestion.State
#: What an organisation sees of its questions.
SEEN = (State.OPEN, State.ANSWERED)
#: Of an exhibit's questions so many stand on its page, the newest first.
MOST_SHOWN = 20


def questions_to(organisation_id: int, edition: Edition) -> QuerySet[ExhibitQuestion]:
    """What an organisation was asked in an edition: first those that wait, the oldest first; then the answered ones.
    Addresses of those who asked are not for its eyes: show `name` and `text`."""
    return (
        ExhibitQuestion.objects.filter(
            organisation_id=organisation_id, edition=edition, state__in=SEEN, forgotten_at=None
        )
        .select_related("exhibit", "answered_by").order_by("answered_at", "passed_at", "pk")
    )


def questions_within(user: Any) -> QuerySet[ExhibitQuestion]:
    """Questions about exhibits that somebody with a desk may change, whatever their state; unconfirmed ones are nobody's yet."""
    exhibits = policy_of(Exhibit).instances_user_has_any_permission_for(user, ["change"])
    return (
        ExhibitQuestion.objects.filter(exhibit__in=exhibits, forgotten_at=None).exclude(state=State.UNCONFIRMED)
        .select_related("exhibit__organisation", "edition", "answered_by")
    )


def may_answer(user: Any, question: ExhibitQuestion) -> bool:
    """Members of the organisation, and whoever may change the exhibit in the desk."""
    if not user.is_authenticated or not user.is_active:
        return False
    if question.organisation_id is not None and question.organisation_id in editions.organisation_ids(user):
        return True
    return bool(policy_of(Exhibit).user_has_permission_for_instance(user, "change", question.exhibit))


_public = Prepared(
    lambda exhibit: ExhibitQuestion.objects.filter(exhibit_id=exhibit, public=True).order_by("-answered_at", "-pk")
    .values_list("pk", "text", "answer", "language", "answered_at", "edition_id", "is_sample")[:MOST_SHOWN]
)


def public_questions(exhibit: Exhibit) -> list[tuple[Any, ...]]:
    """What stands on the page of an exhibit: number, question, answer, language, when, edition, whether it is a sample."""
    return _public(exhibit.pk)


def people_of(question: ExhibitQuestion) -> list[User]:
    """Who hears of a question: members of the organisation; where it has none, organisers and editors of the venue at which the
    exhibit stands, at most ten."""
    members = User.objects.filter(
        is_active=True, memberships__organisation_id=question.organisation_id
    ) if question.organisation_id is not None else User.objects.none()  # fmt: skip
    found = list(members.select_related("post_wish").order_by("pk")[:20])
    return found or team_of(question)


def team_of(question: ExhibitQuestion) -> list[User]:
    placement = question.exhibit.placements.filter(edition_id=question.edition_id).select_related("venue").first()
    if placement is None:
        return []
    roles = Appointment.objects.filter(
        edition_id=question.edition_id, role__in=("venue_organiser", "venue_editor"), venue__isnull=False
    ).select_related("venue")
    ids = [row.user_id for row in roles if row.venue and placement.venue.path.startswith(row.venue.path)]
    return list(User.objects.filter(Q(pk__in=ids), is_active=True).select_related("post_wish").order_by("pk")[:10])


@functools.lru_cache(64)
def _list_of(text: str) -> Words:
    return Words(words_in(text), folding().fold)


def words_of(edition: Edition) -> Words:
    """Words that make a question wait, of one edition."""
    row = WordList.objects.filter(edition=edition).values_list("words", flat=True).first()
    return _list_of(row or "")


def due(now: dt.datetime) -> QuerySet[ExhibitQuestion]:
    """Questions whose time is over."""
    return ExhibitQuestion.objects.filter(forget_at__lte=now, forgotten_at=None)
