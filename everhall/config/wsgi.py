"""Django as WSGI; the door (`asgi.py`) stands in front of it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everhall.config.settings")

application = get_wsgi_application()
