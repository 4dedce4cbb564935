"""The words to which somebody agrees. The very text is kept with the consent; a form tells by a mark which text it showed."""

import hashlib

from django.utils.translation import gettext as _

from everhall.exhibition.models import Placement
from everhall.visits import rules


def question_text(placement: Placement) -> str:
    """For a question, in the active language."""
    return _(
        "I agree that my name and my question are passed on to %(organisation)s, who will answer. The answer comes to my e-mail"
        " address, which is not passed on. Name, address and question are deleted after %(days)s days. I can withdraw this at any time."
    ) % {"organisation": exhibitor(placement), "days": rules.QUESTION_KEPT.days}


def contact_text(placement: Placement) -> str:
    """For an exchange of contacts, in the active language."""
    return _(
        "I agree that my name, organisation, e-mail address, telephone number and remark, as I fill them in, are passed on to"
        " %(organisation)s, who may use them to get in touch with me about “%(exhibit)s”, for one year at most. I can withdraw"
        " this at any time; %(organisation)s then no longer sees them and is told to delete them."
    ) % {"organisation": exhibitor(placement), "exhibit": placement.exhibit.name}


def exhibitor(placement: Placement) -> str:
    found = placement.exhibit.organisation
    return str(found.name) if found is not None else ""


def mark_of(text: str) -> str:
    """So that a form can say which text it showed."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
