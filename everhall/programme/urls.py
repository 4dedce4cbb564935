"""Addresses of the programme."""

from django.urls import path

from everhall.programme import calendars, exchange_views, feeds, version_views, views

app_name = "programme"
urlpatterns = [
    path("<slug:edition>/programme/", views.day_view, name="day"),
    path("<slug:edition>/programme/list/", views.list_view, name="list"),
    path("<slug:edition>/programme/now/", views.now_view, name="now"),
    path("<slug:edition>/programme/starred/", views.starred_view, name="starred"),
    path("<slug:edition>/programme/changes/", version_views.changes_view, name="changes"),
    path("<slug:edition>/programme/changes.atom", version_views.ChangesFeed(), name="changes-feed"),
    path("<slug:edition>/programme/feed.atom", feeds.ProgrammeFeed(), name="feed"),
    *(
        path(f"<slug:edition>/{where}{file}", exchange_views.schedule_file, {"form": form}, name=f"{name}-{form}")
        for name, where in (("schedule", "programme/"), ("venue-schedule", "venues/<slug:venue>/"))
        for form, (_write, _type, file, _cancelled) in exchange_views.FORMS.items()
    ),
    path("<slug:edition>/programme.ics", calendars.of_edition, name="ics"),
    path("<slug:edition>/venues/<slug:venue>.ics", calendars.of_venue, name="venue-ics"),
    path(
        "<slug:edition>/venues/<slug:venue>/stages/<slug:stage>.ics",
        calendars.of_stage, name="stage-ics",
    ),
    path("<slug:edition>/sessions/<slug:code>.ics", calendars.of_session, name="session-ics"),
    path("<slug:edition>/activities/<slug:code>/", views.activity_page, name="activity"),
    path("<slug:edition>/sessions/<slug:code>/", views.session_page, name="session"),
]
