"""Reads on what visitors keep, ask and agree to."""

from everhall.visits.queries.agreed import consents_of, contacts_of
from everhall.visits.queries.figures import DayFigures, ExhibitFigures, daily_for, figures_for
from everhall.visits.queries.kept import codes_of, favourites_of, visited_of, visitor_of
from everhall.visits.queries.questions import (
    SEEN,
    may_answer,
    people_of,
    public_questions,
    questions_to,
    questions_within,
    words_of,
)

__all__ = [
    "SEEN", "DayFigures", "ExhibitFigures", "codes_of", "consents_of", "contacts_of", "daily_for", "favourites_of", "figures_for",
    "may_answer", "people_of", "public_questions", "questions_to", "questions_within", "visited_of", "visitor_of", "words_of",
]
