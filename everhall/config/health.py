"""`/healthz`: this process is alive. `/readyz`: it can do its work, or which part of it cannot.

A load balancer asks both; neither tells anything that an outsider should not know.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from everhall.config import state


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The door answers this itself; here for servers without it."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 with `ready: true`, or 503 with the codes of what is wrong (the sentences are in the log and in
    `everhall check`: they name folders and hosts)."""
    found = [trouble.code for trouble in state.troubles(timezone.now())]
    return JsonResponse({"ready": not found, "troubles": found}, status=503 if found else 200)
