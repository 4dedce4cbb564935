"""What moderators did, in the audit log: told of the edition, with the venue, so that the venue's organiser reads it too."""

from collections.abc import Mapping
from typing import Any

from wagtail.log_actions import log

from everhall.audience.models import Guest
from everhall.audience.places import Place


def note(place: Place, verb: str, by: Any, about: str = "") -> None:
    """`verb` as on the desk; `about`: how many, who or what. In the transaction in which it was done."""
    data = {"venue": place.venue.code, "label": str(place.name), "about": about}
    log(instance=place.edition, action=f"everhall.talk_{verb.replace('-', '_')}", user=by, data=data)


def about_of(body: Mapping[str, Any], answer: Mapping[str, Any]) -> str:
    """Of a verb's body and answer: a number of messages, the name of a person, the names of settings, a question's new
    stage. Texts are not in the log: what was said can be deleted, a log cannot."""
    if "count" in answer:
        return str(answer["count"])
    if "who" in body:
        return Guest.objects.filter(key=body["who"]).values_list("name", flat=True).first() or ""
    if "values" in body:
        return ", ".join(sorted(body["values"]))
    return str(body.get("stage", ""))
