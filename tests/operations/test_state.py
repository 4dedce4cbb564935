"""Health, metrics, checks and logs: they tell the truth, to those who may hear it."""

import datetime as dt
import json

import pytest
import structlog
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from everhall.config import doctor, logs, state
from everhall.realtime.models import NewsItem


def test_a_working_site_is_alive_and_ready(db, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert Client().get("/healthz").content == b"ok\n"
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "troubles": []})
    assert "no-store" in answer["Cache-Control"]


def test_a_site_is_not_ready_when_its_folder_is_gone_or_news_waits(db, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.DATA_DIR = tmp_path / "file" / "data"
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["troubles"]) == (503, ["data-folder"])
    settings.DATA_DIR = tmp_path
    NewsItem.objects.create(told_at=timezone.now() - dt.timedelta(minutes=5), kind="x", payload={})
    assert Client().get("/readyz").json()["troubles"] == ["outbox"]
    assert str(tmp_path) not in answer.content.decode()


@pytest.mark.parametrize(
    ("token", "asked_with", "status"),
    [
        ("", {}, 200),
        ("", {"x-forwarded-for": "203.0.113.9"}, 403),
        ("s3cret", {}, 403),
        ("s3cret", {"authorization": "Bearer wrong"}, 403),
        ("s3cret", {"authorization": "Bearer s3cret", "x-forwarded-for": "203.0.113.9"}, 200),
    ],
)
def test_metrics_are_for_this_machine_or_the_holder_of_the_token(db, settings, token, asked_with, status):
    settings.METRICS_TOKEN = token
    answer = Client().get("/metrics", headers=asked_with)
    assert answer.status_code == status
    if status == 200:
        text = answer.content.decode()
        assert "everhall_door_hits_total" in text
        assert "everhall_outbox_lag_seconds" in text
    assert Client(REMOTE_ADDR="203.0.113.9").get("/metrics").status_code == 403


def test_check_names_what_is_missing_for_the_public_and_what_to_do(db, settings, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    settings.DATA_DIR = tmp_path
    settings.BASE_URL = "http://week.example.org"
    settings.DEBUG = settings.DEMO = True
    codes = [trouble.code for trouble in doctor.lacking()]
    assert codes[:4] == ["debug", "demo", "https", "hosts"]
    with pytest.raises(SystemExit):
        call_command("check", "--deploy", "--json")
    told = json.loads(capsys.readouterr().out)
    assert {row["code"] for row in told["lacking"]} >= {"debug", "demo", "https", "hosts"}
    assert all(row["zh"] and row["en"] for row in told["lacking"])
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    call_command("check")
    assert "对公众开放之前还缺" in capsys.readouterr().out


def test_a_site_that_has_everything_lacks_nothing(db, settings, tmp_path, monkeypatch):
    monkeypatch.delenv("EVERHALL_SECRET_KEY", raising=False)
    (tmp_path / "staticfiles.json").write_text("{}")
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, str(tmp_path)
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://week.example.org", [".example.org"]
    settings.DEBUG = settings.DEMO = False
    settings.STAFF_2FA, settings.METRICS_TOKEN = True, "token"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert {trouble.code for trouble in doctor.lacking()} <= {"sqlite", "space"}


def test_check_says_when_it_cannot_work(db, settings, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    settings.DATA_DIR = tmp_path / "file"
    with pytest.raises(SystemExit) as ended:
        call_command("check")
    assert ended.value.code == 1
    assert str(tmp_path / "file") in capsys.readouterr().out


def test_the_language_of_a_terminal_is_that_of_its_locale(monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert not state.speaks_chinese()
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert state.speaks_chinese()
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert not state.speaks_chinese()


def test_secrets_never_reach_the_log(capsys):
    try:
        logs.configure("json")
        log = structlog.get_logger("test")
        log.info(
            "connected", password="hunter2", api_token="t0k", url="postgresql://ann:hunter2@db/x", query="?key=abc&a=1"
        )
        written = capsys.readouterr().err
        row = json.loads(written)
        assert (row["event"], row["level"]) == ("connected", "info")
        assert row["url"] == "postgresql://…@db/x"
        assert row["query"] == "?key=…&a=1"
        for secret in ("hunter2", "t0k", "abc"):
            assert secret not in written
    finally:
        logs.logging.getLogger().handlers.clear()
        structlog.reset_defaults()
