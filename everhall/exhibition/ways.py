"""Ways to look at the same exhibits: as a list, on the plan, by walking. They share the part of the address that narrows them, so that
who changes from one to another sees the same rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from everhall.editions.models import Edition

#: code -> (name, icon, view). A further way of this app is one line here.
WAYS: Final[dict[str, tuple[Any, str, str]]] = {
    "list": (_("List"), "list", "exhibition:list"),
    "plan": (_("Plan"), "map", "exhibition:plan"),
    "scene": (_("Free walk"), "walk", "exhibition:walks"),
}
#: Ways of apps above, which this one does not know.
_further: Final[dict[str, tuple[Any, str, str]]] = {}
#: What belongs to one way only and is not taken along.
OWN: Final = ("page", "booth", "from", "to", "at")


def also(code: str, name: Any, icon: str, view: str) -> None:
    """A further way, from an app above. Only config/wiring.py calls it."""
    _further[code] = (name, icon, view)


@dataclass(frozen=True, slots=True)
class Way:
    """One way as the page offers it."""

    code: str
    name: str
    icon: str
    address: str
    is_current: bool


def kept(asked: QueryDict, without: Iterable[str] = OWN) -> str:
    """The query that all ways share, with its question mark; "" where nothing narrows."""
    rest = asked.copy()
    for name in without:
        rest.pop(name, None)
    text = rest.urlencode()
    return f"?{text}" if text else ""


def ways_of(edition: Edition, current: str, asked: QueryDict) -> list[Way]:
    query = kept(asked)
    return [
        Way(code, str(name), icon, reverse(view, args=[edition.code]) + query, code == current)
        for code, (name, icon, view) in (WAYS | _further).items()
    ]
