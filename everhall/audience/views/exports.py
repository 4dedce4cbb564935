"""Sheets (CSV) of what was said, asked and voted in a room. Who may: its moderators; others find nothing (404).

What must stay true: no cell is taken for a formula by a spreadsheet; names are those that people gave, accounts and
addresses are not told.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Sum
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from everhall.audience import queries, rules
from everhall.audience.models import Guest, Message, Poll, PollVote, Question, ReactionCount, Room

Row = list[Any]


def yes(row: Guest | Poll) -> str:
    """The cell that marks what the demo itself wrote, as in sheets of exhibits."""
    return "yes" if row.is_sample else ""


def chat(room: Room) -> Iterator[Row]:
    yield ["id", "said_at", "shown_at", "name", "who", "state", "text", "decided_at", "decided_by", "sample"]
    found = Message.objects.filter(room=room).select_related("guest", "decided_by").order_by("pk")
    for one in found.iterator(2000):
        yield [one.pk, one.said_at, one.shown_at, one.name, one.guest.key, one.state, one.text, one.decided_at, one.decided_by, yes(one.guest)]


def questions(room: Room) -> Iterator[Row]:
    yield ["id", "asked_at", "name", "who", "state", "votes", "text", "answer", "decided_at", "decided_by", "sample"]
    found = Question.objects.filter(room=room).select_related("guest", "decided_by").order_by("pk")
    for one in found.iterator(2000):
        yield [one.pk, one.asked_at, one.name, one.guest.key, one.state, one.votes, one.text, one.answer, one.decided_at, one.decided_by, yes(one.guest)]


def polls(room: Room) -> Iterator[Row]:
    """A line for each choice of each poll."""
    yield ["poll", "kind", "state", "opened_at", "closed_at", "text_zh", "text_en", "choice", "choice_zh", "choice_en", "votes", "voters", "sample"]
    for one in Poll.objects.filter(room=room).order_by("pk"):
        for number, (choice, count) in enumerate(zip(one.choices, one.counts, strict=True), 1):
            yield [
                one.pk, one.kind, one.state, one.opened_at, one.closed_at, one.text_zh, one.text_en, number,
                choice["zh"], choice["en"], count, one.voters, yes(one),
            ]  # fmt: skip


def votes(room: Room) -> Iterator[Row]:
    """A line for each person and poll."""
    yield ["poll", "who", "voted_at", "choices", "sample"]
    found = PollVote.objects.filter(poll__room=room).select_related("guest").order_by("pk")
    for one in found.iterator(2000):
        yield [one.poll_id, one.guest.key, one.voted_at, " ".join(str(each + 1) for each in one.choices), yes(one.guest)]


def reactions(room: Room) -> Iterator[Row]:
    yield ["minute", "reaction", "count"]
    rows = ReactionCount.objects.filter(room=room).values_list("minute", "kind")
    for row in rows.annotate(Sum("count")).order_by("minute", "kind"):
        yield list(row)


SHEETS: Mapping[str, Callable[[Room], Iterator[Row]]] = {
    "chat": chat, "questions": questions, "polls": polls, "votes": votes, "reactions": reactions,
}  # fmt: skip


class Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def cell(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat(timespec="seconds"))
    return str(value) if isinstance(value, int) else rules.harmless(str(value))


def lines(rows: Iterable[Row]) -> Iterator[str]:
    """With a mark at the beginning by which spreadsheets know UTF-8."""
    writer = csv.writer(Echo())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


@never_cache
@require_GET
def export(request: HttpRequest, room: int, kind: str) -> StreamingHttpResponse:
    found = queries.moderated(request.user, room, timezone.now())
    if found is None or kind not in SHEETS:
        raise Http404
    response = StreamingHttpResponse(lines(SHEETS[kind](found[0])), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found[1].code}-{kind}.csv"'
    return response
