"""Addresses of the office, below `/office/`."""

from django.urls import path

from everhall.office.views import (
    activities,
    applying,
    asked,
    exhibits,
    figures,
    files,
    home,
    people,
    sending,
    session_figures,
)

app_name = "office"
urlpatterns = [
    path("", home.organisations, name="organisations"),
    path("new/", home.found, name="found"),
    path("apply/<slug:edition>/<slug:call>/", applying.apply, name="apply"),
    path("uploads/<uuid:code>/", files.one, name="upload"),
    path("<slug:organisation>/", home.home, name="home"),
    path("<slug:organisation>/profile/", home.profile, name="profile"),
    path("<slug:organisation>/members/", people.members, name="members"),
    path("<slug:organisation>/members/<int:pk>/", people.member, name="member"),
    path("<slug:organisation>/invitations/<int:pk>/", people.invitation, name="invitation"),
    path("<slug:organisation>/exhibits/", exhibits.exhibit_list, name="exhibits"),
    path("<slug:organisation>/exhibits/<slug:code>/", exhibits.first, name="exhibit"),
    path("<slug:organisation>/exhibits/<slug:code>/preview/", exhibits.preview, name="preview"),
    path("<slug:organisation>/exhibits/<slug:code>/uploads/", files.create, name="uploads"),
    path("<slug:organisation>/exhibits/<slug:code>/uploads/<uuid:upload>/", files.take, name="take"),
    path("<slug:organisation>/exhibits/<slug:code>/files/", files.plain, name="files"),
    path("<slug:organisation>/exhibits/<slug:code>/send/", sending.send, name="send"),
    path("<slug:organisation>/exhibits/<slug:code>/say/", sending.say, name="say"),
    path("<slug:organisation>/exhibits/<slug:code>/drop/", sending.drop, name="drop"),
    path("<slug:organisation>/exhibits/<slug:code>/<slug:step>/", exhibits.step, name="step"),
    path("<slug:organisation>/submissions/<str:public_id>/", applying.submission, name="submission"),
    path("<slug:organisation>/activities/", activities.activity_list, name="activities"),
    path("<slug:organisation>/activities/<int:pk>/", activities.activity, name="activity"),
    path("<slug:organisation>/activities/<int:pk>/feedback/<slug:code>.<slug:ending>", activities.feedback_code, name="feedback-code"),
    path("<slug:organisation>/figures/", session_figures.sessions, name="session-figures"),
    path("<slug:organisation>/figures/<slug:edition>/", session_figures.sessions, name="session-figures-of"),
    path("<slug:organisation>/figures/<slug:edition>/sessions.<str:ending>", session_figures.download, name="session-figures-file"),
    path("<slug:organisation>/visitors/", figures.visitors, name="visitors"),
    path("<slug:organisation>/visitors/<slug:edition>/", figures.visitors, name="visitors-of"),
    path("<slug:organisation>/visitors/<slug:edition>/figures.<str:ending>", figures.download, name="figures"),
    path("<slug:organisation>/visitors/<slug:edition>/contacts.<str:ending>", figures.contacts, name="contacts"),
    path("<slug:organisation>/questions/<slug:edition>/<int:pk>/", asked.answer, name="answer"),
]
