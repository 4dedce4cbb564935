"""Editions, venues with their parts, appointments and organisations in the desk."""

from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
)
from wagtail.admin.ui.tables import BooleanColumn, Column, UpdatedAtColumn
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views.snippets import (
    CreateView,
    DeleteView,
    EditView,
    SnippetViewSetGroup,
)

from everhall.accounts.models import Organisation
from everhall.accounts.queries import open_invitations
from everhall.editions import services
from everhall.editions.admin_base import DeskViewSet
from everhall.editions.forms import (
    AppointmentForm,
    OrganisationForm,
    PartForm,
    ReachForm,
    VenueForm,
)
from everhall.editions.models import Appointment, Edition, Hall, Stage, Venue, Zone
from everhall.editions.policies import policy_of


def pair(name: str) -> FieldRowPanel:
    """The same text in both languages, side by side."""
    return FieldRowPanel([FieldPanel(f"{name}_zh"), FieldPanel(f"{name}_en")])


def chosen(name: str) -> FieldPanel:
    """A plain list to choose from."""
    return FieldPanel(name, widget=forms.Select)


class EditionEdit(EditView):
    """With the ways to the edition's next state and to next year's edition."""

    @property
    def header_more_buttons(self) -> list[Any]:
        buttons = list(super().header_more_buttons)
        for name, label, icon in (
            ("everhall_edition_state", _("Change state"), "calendar-check"),
            ("everhall_edition_clone", _("Begin next year's edition"), "copy"),
        ):
            buttons.append(HeaderButton(label, url=reverse(name, args=[self.object.pk]), icon_name=icon))
        return buttons


class EditionViewSet(DeskViewSet):
    model = Edition
    icon = "calendar-alt"
    edit_view_class = EditionEdit
    list_display = ["name_zh", "code", "starts_on", "ends_on", "state", BooleanColumn("is_current", label=_("current edition")), UpdatedAtColumn()]
    search_fields = ["code", "name_zh", "name_en", "theme_zh", "theme_en"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("code", permission="superuser"), FieldPanel("year")]),
                    pair("name"), pair("theme"),
                    FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
                    pair("main_venue"),
                    FieldPanel("is_current", permission="superuser"),
                    FieldPanel("has_sample"),
                ],
                heading=_("Edition"),
            ),
            ObjectList(
                [
                    FieldRowPanel([
                        FieldPanel("primary_colour", widget=forms.TextInput(attrs={"type": "color"})),
                        FieldPanel("accent_colour", widget=forms.TextInput(attrs={"type": "color"})),
                    ]),
                    FieldPanel("logo"), FieldPanel("hero"),
                ],
                heading=_("Look"),
            ),
            ObjectList(
                [FieldPanel("figures"), FieldPanel("notes"), FieldPanel("sub_venues"), FieldPanel("sources")],
                heading=_("Facts and sources"),
            ),
        ],
        base_form_class=ReachForm,
    )



class VenueViewSet(DeskViewSet):
    model = Venue
    icon = "site"
    ordering = ["-edition__starts_on", "path"]
    list_filter = ["edition", "kind", "needs_national_approval"]
    search_fields = ["code", "name_zh", "name_en", "city_zh", "city_en"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    chosen("edition"), chosen("parent"),
                    FieldRowPanel([FieldPanel("code"), FieldPanel("kind"), FieldPanel("order")]),
                    pair("name"), pair("city"), pair("address"), pair("summary"),
                    FieldPanel("needs_national_approval"),
                ],
                heading=_("Venue"),
            ),
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("timezone"), FieldPanel("lat"), FieldPanel("lon")]),
                    FieldPanel("hosts"), FieldPanel("hero"), FieldPanel("is_sample"),
                ],
                heading=_("Place and hosts"),
            ),
        ],
        base_form_class=VenueForm,
    )
    list_display = ["name_zh", "code", "kind", "city_zh", "edition", BooleanColumn("needs_national_approval", label=_("national approval")), UpdatedAtColumn()]

    def along(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("edition")


class HallViewSet(DeskViewSet):
    model = Hall
    icon = "home"
    ordering = ["venue__path", "order", "code"]
    list_display = ["name_zh", "code", "venue", BooleanColumn("outdoor", label=_("outdoor")), UpdatedAtColumn()]
    list_filter = ["venue"]
    search_fields = ["code", "name_zh", "name_en"]
    edit_handler = ObjectList(
        [
            chosen("venue"), FieldRowPanel([FieldPanel("code"), FieldPanel("order")]), pair("name"),
            FieldPanel("outdoor"), FieldPanel("is_sample"),
        ],
        base_form_class=PartForm,
    )

    def along(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("venue__edition")


class ZoneViewSet(DeskViewSet):
    model = Zone
    icon = "grip"
    ordering = ["hall__venue__path", "hall__order", "order", "code"]
    list_display = [
        "name_zh", "code", "hall", Column("hall.venue", label=_("venue")),
        Column("exhibits", label=_("exhibits")), UpdatedAtColumn(),
    ]
    list_filter = ["hall"]
    search_fields = ["code", "name_zh", "name_en"]
    edit_handler = ObjectList(
        [
            chosen("hall"), FieldRowPanel([FieldPanel("code"), FieldPanel("order")]), pair("name"),
            pair("summary"), FieldPanel("is_sample"),
        ],
        base_form_class=PartForm,
    )

    def along(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("hall__venue__edition").annotate(exhibits=Count("placements"))


class StageViewSet(DeskViewSet):
    model = Stage
    icon = "media"
    ordering = ["venue__path", "order", "code"]
    list_display = ["name_zh", "code", "venue", "hall", "capacity", UpdatedAtColumn()]
    list_filter = ["venue"]
    search_fields = ["code", "name_zh", "name_en"]
    edit_handler = ObjectList(
        [
            chosen("venue"), chosen("hall"),
            FieldRowPanel([FieldPanel("code"), FieldPanel("order"), FieldPanel("capacity")]),
            pair("name"), FieldPanel("is_sample"),
        ],
        base_form_class=PartForm,
    )

    def along(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("venue__edition", "hall")


class Appoint(CreateView):
    """Through the service, which tells the log, opens the drawer of pictures and the editorial pages."""

    def save_instance(self) -> Any:
        asked = self.form.instance
        return services.appoint(
            asked.user, asked.role, asked.edition, asked.venue, by=self.request.user
        )


class Dismiss(DeleteView):
    def delete_action(self) -> None:
        services.dismiss(self.object, by=self.request.user)


class AppointmentViewSet(DeskViewSet):
    model = Appointment
    icon = "group"
    add_view_class = Appoint
    delete_view_class = Dismiss
    ordering = ["-edition__starts_on", "venue__path", "role"]
    list_display = ["user", "role", "venue", "edition"]
    list_filter = ["role", "venue", "edition"]
    search_fields = ["user__email", "user__name", "venue__name_zh", "venue__name_en"]
    edit_handler = ObjectList(
        [FieldPanel("email"), FieldPanel("role"), chosen("edition"), chosen("venue"), FieldPanel("is_sample")],
        base_form_class=AppointmentForm,
    )

    def along(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("user", "venue__edition", "edition")


class OpenInvitations(Panel):
    """Whom a mail has reached that was not accepted yet; for whoever may bring people in."""

    class BoundPanel(Panel.BoundPanel):
        def is_shown(self) -> bool:
            return bool(self.instance.pk and "invited" in self.form.fields) and super().is_shown()

        def render_html(self, parent_context: Any = None) -> Any:
            waiting = open_invitations(timezone.now()).filter(organisation=self.instance)
            rows = format_html_join(
                "", "<li>{} ({})</li>",
                ((one.email, date_format(timezone.localtime(one.expires_at), "SHORT_DATETIME_FORMAT")) for one in waiting),
            )
            return format_html("<p>{}</p><ul>{}</ul>", _("Open invitations, and until when:"), rows) if rows else ""


class OrganisationViewSet(DeskViewSet):
    model = Organisation
    icon = "clipboard-list"
    menu_label = _("Organisations")
    menu_order = 240
    add_to_admin_menu = True
    list_display = ["name_zh", "name_en", "code", "kind", BooleanColumn("is_sample", label=_("sample")), UpdatedAtColumn()]
    list_filter = ["kind", "is_sample"]
    search_fields = ["code", "name_zh", "name_en"]
    chooser_form_fields = ["code", "name_zh", "name_en", "kind"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("code"), FieldPanel("kind")]), pair("name"), pair("summary"),
            MultiFieldPanel([FieldPanel("website"), FieldPanel("is_sample")]),
            MultiFieldPanel(
                [FieldPanel("owners"), FieldPanel("members"), FieldPanel("invited"), OpenInvitations()],
                heading=_("Who belongs to it"),
            ),
        ],
        base_form_class=OrganisationForm,
    )


class VenuesGroup(SnippetViewSetGroup):
    menu_label = _("Venues")
    menu_name = "everhall-venues"
    menu_icon = "site"
    menu_order = 230
    items = (
        EditionViewSet, VenueViewSet, HallViewSet, ZoneViewSet, StageViewSet, AppointmentViewSet,
    )


def may_change(user: Any, row: Any) -> bool:
    return bool(policy_of(type(row)).user_has_permission_for_instance(user, "change", row))
