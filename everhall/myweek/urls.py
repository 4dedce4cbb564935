"""Addresses of my week. A calendar's is in no language, for it is read by a programme."""

from django.urls import path

from everhall.myweek.views import attendance, bells, data, papers, week

#: In no language.
machines = [path("week/<str:token>.ics", week.subscribed, name="calendar")]

app_name = "myweek"
urlpatterns = [
    path("my-data/", data.overview, name="data"),
    path("my-data/everything.zip", data.take, name="take"),
    path("my-data/delete/", data.delete, name="delete"),
    path("my-week/join/<str:token>/", week.join, name="join"),
    path("certificates/", papers.check_form, name="check-form"),
    path("certificates/<slug:code>/", papers.check, name="check"),
    path("<slug:edition>/my-week/", week.mine, name="mine"),
    path("<slug:edition>/my-week/do/", week.do, name="do"),
    path("<slug:edition>/my-week/bell/", bells.ring, name="bell"),
    path("<slug:edition>/my-week/<slug:code>/attend/", attendance.attend, name="attend"),
    path("<slug:edition>/my-week/<slug:code>/certificate.pdf", papers.certificate, name="certificate"),
]
