"""Certificates. Who may: make one, whoever holds the registration (account, or browser that took it in); check one, everyone with its code."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from everhall.accounts.callers import address_of
from everhall.editions.public import edition_or_404, week_time
from everhall.myweek import gate, paper, queries, services
from everhall.myweek.services import Refused
from everhall.myweek.views.week import known, refusal
from everhall.visits.personal import page, private


@require_safe
def certificate(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """`/2021/my-week/opening/certificate.pdf`: for a session where somebody was seen at the door, or took part online and wanted it noted."""
    found, now = edition_or_404(edition), timezone.now()
    try:
        gate.spend("files", address_of(request), now.timestamp())
    except Refused as refused:
        return refusal(request, refused, "/")
    attended = queries.attended_of(request.user, known(request, now), now, week_time(now))
    row = next((one for one in attended if one.session.edition_id == found.pk and one.session.code == code), None)
    made = services.certify(row.registration, row.session, now) if row is not None else None
    if made is None:
        raise Http404(_("There is nothing to certify: nobody has seen you at the door of this session."))
    response = HttpResponse(paper.pdf_of(made), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="certificate-{made.code}.pdf"'
    return private(response)


@require_safe
def check_form(request: HttpRequest) -> HttpResponse:
    """`/certificates/?code=…`: to the page of a code."""
    code = "".join(sign for sign in request.GET.get("code", "").upper() if sign.isalnum())[:20]
    if code:
        return private(redirect("myweek:check", code))
    return page(request, "myweek/check.html", {"code": ""})


@require_safe
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a paper is genuine: the session and its day, nothing of the person."""
    now = timezone.now()
    try:
        gate.spend("checks", address_of(request), now.timestamp())
    except Refused as refused:
        return refusal(request, refused, "/")
    found = queries.certificate(code)
    return page(request, "myweek/check.html", {"code": code, "certificate": found}, 200 if found is not None else 404)
