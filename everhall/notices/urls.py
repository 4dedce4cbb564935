"""Addresses of notices: for everybody, for scripts of pages below `/push/`, for staff below `/admin/notices/`
(`config/wagtail_hooks.py` hands those to Wagtail, which asks for a login first)."""

from django.urls import path

from everhall.notices.atom import NoticeFeed
from everhall.notices.views import desk, pages, push

#: In no language. The worker stands at the root, because it may only serve what lies below itself.
machines = [
    path("push-worker.js", push.worker, name="worker"),
    path("push/key", push.key, name="key"),
    path("push/<slug:verb>", push.act, name="act"),
]

app_name = "notices"
urlpatterns = [
    path("<slug:edition>/notices/", pages.list_page, name="list"),
    path("<slug:edition>/notices/feed.atom", NoticeFeed(), name="feed"),
]

desk_patterns = [
    path("notices/", desk.home, name="notices_home"),
    path("notices/<slug:edition>/", desk.list_page, name="notices_list"),
    path("notices/<slug:edition>/new/", desk.edit_page, name="notices_new"),
    path("notices/<slug:edition>/preview/", desk.preview, name="notices_preview"),
    path("notices/<slug:edition>/<int:pk>/", desk.edit_page, name="notices_edit"),
    path("notices/<slug:edition>/<int:pk>/withdraw/", desk.withdraw, name="notices_withdraw"),
]
