"""Who may do what with tours and screens: as with exhibits. Registered when the app is ready."""

from wagtail.permissions import register_permission_policy

from everhall.editions.policies import AS_PUBLISHING, ReachPolicy
from everhall.tours.models import Kiosk, Tour


def register() -> None:
    register_permission_policy(Tour, ReachPolicy(Tour))
    # What a screen shows is public at once.
    register_permission_policy(Kiosk, ReachPolicy(Kiosk, needs=AS_PUBLISHING))
