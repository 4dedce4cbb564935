"""Registrations as sheets: for the host (who comes, what they answered) and for the door (with real names).

In: an admission. Out: headers and rows. What must stay true: no cell is taken for a formula; real names are in the door's
sheet only; nobody who has ended their registration is in it.
"""

from collections.abc import Iterator
from typing import Any

from everhall.registration import rules
from everhall.registration.models import Admission, Registration

Row = list[Any]
KINDS = ("list", "door")
HEAD = ["number", "state", "name", "email", "way", "ticket", "organisation", "group", "seats", "companions", "registered_at", "came_at", "by_hand", "sample"]


def headers(admission: Admission, kind: str) -> list[str]:
    if kind == "door":
        return ["number", "name", "real_name", "document", "way", "ticket", "group", "seats", "companions", "came_at"]
    return [*HEAD, *(f"? {question.text_zh}" for question in admission.questions.all())]


def rows(admission: Admission, kind: str) -> Iterator[Row]:
    """In the order of arrival."""
    found = Registration.objects.filter(admission=admission).select_related("ticket", "organisation", "real_name")
    found = found.prefetch_related("companions", "answers").order_by("number")
    if kind == "door":
        found = found.filter(state=rules.CONFIRMED)
    questions = [question.pk for question in admission.questions.all()]
    for row in found.iterator(1000):
        yield [told(cell) for cell in (door(row) if kind == "door" else listed(row, questions))]


def listed(row: Registration, questions: list[int]) -> Row:
    answers = {answer.question_id: answer.text for answer in row.answers.all()}
    return [
        row.number, row.state, row.name, row.email, row.way, row.ticket and row.ticket.name_zh,
        row.organisation and row.organisation.name_zh, row.group_name, row.seats, companions(row), row.registered_at,
        row.came_at, "yes" if row.by_hand else "", "yes" if row.is_sample else "", *(answers.get(pk, "") for pk in questions),
    ]  # fmt: skip


def door(row: Registration) -> Row:
    real = getattr(row, "real_name", None)
    return [
        row.number, row.name, real.name if real else "", real.document if real else "", row.way, row.ticket and row.ticket.name_zh,
        row.group_name, row.seats, companions(row), row.came_at,
    ]  # fmt: skip


def companions(row: Registration) -> str:
    return "; ".join(one.name for one in row.companions.all())


def told(cell: Any) -> Any:
    if cell is None:
        return ""
    if hasattr(cell, "isoformat"):
        return str(cell.isoformat(timespec="seconds"))
    return cell if isinstance(cell, int) else rules.harmless(str(cell))
