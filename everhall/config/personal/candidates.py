"""Which fields may hold something of a person, and what is declared of each.

In: models. Out: for each field that could, its declaration, or that there is none (`undeclared`; a test says so). Two sorts of fields: *telling*
ones (an address, a link to somebody, a name that speaks of a person) must be declared one by one; *plain* words may be declared all at once
(`"*"`, or a whole model in `others.THINGS`), because most of them are about things. What must stay true: a new telling field is never
covered by what somebody said before it was there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db import models

from everhall.accounts.models import User
from everhall.audience.models import Guest
from everhall.config.personal import others
from everhall.notices.models import Subscription
from everhall.visits.models import Device, Visitor

#: A link to one of these says whose a row is.
SOMEBODY: Final = (User, Visitor, Device, Guest, Subscription)
#: Parts of names of fields that speak of a person, or of what lets somebody in.
TELLING: Final = frozenset({
    "email", "mail", "phone", "name", "author", "giver", "document", "password", "token", "ip", "agent", "endpoint", "remark", "comment",
    "note", "words", "answer", "person", "birth", "address",
})  # fmt: skip
WORDS: Final = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
#: Columns of one language are content, which has one for each.
LANGUAGES: Final = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Declared:
    """`purpose` and `rule` of a personal field; both "" and `reason` for one that is of nobody."""

    model: type[models.Model]
    field: str
    purpose: str = ""
    rule: str = ""
    reason: str = ""


def all_models() -> list[type[models.Model]]:
    """Every table but those that only join two."""
    return [model for model in apps.get_models() if not model._meta.proxy]


def is_telling(field: Any) -> bool:
    """Whether it must be declared by its name."""
    if field.is_relation:
        return bool(field.related_model and issubclass(field.related_model, SOMEBODY))
    if isinstance(field, models.EmailField | models.GenericIPAddressField):
        return True
    parts = field.name.split("_")
    return is_plain(field) and parts[-1] not in LANGUAGES and not TELLING.isdisjoint(parts)


def is_plain(field: Any) -> bool:
    """Whether it can hold words at all."""
    return isinstance(field, WORDS) and not isinstance(field, models.SlugField) and not field.choices


def fields_of(model: type[models.Model]) -> list[Any]:
    """Those that could be of a person."""
    return [field for field in model._meta.local_fields if is_telling(field) or is_plain(field)]


def declaration_of(model: type[models.Model], field: Any) -> Declared | None:
    """What is said of it; None where nothing is."""
    label, name = model._meta.label, field.name
    personal = {**others.PERSONAL.get(label, {}), **model.__dict__.get("PERSONAL", {})}
    if name in personal:
        return Declared(model, name, *personal[name])
    if name in others.INHERITED and field.is_relation:
        return Declared(model, name, *others.INHERITED[name])
    nobody = {**others.THINGS.get(label, {}), **model.__dict__.get("NOT_PERSONAL", {})}
    if name in nobody:
        return Declared(model, name, reason=nobody[name])
    if not is_telling(field) and "*" in nobody:
        return Declared(model, name, reason=nobody["*"])
    return None


def undeclared() -> list[str]:
    """Fields of which nobody has said whether they are personal."""
    return [
        f"{model._meta.label}.{field.name}" for model in all_models() for field in fields_of(model) if declaration_of(model, field) is None
    ]


def personal() -> Iterator[Declared]:
    """Every personal field with its purpose and rule; also those whose type alone would not say so, such as a moment."""
    for model in all_models():
        named = {**others.PERSONAL.get(model._meta.label, {}), **model.__dict__.get("PERSONAL", {})}
        seen = set(named)
        yield from (Declared(model, name, *said) for name, said in named.items())
        for field in fields_of(model):
            found = declaration_of(model, field)
            if found is not None and found.rule and field.name not in seen:
                yield found


def unknown() -> list[str]:
    """Declarations of fields that are not there."""
    wrong = [label for label in (*others.PERSONAL, *others.THINGS) if not known(label)]
    for model in all_models():
        said = {
            **others.PERSONAL.get(model._meta.label, {}), **model.__dict__.get("PERSONAL", {}), **others.THINGS.get(model._meta.label, {}),
            **model.__dict__.get("NOT_PERSONAL", {}),
        }  # fmt: skip
        names = {field.name for field in model._meta.get_fields()} | {"*"}
        wrong += [f"{model._meta.label}.{name}" for name in said if name not in names]
    return wrong


def known(label: str) -> bool:
    """Whether there is such a model; `others.NOT_EVERYWHERE` are there on one database only."""
    return label in others.NOT_EVERYWHERE or any(model._meta.label == label for model in all_models())
