"""The programme in the desk: its kinds, the page of clashes, the panel of the first page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet

from everhall.editions import log_words
from everhall.editions import queries as editions
from everhall.editions.models import Edition
from everhall.programme import board_desk, exchange_desk, following_desk, version_desk
from everhall.programme.clashes import by_kind, clashes_for, counted
from everhall.programme.models import Activity
from everhall.programme.preview import preview
from everhall.programme.viewsets import ProgrammeGroup

Activity.previewed_by = staticmethod(preview)
register_snippet(ProgrammeGroup)

ON_FIRST_PAGE = 8


def editions_of(user: Any) -> list[Edition]:
    """Editions in which the user works, newest first; what is archived has no clashes to mend."""
    found = Edition.objects.exclude(state=Edition.State.ARCHIVED)
    if not user.is_superuser:
        found = found.filter(pk__in={grant.edition_id for grant in editions.grants_of(user)})
    return list(found)


def clashes_page(request: HttpRequest) -> HttpResponse:
    """All clashes within reach, edition by edition."""
    if not editions.may_somewhere(request.user, "change"):
        raise PermissionDenied
    show = request.GET.get("show", "")
    groups = []
    for edition in editions_of(request.user):
        told = clashes_for(request.user, edition)
        kept = [one for one in told if show not in {"clashes", "notes"} or one.severe == (show == "clashes")]
        groups.append((edition, counted(told), by_kind(kept)))
    return render(
        request, "programme/desk/clashes.html",
        {
            "groups": [group for group in groups if any(group[1])], "show": show,
            "page_title": _("Clashes"), "header_icon": "warning",
        },
    )


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [
        path("clashes/", clashes_page, name="everhall_clashes"),
        path("versions/", version_desk.versions_page, name="everhall_versions"),
        path("versions/<slug:edition>/publish/", version_desk.publish, name="everhall_version_publish"),
        path("board/", board_desk.home, name="programme_board_home"),
        path("board/<slug:edition>/", board_desk.page, name="programme_board"),
        path("board/<slug:edition>/values/", board_desk.values, name="programme_board_values"),
        path("board/<slug:edition>/fresh/", board_desk.fresh, name="programme_board_fresh"),
        path("board/<slug:edition>/move/", board_desk.move, name="programme_board_move"),
        path("board/<slug:edition>/place/", board_desk.place, name="programme_board_place"),
        path("board/<slug:edition>/copy/", board_desk.copy, name="programme_board_copy"),
        path("board/<slug:edition>/take-back/", board_desk.take_back, name="programme_board_take_back"),
        path("board/<slug:edition>/move/<int:pk>/", board_desk.move_page, name="programme_board_move_page"),
        path("follow/", following_desk.home, name="programme_follow"),
        path("follow/state/", following_desk.state, name="programme_follow_state"),
        path("follow/<int:pk>/", following_desk.change, name="programme_follow_change"),
        path("follow/<int:pk>/<slug:verb>/", following_desk.act, name="programme_follow_act"),
        path("imports/<int:pk>/rooms/", exchange_desk.rooms_page, name="everhall_exchange_rooms"),
    ]


class ClashesPanel(Component):
    """What cannot happen as it is planned."""

    name, order = "everhall_clashes", 150
    template_name = "programme/desk/clashes_panel.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        user = parent_context["request"].user
        found = [told for e in editions_of(user)[:3] for told in clashes_for(user, e)]
        count, notes = counted(found)
        # Severe ones stand first.
        return {"clashes": found[: min(count, ON_FIRST_PAGE)], "count": count, "notes": notes}


@hooks.register("construct_homepage_panels")
def home_panels(request: Any, panels: list[Any]) -> None:
    if editions.may_somewhere(request.user, "change"):
        panels.append(ClashesPanel())


#: What is done about followed programmes -> words as in `log_words`.
FOLLOWING = {
    "set_up": (_lazy("Follow a programme"), _lazy("Set up “%(label)s” to follow %(about)s")),
    "change": (_lazy("Change what is followed"), _lazy("Changed what “%(label)s” follows: %(about)s")),
    "look": (_lazy("Look at a followed programme"), _lazy("Had the programme of “%(label)s” looked at: %(about)s")),
    "apply": (_lazy("Apply a followed programme"), _lazy("Applied the followed programme of “%(label)s”: %(about)s")),
    "drop": (_lazy("Follow no more"), _lazy("“%(label)s” follows %(about)s no more")),
}


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    log_words.register(actions, {f"everhall.follow_{verb}": words for verb, words in FOLLOWING.items()})
