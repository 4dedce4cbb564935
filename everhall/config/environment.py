"""What the environment says, read once and checked, so that a wrong value is one plain sentence.

Every setting of an installation is an `EVERHALL_…` variable with a default that suits a laptop; the table
in docs/reference/settings.md is checked against `KNOWN` by a test.
"""

import contextlib
import datetime as dt
import os
import secrets
import urllib.parse
from pathlib import Path
from typing import Any

from everhall.engines import persistent_ids

#: name -> (default as told to people, meaning)
KNOWN: dict[str, tuple[str, str]] = {
    "EVERHALL_DATA": ("var/ beside the code", "folder of everything that is kept: database, files, secrets"),
    "EVERHALL_DATABASE_URL": ("SQLite in the data folder", "postgresql://user:password@host:port/name"),
    "EVERHALL_SECRET_KEY": ("made once, kept in the data folder", "signs sessions and links"),
    "EVERHALL_DEBUG": ("no", "yes shows tracebacks; never in production"),
    "EVERHALL_DEMO": ("no", "yes marks the site as a demo and lets staff in without a second factor"),
    "EVERHALL_HOSTS": ("localhost,127.0.0.1,[::1]", "host names this site answers to, separated by commas"),
    "EVERHALL_BASE_URL": ("http://localhost:8000", "address that links in mails, feeds and cards begin with"),
    "EVERHALL_STAFF_2FA": ("yes, in the demo no", "staff must have a second factor"),
    "EVERHALL_PAGE_CACHE_MB": ("64", "memory for finished pages at the door, per process"),
    "EVERHALL_THREADS": ("4", "threads that render pages, per process"),
    "EVERHALL_UPLOAD_MB": ("100", "largest upload in the desk"),
    "EVERHALL_IMPORT_MB": ("300", "largest archive of pictures that comes with a sheet"),
    "EVERHALL_VIDEO_MB": ("20000", "largest finished video that is accepted"),
    "EVERHALL_FILE_MB": ("2000", "largest video, model or board that an exhibitor sends in pieces"),
    "EVERHALL_LIVE_PORT": ("9000", "first UDP port of feeds that come by SRT; each takes the next"),
    "EVERHALL_NATS_URL": ("none: news stays in this process", "nats://user:password@host:4222, where several processes serve"),
    "EVERHALL_MAX_MEGAPIXELS": ("80", "largest picture that is accepted"),
    "EVERHALL_MAIL_URL": ("mails are written to the data folder", "smtp://user:password@host:587"),
    "EVERHALL_MAIL_FROM": ("everhall@localhost", "sender of mails"),
    "EVERHALL_METRICS_TOKEN": ("none: only this machine may read /metrics", "token for /metrics"),
    "EVERHALL_WEEK_CLOCK": (
        "the real time",
        "moment at which the programme's clock stands when the site starts, 2021-10-20T09:40:00+08:00; for demos",
    ),
    "EVERHALL_NO_CLERK": (
        "no", "yes starts a process without the clerk, who publishes what is scheduled; one clerk is enough",
    ),
    "EVERHALL_SCENES": ("yes", "no leaves scenes of halls undrawn until somebody runs `everhall scenes`"),
    "EVERHALL_ARK_NAAN": (
        "99999, which is for tests", "number under which identifiers of exhibits are minted (an ARK's NAAN); ask for one of your own",
    ),
    "EVERHALL_COVERS": ("yes", "no leaves sizes of covers to the first visitor who asks for them"),
    "EVERHALL_LOG": ("pretty on a terminal, json elsewhere", "pretty or json"),
}


class WrongSetting(Exception):  # noqa: N818 - reads as what it is
    """A variable has a value that cannot be used; the message says which and what would do."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    """A yes/no variable."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    msg = f"{name} is “{value}”; say yes or no."
    raise WrongSetting(msg)


def number(name: str, default: int, low: int = 1, high: int = 1_000_000) -> int:
    value = text(name)
    if not value:
        return default
    if not value.isdecimal() or not low <= int(value) <= high:
        msg = f"{name} is “{value}”; say a whole number from {low} to {high}."
        raise WrongSetting(msg)
    return int(value)


def clock_offset(now: dt.datetime) -> dt.timedelta:
    """How far the programme's clock is from the real one; zero but in a demo of a past week."""
    value = text("EVERHALL_WEEK_CLOCK")
    if not value:
        return dt.timedelta()
    try:
        wanted = dt.datetime.fromisoformat(value)
        return wanted - now
    except (ValueError, TypeError) as wrong:
        msg = f"EVERHALL_WEEK_CLOCK is “{value}”; say a moment with its zone, like 2021-10-20T09:40:00+08:00."
        raise WrongSetting(msg) from wrong


def data_folder(code: Path) -> Path:
    """The one folder of everything that is kept."""
    given = text("EVERHALL_DATA")
    if given:
        return Path(given).expanduser().resolve()
    if (code / "pyproject.toml").exists():
        return code / "var"
    return Path.home() / ".local" / "share" / "everhall"


def secret_key(data: Path) -> str:
    """The key of the environment, else one made at the first start and readable to its owner only."""
    given = text("EVERHALL_SECRET_KEY")
    if given:
        return given
    path = data / "secret-key"
    try:
        return path.read_text().strip()
    except OSError:
        key = secrets.token_urlsafe(48)
    try:
        data.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(key)
    except OSError:
        # Another process made it meanwhile. Else the folder cannot be written: `check`, `serve` and `demo` tell.
        with contextlib.suppress(OSError):
            return path.read_text().strip()
    return key


def database(data: Path) -> dict[str, Any]:
    """Django's DATABASES["default"]: SQLite in the data folder, or what the URL says."""
    url = text("EVERHALL_DATABASE_URL")
    if not url:
        return sqlite(data / "everhall.sqlite3")
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(Path(urllib.parse.unquote(parts.path)))
    if parts.scheme not in {"postgresql", "postgres"}:
        msg = "EVERHALL_DATABASE_URL must begin with postgresql:// or sqlite:///."
        raise WrongSetting(msg)
    query = dict(urllib.parse.parse_qsl(parts.query))
    host = query.pop("host", "") or urllib.parse.unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": urllib.parse.unquote(parts.path.lstrip("/")) or "everhall",
        "USER": urllib.parse.unquote(parts.username or ""),
        "PASSWORD": urllib.parse.unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(query.pop("port", "") or parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


def sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A writer takes its lock at BEGIN, so that it waits its turn instead of failing half-way.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
                " PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
            ),
        },
        "TEST": {"NAME": None},
    }


def naan() -> str:
    """The name assigning authority number of ARKs."""
    value = text("EVERHALL_ARK_NAAN", persistent_ids.TEST_NAAN)
    if not persistent_ids.is_naan(value):
        msg = f"EVERHALL_ARK_NAAN is “{value}”; a NAAN has five digits, such as 12345."
        raise WrongSetting(msg)
    return value


def mail() -> dict[str, Any]:
    """Django's mail settings from one URL; without one, mails become files in the data folder."""
    url = text("EVERHALL_MAIL_URL")
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"}:
        msg = "EVERHALL_MAIL_URL must begin with smtp:// or smtps://."
        raise WrongSetting(msg)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or 587,
        "EMAIL_HOST_USER": urllib.parse.unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": urllib.parse.unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp" and parts.hostname not in {"localhost", "127.0.0.1"},
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }
