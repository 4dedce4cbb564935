"""Addresses beside allauth's, below `/accounts/`."""

from django.urls import path

from everhall.accounts import views

urlpatterns = [
    path("invitations/<str:token>/", views.invitation, name="invitation"),
]
