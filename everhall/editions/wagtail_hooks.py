"""Editions, venues, appointments, organisations and the audit log in the desk."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.actions.delete import DeleteAction
from wagtail.admin.mail import BaseGroupApprovalTaskStateEmailNotifier
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.documents.wagtail_hooks import DocumentsSummaryItem
from wagtail.images.wagtail_hooks import ImagesSummaryItem
from wagtail.models import TaskState
from wagtail.signals import task_submitted
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.models import register_snippet

from everhall.editions import (
    admin_views,
    audit,
    log_words,
    services,
    wagtail_imports,  # noqa: F401 - registers the pages of imports
)
from everhall.editions.admin_base import fit_action_menu
from everhall.editions.models import Appointment, Edition
from everhall.editions.models.approval import ApprovalByRole
from everhall.editions.viewsets import OrganisationViewSet, VenuesGroup

register_snippet(VenuesGroup)
register_snippet(OrganisationViewSet)
hooks.register("construct_snippet_action_menu", fit_action_menu)


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [
        path("audit/", admin_views.audit_log, name="everhall_audit"),
        path("editions/<int:edition_id>/state/", admin_views.edition_state, name="everhall_edition_state"),
        path("editions/<int:edition_id>/clone/", admin_views.edition_clone, name="everhall_edition_clone"),
    ]


class AuditItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return audit.may_audit(request.user)


@hooks.register("register_admin_menu_item")
def audit_item() -> MenuItem:
    return AuditItem(
        _("Audit log"), reverse("everhall_audit"), name="everhall-audit", icon_name="history", order=280
    )


#: As in `log_words`.
LOGGED = {
    "everhall.appoint": (_("Appoint"), _("Appointed %(user)s as %(role)s")),
    "everhall.dismiss": (_("Dismiss"), _("Dismissed %(user)s as %(role)s")),
    "everhall.import": (_("Import"), _("Imported a sheet")),
    "everhall.undo_import": (_("Undo import"), _("Took an import back")),
    "everhall.members": (_("Change members"), _("Changed who belongs to the organisation")),
    "everhall.invited": (_("Invite"), _("Invited %(email)s to the organisation")),
    "everhall.member_joined": (_("Join an organisation"), _("%(user)s accepted an invitation")),
    "everhall.member_left": (_("Leave an organisation"), _("%(user)s no longer belongs to the organisation")),
    "everhall.member_role": (_("Change members"), _("%(user)s has another role in the organisation")),
    "everhall.state": (_("Change state"), _("Changed the state from %(before)s to %(after)s")),
}


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    log_words.register(actions, LOGGED, readable)


def readable(data: dict[str, Any]) -> dict[str, Any]:
    if data.get("role") in Appointment.Role.values:
        data["role"] = Appointment.Role(data["role"]).label
    for state in ("before", "after"):
        if data.get(state) in Edition.State.values:
            data[state] = Edition.State(data[state]).label
    return data


@hooks.register("register_bulk_action", order=1000)
class DeleteWithinReach(DeleteBulkAction):
    """Takes the place of Wagtail's: the registry keeps the last of one name. Wagtail's page names what it
    will not delete, which here lies out of reach; and it deletes in bulk, without log and news."""

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Any) -> Any:
        return model._default_manager.filter(pk__in=[pk for pk in object_ids if str(pk).isdecimal()])

    def get_actionable_objects(self) -> Any:
        objects, _without = super().get_actionable_objects()
        return objects, {"items_with_no_access": []}

    @classmethod
    def execute_action(cls, objects: Any, user: Any = None, **kwargs: Any) -> tuple[int, int]:
        request = kwargs["self"].request
        count = 0
        for thing in objects:
            try:
                with transaction.atomic():
                    remove(thing, request.user)
                count += 1
            except ProtectedError:
                messages.error(request, gettext("“%(thing)s” is in use and stays.") % {"thing": thing})
        return count, 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> Any:
        return super().get_success_message(num_parent_objects, 0) if num_parent_objects else None


def remove(thing: Any, user: Any) -> None:
    if isinstance(thing, Appointment):
        services.dismiss(thing, by=user)
    else:
        DeleteAction(thing, user=user).execute(skip_permission_checks=True)


class MyVenues(Component):
    """Where the reader holds which role."""

    name, order = "everhall_venues", 100
    template_name = "editions/desk/my_venues.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        user = parent_context["request"].user
        roles = Appointment.objects.filter(user=user).select_related("venue", "edition")
        return {"roles": list(roles.order_by("-edition__starts_on", "venue__path"))}


@hooks.register("construct_homepage_panels")
def home_panels(request: Any, panels: list[Any]) -> None:
    panels.append(MyVenues())


@hooks.register("construct_homepage_summary_items", order=1000)
def without_counts_of_files(request: Any, items: list[Any]) -> None:
    """Wagtail counts the pictures that somebody may change: "0 pictures" above a full exhibition misleads."""
    items[:] = [item for item in items if not isinstance(item, ImagesSummaryItem | DocumentsSummaryItem)]


class ApprovalMail(BaseGroupApprovalTaskStateEmailNotifier):
    """Wagtail's mail "something waits for you", to those who may decide, each in their own language."""

    notification = "submitted"

    def can_handle(self, instance: Any, **kwargs: Any) -> bool:
        return isinstance(instance, TaskState) and isinstance(instance.task.specific, ApprovalByRole)

    def get_recipient_users(self, task_state: Any, **kwargs: Any) -> Any:
        task = task_state.task.specific
        who = task.recipients(task_state.workflow_state.content_object)
        user = kwargs.get("user")
        return who.exclude(pk=user.pk) if user else who

    def get_template_base_prefix(self, instance: Any, **kwargs: Any) -> str:
        return "task_state_"


tell_approvers = ApprovalMail()
task_submitted.connect(tell_approvers, dispatch_uid="everhall_approval_mail")
