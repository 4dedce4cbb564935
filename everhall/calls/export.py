"""The submissions of a call as a workbook.

In: rows of the table as the user may see them. Out: XLSX. Must stay true: a cell is never taken for a formula; scores that the
table does not show are not in the file either; nobody's address is.
"""

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from everhall.calls import subjects
from everhall.calls.models import Answer, Call, Question
from everhall.calls.queries import questions_for
from everhall.calls.queries.table import Row
from everhall.engines.reviewing import Figures
from everhall.media.workbook_writing import write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def shown_value(question: Question, value: Any) -> Any:
    """An answer as people read it."""
    if value is None:
        return ""
    if question.kind == Question.Kind.YES_NO:
        return _("Yes") if value else _("No")
    english = (get_language() or "").startswith("en")
    names = {key: en or zh for key, zh, en in question.choices} if english else {}
    if isinstance(value, list):
        joint = ", " if english else "、"
        return joint.join(names.get(str(one), str(one)) for one in value)
    if question.kind == Question.Kind.NUMBER:
        return int(value) if float(value).is_integer() else value
    return names.get(str(value), value)


def as_workbook(user: Any, call: Call, rows: Sequence[Row]) -> HttpResponse:
    questions = questions_for(call, None)
    given: dict[int, dict[int, Any]] = defaultdict(dict)
    answers = Answer.objects.filter(submission__in=[row.submission.pk for row in rows])
    for submission, question, value in answers.values_list("submission_id", "question_id", "value"):
        given[submission][question] = value
    more, cells_of = ([], {}) if not subjects.known(call.kind) else subjects.kind_of(call.kind).columns(
        [(row.submission.subject_id, row.submission.subject_version) for row in rows]
    )  # fmt: skip
    headers = [
        _("Number"), _("Title"), _("Organisation"), _("Venue"), _("Fields"), _("State"), _("Round"), _("Handed in"),
        _("Reviews"), _("Mean"), _("Adjusted"), _("Spread"), _("Place"), *(question.text for question in questions), *more,
    ]

    def cells() -> Any:
        for row in rows:
            one, figures = row.submission, row.figures
            yield [
                one.public_id, one.title, one.organisation.name, one.venue.name, ", ".join(row.topics),
                one.get_state_display(), one.get_round_display(),
                timezone.localtime(one.submitted_at).strftime("%Y-%m-%d %H:%M") if one.submitted_at else "",
                f"{row.done}/{row.asked}", *means(figures),
                row.place or "",
                *(shown_value(question, given[one.pk].get(question.pk)) for question in questions),
                *cells_of.get(one.subject_id, [""] * len(more)),
            ]

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "submissions.xlsx"
        write_xlsx(path, "submissions", headers, cells())
        response = HttpResponse(path.read_bytes(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{call.edition.code}-{call.code}.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response


def means(figures: Figures | None) -> list[Any]:
    """Mean, adjusted, spread; empty where they are not for who asks."""
    if figures is None:
        return ["", "", ""]
    return [rounded(figures.mean), rounded(figures.adjusted), rounded(figures.spread)]


def rounded(value: float | None) -> Any:
    return "" if value is None else round(value, 1)
