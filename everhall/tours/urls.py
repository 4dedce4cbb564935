"""Addresses of tours, of groups that walk together and of screens: for everybody, and for staff below `/admin/tours/`
(`config/wagtail_hooks.py` hands those to Wagtail, which asks for a login first)."""

from django.urls import path

from everhall.tours.views import desk, made, pages, screens, walks

app_name = "tours"
urlpatterns = [
    path("<slug:edition>/tours/", pages.tour_list, name="list"),
    path("<slug:edition>/tours/make/", made.make, name="make"),
    path("<slug:edition>/tours/made/<slug:key>/", made.tour_page, name="made"),
    path("<slug:edition>/tours/made/<slug:key>/print/", made.print_page, name="made-print"),
    path("<slug:edition>/tours/made/<slug:key>/report/", made.report_page, name="made-report"),
    path("<slug:edition>/tours/made/<slug:key>/<int:number>/", made.stop_page, name="made-stop"),
    path("<slug:edition>/tours/made/<slug:key>/change/<str:secret>/", made.change_page, name="made-change"),
    path("<slug:edition>/tours/made/<slug:key>/change/<str:secret>/walk/", made.open_walk, name="made-walk"),
    path("<slug:edition>/tours/join/", walks.join_page, name="join"),
    path("<slug:edition>/tours/with/<slug:walk>/", walks.follow_page, name="follow"),
    path("<slug:edition>/tours/with/<slug:walk>/state.json", walks.state, name="walk-state"),
    path("<slug:edition>/tours/guide/<slug:walk>/<str:secret>/", walks.guide_page, name="guide"),
    path("<slug:edition>/tours/<slug:tour>/", pages.tour_page, name="tour"),
    path("<slug:edition>/tours/<slug:tour>/print/", pages.print_page, name="tour-print"),
    path("<slug:edition>/tours/<slug:tour>/<int:number>/", pages.stop_page, name="tour-stop"),
    path("<slug:edition>/screens/<slug:screen>/", screens.screen_page, name="screen"),
    path("<slug:edition>/screens/<slug:screen>/screen.json", screens.contents, name="screen-contents"),
    path("<slug:edition>/screens/<slug:screen>/worker.js", screens.worker, name="screen-worker"),
    path("<slug:edition>/screens/<slug:screen>/seen/", screens.seen, name="screen-seen"),
    path("<slug:edition>/screens/<slug:screen>/staff/", screens.staff, name="screen-staff"),
]

desk_patterns = [
    path("tours/walks/", desk.walks, name="tours_walks"),
    path("tours/walks/open/<int:tour>/", desk.open_walk, name="tours_open_walk"),
    path("tours/walks/<int:walk>/end/", desk.end_walk, name="tours_end_walk"),
    path("tours/made/", desk.reported, name="tours_reported"),
    path("tours/made/<int:made>/settle/", desk.settle, name="tours_settle"),
    path("tours/screens/", desk.screens, name="tours_screens"),
    path("tours/<int:tour>/sort/", desk.sort_stops, name="tours_sort"),
]
