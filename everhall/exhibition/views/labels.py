"""What printed numbers lead to. Who may: everyone; a number whose exhibit visitors may not see is as unknown as one that
was never printed. Answers are never kept, so that each scan is counted."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from everhall.editions import queries as editions
from everhall.exhibition import queries, services

LONGEST = 40


@never_cache
@require_safe
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """From a label to this year's place of its exhibit."""
    now = timezone.now()
    label = queries.label_of(code)
    placement = queries.led_to(label, now) if label is not None else None
    if label is None or placement is None:
        return unknown(request, code)
    if request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        services.count_scan(label.pk, now)
    address = reverse("exhibition:exhibit", args=[placement.edition.code, placement.exhibit.code])
    return redirect(f"{address}?at={label.code}#place")


@never_cache
@require_safe
def type_in(request: HttpRequest) -> HttpResponse:
    """For who cannot scan: type the number."""
    code = request.GET.get("code", "").strip()
    if code:
        return redirect("exhibition:label", code.replace("/", "-")[:LONGEST])
    return render(request, "exhibition/label.html", {"edition": editions.current_edition(), "code": ""})


def unknown(request: HttpRequest, code: str) -> HttpResponse:
    return render(
        request, "exhibition/label.html", {"edition": editions.current_edition(), "code": code[:LONGEST], "unknown": True},
        status=404,
    )
