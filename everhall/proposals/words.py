"""What the fields of a proposal are called, and what their keys mean, in the reader's language."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from everhall.programme.models import Kind, Mode
from everhall.proposals import rules

#: Name -> label, help.
FIELDS: Final[Mapping[str, tuple[Any, Any]]] = {
    "kind": (gettext_lazy("kind"), ""),
    "name_zh": (gettext_lazy("name (Chinese)"), ""),
    "name_en": (gettext_lazy("name (English)"), ""),
    "summary_zh": (gettext_lazy("summary (Chinese)"), gettext_lazy("In one or two sentences: stands in lists.")),
    "summary_en": (gettext_lazy("summary (English)"), ""),
    "purpose_zh": (gettext_lazy("purpose and course (Chinese)"), gettext_lazy("What for, and what happens. An empty line begins a paragraph. If it is accepted, this is the text of its page.")),
    "purpose_en": (gettext_lazy("purpose and course (English)"), ""),
    "audience_zh": (gettext_lazy("for whom (Chinese)"), gettext_lazy("Such as: young people who found firms.")),
    "audience_en": (gettext_lazy("for whom (English)"), ""),
    "mode": (gettext_lazy("mode"), ""),
    "relay": (gettext_lazy("wished relay"), ""),
    "minutes": (gettext_lazy("length in minutes"), ""),
    "wish1": (gettext_lazy("first wished time"), gettext_lazy("On the venue's clock, within the week.")),
    "wish2": (gettext_lazy("second wished time"), ""),
    "wish3": (gettext_lazy("third wished time"), ""),
    "seats": (gettext_lazy("seats on site"), gettext_lazy("How many people you count on.")),
    "equipment": (gettext_lazy("needed on the stage"), ""),
    "needs": (gettext_lazy("what else is needed"), ""),
    "alt_zh": (gettext_lazy("what the picture shows (Chinese)"), gettext_lazy("For those who do not see it.")),
    "alt_en": (gettext_lazy("what the picture shows (English)"), ""),
}
OF_SPEAKER: Final = {
    "name_zh": gettext_lazy("name (Chinese)"), "name_en": gettext_lazy("name (English)"),
    "title_zh": gettext_lazy("post and organisation (Chinese)"), "title_en": gettext_lazy("post and organisation (English)"),
}
RELAYS: Final = {
    "none": pgettext_lazy("wished relay", "none"), "live": pgettext_lazy("wished relay", "live"),
    "recorded": pgettext_lazy("wished relay", "as a recording"),
}
EQUIPMENT: Final = {
    "screen": pgettext_lazy("equipment", "large screen"), "projector": pgettext_lazy("equipment", "projector"),
    "microphones": pgettext_lazy("equipment", "microphones"), "interpretation": pgettext_lazy("equipment", "interpretation"),
    "captions": pgettext_lazy("equipment", "live captions"), "network": pgettext_lazy("equipment", "cable network"),
    "power": pgettext_lazy("equipment", "power at the seats"), "tables": pgettext_lazy("equipment", "tables"),
}
WRONG: Final = {
    "long": gettext_lazy("At most %(limit)s letters."), "number": gettext_lazy("Write a whole number from %(least)s to %(limit)s."),
    "moment": gettext_lazy("Write the moment as a date and a time."), "choice": gettext_lazy("Choose one of those that are offered."),
}


def label_of(name: str) -> str:
    """With the number of the speaker, where it is one's."""
    if name in FIELDS:
        return str(FIELDS[name][0])
    speaker, _dot, column = name.partition(".")
    return _("Speaker %(n)s") % {"n": speaker[1:]} + " · " + str(OF_SPEAKER[column])


def choices_of(spec: rules.Spec) -> tuple[tuple[str, Any], ...]:
    known: Mapping[str, Any] = {
        "kind": dict(Kind.choices), "mode": dict(Mode.choices), "relay": RELAYS, "equipment": EQUIPMENT,
    }.get(spec.name, {})
    return tuple((key, known[key]) for key in spec.choices)


def said(name: str, value: rules.Value) -> str:
    """A value as people read it."""
    names = {key: str(label) for key, label in choices_of(rules.SPECS[name])}
    joint = "、" if (get_language() or "").startswith("zh") else ", "
    if isinstance(value, tuple):
        return joint.join(names.get(one, one) for one in value)
    if rules.SPECS[name].shape == "moment":
        return value.replace("T", " ")
    return names.get(value, value)


def wrong_words(wrong: rules.Wrong) -> str:
    return str(WRONG[wrong.code]) % {"limit": wrong.spec.limit, "least": wrong.spec.least}


def missing_words(one: rules.Missing, week: rules.Week) -> str:
    label = label_of(one.name)
    if one.code == "outside":
        return _("The %(field)s lies outside the week (%(first)s to %(last)s on the venue's clock).") % {
            "field": label, "first": week.first, "last": week.last,
        }  # fmt: skip
    if one.code == "late":
        return _("The %(field)s would end after the last day of the week.") % {"field": label}
    if one.code == "skipped":
        return _("The %(field)s does not happen: the venue's clocks are put forward over it. Choose another one.") % {"field": label}
    if one.code == "seats":
        return _("Say how many seats are needed on site.")
    return _("Fill in: %(field)s.") % {"field": label}
