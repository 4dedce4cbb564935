"""Addresses of the door: for devices below `/door/`, in no language; for staff below `/admin/door/` (`config/wagtail_hooks.py` hands
those to Wagtail, which asks for a login first)."""

from django.urls import path

from everhall.checkin.views import desk, desk_forms, desk_log, devices, page

#: Below `/door/`: the worker may only serve what lies below itself.
machines = [
    path("", page.page, name="page"),
    path("en/", page.page, {"language": "en"}, name="page_en"),
    path("worker.js", page.worker, name="worker"),
    path("door.webmanifest", page.manifest, name="manifest"),
    path("en/door.webmanifest", page.manifest, {"language": "en"}, name="manifest_en"),
    path("enrol", devices.enrol, name="enrol"),
    path("roster", devices.roster, name="roster"),
    path("sync", devices.sync, name="sync"),
]

desk_patterns = [
    path("door/", desk.home, name="door_home"),
    path("door/<slug:edition>/", desk.overview, name="door_overview"),
    path("door/<slug:edition>/state/", desk.state, name="door_state"),
    path("door/<slug:edition>/log/", desk_log.log_page, name="door_log"),
    path("door/<slug:edition>/log/export/", desk_log.export, name="door_export"),
    path("door/<slug:edition>/new/<slug:kind>/", desk_forms.new, name="door_new"),
    path("door/lists/<slug:key>/edit/", desk_forms.edit_list, name="door_list_edit"),
    path("door/gates/<slug:key>/edit/", desk_forms.edit_gate, name="door_gate_edit"),
    path("door/gates/<slug:key>/", desk.gate_page, name="door_gate"),
    path("door/devices/<slug:key>/revoke/", desk.revoke, name="door_revoke"),
    path("door/lists/<slug:key>/", desk.list_page, name="door_list"),
    path("door/lists/<slug:key>/pass/", desk.let_through, name="door_pass"),
    path("door/lists/<slug:key>/badges.pdf", desk_log.badges, name="door_badges"),
]
