"""Addresses of registration: for pages below `/register/`, for people, for staff below `/admin/registration/`
(`config/wagtail_hooks.py` hands those to Wagtail, which asks for a login first)."""

from django.urls import path

from everhall.registration.views import acts, desk, desk_venues, lists, pages

#: For pages, in no language, below `/register/`.
machines = [
    path("act", acts.act, name="act"),
    path("<slug:key>/state/", acts.state, name="state"),
]

app_name = "registration"
urlpatterns = [
    path("registrations/", lists.list_page, name="list"),
    path("registrations/line/<str:seal>/", pages.line_page, name="line"),
    path("registrations/arrived/<str:seal>/", pages.arrived_page, name="arrived"),
    path("registrations/of/<str:token>/", lists.of_address, name="of"),
    path("registrations/<str:token>/", pages.mine_page, name="mine"),
    path("registrations/<str:token>/pass.pdf", pages.pass_pdf, name="pdf"),
    path("registrations/<str:token>/calendar.ics", pages.calendar, name="ics"),
    path("registrations/<str:token>/<slug:verb>/", pages.change, name="change"),
    path("<slug:edition>/sessions/<slug:code>/register/", pages.session_form, name="session"),
    path("<slug:edition>/activities/<slug:code>/register/", pages.activity_form, name="activity"),
]

desk_patterns = [
    path("registration/", desk.home, name="registration_home"),
    path("registration/<slug:edition>/", desk.list_page, name="registration_list"),
    path("registration/<slug:edition>/venues/", desk_venues.venues_page, name="registration_venues"),
    path("registration/<slug:kind>/<int:pk>/set-up/", desk.set_up, name="registration_set_up"),
    path("registration/admissions/<slug:key>/settings/", desk.settings_page, name="registration_settings"),
    path("registration/admissions/<slug:key>/", desk.admission_page, name="registration_admission"),
    path("registration/admissions/<slug:key>/walk-in/", desk.walk_in, name="registration_walk_in"),
    path("registration/admissions/<slug:key>/<slug:kind>/export/", desk.export, name="registration_export"),
    path("registration/admissions/<slug:key>/<slug:row>/<slug:verb>/", desk.act, name="registration_verb"),
]
