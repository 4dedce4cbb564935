"""Questions to exhibitors in the desk, below `/admin/visits/`.

Who may: whoever may change the exhibit (`queries.questions_within`); word lists: who may publish in the whole edition. Others find
nothing here (404). Each POST carries Django's token against forgery.
"""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from everhall.editions import queries as editions
from everhall.editions.models import Edition
from everhall.visits import queries, rules, services
from everhall.visits.models import ExhibitQuestion, WordList
from everhall.visits.services import Refused
from everhall.visits.views.asking import done

State = ExhibitQuestion.State
A_PAGE = 50


def listed_editions(user: Any) -> list[Edition]:
    """Editions whose word list somebody may change."""
    return [one for one in Edition.objects.order_by("-starts_on") if editions.may_at(user, "publish", one.pk, None)]


@never_cache
def questions(request: HttpRequest) -> HttpResponse:
    """All within reach: first what was held back, then what waits longest; `?state=held`."""
    found = queries.questions_within(request.user)
    state = request.GET.get("state", "")
    if state in State.values:
        found = found.filter(state=state)
    order: dict[str, int] = {State.HELD: 0, State.OPEN: 1}
    rows = sorted(found.order_by("asked_at")[:2000], key=lambda row: order.get(row.state, 2))
    context = {
        "page_title": pgettext("exhibit question", "Questions to exhibitors"), "header_icon": "help", "state": state,
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "states": [(value, name) for value, name in State.choices if value != State.UNCONFIRMED],
        "editions": listed_editions(request.user),
    }
    return render(request, "visits/desk/questions.html", context)


@never_cache
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """One question: pass it on, refuse it, answer it, take it off the page."""
    found = queries.questions_within(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    refused: Refused | None = None
    if request.method == "POST":
        try:
            messages.success(request, decided(request, found))
            return redirect("visits_question", found.pk)
        except Refused as problem:
            refused = problem
    context = {
        "page_title": pgettext("exhibit question", "Question to an exhibitor"), "header_icon": "help", "question": found,
        "refused": refused, "text": request.POST.get("answer", found.answer),
    }
    return render(request, "visits/desk/question.html", context, status=200 if refused is None else 409)


def decided(request: HttpRequest, found: ExhibitQuestion) -> str:
    verb, now = request.POST.get("verb", ""), timezone.now()
    if verb in {"pass", "refuse"}:
        services.decide(found, verb == "pass", now)
        return _("Passed on to the exhibitor.") if verb == "pass" else _("Refused; whoever asked is told by e-mail.")
    return done(request, found, now)


@never_cache
def words(request: HttpRequest, edition: str) -> HttpResponse:
    """The word list of an edition."""
    found = next((one for one in listed_editions(request.user) if one.code == edition), None)
    if found is None:
        raise Http404
    row = WordList.objects.filter(edition=found).first() or WordList(edition=found)
    if request.method == "POST":
        text = request.POST.get("words", "")
        if len(text) > rules.LONGEST_WORDS:
            messages.error(request, _("A word list may have 10,000 characters at most."))
        else:
            row.words = text
            row.save()
            messages.success(request, _("Saved."))
            return redirect("visits_words", found.code)
    context = {"page_title": _("Words that hold a question back"), "header_icon": "help", "row": row, "edition": found}
    return render(request, "visits/desk/words.html", context)
