"""Tours with their stops, tours that visitors made, groups that walk together, and the screens of halls."""

from everhall.tours.models.made import MadeStop, MadeTour
from everhall.tours.models.screen import Kiosk, Sighting
from everhall.tours.models.tour import Audience, Stop, Tour
from everhall.tours.models.walk import Followers, GroupWalk

__all__ = [
    "Audience", "Followers", "GroupWalk", "Kiosk", "MadeStop", "MadeTour", "Sighting", "Stop", "Tour",
]  # fmt: skip
