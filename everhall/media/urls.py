"""Addresses of bytes."""

from django.urls import path

from everhall.media import caption_desk, caption_views, derived_views, desk, note_desk, views

app_name = "media"
urlpatterns = [
    path(
        "images/<str:signature>/<int:picture_id>/<str:spec>/", views.rendition, name="rendition"
    ),
    path("files/<int:attachment_id>/<str:name>", views.attachment, name="attachment"),
    path("captions/<int:attachment_id>/<slug:language>.<slug:kind>.<slug:version>.vtt", caption_views.captions, name="captions"),
    path("derived/<int:attachment_id>/<slug:made>/<str:name>", derived_views.derived, name="derived"),
    path("derived/<int:attachment_id>/<slug:made>/<slug:pack>/<path:name>", derived_views.piece, name="piece"),
    path("iiif/3/<int:attachment_id>.<int:page>", derived_views.image, name="iiif"),
    path("iiif/3/<int:attachment_id>.<int:page>/info.json", derived_views.info, name="iiif-info"),
    path("iiif/3/<int:attachment_id>.<int:page>/<path:name>", derived_views.tile, name="iiif-tile"),
]

#: Below `/admin/`, for staff (`config/wagtail_hooks.py`).
desk_patterns = [
    path("masters/", desk.masters, name="media_masters"),
    path("masters/<int:pk>/again/", desk.again, name="media_again"),
    path("masters/<int:pk>/notes/", note_desk.notes, name="media_notes"),
    path("masters/<int:pk>/notes/<int:note>/", note_desk.note, name="media_note"),
    path("captions/<int:pk>/", caption_desk.captions, name="media_captions"),
    path("captions/<int:pk>/<int:track>/delete/", caption_desk.delete, name="media_captions_delete"),
]
