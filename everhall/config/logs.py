"""Structured logs: one line per thing that happened, with the request id, without secrets.

In: records of structlog and of the standard library (Django, Wagtail, uvicorn). Out: JSON lines, or a readable
form on a terminal, on standard error. What must stay true: nothing that lets somebody in is ever written.
"""

import logging
import logging.config
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

#: Names of values that are never written.
SECRET_NAMES = re.compile(
    r"pass(word|phrase)?$|secret|token|cookie|authorization|session|otp|csrf", re.IGNORECASE
)
#: User and password in an address such as postgresql://user:password@host/.
IN_ADDRESS = re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^/\s:@]*:[^/\s@]*@")
#: name=value in a text, as in a query string or a libpq message.
IN_TEXT = re.compile(
    r"(?i)\b(password|token|secret|sessionid|everhall_session|csrftoken|key)=([^&\s;]+)"
)
#: What lets somebody in by an address alone (`engines.tokens`): a pass, a letter's link, a calendar. Django tells the paths of refusals.
SEALED = re.compile(r"[A-Za-z0-9_-]{2,200}\.[1-9][0-9]{0,11}\.[A-Za-z0-9_-]{43}")


def without_secrets(
    _logger: Any, _method: str, record: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """structlog processor: blot out secret values by their name, and those inside texts."""
    for name, value in record.items():
        if SECRET_NAMES.search(name):
            record[name] = "…"
        elif isinstance(value, str):
            record[name] = blotted(value)
    return record


def blotted(text: str) -> str:
    return SEALED.sub("…", IN_TEXT.sub(r"\1=…", IN_ADDRESS.sub(r"\1…@", text)))


def configure(form: str = "") -> None:
    """Set logging up for this process. `form` is json or pretty; empty chooses by the terminal."""
    pretty = form == "pretty" or (form != "json" and sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    ending: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if pretty:
        ending += [without_secrets, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    else:
        ending += [
            structlog.processors.format_exc_info,
            without_secrets,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": ending,
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"handlers": ["stderr"], "level": "INFO"},
            "loggers": {
                # Every request is told once, by the door.
                "django.server": {"level": "ERROR"},
                "django.request": {"level": "ERROR"},
                "uvicorn": {"level": "WARNING"},
                "PIL": {"level": "WARNING"},
                "fontTools": {"level": "WARNING"},
            },
        }
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared[:3],
            shared[4],
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
