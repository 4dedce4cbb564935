"""Who may do what with activities, sessions and people. Registered when the app is ready."""

from wagtail.permissions import register_permission_policy

from everhall.editions.policies import LiveAware, ReachPolicy, SharedPolicy
from everhall.programme.models import Activity, Equipment, Person, Session, TravelTime


def register() -> None:
    register_permission_policy(Activity, ReachPolicy(Activity))
    register_permission_policy(
        Session,
        LiveAware(
            Session, venue="activity__venue", edition="edition", live="activity__live",
            # Directors put sessions into running orders.
            attach=("add", "direct"),
        ),
    )
    register_permission_policy(
        Person, SharedPolicy(Person, places=("appearances__session__activity__venue",))
    )
    register_permission_policy(Equipment, ReachPolicy(Equipment, edition="venue__edition"))
    register_permission_policy(TravelTime, ReachPolicy(TravelTime, venue="one", edition="one__edition"))
