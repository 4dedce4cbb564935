"""What consoles send, as commands of the engine. In: a verb, the fields of a form, who. Out: a command, or None for a
verb that is none; numbers that are none come to commands that the engine refuses."""

import datetime as dt
import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from everhall.editions.models import Edition
from everhall.engines import ceremony_commands as commands
from everhall.engines.ceremony_commands import Command

Fields = Mapping[str, Any]
Make = Callable[[str, int | None, Fields], Command]


def director_command(verb: str, fields: Fields, by: str, edition: Edition) -> Command | None:
    """Venues that do not stand in this edition take part in nothing: their code comes to an unknown party."""
    if verb == "add" and not edition.venues.filter(code=fields.get("party", "")).exists():
        return commands.RemoveParty(by, str(fields.get("party", ""))[:80])
    make = DIRECTOR.get(verb)
    return make(by, seen(fields), fields) if make else None


def operator_command(verb: str, fields: Fields, by: str, party: str) -> Command | None:
    make = OPERATOR.get(verb)
    return make(by, party, fields) if make else None


def seen(fields: Fields) -> int | None:
    """The version that was on the screen."""
    text = str(fields.get("expected", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def ahead(fields: Fields) -> float | None:
    text = str(fields.get("ahead", "")).strip()
    try:
        return float(text) if text else None
    except ValueError:
        return math.nan


def clock_time(fields: Fields) -> float | None:
    """`at`: what `<input type="datetime-local">` gives, on the clock of the site's zone of time; or an ISO moment."""
    text = str(fields.get("at", "")).strip()
    if not text:
        return None
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        return math.nan
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.get_current_timezone())
    return moment.astimezone(dt.UTC).timestamp()


def reason(fields: Fields) -> str:
    return " ".join(str(fields.get("reason", "")).split())


def party(fields: Fields) -> str:
    return str(fields.get("party", ""))[:80]


def flag(fields: Fields, name: str) -> bool:
    return str(fields.get(name, "")) in {"1", "on", "true"}


def count(kind: Any) -> Make:
    """A clock time, if one is given, and else seconds: a form sends both fields."""

    def make(by: str, expected: int | None, fields: Fields) -> Command:
        t0 = clock_time(fields)
        made: Command = kind(by, t0=t0, ahead=ahead(fields) if t0 is None else None, expected=expected)
        return made

    return make


DIRECTOR: Final[Mapping[str, Make]] = {
    "rehearse": lambda by, expected, _: commands.Rehearse(by, expected=expected),
    "end": lambda by, expected, _: commands.EndRehearsal(by, expected=expected),
    "arm": lambda by, expected, _: commands.Arm(by, expected=expected),
    "confirm": lambda by, expected, _: commands.ConfirmArmed(by, expected=expected),
    "count": count(commands.Count),
    "resume": count(commands.Resume),
    "hold": lambda by, expected, fields: commands.Hold(by, reason(fields), expected=expected),
    "abort": lambda by, expected, fields: commands.Abort(by, reason(fields), expected=expected),
    "reopen": lambda by, expected, _: commands.Reopen(by, expected=expected),
    "add": lambda by, _, fields: commands.AddParty(by, party(fields), flag(fields, "required")),
    "remove": lambda by, _, fields: commands.RemoveParty(by, party(fields)),
    "policy": lambda by, _, fields: commands.SetPolicy(by, party(fields), flag(fields, "required")),
    "show": lambda by, _, fields: commands.ShowParties(by, flag(fields, "shown")),
}
OPERATOR: Final[Mapping[str, Callable[[str, str, Fields], Command]]] = {
    "check": lambda by, key, fields: commands.CheckItem(by, key, fields.get("item", "")),
    "uncheck": lambda by, key, fields: commands.UncheckItem(by, key, fields.get("item", "")),
    "go": lambda by, key, _: commands.GiveGo(by, key),
    "no-go": lambda by, key, fields: commands.GiveNoGo(by, key, reason(fields)),
}
