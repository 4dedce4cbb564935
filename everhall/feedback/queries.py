"""Reads on feedback: figures of sessions, in fives (`rules`), and their free words."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from everhall.editions import queries as editions
from everhall.editions.models import Edition
from everhall.feedback import rules
from everhall.feedback.models import Feedback
from everhall.programme.models import Session

#: Whoever may do one of these at a venue reads what came of its sessions.
READING: Final = ("publish", "direct")


@dataclass(frozen=True, slots=True)
class Told:
    """Of a session: figures, or None while there are too few, and free words of those who are in them, in no order of time."""

    figures: rules.Figures | None
    words: tuple[str, ...] = ()


def told_of(sessions: Collection[int]) -> dict[int, Told]:
    """For all of them in one query."""
    answers: dict[int, list[tuple[rules.Answer, str]]] = {pk: [] for pk in sessions}
    rows = Feedback.objects.filter(session_id__in=answers).order_by("pk")
    for session, rating, useful, again, words in rows.values_list("session_id", "rating", "useful", "again", "words"):
        answers[session].append((rules.Answer(rating, useful, again), words))
    found = {}
    for session, given in answers.items():
        shown = given[: rules.shown_of(len(given))]
        found[session] = Told(rules.figures_of([one for one, _words in given]), tuple(sorted(words for _one, words in shown if words)))
    return found


def has_given(session: Session, giver: str) -> bool:
    return Feedback.objects.filter(session=session, giver=giver).exists()


def sessions_within(user: Any, edition: Edition) -> QuerySet[Session]:
    """Sessions at venues where the user publishes: they read what came and hand out the code."""
    here = editions.within_reach(user, READING, venue="activity__venue", edition="edition")
    rows = Session.objects.filter(here, edition=edition, activity__live=True).exclude(status=Session.Status.CANCELLED)
    return rows.select_related("activity__venue", "edition", "stage").order_by("starts_at", "pk")


