"""Activities, sessions and people in the desk. Saving a session shows its clashes at once."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.admin.ui.tables import BooleanColumn, Column, LiveStatusTagColumn, UpdatedAtColumn
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSetGroup

from everhall.editions import queries as editions
from everhall.editions.admin_base import DeskViewSet, address_of
from everhall.editions.forms import ReachForm
from everhall.editions.viewsets import chosen, pair
from everhall.programme import clashes
from everhall.programme.forms import ActivityForm, SessionForm
from everhall.programme.models import Activity, Equipment, Person, Session, TravelTime


class SessionsPanel(Panel):
    """The sessions of the activity, with links, and one to add another."""

    class BoundPanel(Panel.BoundPanel):
        def is_shown(self) -> bool:
            return bool(self.instance.pk) and super().is_shown()

        def render_html(self, parent_context: Any = None) -> Any:
            sessions = Session.objects.filter(activity_id=self.instance.pk).select_related(
                "activity__venue", "stage__venue"
            )
            rows = format_html_join(
                "", "<li>{} · {} · {}</li>",
                ((clashes.link(s, True), s.stage or "", s.get_status_display()) for s in sessions),
            )
            add = address_of(Session, "add")
            return format_html(
                '<ul>{}</ul><p><a class="button button-small button-secondary" href="{}?activity={}">{}</a></p>',
                rows, add, self.instance.pk, _now("Add a session"),
            )


def chinese_or_english(language: str) -> list[Any]:
    return [FieldPanel(f"{name}_{language}") for name in ("name", "summary", "text")]


class ActivityViewSet(DeskViewSet):
    model = Activity
    icon = "calendar"
    list_display = [
        "name_zh", "code", "kind", "venue", BooleanColumn("relay", label=_("relayed")),
        LiveStatusTagColumn(), BooleanColumn("is_sample", label=_("sample")), UpdatedAtColumn(),
    ]
    list_filter = ["venue", "kind", "mode", "relay", "live"]
    search_fields = ["code", "name_zh", "name_en", "summary_zh", "summary_en"]
    inspect_view_fields = [
        "code", "kind", "name_zh", "name_en", "summary_zh", "summary_en", "venue", "mode", "relay",
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("code"), chosen("venue"), FieldPanel("kind")]),
                    *chinese_or_english("zh"),
                ],
                heading=_("Chinese"),
            ),
            ObjectList(chinese_or_english("en"), heading=_("English")),
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("mode"), FieldPanel("relay"), FieldPanel("is_sample")]),
                    FieldPanel("picture"),
                    InlinePanel(
                        "hosts", label=_("host"), heading=_("Hosts"),
                        help_text=_("The first is the lead."), panels=[FieldPanel("organisation")],
                    ),
                    MultiFieldPanel([SessionsPanel()], heading=_("Sessions")),
                ],
                heading=_("Facts"),
            ),
            ObjectList(
                [FieldPanel("embargo_until"), FieldPanel("opens_with_launch"), PublishingPanel()],
                heading=_("Publishing"),
            ),
        ],
        base_form_class=ActivityForm,
    )

    def along(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("venue__edition", "edition", "latest_revision")


class ShowingClashes:
    """Warns right after saving; a clash is allowed, because plans are made piece by piece."""

    request: Any
    object: Any

    def save_action(self) -> Any:
        response = super().save_action()  # type: ignore[misc]
        for told in clashes.clashes_for(self.request.user, self.object.edition, self.object.pk):
            tell = messages.warning if told.severe else messages.info
            tell(
                self.request, format_html("{}: {} / {}", told.what, told.first, told.second)
            )
        return response


class SessionCreate(ShowingClashes, CreateView):
    def get_initial(self) -> dict[str, Any]:
        activity = self.request.GET.get("activity", "")
        return {"activity": activity} if activity.isdecimal() else {}


class SessionEdit(ShowingClashes, EditView):
    pass


class LocalTimeColumn(Column):
    """A moment in the zone of the session's venue."""

    def get_value(self, instance: Any) -> str:
        zone = instance.activity.venue.zone_of_time
        return f"{getattr(instance, self.name).astimezone(zone):%Y-%m-%d %H:%M}"


class SessionViewSet(DeskViewSet):
    model = Session
    icon = "time"
    add_view_class = SessionCreate
    edit_view_class = SessionEdit
    ordering = ["starts_at", "pk"]
    list_display = [
        Column("name", label=_("Name")), Column("code", label=_("code")),
        LocalTimeColumn("starts_at", label=_("begins"), sort_key="starts_at"),
        LocalTimeColumn("ends_at", label=_("ends"), sort_key="ends_at"),
        Column("stage", label=_("stage")), "status", BooleanColumn("relay", label=_("relayed")),
        UpdatedAtColumn(),
    ]
    list_filter = ["activity__venue", "stage", "status", "mode", "relay"]
    search_fields = ["code", "name_zh", "name_en", "activity__name_zh", "activity__name_en"]
    edit_handler = ObjectList(
        [
            FieldPanel("activity"), FieldRowPanel([FieldPanel("code"), FieldPanel("status")]),
            pair("name"),
            FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
            FieldRowPanel([chosen("stage"), FieldPanel("mode"), FieldPanel("relay")]),
            InlinePanel(
                "speakers", label=_("speaker"), heading=_("Speakers"), panels=[FieldPanel("person")]
            ),
            InlinePanel(
                "needs", label=_("equipment"), heading=_("Equipment"),
                panels=[FieldRowPanel([FieldPanel("equipment"), FieldPanel("count")])],
            ),
            FieldPanel("is_sample"),
        ],
        base_form_class=SessionForm,
    )

    def along(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("activity__venue__edition", "stage__venue", "edition")


class PersonViewSet(DeskViewSet):
    model = Person
    icon = "user"
    list_display = [
        "name_zh", "name_en", "code", "title_zh", "organisation",
        BooleanColumn("is_sample", label=_("sample")), UpdatedAtColumn(),
    ]
    search_fields = ["code", "name_zh", "name_en", "title_zh", "title_en"]
    chooser_form_fields = ["code", "name_zh", "name_en", "title_zh", "title_en"]
    edit_handler = ObjectList(
        [
            FieldPanel("code"), pair("name"), pair("title"), FieldPanel("organisation"),
            FieldPanel("is_sample"),
        ],
        base_form_class=ReachForm,
    )

    def along(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("organisation")


class EquipmentViewSet(DeskViewSet):
    model = Equipment
    icon = "cog"
    list_display = ["name_zh", "code", "venue", "count"]
    list_filter = ["venue"]
    search_fields = ["code", "name_zh", "name_en"]
    edit_handler = ObjectList(
        [FieldRowPanel([chosen("venue"), FieldPanel("code"), FieldPanel("count")]), pair("name")], base_form_class=ReachForm
    )

    def along(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("venue__edition")


class TravelTimeViewSet(DeskViewSet):
    model = TravelTime
    icon = "arrow-right"
    list_display = ["one", "other", "minutes"]
    list_filter = ["one"]
    edit_handler = ObjectList(
        [FieldRowPanel([chosen("one"), chosen("other"), FieldPanel("minutes")])], base_form_class=ReachForm
    )

    def along(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("one__edition", "other")


class ClashesItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return editions.may_somewhere(request.user, "change")


class FollowItem(MenuItem):
    """For whoever publishes somewhere: what another platform says is published."""

    def is_shown(self, request: Any) -> bool:
        return editions.may_somewhere(request.user, "publish")


class ProgrammeGroup(SnippetViewSetGroup):
    menu_label = _("Programme")
    menu_name = "everhall-programme"
    menu_icon = "calendar"
    menu_order = 220
    items = (ActivityViewSet, SessionViewSet, PersonViewSet, EquipmentViewSet, TravelTimeViewSet)

    def get_submenu_items(self) -> list[Any]:
        items = super().get_submenu_items()
        items.insert(
            0, ClashesItem(_("Programme board"), reverse("programme_board_home"), name="everhall-board", icon_name="table", order=0)
        )
        items.append(
            ClashesItem(
                _("Clashes"), reverse("everhall_clashes"), name="everhall-clashes",
                icon_name="warning", order=len(items) + 1,
            )
        )
        items.append(
            ClashesItem(
                _("Versions"), reverse("everhall_versions"), name="everhall-versions", icon_name="history",
                order=len(items) + 1,
            )
        )
        items.append(
            FollowItem(
                _("Programmes of other platforms"), reverse("programme_follow"), name="everhall-follow", icon_name="link",
                order=len(items) + 1,
            )
        )
        return list(items)


