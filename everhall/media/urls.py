"""Addresses of bytes."""

from django.urls import path

from everhall.media import views

app_name = "media"
urlpatterns = [
    path(
        "images/<str:signature>/<int:picture_id>/<str:spec>/", views.rendition, name="rendition"
    ),
    path("files/<int:attachment_id>/<str:name>", views.attachment, name="attachment"),
]
