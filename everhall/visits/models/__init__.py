"""Who visits, what they keep, ask and agree to, and letters on their way."""

from everhall.visits.models.agreed import Consent, Contact
from everhall.visits.models.figures import ExhibitViews
from everhall.visits.models.kept import Device, Favourite, Visitor
from everhall.visits.models.post import PostWish
from everhall.visits.models.questions import ExhibitQuestion, WordList

__all__ = [
    "Consent", "Contact", "Device", "ExhibitQuestion", "ExhibitViews", "Favourite", "PostWish", "Visitor", "WordList",
]
