"""Addresses of venues. A venue's home needs exhibits and sessions and is served from the top floor."""

from django.urls import path

from everhall.editions import views

app_name = "editions"
urlpatterns = [
    path("<slug:edition>/look.css", views.look, name="look"),
    path("<slug:edition>/venues/", views.venues, name="venues"),
]
