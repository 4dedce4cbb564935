"""What stands beside an exhibit: the heart and the share button; questions and answers; the two forms.

The same for everybody: what somebody keeps is asked for by the page afterwards (`visits.asgi`), and forms work without a script.
"""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from everhall.editions.beside import Beside
from everhall.engines.qr import code_of
from everhall.exhibition.citing import ark_of
from everhall.exhibition.linked import absolute
from everhall.exhibition.models import Placement
from everhall.visits import queries, wording


@dataclass(frozen=True, slots=True)
class Answered:
    """A question that stands on the page by both sides' wish, without a name."""

    pk: int
    text: str
    answer: str
    language: str
    answered_at: dt.datetime
    is_sample: bool


def exhibit_tools(placement: Placement, _now: dt.datetime) -> Beside:
    """For `exhibition.beside.exhibits`: keep it, share it."""
    page = reverse("exhibition:exhibit", args=[placement.edition.code, placement.exhibit.code])
    # The printed and shared code is the identifier where there is one: it leads here even years later.
    ark = ark_of(placement)
    share = absolute(f"/{ark}" if ark else page)
    context = {"share_address": absolute(page), "share_code": code_of(share), "share_lasting": share}
    return Beside("visits/parts/tools.html", context, head="visits/parts/head.html", slot="tools")


def exhibit_questions(placement: Placement, _now: dt.datetime) -> Beside | None:
    """For `exhibition.beside.exhibits`: what was asked and answered, and the forms. In one query."""
    exhibit = placement.exhibit
    tags = (f"questions-{exhibit.pk}",)
    rows = [
        Answered(pk, text, answer, language, answered_at, is_sample)
        for pk, text, answer, language, answered_at, _edition, is_sample in queries.public_questions(exhibit)
    ]
    if exhibit.organisation_id is None and not rows:
        return None
    text = wording.question_text(placement)
    context = {
        "answered_questions": rows, "consent_text": text, "consent_mark": wording.mark_of(text), "values": {},
        "may_ask": exhibit.organisation_id is not None,
    }
    return Beside("visits/parts/questions.html", context, json_ld=questions_json_ld(rows), tags=tags)


def questions_json_ld(rows: list[Answered]) -> dict[str, object]:
    """schema.org: comments with their answers, as far as there are any."""
    if not rows:
        return {}
    return {
        "comment": [
            {"@type": "Question", "text": one.text, "acceptedAnswer": {"@type": "Answer", "text": one.answer}} for one in rows[:10]
        ]
    }
