"""What every part of the desk is made of: viewsets whose every view asks about the row it shows.

Wagtail's snippet views ask most of their questions of the model ("may this user publish exhibits?"), and
some ask none. Here each view of a viewset gets `InReach` in front: a row out of reach is 404 before any
view has looked at it, and the view's own questions are answered for that row (`policies.Bound`).
"""

from collections import Counter
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import Model, ProtectedError, QuerySet
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.log_actions import log
from wagtail.models import TaskState, WorkflowMixin
from wagtail.permissions import policy_registry
from wagtail.snippets.action_menu import PublishMenuItem, UnpublishMenuItem
from wagtail.snippets.views import chooser as chooser_views
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from everhall.editions import queries
from everhall.editions.finding import found
from everhall.editions.policies import VIEWING, Bound, choosable, policy_of


def address_of(model: Any, name: str, *args: Any) -> str:
    """The address of a page of the desk: `address_of(Edition, "edit", 3)`."""
    return reverse(model.snippet_viewset.get_url_name(name), args=args)


class InReach:
    """Stands before every view of a `DeskViewSet`."""

    model: Any
    request: Any
    row: Any = None

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        if "pk" in kwargs:
            self.row = self.row_in_reach(request.user, kwargs)
        super().setup(request, *args, **kwargs)  # type: ignore[misc]

    def row_in_reach(self, user: Any, kwargs: dict[str, Any]) -> Any:
        pk = unquote(str(kwargs["pk"]))
        row = self.model._default_manager.filter(pk=pk).first() if pk.isdecimal() else None
        if row is None or not policy_of(self.model).user_has_any_permission_for_instance(
            user, VIEWING, row
        ):
            raise Http404
        if "task_state_id" in kwargs:
            states = TaskState.objects.for_instance(row)
            if not states.filter(pk=kwargs["task_state_id"]).exists():
                raise Http404
        return row

    @cached_property
    def permission_policy(self) -> Any:
        policy = policy_of(self.model)
        return policy if self.row is None else Bound(policy, self.row)

    def form_valid(self, form: Any) -> Any:
        """Wagtail asks before deleting whether something refers to the thing, not to its parts (the sessions of an
        activity, of which there are recordings)."""
        if not hasattr(self, "delete_action"):
            return super().form_valid(form)  # type: ignore[misc]
        thing = self.object  # type: ignore[attr-defined]
        name = str(thing)
        try:
            with transaction.atomic():
                return super().form_valid(form)  # type: ignore[misc]
        except ProtectedError as refused:
            counted = Counter(type(one)._meta.verbose_name_plural for one in refused.protected_objects)
            by = ", ".join(f"{what} ({count})" for what, count in sorted(counted.items(), key=str))
            said = _("“%(thing)s” is in use and stays. It is used by: %(by)s.") % {"thing": name, "by": by}
            instead = getattr(self.model, "instead_of_deleting", "")
            messages.error(self.request, f"{said} {instead}".strip())
            return redirect(self.get_success_url())  # type: ignore[attr-defined]

    def publish_action(self) -> Any:
        """Asked once more when it is known where the thing stands: a new one stands nowhere before it is
        saved, and a draft may have been moved. Without the right there it stays a draft."""
        user, thing = self.request.user, self.object  # type: ignore[attr-defined]
        venue = getattr(thing, "venue", None) or getattr(thing, "steward", None)
        there = venue is None or queries.may_at(user, "publish", venue.edition_id, venue.path)
        if there and policy_of(self.model).user_has_permission_for_instance(user, "publish", thing):
            return super().publish_action()  # type: ignore[misc]
        self.action = "create" if self.view_name == "create" else "edit"  # type: ignore[attr-defined]
        messages.warning(self.request, _("Saved as a draft: you may not publish at this venue."))
        return None


class ReachFilterSet(WagtailFilterSet):
    """Filters offer only what lies within reach."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.request.user
        for one in self.filters.values():
            queryset = getattr(one, "queryset", None)
            if queryset is None:
                continue
            policy = policy_registry.get_by_type(queryset.model, fallback=False)
            if policy is not None:
                one.queryset = policy.instances_user_has_any_permission_for(user, ["view", "choose"])


class DeskIndex(IndexView):
    """A list with a search box that knows Chinese words."""

    base_filterset_class = ReachFilterSet

    def search_queryset(self, queryset: Any) -> Any:
        if not self.is_searching:
            return queryset
        return found(queryset, self.search_query, self.search_fields or ())


class ChooserFilter(BaseFilterForm):
    q = forms.CharField(
        label=_("Search term"), required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Search")}),
    )

    def filter(self, objects: Any) -> Any:
        text = self.cleaned_data.get("q")
        if not text:
            return objects
        self.is_searching, self.search_query = True, text
        fields = objects.model.snippet_viewset.search_fields or ()
        return found(objects, text, fields)


class Choosing:
    """Lists only what the user may choose."""

    filter_form_class = ChooserFilter
    model_class: Any
    request: Any

    def get_object_list(self) -> QuerySet[Any]:
        return choosable(self.model_class, self.request.user)


class Choose(Choosing, chooser_views.ChooseView):
    pass


class ChooseResults(Choosing, chooser_views.ChooseResultsView):
    pass


class Chosen(chooser_views.SnippetChosenView):
    def get_object(self, pk: str) -> Any:
        return choosable(self.model_class, self.request.user).get(pk=pk)


class ChosenMultiple(chooser_views.SnippetChosenMultipleView):
    def get_objects(self, pks: list[str]) -> Any:
        return choosable(self.model_class, self.request.user).filter(pk__in=pks)


class CreateInChooser(chooser_views.SnippetCreateView):
    """Only for kinds that have a short form; the log knows of it as of any other."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if self.get_creation_form_class() is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def save_form(self, form: Any) -> Any:
        made = form.save()
        log(instance=made, action="wagtail.create", user=self.request.user)
        return made


class DeskChooser(SnippetChooserViewSet):
    choose_view_class = Choose
    choose_results_view_class = ChooseResults
    chosen_view_class = Chosen
    chosen_multiple_view_class = ChosenMultiple
    create_view_class = CreateInChooser


class DeskViewSet(SnippetViewSet):
    """A kind of row as venue teams work on it."""

    index_view_class = DeskIndex
    chooser_viewset_class = DeskChooser
    #: A copy would take the code along; `clone_edition` and the importer are the ways to copy.
    copy_view_enabled = False
    inspect_view_enabled = True
    list_per_page = 30
    #: Short form in the chooser, for kinds that may be made in passing.
    chooser_form_fields: ClassVar[list[str] | None] = None

    def construct_view(self, view_class: Any, **kwargs: Any) -> Any:
        guarded = type(view_class.__name__, (InReach, view_class), {})
        return super().construct_view(guarded, **kwargs)

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        rows = policy_of(self.model).instances_user_has_any_permission_for(request.user, VIEWING)
        return self.along(rows)

    def along(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """What the list shows, fetched with the rows."""
        return rows

    @property
    def chooser_viewset(self) -> Any:
        return self.chooser_viewset_class(
            self.get_chooser_admin_url_namespace(),
            model=self.model,
            url_prefix=self.get_chooser_admin_base_path(),
            icon=self.icon,
            per_page=self.chooser_per_page,
            form_fields=self.chooser_form_fields,
        )


class Publish(PublishMenuItem):
    """Wagtail's button without Wagtail's question."""

    def is_shown(self, context: Any) -> bool:
        return True


class Unpublish(UnpublishMenuItem):
    def is_shown(self, context: Any) -> bool:
        return True


def fit_action_menu(menu_items: list[Any], request: Any, context: dict[str, Any]) -> None:
    """Hook: the buttons below an editor. Wagtail asks Django's permissions of the model; here the row's
    own place decides, so that nobody is offered what will not be done."""
    model: type[Model] = context["model"]
    if not isinstance(getattr(model, "snippet_viewset", None), DeskViewSet):
        return
    policy = policy_of(model)
    instance = context.get("instance")
    if instance is not None and instance.pk:
        may = policy.user_has_permission_for_instance(request.user, "publish", instance)
    else:
        may = policy.user_has_permission(request.user, "publish")
    menu_items[:] = [i for i in menu_items if i.name not in {"action-publish", "action-unpublish"}]
    if not may or not issubclass(model, WorkflowMixin) or context.get("locked_for_user"):
        return
    menu_items.append(Publish(order=30))
    if instance is not None and instance.live and context["view"] == "edit":
        menu_items.append(Unpublish(order=20))
    menu_items.sort(key=lambda item: item.order)
