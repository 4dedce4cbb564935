"""Addresses for machines that watch the site."""

from django.urls import path

from everhall.config.health import healthz, readyz
from everhall.config.metrics import metrics

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
