"""Steps of the workflow: the venue's organiser approves, then the nation's where the venue asks for it.

Wagtail's own tasks approve by group; a group knows no venue. These ask whoever may publish at the venue
of the thing itself (`venue_of`), so that Beijing's organiser never sees Zhengzhou's drafts.
"""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Task, TaskState

from everhall.editions import rules
from everhall.editions.models.appointment import Appointment


def venue_of(thing: Any) -> Any:
    """The venue whose team answers for a thing: an exhibit's steward, an activity's venue."""
    return getattr(thing, "steward", None) or getattr(thing, "venue", None)


def holds_role(user: Any, roles: set[str], venue: Any) -> bool:
    """Whether the user holds one of `roles` at the venue, above it, or in its edition."""
    if user is None or not user.is_active:
        return False
    if user.is_superuser:
        return True
    if venue is None:
        return False
    above = [int(part) for part in venue.path.split("/") if part]
    return Appointment.objects.filter(
        Q(venue__isnull=True) | Q(venue_id__in=above),
        user=user, role__in=roles, edition_id=venue.edition_id,
    ).exists()


class ApprovalByRole(Task):
    """Common to both steps: who may look, lock and decide."""

    approvers: set[str] = set()

    class Meta:
        abstract = True

    def may_decide(self, obj: Any, user: Any) -> bool:
        return holds_role(user, self.approvers, venue_of(obj))

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return self.may_decide(obj, user)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        # While somebody reviews, the text holds still for everyone else.
        return not self.may_decide(obj, user)

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        return self.may_decide(obj, user)

    def user_can_unlock(self, obj: Any, user: Any) -> bool:
        return self.may_decide(obj, user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        if not self.may_decide(obj, user):
            return []
        return [
            ("reject", _("Request changes"), True),
            ("approve", _("Approve"), False),
            ("approve", _("Approve with comment"), True),
        ]

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        states = TaskState.objects.filter(
            status=TaskState.STATUS_IN_PROGRESS, task=self.task_ptr
        ).select_related("revision", "workflow_state")
        mine = [s.pk for s in states if self.may_decide(s.workflow_state.content_object, user)]
        return TaskState.objects.filter(pk__in=mine)


class VenueApproval(ApprovalByRole):
    """The organiser of the venue, or of one above it, approves."""

    approvers = {rules.VENUE_ORGANISER, rules.NATIONAL_ORGANISER}

    class Meta:
        verbose_name = _("approval by the venue")

    @classmethod
    def get_description(cls) -> Any:
        return _("The organiser of the venue approves.")


class NationalApproval(ApprovalByRole):
    """The national organiser approves; the step passes by itself where the venue does not ask for it."""

    approvers = {rules.NATIONAL_ORGANISER}

    class Meta:
        verbose_name = _("national approval")

    def start(self, workflow_state: Any, user: Any = None) -> Any:
        task_state = super().start(workflow_state, user=user)
        venue = venue_of(workflow_state.content_object)
        if venue is not None and not venue.needs_national_approval:
            return task_state.approve(user=user)
        return task_state

    @classmethod
    def get_description(cls) -> Any:
        return _("The national organiser approves, where the venue's setting asks for it.")
