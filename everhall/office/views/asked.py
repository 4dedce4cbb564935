"""Answering what visitors asked. Who may: members of the organisation that was asked."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from everhall.accounts.models import Membership
from everhall.office import boxes
from everhall.office.views.access import of_organisation
from everhall.office.views.figures import edition_of
from everhall.visits import queries as visits
from everhall.visits import services


@of_organisation
@require_POST
def answer(request: HttpRequest, membership: Membership, edition: str, pk: int) -> HttpResponse:
    """By mail, and on the exhibit's page if both wish it; or report what is improper."""
    found = edition_of(edition)
    question = visits.questions_to(membership.organisation_id, found).filter(pk=pk).first()
    if question is None:
        raise Http404
    now = timezone.now()
    try:
        if request.POST.get("do") == "report":
            services.report_question(question, now)
            messages.success(request, _("It is off your list; the venue's team looks at it."))
        else:
            words, public = boxes.normal(request.POST.get("text", "")), bool(request.POST.get("public"))
            services.answer_question(question, words, request.user, now, public=public)
            messages.success(request, _("Your answer goes out by mail."))
    except services.Refused as why:
        messages.error(request, why.words)
    return redirect("office:visitors-of", membership.organisation.code, found.code)
