"""Where somebody says which sessions and articles are about an exhibit, below `/admin/exhibits/about/`.

Who may: whoever may change the exhibit; others find nothing here (404). Only sessions and articles of editions in which the exhibit
stands can be chosen.
"""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from everhall.editions.policies import policy_of
from everhall.exhibition.models import Exhibit
from everhall.pages.models import About, ArticlePage, EditionPage
from everhall.programme.models import Session


def exhibit_or_404(request: HttpRequest, pk: int) -> Exhibit:
    found = Exhibit.objects.filter(pk=pk).first()
    if found is None or not policy_of(Exhibit).user_has_permission_for_instance(request.user, "change", found):
        raise Http404
    return found


def sessions_for(exhibit: Exhibit) -> Any:
    editions = exhibit.placements.values("edition_id")
    return Session.objects.filter(edition_id__in=editions).select_related("activity", "edition").order_by("-edition__starts_on", "starts_at", "pk")


def articles_for(exhibit: Exhibit) -> Any:
    rows = ArticlePage.objects.none()
    for home in EditionPage.objects.filter(edition_id__in=exhibit.placements.values("edition_id")):
        rows = rows | ArticlePage.objects.descendant_of(home)
    return rows.order_by("-date", "-pk")


@never_cache
def links(request: HttpRequest, pk: int) -> HttpResponse:
    """The links of an exhibit; a form for one more of each kind."""
    exhibit = exhibit_or_404(request, pk)
    if request.method == "POST":
        change(request, exhibit)
        return redirect("exhibit_about", exhibit.pk)
    context = {
        "page_title": _("Sessions and articles about it"), "header_icon": "link", "exhibit": exhibit,
        "rows": About.objects.filter(exhibit=exhibit).select_related("session__activity", "article").order_by("pk"),
        "sessions": sessions_for(exhibit), "articles": articles_for(exhibit),
    }
    return render(request, "pages/desk/about.html", context)


def change(request: HttpRequest, exhibit: Exhibit) -> None:
    """Add by the code of a session or the number of an article, or take away."""
    taken = request.POST.get("remove", "")
    if taken.isdecimal():
        row = About.objects.filter(exhibit=exhibit, pk=int(taken)).first()
        if row is not None:
            row.delete()
            messages.success(request, _("Taken away."))
        return
    row = wanted(request, exhibit)
    if row is None:
        messages.error(request, _("There is no such session or article in an edition in which this exhibit stands. Choose one from the list."))
        return
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        messages.info(request, _("This link is there already."))
        return
    messages.success(request, _("Linked."))


def wanted(request: HttpRequest, exhibit: Exhibit) -> About | None:
    """Lists offer "code · name"; what stands before the first space counts."""
    code, _space, _name = request.POST.get("session", "").strip().partition(" ")
    if code:
        session = sessions_for(exhibit).filter(code=code).first()
        return About(exhibit=exhibit, session=session) if session is not None else None
    number, _space, _name = request.POST.get("article", "").strip().partition(" ")
    article = articles_for(exhibit).filter(pk=int(number)).first() if number.isdecimal() and len(number) < 12 else None
    return About(exhibit=exhibit, article=article) if article is not None else None
