"""Who may do what with exhibits, their places and fields. Registered when the app is ready, so that no
command or importer ever asks Wagtail's own, placeless policies."""

from typing import Any

from django.db.models import Q
from wagtail.permissions import register_permission_policy

from everhall.editions import queries
from everhall.editions.policies import LiveAware, NationalPolicy, ReachPolicy
from everhall.exhibition.models import Exhibit, Field, Placement, Scene


def own_exhibits(user: Any) -> Q:
    """Those of the user's organisations: what an exhibitor's role reaches."""
    return Q(organisation_id__in=queries.organisation_ids(user))


def register() -> None:
    register_permission_policy(
        Exhibit,
        ReachPolicy(Exhibit, venue="steward", edition="steward__edition", own=own_exhibits),
    )
    register_permission_policy(Placement, LiveAware(Placement, live="exhibit__live"))
    register_permission_policy(Scene, ReachPolicy(Scene, venue="hall__venue", edition="hall__venue__edition"))
    register_permission_policy(Field, NationalPolicy(Field))
