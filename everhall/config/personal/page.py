"""What we keep of people, told to them: from the very declarations that the job deletes by.

In: the active language. Out: parts for a page, each with what, what for and until when; the same as a table for the documentation. What must
stay true: nothing that is declared is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from everhall.config.personal import candidates, register, words

#: Apps by what people do there, in the order in which they meet it.
PARTS: Final = (
    (gettext_lazy("When you have an account"), ("accounts", "account", "mfa", "sessions")),
    (gettext_lazy("When you plan your week"), ("myweek",)),
    (gettext_lazy("When you register and come"), ("registration", "checkin")),
    (gettext_lazy("When you look at exhibits, ask, or give your card"), ("visits", "tours")),
    (gettext_lazy("When you take part in a session"), ("audience", "feedback")),
    (gettext_lazy("When we write to you"), ("post", "notices")),
    (gettext_lazy("When you speak, or hand something in"), ("programme", "proposals", "calls", "media", "office")),
    (gettext_lazy("When you work for the week"), ("editions", "live", "wagtailcore", "wagtailadmin", "wagtailusers", "wagtaildocs", "wagtailimages")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """`what`: kinds of rows; `why`: what for; `until`: by which rule it goes."""

    what: str
    why: tuple[str, ...]
    until: str


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    rows: tuple[Row, ...]


def told() -> list[Part]:
    """In the active language."""
    known = {app for _title, apps in PARTS for app in apps}
    found = list(candidates.personal())
    others = sorted({one.model._meta.app_label for one in found} - known)
    parts = [(str(title), apps) for title, apps in PARTS] + ([(_("Besides"), tuple(others))] if others else [])
    made = [Part(title, tuple(rows_of(one for one in found if one.model._meta.app_label in apps))) for title, apps in parts]
    return [part for part in made if part.rows]


def rows_of(declared: Iterable[candidates.Declared]) -> list[Row]:
    """One row for each rule of a part."""
    what: dict[str, dict[str, None]] = {}
    why: dict[str, dict[str, None]] = {}
    for one in declared:
        what.setdefault(one.rule, {})[what_of(one)] = None
        why.setdefault(one.rule, {})[_(one.purpose)] = None
    return [Row(_(", ").join(what[rule]), tuple(why[rule]), str(register.RULES[rule].words)) for rule in what]


def what_of(one: candidates.Declared) -> str:
    """The kind of row, as people call it."""
    return str(words.KINDS.get(one.model._meta.label, force_str(one.model._meta.verbose_name)))


def reference() -> str:
    """The table of `docs/reference/personal-data.md`: every field, by model."""
    with override("en"):
        lines = ["| field | what for | until when |", "| --- | --- | --- |"]
        lines += [
            f"| `{one.model._meta.label}.{one.field}` | {one.purpose} | `{one.rule}` |"
            for one in sorted(candidates.personal(), key=lambda one: (one.model._meta.label, one.field))
        ]
        lines += ["", "| rule | until when | job |", "| --- | --- | --- |"]
        lines += [f"| `{rule.name}` | {rule.words} | {rule.job or 'none'} |" for rule in register.RULES.values()]
    return "\n".join(lines) + "\n"
