"""Addresses for staff below `/admin/` (`config/wagtail_hooks.py` hands them to Wagtail, which asks for a login first)."""

from django.urls import path

from everhall.proposals import views

desk_patterns = [
    path("proposals/submitted/<int:proposal>/<int:version>/<int:venue>/", views.submitted, name="proposals_submitted"),
]
