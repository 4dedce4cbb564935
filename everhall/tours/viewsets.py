"""Tours with their stops, and screens, in the desk."""

from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    ObjectList,
    Panel,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.admin.ui.tables import BooleanColumn, Column, LiveStatusTagColumn, UpdatedAtColumn
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views.snippets import EditView, SnippetViewSetGroup

from everhall.editions.admin_base import DeskViewSet
from everhall.editions.viewsets import chosen, pair
from everhall.engines import tour_route
from everhall.tours import queries
from everhall.tours.forms import KioskForm, TourForm
from everhall.tours.models import Kiosk, Tour

#: Metres that another order must save before it is named.
WORTH_IT = 5


class RoutePanel(Panel):
    """What the saved stops add up to: minutes, metres, and where another stop would be nearer than the next one."""

    class BoundPanel(Panel.BoundPanel):
        def is_shown(self) -> bool:
            return bool(self.instance.pk) and super().is_shown()

        def render_html(self, parent_context: Any = None) -> Any:
            tour: Tour = self.instance
            stops = list(tour.stops.all())
            shown = queries.guided(tour, stops, timezone.now())
            context = {
                "tour": shown, "rows": route_rows(shown), "hidden": len(stops) - len(shown.stops), "planned": tour.minutes,
                "sort": reverse("tours_sort", args=[tour.pk]),
            }
            return render_to_string("tours/desk/route.html", context, request=self.request)


def route_rows(tour: queries.Guided) -> list[dict[str, Any]]:
    """Each stop with the way to the next one, and the one that would be nearest if it is another."""
    legs = [*tour.route.legs, None][: len(tour.stops)]
    return [{"one": one, "leg": leg, "nearer": nearer_than_next(tour, n, leg)} for n, (one, leg) in enumerate(zip(tour.stops, legs, strict=True))]


def nearer_than_next(tour: queries.Guided, n: int, leg: Any) -> Any:
    """A later stop to which one would walk less than to the next one; None: the next is the nearest. Ways are looked at of the three
    that are nearest as the crow flies."""
    spots = [one.spot for one in tour.stops]
    plans = {hall: ground.plan for hall, ground in tour.route.grounds.items()}
    near = sorted(range(n + 2, len(spots)), key=lambda other: tour_route.distance(spots[n], spots[other]))[:3]
    walks = {other: metres for other in near if (metres := tour_route.leg(spots[n], spots[other], plans).metres) is not None}
    if leg is None or not walks:
        return None
    nearest = min(walks, key=lambda other: walks[other])
    # To another hall or venue is further than anywhere in this one.
    further = bool(leg.change) or (leg.metres is not None and walks[nearest] + WORTH_IT < leg.metres)
    return tour.stops[nearest] if further else None


class TourEdit(EditView):
    """With the ways to the tour's page and to a group walk."""

    @property
    def header_more_buttons(self) -> list[Any]:
        buttons = list(super().header_more_buttons)
        tour = self.object
        if tour.live:
            buttons.append(HeaderButton(
                _("See it on the site"), url=reverse("tours:tour", args=[tour.edition.code, tour.code]), icon_name="view"
            ))
            buttons.append(HeaderButton(_("Group walks"), url=reverse("tours_walks"), icon_name="group"))
        return buttons


class TourViewSet(DeskViewSet):
    model = Tour
    icon = "tour"
    edit_view_class = TourEdit
    ordering = ["-edition__starts_on", "order", "code"]
    list_display = [
        "name_zh", "code", "audience", "minutes", Column("stop_count", label=pgettext_lazy("tour", "stops")), "venue", "edition",
        LiveStatusTagColumn(), BooleanColumn("is_sample", label=_("sample")), UpdatedAtColumn(),
    ]
    list_filter = ["edition", "venue", "audience", "live", "is_sample"]
    search_fields = ["code", "name_zh", "name_en", "summary_zh", "summary_en"]
    inspect_view_fields = ["code", "name_zh", "name_en", "summary_zh", "summary_en", "audience", "minutes", "venue", "embargo_until"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("code"), chosen("venue"), FieldPanel("order")]), pair("name"), pair("summary"),
                    FieldRowPanel([FieldPanel("audience"), FieldPanel("minutes"), FieldPanel("is_sample")]), FieldPanel("cover"),
                ],
                heading=_("Tour"),
            ),
            ObjectList(
                [
                    RoutePanel(heading=pgettext_lazy("tour", "The way")),
                    InlinePanel(
                        "stops", label=pgettext_lazy("tour", "stop"), heading=pgettext_lazy("tour", "Stops"),
                        help_text=_("In the order of the visit: drag them, or move them with the arrows. Each leads to one thing."),
                        panels=[
                            FieldPanel("exhibit"),
                            FieldRowPanel([FieldPanel("minutes"), FieldPanel("heading")]),
                            pair("narration"), pair("audio"),
                            FieldRowPanel([chosen("scene"), FieldPanel("session")]),
                            FieldRowPanel([chosen("hall"), FieldPanel("booth")]),
                        ],
                    ),
                ],
                heading=pgettext_lazy("tour", "Stops"),
            ),
            ObjectList([FieldPanel("embargo_until"), FieldPanel("opens_with_launch"), PublishingPanel()], heading=_("Publishing")),
        ],
        base_form_class=TourForm,
    )

    def along(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("venue", "edition", "latest_revision").annotate(stop_count=Count("stops", distinct=True))


class KioskViewSet(DeskViewSet):
    model = Kiosk
    icon = "desktop"
    ordering = ["-edition__starts_on", "venue__path", "code"]
    list_display = ["name_zh", "code", "kind", "venue", "edition", BooleanColumn("is_sample", label=_("sample")), UpdatedAtColumn()]
    list_filter = ["edition", "venue", "kind"]
    search_fields = ["code", "name_zh", "name_en"]
    inspect_view_fields = ["code", "name_zh", "name_en", "kind", "venue", "tour", "seconds", "idle_seconds", "languages"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([chosen("venue"), FieldPanel("code")]), pair("name"),
            FieldRowPanel([FieldPanel("kind"), FieldPanel("languages")]), FieldPanel("tour"),
            FieldPanel("zones", widget=forms.CheckboxSelectMultiple),
            FieldRowPanel([FieldPanel("seconds"), FieldPanel("idle_seconds")]), FieldRowPanel([FieldPanel("pin"), FieldPanel("is_sample")]),
        ],
        base_form_class=KioskForm,
    )

    def along(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("venue", "edition", "tour")


class ToursGroup(SnippetViewSetGroup):
    menu_label = _("Tours and screens")
    menu_name = "everhall-tours"
    menu_icon = "tour"
    menu_order = 213
    items = (TourViewSet, KioskViewSet)


