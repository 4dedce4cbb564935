"""The week for every test of the desk."""

import pytest
from django.conf import LazySettings

from tests.desk.places import Week, make_week
from tests.kept import once


@pytest.fixture
def week(db: None, settings: LazySettings, tmp_path) -> Week:
    settings.STAFF_2FA = False
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return once(make_week)
