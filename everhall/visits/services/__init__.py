"""Writes: favourites, questions and answers, consents, letters, views, and their end."""

from everhall.visits.services.agreeing import (
    Given,
    agree,
    confirm,
    give_contact,
    withdraw,
    withdrawn_too,
)
from everhall.visits.services.asking import (
    Asked,
    answer_question,
    ask,
    decide,
    hide_answer,
    report_question,
    write_digests,
)
from everhall.visits.services.counting import count_view, write_views
from everhall.visits.services.forgetting import delete_all, forget_due
from everhall.visits.services.keeping import drop, keep, mark_visited, write_note
from everhall.visits.services.people import (
    COOKIE,
    COOKIE_SECONDS,
    carry_too,
    copy_favourites,
    known,
    known_or_new,
    new_device,
)
from everhall.visits.services.refusals import Refused

__all__ = [
    "COOKIE", "COOKIE_SECONDS", "Asked", "Given", "Refused", "agree", "answer_question", "ask", "carry_too", "confirm", "copy_favourites", "count_view",
    "decide", "delete_all", "drop", "forget_due", "give_contact", "hide_answer", "keep", "known", "known_or_new", "mark_visited",
    "new_device", "report_question", "withdraw", "withdrawn_too", "write_digests", "write_note", "write_views",
]
