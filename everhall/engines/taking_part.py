"""What a page shows of a session's chat, questions, polls, reactions and viewers: old state and event give fresh state.

In: a state and an event as JSON has them (`tests/vectors/audience.json` has one of each kind). Out: a new state; what
came in is left alone. The twin for browsers is `audience/static/audience/states.js`, on the same vectors.

What must stay true: twice is once, and what was deleted does not come back, in whatever order both are heard; of
reactions, counts from several processes add up, each counted once, however often and late they are told.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

State = dict[str, Any]
Event = Mapping[str, Any]

#: Messages that a page keeps, and ids of deleted ones that it remembers.
MOST_MESSAGES: Final = 200
MOST_GONE: Final = 500
#: Where a question stands in the list: what is being answered first, what has been answered last.
STAGES: Final = ("answering", "open", "answered")


# ---------------------------------------------------------------- chat
def no_chat() -> State:
    """Nothing was said yet."""
    return {"messages": [], "gone": [], "muted": []}


def chat_after(state: State, event: Event) -> State:
    """Kinds: shown (`message`: id, who, name, text, at in milliseconds), deleted (`ids`), muted (`who`, `muted`)."""
    return CHAT[event["kind"]](state, event)


def _shown(state: State, event: Event) -> State:
    message = event["message"]
    if message["id"] in state["gone"]:
        return state
    others = [each for each in state["messages"] if each["id"] != message["id"]]
    messages = sorted([*others, dict(message)], key=lambda each: (each["at"], each["id"]))
    return {**state, "messages": messages[-MOST_MESSAGES:]}


def _deleted(state: State, event: Event) -> State:
    gone = [*state["gone"], *(each for each in event["ids"] if each not in state["gone"])]
    messages = [each for each in state["messages"] if each["id"] not in event["ids"]]
    return {**state, "messages": messages, "gone": gone[-MOST_GONE:]}


def _muted(state: State, event: Event) -> State:
    others = [each for each in state["muted"] if each != event["who"]]
    return {**state, "muted": [*others, event["who"]] if event["muted"] else others}


CHAT: Final[Mapping[str, Callable[[State, Event], State]]] = {
    "shown": _shown, "deleted": _deleted, "muted": _muted,
}  # fmt: skip


# ---------------------------------------------------------------- what has a version
def _all_of(state: State, message: Event, kinds: Mapping[str, Callable[[State, Event], State]]) -> State:
    """A message with a version carries the events of one transaction, in order."""
    for event in message["events"]:
        state = kinds[event["kind"]](state, event)
    return {**state, "version": message["version"]}


def _with(items: list[State], changed: int, **values: Any) -> list[State]:
    return [{**each, **values} if each["id"] == changed else each for each in items]


# ---------------------------------------------------------------- questions
def no_questions(version: int = 0) -> State:
    """Nobody has asked yet."""
    return {"version": version, "questions": []}


def in_order(questions: list[State]) -> list[State]:
    """Being answered, open, answered; in each those with most votes first, then the older."""
    return sorted(questions, key=lambda each: (STAGES.index(each["stage"]), -each["votes"], each["id"]))


def questions_after(state: State, message: Event) -> State:
    """`message`: version, events. Kinds: asked and approved (`question`: id, who, name, text, at, votes, stage, answer),
    voted (`votes`: id as text -> number), answering (`id`), answered (`id`, `answer`), reopened (`id`), hidden (`id`)."""
    return _all_of(state, message, QUESTIONS)


def _asked(state: State, event: Event) -> State:
    question = dict(event["question"])
    others = [each for each in state["questions"] if each["id"] != question["id"]]
    return {**state, "questions": in_order([*others, question])}


def _question_votes(state: State, event: Event) -> State:
    votes = event["votes"]
    told = [{**each, "votes": votes.get(str(each["id"]), each["votes"])} for each in state["questions"]]
    return {**state, "questions": in_order(told)}


def _answering(state: State, event: Event) -> State:
    # One is answered at a time: whoever goes on to the next is through with the last.
    done = [{**each, "stage": "answered"} if each["stage"] == "answering" else each for each in state["questions"]]
    return {**state, "questions": in_order(_with(done, event["id"], stage="answering"))}


def _answered(state: State, event: Event) -> State:
    found = _with(state["questions"], event["id"], stage="answered", answer=event["answer"])
    return {**state, "questions": in_order(found)}


def _reopened(state: State, event: Event) -> State:
    return {**state, "questions": in_order(_with(state["questions"], event["id"], stage="open"))}


def _hidden(state: State, event: Event) -> State:
    return {**state, "questions": [each for each in state["questions"] if each["id"] != event["id"]]}


QUESTIONS: Final[Mapping[str, Callable[[State, Event], State]]] = {
    "asked": _asked, "approved": _asked, "voted": _question_votes, "answering": _answering, "answered": _answered,
    "reopened": _reopened, "hidden": _hidden,
}  # fmt: skip


# ---------------------------------------------------------------- polls
def no_polls(version: int = 0) -> State:
    """No poll was opened yet."""
    return {"version": version, "polls": []}


def polls_after(state: State, message: Event) -> State:
    """`message`: version, events. Kinds: opened (`poll`: id, kind, text_zh, text_en, choices, stage, counts, voters),
    voted and closed (`id`, `counts`: a number for each choice, `voters`)."""
    return _all_of(state, message, POLLS)


def _opened(state: State, event: Event) -> State:
    poll = dict(event["poll"])
    others = [each for each in state["polls"] if each["id"] != poll["id"]]
    # The one that was opened last stands first.
    return {**state, "polls": [poll, *others]}


def _poll_votes(state: State, event: Event) -> State:
    found = _with(state["polls"], event["id"], counts=list(event["counts"]), voters=event["voters"])
    return {**state, "polls": found}


def _closed(state: State, event: Event) -> State:
    found = _with(state["polls"], event["id"], stage="closed", counts=list(event["counts"]), voters=event["voters"])
    return {**state, "polls": found}


POLLS: Final[Mapping[str, Callable[[State, Event], State]]] = {
    "opened": _opened, "voted": _poll_votes, "closed": _closed,
}  # fmt: skip


# ---------------------------------------------------------------- reactions, viewers
def no_reactions() -> State:
    """Nobody has reacted yet."""
    return {"by": {}, "counts": {}}


def reactions_after(state: State, event: Event) -> State:
    """Kind counted: `source`, the process that counted; `counts`, all it has counted since it began, by reaction. Each
    source only counts up, so the larger number is the newer one and sources add up."""
    before = state["by"].get(event["source"], {})
    counted = event["counts"]
    now = {kind: max(before.get(kind, 0), counted.get(kind, 0)) for kind in sorted({*before, *counted})}
    by = {**state["by"], event["source"]: now}
    kinds = sorted({kind for each in by.values() for kind in each})
    return {"by": by, "counts": {kind: sum(each.get(kind, 0) for each in by.values()) for kind in kinds}}


def no_viewers() -> State:
    """Nobody was counted yet."""
    return {"now": 0, "at": 0}


def viewers_after(state: State, event: Event) -> State:
    """Kind counted: `now`, how many; `at`, when (milliseconds since the epoch). What was counted earlier is passed over."""
    return state if event["at"] < state["at"] else {"now": event["now"], "at": event["at"]}


# ---------------------------------------------------------------- the moderator's desk
def no_desk(version: int = 0) -> State:
    """Nothing waits."""
    return {"version": version, "held": [], "reports": [], "waiting": [], "muted": []}


def desk_after(state: State, message: Event) -> State:
    """`message`: version, events. Kinds: put (`list`, `item` with an id), gone (`list`, `ids`)."""
    return _all_of(state, message, DESK)


def _put(state: State, event: Event) -> State:
    item, name = dict(event["item"]), event["list"]
    known = [each["id"] for each in state[name]]
    if item["id"] in known:
        return {**state, name: [item if each["id"] == item["id"] else each for each in state[name]]}
    return {**state, name: [*state[name], item]}


def _gone(state: State, event: Event) -> State:
    name = event["list"]
    return {**state, name: [each for each in state[name] if each["id"] not in event["ids"]]}


DESK: Final[Mapping[str, Callable[[State, Event], State]]] = {"put": _put, "gone": _gone}

#: Topic's kind -> what applies its news.
AFTER: Final[Mapping[str, Callable[[State, Event], State]]] = {
    "chat": chat_after, "questions": questions_after, "poll": polls_after, "reactions": reactions_after,
    "viewers": viewers_after, "desk": desk_after,
}  # fmt: skip
