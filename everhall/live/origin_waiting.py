"""Those who wait for what is not there yet: a playlist with the next part, the next part itself.

In: questions, each with somebody to call. Out: one answer for all who asked the same, made once; a refusal
for those who waited too long. What must stay true: everybody who waits is called exactly once; one question that cannot be
answered disturbs no other.
"""

import logging
from collections import deque
from collections.abc import Callable, Hashable
from typing import Final

from everhall.engines.hls.model import TARGET_DURATION
from everhall.live.origin_answers import BROKEN, TOO_LATE, Reply

log = logging.getLogger(__name__)

#: Seconds (RFC 8216bis §6.2.5.2: more than three target durations are not waited for).
PATIENCE: Final = 3.0 * TARGET_DURATION

Ask = Callable[[], Reply | None]
Call = Callable[[Reply], None]


class Question:
    """One thing that is waited for: how to find out, and whom to tell, in the order in which they came."""

    __slots__ = ("ask", "late", "waiting")

    def __init__(self, ask: Ask, late: Reply) -> None:
        self.ask = ask
        self.late = late
        self.waiting: deque[tuple[float, Call]] = deque()

    def answer(self) -> Reply | None:
        try:
            return self.ask()
        except Exception:
            log.exception("a question that was waited for cannot be answered")
            return BROKEN

    def tell(self, reply: Reply) -> None:
        for _, call in self.waiting:
            told(call, reply)


def told(call: Call, reply: Reply) -> None:
    """Tell one; a connection that fails must not keep the answer from the others."""
    try:
        call(reply)
    except Exception:
        log.exception("somebody who waited could not be told")


class Waiting:
    """See the module. Moments are those of a steady clock."""

    def __init__(self) -> None:
        self._questions: dict[Hashable, Question] = {}

    def __len__(self) -> int:
        return sum(len(question.waiting) for question in self._questions.values())

    def __bool__(self) -> bool:
        return bool(self._questions)

    def add(self, key: Hashable, ask: Ask, call: Call, now: float, late: Reply = TOO_LATE) -> None:
        """`call` once when `ask` has an answer, or with `late` after `PATIENCE`. Equal keys must mean equal answers."""
        question = self._questions.get(key)
        if question is None:
            question = self._questions[key] = Question(ask, late)
        question.waiting.append((now + PATIENCE, call))

    def wake(self) -> None:
        """Something changed: ask each question once more."""
        for key, question in list(self._questions.items()):
            reply = question.answer()
            if reply is not None:
                del self._questions[key]
                question.tell(reply)

    def give_up(self, now: float) -> None:
        """Tell those whose patience is at its end."""
        for key, question in list(self._questions.items()):
            waiting = question.waiting
            while waiting and waiting[0][0] <= now:
                told(waiting.popleft()[1], question.late)
            if not waiting:
                del self._questions[key]
