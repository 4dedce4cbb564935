"""Events and ceremonies as they are kept and sent: JSON-able values, and back.

In: what json.loads gave, from a log, a bus or a key-value store. Out: events and ceremonies. Must stay true: what is
written comes back equal; what is not exactly of that shape is a ValueError, and never half a ceremony.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Final, Literal, cast, get_args, get_origin

from everhall.engines.ceremony import Ceremony
from everhall.engines.ceremony_events import EVENTS, Event

KINDS: Final[Mapping[str, type[Event]]] = {kind.__name__: kind for kind in EVENTS}
#: Of a number; JSON knows integers that no float can hold, and Python reads NaN.
LARGEST: Final = 1e300


def to_json(event: Event) -> dict[str, Any]:
    """`kind`, `by`, `at` (seconds UTC), and what the kind has of its own."""
    return {"kind": type(event).__name__, **asdict(event)}


def from_json(data: object) -> Event:
    """The event that `to_json` wrote; ValueError for anything else."""
    if not isinstance(data, Mapping):
        raise ValueError("an event is an object")
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError(f"there is no such kind of event: {kind!r:.80}")
    return cast("Event", _read({k: v for k, v in data.items() if k != "kind"}, KINDS[kind]))


def from_state_json(data: object) -> Ceremony:
    """The ceremony that `ceremony.state_json` wrote; ValueError for anything else."""
    return cast("Ceremony", _read(data, Ceremony))


def _read(value: Any, wanted: Any) -> Any:
    if isinstance(wanted, type) and is_dataclass(wanted):
        return _read_fields(value, wanted)
    if isinstance(wanted, UnionType):  # all of ours are "something or None"
        something = next(one for one in get_args(wanted) if one is not NoneType)
        return None if value is None else _read(value, something)
    if get_origin(wanted) is tuple and isinstance(value, list | tuple):
        return tuple(_read(one, get_args(wanted)[0]) for one in value)
    if not _fits(value, wanted):
        raise ValueError(f"not {wanted}: {value!r:.80}")
    # JavaScript writes 3.0 as 3.
    return float(value) if wanted is float else value


def _read_fields(value: Any, wanted: type) -> Any:
    known = fields(wanted)
    if not isinstance(value, Mapping) or value.keys() != {f.name for f in known}:
        raise ValueError(f"not the fields of {wanted.__name__}: {value!r:.80}")
    return wanted(**{f.name: _read(value[f.name], f.type) for f in known})


def _fits(value: Any, wanted: Any) -> bool:
    if get_origin(wanted) is Literal:
        return isinstance(value, str) and value in get_args(wanted)
    if wanted is float:
        return type(value) in (int, float) and abs(value) < LARGEST
    return type(value) is wanted
