"""The round of a call for each test."""

import pytest
from django.conf import LazySettings

from tests.calls.round import Round, make_round


@pytest.fixture
def calls(db: None, settings: LazySettings) -> Round:
    settings.STAFF_2FA = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return make_round()
