"""Exhibits, their places and fields in the desk."""

from typing import Any

from django import forms
from django.db.models import Prefetch, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
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
from wagtail.log_actions import log
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSetGroup

from everhall.editions.admin_base import DeskViewSet, address_of
from everhall.editions.forms import ReachForm
from everhall.editions.viewsets import chosen, may_change, pair
from everhall.exhibition import services
from everhall.exhibition.forms import ExhibitForm, PlacementForm
from everhall.exhibition.models import Exhibit, Field, Placement


class PlacesPanel(Panel):
    """Where the exhibit stands, edition by edition, with links to move it."""

    class BoundPanel(Panel.BoundPanel):
        def is_shown(self) -> bool:
            return bool(self.instance.pk) and super().is_shown()

        def render_html(self, parent_context: Any = None) -> Any:
            user = self.request.user
            places = Placement.objects.filter(exhibit_id=self.instance.pk).select_related(
                "venue", "edition", "zone__hall"
            )
            rows = format_html_join("", "<li>{}</li>", ((self.row(user, p),) for p in places))
            return format_html("<ul>{}</ul>", rows) if rows else _now("Not placed in any edition.")

        def row(self, user: Any, place: Placement) -> Any:
            text = " · ".join(
                filter(None, [place.edition.code, place.venue.name, str(place.zone or ""), place.booth])
            )
            if not may_change(user, place):
                return text
            url = address_of(Placement, "edit", place.pk)
            return format_html('<a href="{}">{}</a>', url, text)


class ExhibitCreate(CreateView):
    """A new exhibit gets its place at once."""

    def save_instance(self) -> Any:
        exhibit = super().save_instance()
        services.place_exhibit(exhibit, exhibit.steward)
        return exhibit


def chinese_or_english(language: str) -> list[Any]:
    return [FieldPanel(f"{name}_{language}") for name in ("name", "summary", "text")]


class ExhibitViewSet(DeskViewSet):
    model = Exhibit
    icon = "pick"
    add_view_class = ExhibitCreate
    list_display = [
        "name_zh", "code", "steward", "organisation", LiveStatusTagColumn(),
        BooleanColumn("is_sample", label=_("sample")), UpdatedAtColumn(),
    ]
    list_filter = ["steward", "maturity", "fields", "live", "is_sample"]
    search_fields = ["code", "name_zh", "name_en", "summary_zh", "summary_en", "organisation__name_zh"]
    inspect_view_fields = [
        "code", "name_zh", "name_en", "summary_zh", "summary_en", "organisation", "steward",
        "maturity", "presentation", "seeks",
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [FieldRowPanel([FieldPanel("code"), chosen("steward")]), *chinese_or_english("zh")],
                heading=_("Chinese"),
            ),
            ObjectList(chinese_or_english("en"), heading=_("English")),
            ObjectList(
                [
                    FieldPanel("organisation"),
                    FieldPanel("fields", widget=forms.CheckboxSelectMultiple),
                    FieldRowPanel([FieldPanel("maturity"), FieldPanel("is_sample")]),
                    FieldRowPanel([FieldPanel("presentation"), FieldPanel("seeks")]),
                    MultiFieldPanel([PlacesPanel()], heading=_("Places")),
                ],
                heading=_("Facts"),
            ),
            ObjectList(
                [
                    InlinePanel(
                        "pictures", label=_("picture"), heading=_("Pictures"),
                        help_text=_("The first is the cover."),
                        panels=[FieldPanel("picture"), pair("caption")],
                    ),
                    InlinePanel(
                        "attachments", label=_("attachment"), heading=_("Videos and documents"),
                        panels=[FieldPanel("attachment")],
                    ),
                ],
                heading=_("Pictures and files"),
            ),
            ObjectList(
                [FieldPanel("embargo_until"), FieldPanel("opens_with_launch"), PublishingPanel()],
                heading=_("Publishing"),
            ),
        ],
        base_form_class=ExhibitForm,
    )

    def along(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("steward__edition", "organisation", "latest_revision").prefetch_related(
            Prefetch("placements", Placement.objects.select_related("venue", "zone"))
        )


class Placing:
    """A placement is written by the service, so that the venue that answers for the exhibit follows."""

    form: Any
    request: Any

    def save_instance(self) -> Any:
        new = self.form.instance.pk is None
        asked = self.form.save(commit=False)
        placement = services.place_exhibit(
            asked.exhibit, asked.venue, zone=asked.zone, booth=asked.booth, order=asked.order
        )
        log(
            instance=placement, action="wagtail.create" if new else "wagtail.edit",
            user=self.request.user, content_changed=self.form.has_changed(),
        )
        return placement


class PlacementCreate(Placing, CreateView):
    pass


class PlacementEdit(Placing, EditView):
    pass


class PlacementViewSet(DeskViewSet):
    model = Placement
    icon = "thumbtack"
    add_view_class = PlacementCreate
    edit_view_class = PlacementEdit
    ordering = ["-edition__starts_on", "venue__path", "zone__order", "order"]
    list_display = [
        Column("exhibit", label=_("exhibit")), "edition", "venue", "zone", "booth", "order",
        UpdatedAtColumn(),
    ]
    list_filter = ["edition", "venue", "zone"]
    search_fields = ["booth", "exhibit__code", "exhibit__name_zh", "exhibit__name_en"]
    edit_handler = ObjectList(
        [
            FieldPanel("exhibit"), chosen("venue"), chosen("zone"),
            FieldRowPanel([FieldPanel("booth"), FieldPanel("order")]),
        ],
        base_form_class=PlacementForm,
    )

    def along(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("exhibit", "edition", "venue__edition", "zone")


class FieldViewSet(DeskViewSet):
    model = Field
    icon = "tag"
    list_display = ["name_zh", "name_en", "code", "order", "hue"]
    search_fields = ["code", "name_zh", "name_en"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("code"), FieldPanel("order"), FieldPanel("hue")]), pair("name"),
        ],
        base_form_class=ReachForm,
    )


class ExhibitionGroup(SnippetViewSetGroup):
    menu_label = _("Cloud exhibition")
    menu_name = "everhall-exhibition"
    menu_icon = "pick"
    menu_order = 210
    items = (ExhibitViewSet, PlacementViewSet, FieldViewSet)
