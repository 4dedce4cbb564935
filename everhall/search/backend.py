"""What the settings name as Wagtail's search backend: ours for the default database's vendor.

Only that vendor's module is imported; the other one needs tables that are not there.
"""

from importlib import import_module
from typing import Any

from django.db import connection


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 - the name modelsearch looks for
    return import_module(f"everhall.search.backends.{connection.vendor}").SearchBackend(params)
