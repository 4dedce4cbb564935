"""Who may do what with feeds, channels, recordings and uploads. Registered when the app is ready.

Directors change what runs (`direct`): feeds, channels with their running order. What comes into the world or
goes out of it asks for the right to publish. Recordings come from stages, not from forms; editors prepare them; once
they are public, changing them asks for the right to publish.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Q, QuerySet
from wagtail.permissions import register_permission_policy

from everhall.editions import queries as editions
from everhall.editions.policies import AS_PUBLISHING, ReachPolicy
from everhall.live.models import Channel, Feed, Recording, VideoUpload

RUN_BY_DIRECTORS: Final[Mapping[str, str]] = {"add": "publish", "change": "direct", "delete": "publish"}
ATTACH: Final = ("add", "direct")
NOTHING: Final = Q(pk__in=[])


class RecordingPolicy(ReachPolicy):
    """Like parts of something with drafts: the right to publish is asked for once it is published."""

    def reach_of(self, user: Any, action: str) -> Q:
        if action == "add":
            return NOTHING
        if action not in AS_PUBLISHING:
            return super().reach_of(user, action)
        unpublished = ~Q(state=Recording.State.PUBLISHED)
        return (self.here(user, action) & unpublished) | self.here(user, "publish")

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "add" and super().user_has_permission(user, action)

    def workable(self, user: Any) -> QuerySet[Any]:
        """What may be put on a channel: one's own, and what is published where one works."""
        own = super().workable(user).values("pk")
        here = {grant.edition_id for grant in editions.grants_of(user)}
        published = Q(state=Recording.State.PUBLISHED, edition_id__in=here)
        return self.model._default_manager.filter(Q(pk__in=own) | published)


class UploadPolicy(ReachPolicy):
    """Seen by the team of its venue; taken away by who brought it or may publish there; never changed."""

    def reach_of(self, user: Any, action: str) -> Q:
        if action == "change":
            return NOTHING
        if action == "delete":
            return self.here(user, "publish") | (self.here(user, "add") & Q(owner_id=user.pk))
        return super().reach_of(user, action)

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "change" and super().user_has_permission(user, action)


def register() -> None:
    for model in (Feed, Channel):
        register_permission_policy(model, ReachPolicy(model, needs=RUN_BY_DIRECTORS, attach=ATTACH))
    register_permission_policy(Recording, RecordingPolicy(Recording, attach=ATTACH))
    register_permission_policy(VideoUpload, UploadPolicy(VideoUpload, attach=ATTACH))
