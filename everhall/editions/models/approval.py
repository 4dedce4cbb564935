"""Steps of the workflow: the venue's organiser approves, then the nation's where the venue asks for it.

Wagtail's own tasks approve by group; a group knows no venue. These ask whoever may publish at the venue
of the thing itself (`venue_of`), so that Beijing's organiser never sees Zhengzhou's drafts.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision, Task, TaskState

from everhall.editions import rules
from everhall.editions.models.appointment import Appointment


def venue_of(thing: Any) -> Any:
    """The venue whose team answers for a thing: an exhibit's steward, an activity's venue.

    Asked of the row in the database, never of the draft in hand: an editor who writes another venue into
    a draft does not thereby choose another judge.
    """
    if thing.pk is not None:
        thing = type(thing)._default_manager.filter(pk=thing.pk).first() or thing
    return getattr(thing, "steward", None) or getattr(thing, "venue", None)


def edition_of(thing: Any) -> Any:
    """The edition of something that belongs to no venue: an editorial page."""
    thing = getattr(thing, "specific", thing)
    return getattr(thing, "edition", None)


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


def holds_role_in(user: Any, roles: set[str], edition: Any) -> bool:
    """Whether the user holds one of `roles` in the edition as a whole."""
    if user is None or not user.is_active:
        return False
    if user.is_superuser:
        return True
    return edition is not None and Appointment.objects.filter(
        user=user, role__in=roles, edition=edition, venue__isnull=True
    ).exists()


class ApprovalByRole(Task):
    """Common to both steps: who may look, lock and decide."""

    approvers: set[str] = set()

    class Meta:
        abstract = True

    def may_decide(self, obj: Any, user: Any) -> bool:
        venue = venue_of(obj)
        if venue is not None:
            return holds_role(user, self.approvers, venue)
        return holds_role_in(user, self.approvers, edition_of(obj))

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

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> Any:
        # Wagtail checks the object of the address, but acts on the task state of the address: without
        # this, who may approve one exhibit could approve any by writing its task state there.
        if not self.may_decide(task_state.workflow_state.content_object, user):
            raise PermissionDenied
        if action_name == "approve":
            self.take_own_wording(task_state, user)
        return super().on_action(task_state, user, action_name, **kwargs)

    def take_own_wording(self, task_state: Any, user: Any) -> None:
        """Approving in the editor saves first. That last revision is the approver's own: it is what they
        approve, and must not call them to approve again (WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT)."""
        thing = task_state.workflow_state.content_object
        latest = Revision.objects.for_instance(thing).order_by("-created_at", "-pk").first()
        if latest is not None and latest.pk != task_state.revision_id and latest.user_id == user.pk:
            task_state.revision = latest
            task_state.save(update_fields=["revision"])

    def recipients(self, thing: Any) -> QuerySet[Any]:
        """Who is told that something waits."""
        venue, edition = venue_of(thing), edition_of(thing)
        where = Q(appointments__venue__isnull=True)
        if venue is not None:
            above = [int(part) for part in venue.path.split("/") if part]
            where |= Q(appointments__venue_id__in=above)
            edition = venue.edition
        return get_user_model()._default_manager.filter(
            where, is_active=True, appointments__edition=edition,
            appointments__role__in=self.approvers,
        ).distinct()

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        states = TaskState.objects.filter(
            status=TaskState.STATUS_IN_PROGRESS, task=self.task_ptr
        ).select_related("revision", "workflow_state")
        waiting = ((s.pk, s.workflow_state.content_object) for s in states)
        mine = [pk for pk, thing in waiting if thing is not None and self.may_decide(thing, user)]
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
        venue = venue_of(workflow_state.content_object)
        if venue is None or venue.needs_national_approval:
            return super().start(workflow_state, user=user)
        # Passed over, not approved: nobody has approved it, and the log must not say so. The caller
        # (`WorkflowState.update`) goes on when it sees a state that is not in progress.
        passed = self.get_task_state_class()(
            workflow_state=workflow_state, task=self, status=TaskState.STATUS_SKIPPED,
            revision=workflow_state.content_object.get_latest_revision(),
            finished_at=timezone.now(),
        )
        passed.save()
        return passed

    @classmethod
    def get_description(cls) -> Any:
        return _("The national organiser approves, where the venue's setting asks for it.")
