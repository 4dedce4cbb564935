"""What the office calls things: labels and helps of the form, what is missing, where an exhibit stands, steps."""

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from everhall.office.rules import Missing, Standing, Step

STEPS: Final[dict[str, Any]] = {
    Step.WHAT: gettext_lazy("What it is"),
    Step.TEXTS: gettext_lazy("Texts"),
    Step.MEDIA: gettext_lazy("Pictures and media"),
    Step.SEEKS: gettext_lazy("What it seeks"),
    Step.CHECK: gettext_lazy("Check and send"),
}

#: field -> (label, help)
FIELDS: Final[dict[str, tuple[Any, Any]]] = {
    "name_zh": (gettext_lazy("Name (Chinese)"), gettext_lazy("As it shall stand on the booth.")),
    "name_en": (gettext_lazy("Name (English)"), ""),
    "fields": (gettext_lazy("Fields of technology"), gettext_lazy("One or two by which visitors find it.")),
    "maturity": (gettext_lazy("Maturity"), ""),
    "presentation": (gettext_lazy("How it is shown"), ""),
    "summary_zh": (gettext_lazy("In one sentence (Chinese)"), gettext_lazy("It stands on the card of the exhibit.")),
    "summary_en": (gettext_lazy("In one sentence (English)"), ""),
    "text_zh": (gettext_lazy("Description (Chinese)"), gettext_lazy("What is it, what is new, who is it for? An empty line begins a paragraph; “- ” makes a list, “### ” a heading, **bold**.")),
    "text_en": (gettext_lazy("Description (English)"), gettext_lazy("The same in English; not word for word.")),
    "seeks": (gettext_lazy("It looks for"), gettext_lazy("Visitors narrow the exhibition by this. Choose only what you would answer for.")),
    "caption_zh": (gettext_lazy("Caption (Chinese)"), ""),
    "caption_en": (gettext_lazy("Caption (English)"), ""),
    "alt_zh": (gettext_lazy("What is to be seen (Chinese)"), gettext_lazy("For people who do not see it, and for search.")),
    "alt_en": (gettext_lazy("What is to be seen (English)"), ""),
    "title": (gettext_lazy("Title (Chinese)"), ""),
    "title_en": (gettext_lazy("Title (English)"), ""),
    "credit": (gettext_lazy("Who made it"), gettext_lazy("Photographer, studio, author.")),
    "licence": (gettext_lazy("Licence"), gettext_lazy("What others may do with it.")),
}

MISSING: Final[dict[str, Any]] = {
    "name_zh": gettext_lazy("It has no Chinese name yet."),
    "name_en": gettext_lazy("It has no English name yet."),
    "field": gettext_lazy("Choose a field of technology."),
    "presentation": gettext_lazy("Say how it is shown."),
    "summary_zh": gettext_lazy("The sentence in Chinese is missing."),
    "summary_en": gettext_lazy("The sentence in English is missing."),
    "text_zh": gettext_lazy("A description of 80 characters or more would help visitors (Chinese)."),
    "text_en": gettext_lazy("A description of 40 words or more would help visitors (English)."),
    "picture": gettext_lazy("It has no picture yet: the first one is its cover."),
    "alt": gettext_lazy("File %(number)s: say what is to be seen, in both languages."),
    "licence": gettext_lazy("File %(number)s has no licence."),
    "seeks": gettext_lazy("Nothing is said of what it looks for."),
}

STANDINGS: Final[dict[str, Any]] = {
    Standing.DRAFT: pgettext_lazy("standing", "Draft"),
    Standing.WAITING: pgettext_lazy("standing", "Waits for review"),
    Standing.CHANGES: pgettext_lazy("standing", "Changes asked for"),
    Standing.EMBARGOED: pgettext_lazy("standing", "Approved, not open yet"),
    Standing.PUBLIC: pgettext_lazy("standing", "Public"),
    Standing.PUBLIC_DRAFT: pgettext_lazy("standing", "Public; changes not sent"),
    Standing.WITHDRAWN: pgettext_lazy("standing", "Withdrawn"),
}

KINDS: Final[dict[str, Any]] = {
    "picture": gettext_lazy("Picture"), "model": gettext_lazy("3D model"), "board": gettext_lazy("Board"),
    "video": gettext_lazy("Video"), "audio": gettext_lazy("Sound"), "panorama": gettext_lazy("Panorama"),
    "turntable": gettext_lazy("Turntable of photos"), "document": gettext_lazy("Document"),
}


def lacking(one: Missing) -> str:
    text = str(MISSING[one.code])
    return text % {"number": one.number} if one.number else text


def left_words(count: int) -> str:
    return ngettext("%(n)s thing is still needed", "%(n)s things are still needed", count) % {"n": count}


def outcome(status: str) -> str:
    """What became of a step of the approval."""
    return {"rejected": _("Changes asked for"), "approved": _("Approved")}.get(status, "")
