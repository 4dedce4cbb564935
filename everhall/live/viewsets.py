"""Feeds, channels with their running order, recordings and uploads in the desk."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.admin.ui.tables import BooleanColumn, Column, UpdatedAtColumn
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    IndexView,
    SnippetViewSetGroup,
)

from everhall.editions import queries as editions
from everhall.editions.admin_base import DeskIndex, DeskViewSet
from everhall.editions.viewsets import chosen, pair
from everhall.engines import running_order
from everhall.live import queries
from everhall.live.forms import ChannelForm, FeedForm, RecordingForm
from everhall.live.models import Channel, Feed, Recording, VideoUpload
from everhall.live.templatetags.video import length

#: Words for what will not happen as it was written down (`running_order.problems`).
PROBLEMS = {
    "overlap": _("“%(item)s” is cut off by “%(other)s”."),
    "hole": _("Nothing is planned between “%(item)s” and “%(other)s”."),
    "delay": _("“%(item)s” begins later than planned, because it waits for “%(other)s”."),
    "order": _("“%(item)s” was meant to begin before “%(other)s”, which stands above it."),
    "never": _("“%(item)s” never begins: nothing says when."),
    "twice": _("“%(item)s” stands there twice."),
}


class FeedEdit(EditView):
    """With the ways to its key and, where a browser sends, to the page that does."""

    @property
    def header_more_buttons(self) -> list[Any]:
        buttons = [
            HeaderButton(_("Key and connection"), url=reverse("live_feed_key", args=[self.object.pk]), icon_name="key")
        ]
        if self.object.kind == Feed.Kind.PUSH:
            live = reverse("live_go_live", args=[self.object.pk])
            buttons.append(HeaderButton(pgettext("director", "Go live"), url=live, icon_name="media"))
        return [*super().header_more_buttons, *buttons]


class FeedViewSet(DeskViewSet):
    model = Feed
    icon = "wifi"
    edit_view_class = FeedEdit
    ordering = ["-edition__starts_on", "venue__path", "code"]
    list_display = [
        "name_zh", "code", "venue", Column("stage", label=_("stage")), "kind", "port",
        BooleanColumn("may_be_relayed", label=_("may be relayed")), BooleanColumn("enabled", label=_("in use")),
        UpdatedAtColumn(),
    ]
    list_filter = ["venue", "kind", "enabled"]
    search_fields = ["code", "name_zh", "name_en"]
    inspect_view_fields = ["code", "name_zh", "name_en", "venue", "stage", "kind", "port", "enabled"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("code"), chosen("venue"), chosen("stage")]), pair("name"),
            FieldRowPanel([FieldPanel("kind"), FieldPanel("port")]),
            FieldPanel("pull_url"),
            FieldRowPanel([chosen("film"), FieldPanel("film_name", permission="superuser")]),
            FieldPanel("audio"),
            FieldRowPanel([FieldPanel("enabled"), FieldPanel("may_be_relayed"), FieldPanel("is_sample")]),
        ],
        base_form_class=FeedForm,
    )

    def along(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("venue__edition", "stage__venue", "edition")


class ShowingProblems:
    """Warns right after saving; a plan with holes is allowed, because plans are made piece by piece."""

    request: Any
    object: Any

    def save_action(self) -> Any:
        response = super().save_action()  # type: ignore[misc]
        for words in problems_of(self.object, timezone.now()):
            messages.warning(self.request, words)
        return response


def problems_of(channel: Channel, now: dt.datetime) -> list[str]:
    rows = {str(row.pk): row.title for row in queries.rows_of([channel.pk])[channel.pk]}
    plan = queries.plans_of([channel], now)[channel.pk]
    return [
        PROBLEMS[problem.code] % {"item": rows.get(problem.item, ""), "other": rows.get(problem.other, "")}
        for problem in running_order.problems(plan.items, plan.cuts, now.timestamp())
    ]


class ChannelCreate(ShowingProblems, CreateView):
    pass


class ChannelEdit(ShowingProblems, EditView):
    @property
    def header_more_buttons(self) -> list[Any]:
        button = HeaderButton(
            _("Captions key"), url=reverse("live_captions_key", args=[self.object.pk]), icon_name="key"
        )
        return [*super().header_more_buttons, button]


class ChannelViewSet(DeskViewSet):
    model = Channel
    icon = "media"
    add_view_class = ChannelCreate
    edit_view_class = ChannelEdit
    ordering = ["-edition__starts_on", "venue__path", "code"]
    list_display = [
        "name_zh", "code", "venue", BooleanColumn("public", label=_("public")), "public_from",
        BooleanColumn("enabled", label=_("in use")), UpdatedAtColumn(),
    ]
    list_filter = ["venue", "public", "enabled"]
    search_fields = ["code", "name_zh", "name_en"]
    inspect_view_fields = ["code", "name_zh", "name_en", "venue", "public", "public_from", "enabled"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    InlinePanel(
                        "items", label=_("item"), heading=_("Running order"),
                        panels=[
                            FieldRowPanel([FieldPanel("kind"), FieldPanel("starts_at"), FieldPanel("duration")]),
                            FieldRowPanel([chosen("feed"), chosen("other")]),
                            FieldRowPanel([FieldPanel("recording"), FieldPanel("in_point")]),
                            FieldRowPanel([FieldPanel("session"), FieldPanel("late")]),
                            pair("title"),
                        ],
                    ),
                ],
                heading=_("Running order"),
            ),
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("code"), chosen("venue")]), pair("name"), pair("summary"),
                    FieldPanel("poster"),
                    FieldRowPanel([FieldPanel("low_latency"), FieldPanel("window"), FieldPanel("caption_languages")]),
                    FieldPanel("loops"),
                    FieldPanel("is_sample"),
                ],
                heading=_("Channel"),
            ),
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("enabled"), FieldPanel("public"), FieldPanel("public_from")]),
                    FieldPanel("may_be_relayed"),
                ],
                heading=_("Publishing"),
            ),
        ],
        base_form_class=ChannelForm,
    )

    def along(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("venue__edition", "edition")


class RecordingEdit(EditView):
    """With the way to its review."""

    @property
    def header_more_buttons(self) -> list[Any]:
        button = HeaderButton(
            _("Review"), url=reverse("live_review", args=[self.object.pk]), icon_name="check"
        )
        return [*super().header_more_buttons, button]


class ReviewColumn(Column):
    """The state, leading to the review."""

    def get_value(self, instance: Any) -> Any:
        words = instance.get_state_display()
        if instance.state == Recording.State.PROCESSING:
            words = f"{words} {instance.progress}%"
        return format_html('<a href="{}">{}</a>', reverse("live_review", args=[instance.pk]), words)


class LengthColumn(Column):
    def get_value(self, instance: Any) -> str:
        return length(instance.duration)


class RecordingViewSet(DeskViewSet):
    model = Recording
    icon = "history"
    edit_view_class = RecordingEdit
    ordering = ["-created_at", "-pk"]
    list_display = [
        "title_zh", "venue", Column("session", label=_("session")), ReviewColumn("state", label=_("state"), sort_key="state"),
        LengthColumn("duration", label=_("length")), "published_at", BooleanColumn("is_sample", label=_("sample")),
        UpdatedAtColumn(),
    ]  # fmt: skip
    list_filter = ["venue", "state"]
    search_fields = ["title_zh", "title_en", "summary_zh", "summary_en"]
    inspect_view_fields = ["title_zh", "title_en", "venue", "state", "starts_at", "ends_at", "duration", "published_at"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    pair("title"), pair("summary"), FieldRowPanel([chosen("venue"), FieldPanel("session")]),
                    FieldPanel("fields"), FieldPanel("poster"), FieldPanel("is_sample"),
                ],
                heading=_("Recording"),
            ),
            ObjectList(
                [FieldPanel("chapters"), MultiFieldPanel([FieldRowPanel([FieldPanel("trim_in"), FieldPanel("trim_out")])])],
                heading=_("Chapters and trim"),
            ),
            ObjectList([FieldPanel("embargo_until")], heading=_("Publishing")),
        ],
        base_form_class=RecordingForm,
    )

    def along(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("venue__edition", "session__activity", "edition")


class UploadIndex(DeskIndex):
    """A list whose button to add leads to the page that sends films in pieces."""

    def get_add_url(self) -> str | None:
        return reverse("live_upload") if editions.may_somewhere(self.request.user, "add") else None


class UploadCreate(CreateView):
    """A film is sent from a page of its own."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return redirect("live_upload")


class PercentColumn(Column):
    def get_value(self, instance: Any) -> str:
        return f"{instance.percent}%"


class VideoUploadViewSet(DeskViewSet):
    model = VideoUpload
    icon = "upload"
    index_view_class: type[IndexView] = UploadIndex
    add_view_class = UploadCreate
    ordering = ["-created_at"]
    list_display = [
        "name", "venue", "state", PercentColumn("offset", label=_("received")), "owner", "created_at", "expires_at",
    ]
    list_filter = ["venue", "state"]
    search_fields = ["name"]
    inspect_view_fields = ["name", "venue", "state", "size", "offset", "owner", "created_at", "finished_at"]
    edit_handler = ObjectList([FieldPanel("name", read_only=True)])

    def along(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("venue__edition", "owner")


class UploadItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return editions.may_somewhere(request.user, "add")


class DeskItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return editions.may_somewhere(request.user, "direct")


class CeremonyItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return editions.may_somewhere(request.user, "operate")


class LiveGroup(SnippetViewSetGroup):
    menu_label = _("Cloud video")
    menu_name = "everhall-live"
    menu_icon = "media"
    menu_order = 225
    items = (ChannelViewSet, FeedViewSet, RecordingViewSet, VideoUploadViewSet)

    def get_submenu_items(self) -> list[Any]:
        found = super().get_submenu_items()
        found.insert(
            0, DeskItem(pgettext("director", "Director's desk"), reverse("live_desk_home"), name="everhall-director", icon_name="desktop", order=0)
        )
        found.append(
            UploadItem(
                _now("Upload a film"), reverse("live_upload"), name="everhall-upload", icon_name="upload",
                order=len(found) + 1,
            )
        )
        found.append(
            CeremonyItem(
                pgettext("ceremony", "Ceremonies"), reverse("live_ceremonies"), name="everhall-ceremonies",
                icon_name="globe", order=len(found) + 1,
            )
        )
        return list(found)
