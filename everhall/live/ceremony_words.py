"""Words of ceremonies: states, checklists, refusals, what directors do; for templates and scripts, in the language of
whoever looks. English texts of scripts are their own names; {name} stands for what the script puts there."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from everhall.engines import ceremony_commands as commands
from everhall.engines.ceremony_commands import Refused

CONTEXT: Final = "ceremony"

STATES: Final[Mapping[str, Any]] = {
    "drafted": pgettext_lazy("ceremony", "drafted"),
    "rehearsing": pgettext_lazy("ceremony", "rehearsing"),
    "arming": pgettext_lazy("ceremony", "arming"),
    "armed": pgettext_lazy("ceremony", "armed"),
    "counting": pgettext_lazy("ceremony", "counting"),
    "launched": pgettext_lazy("ceremony", "launched"),
    "held": pgettext_lazy("ceremony", "held"),
    "aborted": pgettext_lazy("ceremony", "aborted"),
}
ITEMS: Final[Mapping[str, Any]] = {
    "feed": pgettext_lazy("ceremony", "Feed is good"),
    "picture": pgettext_lazy("ceremony", "Picture is seen"),
    "sound": pgettext_lazy("ceremony", "Sound is heard"),
    "stage": pgettext_lazy("ceremony", "Stage is ready"),
}
REFUSALS: Final[Mapping[str, Any]] = {
    "changed": gettext_lazy("%(who)s was faster. It is now: %(state)s."),
    "state": gettext_lazy("This cannot be done now. It is: %(state)s."),
    "launched": gettext_lazy("It has launched."),
    "sealed": gettext_lazy("T0 is too near: nothing can be taken back any more."),
    "not-ready": gettext_lazy("Not ready yet: %(about)s."),
    "no-parties": gettext_lazy("No venue takes part yet."),
    "unknown-party": gettext_lazy("This venue does not take part."),
    "party-exists": gettext_lazy("This venue takes part already."),
    "unknown-item": gettext_lazy("There is no such item."),
    "unfinished": gettext_lazy("Not checked yet: %(about)s."),
    "long-reason": gettext_lazy("The reason is too long."),
    "no-rehearsal": gettext_lazy("There is no rehearsal."),
    "t0": gettext_lazy("Give seconds ahead, or a time."),
    "too-soon": gettext_lazy("T0 must be at least 10 seconds ahead."),
    "too-far": gettext_lazy("T0 must be within a week."),
}


def refused_words(refused: Refused, names: Mapping[str, str]) -> str:
    """A refusal in the active language. `names`: of venues, by key."""
    about = refused.about
    values = {
        "who": (about[0] if about else "") or "–",
        "state": STATES.get(about[-1] if about else "", "–"),
        "about": ", ".join(str(names.get(one) or ITEMS.get(one) or one) for one in about),
    }
    return str(REFUSALS.get(refused.code, refused.words)) % values


#: Verb of a director's form -> what the button says, where it is allowed; the rest is asked by the engine.
VERBS: Final[Mapping[str, tuple[Any, frozenset[Any]]]] = {
    "rehearse": (pgettext_lazy("ceremony", "Rehearse"), commands.Rehearse.states),
    "arm": (pgettext_lazy("ceremony", "Open the checklists"), commands.Arm.states),
    "confirm": (pgettext_lazy("ceremony", "Arm"), commands.ConfirmArmed.states),
    "count": (pgettext_lazy("ceremony", "Count down"), commands.Count.states),
    "resume": (pgettext_lazy("ceremony", "Count again"), commands.Resume.states),
    "hold": (pgettext_lazy("ceremony", "Hold"), commands.Hold.states),
    "abort": (pgettext_lazy("ceremony", "Abort"), commands.Abort.states),
    "reopen": (pgettext_lazy("ceremony", "Begin anew"), commands.Reopen.states),
}

#: Kind of event -> what the log says; %(party)s, %(item)s, %(reason)s, %(t0)s.
LOGGED: Final[Mapping[str, Any]] = {
    "PartyAdded": pgettext_lazy("ceremony", "%(party)s takes part"),
    "PartyRemoved": pgettext_lazy("ceremony", "%(party)s no longer takes part"),
    "PolicySet": pgettext_lazy("ceremony", "%(party)s: required or optional changed"),
    "PartiesShown": pgettext_lazy("ceremony", "Whether the public sees the venues changed"),
    "PartyDropped": pgettext_lazy("ceremony", "%(party)s has dropped out"),
    "PartyReturned": pgettext_lazy("ceremony", "%(party)s is back"),
    "ItemChecked": pgettext_lazy("ceremony", "%(party)s checked: %(item)s"),
    "ItemUnchecked": pgettext_lazy("ceremony", "%(party)s unchecked: %(item)s"),
    "GoGiven": pgettext_lazy("ceremony", "%(party)s: go"),
    "NoGoGiven": pgettext_lazy("ceremony", "%(party)s: no-go %(reason)s"),
    "RehearsalBegan": pgettext_lazy("ceremony", "Rehearsal began"),
    "RehearsalEnded": pgettext_lazy("ceremony", "Rehearsal ended"),
    "ArmingBegan": pgettext_lazy("ceremony", "Checklists opened"),
    "Armed": pgettext_lazy("ceremony", "Armed by the director"),
    "Disarmed": pgettext_lazy("ceremony", "No longer armed: %(party)s %(reason)s"),
    "CountBegan": pgettext_lazy("ceremony", "Count began, T0 %(t0)s"),
    "Held": pgettext_lazy("ceremony", "Held: %(party)s %(reason)s"),
    "CountResumed": pgettext_lazy("ceremony", "Count resumed, T0 %(t0)s"),
    "Launched": pgettext_lazy("ceremony", "Launched at %(t0)s"),
    "Aborted": pgettext_lazy("ceremony", "Aborted %(reason)s"),
    "Reopened": pgettext_lazy("ceremony", "Begun anew"),
}

DESK = (
    "away", "go", "no-go", "no answer", "Connected", "by polls", "No connection",
    "clock good to {error} ms", "clock not known yet", "optional", "required", "away since {time}",
    "by {name}, {time}", "This was not done: the connection is lost. Try again.", "T0 {time}",
    "{ready} of {all} required venues are ready", "Stopped: {party} {reason}", "Sealed: nothing can be taken back.",
)


def desk_words() -> dict[str, str]:
    """With the labels of states."""
    found = {text: pgettext(CONTEXT, text) for text in DESK}
    return found | {f"state:{name}": str(word) for name, word in STATES.items()}
