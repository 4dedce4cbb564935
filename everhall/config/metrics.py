"""`/metrics` for Prometheus: requests by kind of page, the door's counts, news.

Kinds are names of routes, never paths, so that their number is bounded. What must stay true: only this machine
or the holder of the token may read them.
"""

import secrets
import time
from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from everhall.config import state
from everhall.config.door.here import doors_here

REQUESTS = Counter(
    "everhall_requests", "Requests that Django answered", ["kind", "method", "status"]
)
SECONDS = Histogram(
    "everhall_request_seconds", "How long Django took", ["kind"],
    buckets=(0.005, 0.01, 0.02, 0.04, 0.06, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)  # fmt: skip

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
DOOR = {
    "hits": "Answers from memory",
    "not_modified": "Answers 304 from memory, also counted as hits",
    "misses": "Public pages that had to be rendered",
    "joined": "Visitors who waited for somebody else's render",
    "passed": "Requests for one person only",
    "kept": "Pages put on the shelf",
    "overtaken": "Renders not kept because news came in between",
    "evicted": "Pages dropped for want of room",
    "purges": "Pieces of news that reached the door",
    "purged": "Pages dropped by news",
    "bytes_sent": "Bytes of bodies sent from memory",
    "refused_large": "Requests refused as too large",
    "refused_busy": "Requests refused as too many",
}


class DoorCollector(Collector):
    """Reads the doors of this process when Prometheus asks, so that counting costs the door nothing."""

    def collect(self) -> Iterable[Metric]:
        shelves = doors_here()
        for name, meaning in DOOR.items():
            total = sum(getattr(shelf.counts, name) for shelf in shelves)
            yield CounterMetricFamily(f"everhall_door_{name}", meaning, value=total)
        yield GaugeMetricFamily(
            "everhall_door_pages", "Pages on the shelf", value=sum(map(len, shelves))
        )
        yield GaugeMetricFamily(
            "everhall_door_bytes",
            "Memory of the shelf",
            value=sum(shelf.weight for shelf in shelves),
        )


class NewsCollector(Collector):
    """Asks the outbox how far behind it is."""

    def collect(self) -> Iterable[Metric]:
        try:
            seconds = state.outbox_lag(timezone.now()).total_seconds()
        except DatabaseError:
            return
        yield GaugeMetricFamily(
            "everhall_outbox_lag_seconds", "Age of the oldest unhandled news", value=seconds
        )

    def describe(self) -> Iterable[Metric]:
        # Without this, registering would collect, and so ask the database at import.
        return [
            GaugeMetricFamily("everhall_outbox_lag_seconds", "Age of the oldest unhandled news")
        ]


REGISTRY.register(DoorCollector())
REGISTRY.register(NewsCollector())


def measured(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: count and time each request by the kind of its route."""

    def middleware(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = get_response(request)
        kind = kind_of(request)
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(kind, method, str(response.status_code)).inc()
        SECONDS.labels(kind).observe(time.perf_counter() - started)
        return response

    return middleware


def kind_of(request: HttpRequest) -> str:
    """`exhibition:exhibit`, `wagtail_serve` …; `none` when no route fits."""
    match = request.resolver_match
    if match is None:
        return "none"
    name = match.view_name or "unnamed"
    return "admin" if match.route.startswith("admin/") else name


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not may_read(request):
        raise PermissionDenied
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def may_read(request: HttpRequest) -> bool:
    """With a token set, its holder; without one, this machine, unless somebody else asks through a proxy on it."""
    token = settings.METRICS_TOKEN
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        return secrets.compare_digest(given.encode(), token.encode())
    proxied = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-Ip"))
    return request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1") and not proxied
