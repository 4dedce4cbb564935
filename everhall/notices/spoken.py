"""Messages to one browser that are no notice: who writes them when they leave, and who else wants a browser to be told of something.

In: on the top floor, functions of apps above. Out: what the sender asks. What must stay true: what is sent is what is so at that moment, or it
is not sent; a browser that somebody wants to tell something is not forgotten.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from everhall.notices.models import Subscription


@dataclass(frozen=True, slots=True)
class Told:
    """What a browser shows. `tag`: a newer one takes the place of an older one (at most 32 letters of base64url); `urgency`: as RFC 8030
    has it; `until`: the real moment after which it is of no use; `stays`: until somebody touches it."""

    title: str
    body: str
    url: str
    tag: str
    urgency: str
    until: dt.datetime
    stays: bool = False


#: From what it is about, the language of the browser and the moment; None: it is not so any more, and is not sent.
Writer = Callable[[Mapping[str, Any], str, dt.datetime], Told | None]
#: What a browser is told of beside what it follows: names, as `following.names_of`.
Names = Callable[[Subscription], list[str]]
_writers: Final[dict[str, Writer]] = {}
_wants: Final[list[tuple[Names, Q]]] = []


def spoken_by(name: str, writer: Writer) -> None:
    """Who writes messages of this name. Called once, at start-up."""
    _writers[name] = writer


def wanted_by(names: Names, who: Q) -> None:
    """Who else tells browsers something: `who` are the rows of `Subscription`. Called once, at start-up."""
    if all(known is not names for known, _ in _wants):
        _wants.append((names, who))


def written(name: str, about: Mapping[str, Any], language: str, now: dt.datetime) -> Told | None:
    writer = _writers.get(name)
    return writer(about, language, now) if writer is not None else None


def more_names(row: Subscription) -> list[str]:
    return [name for names, _ in _wants for name in names(row)]


def wanted() -> Q:
    """Browsers that somebody else wants."""
    found = Q(pk__in=[])
    for _, who in _wants:
        found |= who
    return found
