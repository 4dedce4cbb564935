"""TEMPORARY by the lead; helper door replaces this file (healthz, readyz, metrics)."""

urlpatterns: list = []
