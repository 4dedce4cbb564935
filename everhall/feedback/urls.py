"""Addresses of feedback: for everybody, and for staff below `/admin/feedback/` (`config/wagtail_hooks.py`)."""

from django.urls import path

from everhall.feedback import views

app_name = "feedback"
urlpatterns = [path("<slug:edition>/sessions/<slug:code>/feedback/", views.form_page, name="form")]

desk_patterns = [
    path("feedback/", views.home, name="feedback_home"),
    path("feedback/<slug:edition>/", views.desk_page, name="feedback_sessions"),
    path("feedback/code/<int:pk>.<slug:ending>", views.code_file, name="feedback_code"),
]
