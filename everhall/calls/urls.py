"""Addresses of calls: for everybody, and for staff below `/admin/calls/` (`config/wagtail_hooks.py` hands those to Wagtail,
which asks for a login first)."""

from django.urls import path

from everhall.calls.views import (
    desk,
    desk_assign,
    desk_letters,
    desk_reviews,
    desk_submission,
    desk_table,
    pages,
)

app_name = "calls"
urlpatterns = [
    path("<slug:edition>/calls/", pages.list_page, name="list"),
    path("<slug:edition>/calls/<slug:code>/", pages.call_page, name="call"),
]

desk_patterns = [
    path("calls/", desk.home, name="calls_home"),
    path("calls/reviews/", desk_reviews.queue_page, name="calls_reviews"),
    path("calls/reviews/next/", desk_reviews.next_page, name="calls_next"),
    path("calls/reviews/wishes/<int:pk>/", desk_reviews.expertise_page, name="calls_expertise"),
    path("calls/reviews/<str:public_id>/", desk_reviews.review_page, name="calls_review"),
    path("calls/reviews/<str:public_id>/save/", desk_reviews.save, name="calls_review_save"),
    path("calls/reviews/<str:public_id>/conflict/", desk_reviews.conflict, name="calls_conflict"),
    path("calls/s/<str:public_id>/", desk_submission.submission_page, name="calls_submission"),
    path("calls/s/<str:public_id>/<slug:verb>/", desk_submission.act, name="calls_act"),
    path("calls/in/<slug:edition>/", desk.list_page, name="calls_list"),
    path("calls/in/<slug:edition>/new/", desk.new_page, name="calls_new"),
    path("calls/in/<slug:edition>/<slug:code>/", desk_table.table_page, name="calls_table"),
    path("calls/in/<slug:edition>/<slug:code>/edit/", desk.edit_page, name="calls_edit"),
    path("calls/in/<slug:edition>/<slug:code>/decide/", desk_table.decide_page, name="calls_decide"),
    path("calls/in/<slug:edition>/<slug:code>/submissions.xlsx", desk_table.export, name="calls_export"),
    path("calls/in/<slug:edition>/<slug:code>/assign/", desk_assign.assign_page, name="calls_assign"),
    path("calls/in/<slug:edition>/<slug:code>/line/", desk_assign.line_page, name="calls_line"),
    path("calls/in/<slug:edition>/<slug:code>/letters/", desk_letters.list_page, name="calls_letters"),
    path("calls/in/<slug:edition>/<slug:code>/letters/new/", desk_letters.edit_page, name="calls_letter_new"),
    path("calls/in/<slug:edition>/<slug:code>/letters/<int:pk>/", desk_letters.edit_page, name="calls_letter"),
    path("calls/in/<slug:edition>/<slug:code>/letters/<int:pk>/delete/", desk_letters.delete, name="calls_letter_delete"),
    path("calls/in/<slug:edition>/<slug:code>/letters/<int:pk>/send/", desk_letters.send_page, name="calls_letter_send"),
    path("calls/in/<slug:edition>/<slug:code>/sent/<int:pk>/", desk_letters.mailing_page, name="calls_mailing"),
    path("calls/in/<slug:edition>/<slug:code>/sent/<int:pk>/state/", desk_letters.mailing_state, name="calls_mailing_state"),
    path("calls/in/<slug:edition>/<slug:code>/sent/<int:pk>/<slug:verb>/", desk_letters.mailing_act, name="calls_mailing_act"),
]
