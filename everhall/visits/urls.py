"""Addresses of visits: for everybody, for scripts of pages below `/visit/` in no language, for staff below `/admin/visits/`
(`config/wagtail_hooks.py` hands those to Wagtail, which asks for a login first)."""

from django.urls import path

from everhall.visits.views import acts, asking, desk, mine

#: In no language. `visits.asgi` stands before the first two.
machines = [
    path("visit/state", acts.state, name="state"),
    path("visit/seen", acts.seen, name="seen"),
    path("visit/act", acts.act, name="act"),
]

app_name = "visits"
urlpatterns = [
    path("visit/agreed/", mine.agreed, name="agreed"),
    path("visit/agreed/<int:pk>/withdraw/", mine.withdraw, name="withdraw"),
    path("visit/m/<str:token>/", mine.agreed_by_mail, name="agreed-by-mail"),
    path("visit/c/<str:token>/", asking.confirm, name="confirm"),
    path("visit/everything.json", mine.everything, name="everything"),
    path("visit/forget/", mine.forget, name="forget"),
    path("visit/answer/<int:pk>/", asking.answer, name="answer"),
    path("visit/post/", asking.wishes, name="post"),
    path("<slug:edition>/visit/", mine.mine, name="mine"),
    path("<slug:edition>/visit/do/", acts.do, name="do"),
    path("<slug:edition>/visit/visit.csv", mine.sheet, name="sheet"),
    path("<slug:edition>/visit/phone/", mine.to_phone, name="phone"),
    path("<slug:edition>/visit/take/<str:token>/", mine.take, name="take"),
    path("<slug:edition>/exhibits/<slug:code>/ask/", asking.ask, name="ask"),
    path("<slug:edition>/exhibits/<slug:code>/contact/", asking.give, name="give"),
    path("<slug:edition>/exhibits/<slug:code>/sent/<slug:kind>/", asking.sent_page, name="sent"),
]

desk_patterns = [
    path("visits/", desk.questions, name="visits_home"),
    path("visits/<int:pk>/", desk.question, name="visits_question"),
    path("visits/words/<slug:edition>/", desk.words, name="visits_words"),
]
