"""From a published notice to a browser, by a real push service on this machine."""

import contextlib
import datetime as dt
import functools
import socket
import stat
import threading
import time

import pytest
from django.utils import timezone

from everhall.notices import keys, queries, sending, services
from everhall.notices.models import Push, Subscription
from everhall.notices.services.following import Refused
from everhall.outgoing import asking
from tests.notices.service import Browser, claims_of, push_service
from tests.notices.test_services import move, notice, published

pytestmark = pytest.mark.django_db
ENDPOINT = "https://push.example/send/abc"
near = functools.partial(sending.post, near=True)


@pytest.fixture
def service():
    with push_service() as found:
        yield found


@pytest.fixture
def browser() -> Browser:
    return Browser()


def follow(browser: Browser, named: str, language: str = "en", endpoint: str = ENDPOINT) -> Subscription:
    services.follow(browser.subscription(endpoint), language, named, timezone.now())
    return Subscription.objects.get(endpoint=endpoint)


def follow_near(browser: Browser, named: str, service, language: str = "en", path: str = "/a") -> Subscription:
    """Addresses of this machine are refused to everybody, so the test writes its own over one that is taken."""
    row = follow(browser, named, language, f"https://push.example{path}")
    Subscription.objects.filter(pk=row.pk).update(endpoint=service.address + path)
    return row


# ---------------------------------------------------------------- following
def test_only_what_is_public_can_be_followed(week, browser) -> None:
    row = follow(browser, "session/2021/open-forum-1")
    follow(browser, "venue/2021/beijing")
    follow(browser, "edition/2021")
    assert set(services.follows_of(ENDPOINT)) == {"session/2021/open-forum-1", "venue/2021/beijing", "edition/2021"}
    for named in (
        "session/2021/draft-forum-1", "session/2021/embargoed-forum-1", "edition/2030", "edition/2020", "venue/2021/none", "edition/2021/x",
        "", None, 7, "organisation/2021/skylark",
    ):  # fmt: skip
        with pytest.raises(Refused, match="unknown"):
            services.follow(browser.subscription(ENDPOINT), "en", named, timezone.now())
    for named in services.follows_of(ENDPOINT):
        services.unfollow(ENDPOINT, named, timezone.now())
    assert not Subscription.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("endpoint", ["http://push.example/a", "https://push.example:8443/", "file:///etc/passwd"])
def test_endpoints_that_are_not_taken(week, browser, endpoint) -> None:
    with pytest.raises(Refused, match="malformed"):
        services.follow(browser.subscription(endpoint), "en", "edition/2021", timezone.now())


def test_a_browser_takes_along_what_it_follows(week, browser) -> None:
    row = follow(browser, "edition/2021")
    other = Browser()
    assert services.renew(ENDPOINT, other.subscription("https://push.example/new")) == ["edition/2021"]
    assert Subscription.objects.get(pk=row.pk).endpoint == "https://push.example/new"
    with pytest.raises(Refused, match="unknown"):
        services.renew(ENDPOINT, other.subscription("https://push.example/new"))


@pytest.mark.parametrize(
    ("of", "reached"),
    [
        ({}, {"edition", "beijing", "park-haidian", "zhengzhou"}),
        ({"venue": "beijing"}, {"edition", "beijing", "park-haidian"}),
        ({"venue": "park-haidian"}, {"edition", "beijing", "park-haidian"}),
        ({"session": "open-forum"}, {"session"}),
    ],
)
def test_who_is_reached(week, of, reached) -> None:
    names = {"edition": "edition/2021", "session": "session/2021/open-forum-1"}
    names |= {code: f"venue/2021/{code}" for code in ("beijing", "park-haidian", "zhengzhou")}
    rows = {follow(Browser(), named, endpoint=f"https://push.example/{key}").pk: key for key, named in names.items()}
    assert {rows[row.pk] for row in queries.reached(published(week, **of))} == reached


# ---------------------------------------------------------------- sending
def test_a_browser_reads_what_was_sent_and_the_service_knows_who_sent_it(week, browser, service) -> None:
    follow_near(browser, "edition/2021", service)
    follow_near(Browser(), "venue/2021/zhengzhou", service, path="/other")
    one = published(week, venue="beijing", weight="urgent", text_en="Please use gate 3.")
    assert sending.send_due(timezone.now(), near) == 1
    ((path, headers, body),) = service.got
    assert path == "/a"
    told = browser.read(body)
    assert (told["title"], told["body"], told["lang"], told["urgent"]) == ("Gate 2 is closed", "Please use gate 3.", "en", True)
    assert told["url"] == f"/en/2021/notices/#notice-{one.pk}"
    claims = claims_of(headers["Authorization"])
    assert claims["aud"] == service.address
    assert claims["sub"] == "mailto:everhall@localhost"
    assert 0 < claims["exp"] - timezone.now().timestamp() <= 24 * 3600
    assert (headers["Urgency"], headers["Content-Encoding"]) == ("high", "aes128gcm")
    assert 86_000 < int(headers["TTL"]) <= 86_400
    assert sending.send_due(timezone.now(), near) == 0


def test_in_chinese_and_with_the_topic_of_the_session(week, browser, service, django_capture_on_commit_callbacks) -> None:
    follow_near(browser, "session/2021/open-forum-1", service, "zh-hans")
    with django_capture_on_commit_callbacks(execute=True):
        move(week.sessions["open-forum"], 5)
    sending.send_due(timezone.now(), near)
    with django_capture_on_commit_callbacks(execute=True):
        move(week.sessions["open-forum"], 1)
    sending.send_due(timezone.now(), near)
    first, second = (browser.read(body) for _, _, body in service.got)
    assert first["title"] == "时间调整：低空经济论坛"
    assert "15:00" in second["body"]
    assert first["url"] == "/2021/sessions/open-forum-1/"
    assert len({headers["Topic"] for _, headers, _ in service.got}) == 1
    assert first["tag"] == second["tag"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(week, browser, service, status) -> None:
    follow_near(browser, "edition/2021", service)
    published(week)
    service.status = status
    sending.send_due(timezone.now(), near)
    assert not Subscription.objects.exists()
    assert not Push.objects.exists()


@pytest.mark.parametrize(("status", "seconds"), [(429, 300), (503, 300), (500, 300)])
def test_a_service_that_is_busy_is_asked_again_when_it_says(week, browser, service, status, seconds) -> None:
    follow_near(browser, "edition/2021", service)
    published(week)
    service.status, service.headers = status, {"Retry-After": "300"}
    now = timezone.now()
    assert sending.send_due(now, near) == 1
    row = Push.objects.get()
    assert (row.state, row.tries, row.due_at) == ("waiting", 1, now + dt.timedelta(seconds=seconds))
    assert sending.send_due(now, near) == 0
    service.status = 201
    assert sending.send_due(now + dt.timedelta(seconds=301), near) == 1
    assert Push.objects.get().state == "sent"


def test_it_is_given_up_in_the_end_and_at_once_where_it_is_refused(week, browser, service) -> None:
    follow_near(browser, "edition/2021", service)
    published(week)
    service.status = 500
    now = timezone.now()
    for _ in range(5):
        sending.send_due(now, near)
        now += dt.timedelta(hours=1)
    assert Push.objects.get().state == "given_up"
    service.status = 413
    published(week)
    sending.send_due(timezone.now(), near)
    assert set(Push.objects.values_list("state", flat=True)) == {"given_up"}


def test_a_redirect_is_not_followed(week, browser, service) -> None:
    follow_near(browser, "edition/2021", service)
    published(week)
    service.status, service.headers = 307, {"Location": service.address + "/elsewhere"}
    sending.send_due(timezone.now(), near)
    assert [path for path, _, _ in service.got] == ["/a"]
    assert Push.objects.get().state == "given_up"


def test_a_slow_service_is_left_alone(service) -> None:
    service.slow = 3
    assert sending.post(f"{service.address}/a", b"", {}, near=True, whole=0.5).status == 0


def test_a_service_that_greets_letter_by_letter_is_cut_off(monkeypatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            line, _ = server.accept()
            with line, contextlib.suppress(OSError):
                line.sendall(b"\x16\x03\x03\x40\x00")
                for _ in range(100):
                    time.sleep(0.1)
                    line.sendall(b"\x00")

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        monkeypatch.setattr(asking, "place_of", lambda *args, **kwargs: server.getsockname())
        assert sending.post("https://push.example/a", b"", {}, whole=0.6).status == 0
        assert thread.is_alive(), "it still greets"
        thread.join(5)


@pytest.mark.parametrize(
    "endpoint",
    ["https://127.0.0.1/a", "https://[::1]/a", "https://localhost/a", "https://10.0.0.1/", "https://169.254.169.254/", "http://127.0.0.1/a", "https://printer.local/"],
)
def test_nothing_of_our_own_network_is_asked(endpoint, monkeypatch) -> None:
    def never(*args, **kwargs):
        raise AssertionError(args)

    monkeypatch.setattr("socket.create_connection", never)
    assert sending.post(endpoint, b"", {}).status == 0


def test_a_name_that_means_an_address_of_ours_is_not_asked(monkeypatch) -> None:
    monkeypatch.setattr("socket.getaddrinfo", lambda *a, **k: [(2, 1, 6, "", ("8.8.8.8", 443)), (2, 1, 6, "", ("10.1.2.3", 443))])
    monkeypatch.setattr("socket.create_connection", lambda *a, **k: pytest.fail("asked"))
    assert sending.post("https://rebind.example/", b"", {}).status == 0


def test_what_a_process_that_died_had_claimed_is_sent_once_by_another(week, browser, service) -> None:
    follow_near(browser, "edition/2021", service)
    published(week)
    now = timezone.now()
    assert len(services.claim(now, 10)) == 1
    # It died here. Nobody takes the row while it may still be sent …
    assert sending.send_due(now + dt.timedelta(seconds=60), near) == 0
    # … and one does, once, afterwards.
    assert sending.send_due(now + dt.timedelta(seconds=121), near) == 1
    assert sending.send_due(now + dt.timedelta(seconds=500), near) == 0
    assert len(service.got) == 1


def test_what_is_withdrawn_or_over_is_not_sent(week, browser, service) -> None:
    follow_near(browser, "edition/2021", service)
    one = published(week)
    services.withdraw(one, None, timezone.now())
    services.publish(notice(week, until=timezone.now() + dt.timedelta(minutes=1)), None, timezone.now())
    sending.send_due(timezone.now() + dt.timedelta(minutes=2), near)
    assert service.got == []


def test_a_correction_is_sent_again_and_a_withdrawn_one_is_not(week, browser, service) -> None:
    follow_near(browser, "edition/2021", service)
    one = published(week)
    sending.send_due(timezone.now(), near)
    one.title_en = "Gate 2 is open again"
    services.correct(one, None, timezone.now())
    sending.send_due(timezone.now(), near)
    assert [browser.read(body)["title"] for _, _, body in service.got] == ["Gate 2 is closed", "Gate 2 is open again"]


# ---------------------------------------------------------------- the key
def test_the_key_is_made_once_and_is_its_owners(tmp_path) -> None:
    found = []
    threads = [threading.Thread(target=lambda: found.append(keys.made_or_kept(tmp_path / "data"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({key.private_numbers().private_value for key in found}) == 1
    assert stat.S_IMODE((tmp_path / "data" / keys.NAME).stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == [keys.NAME]


def test_neither_endpoint_nor_keys_are_logged(week, browser, service, caplog) -> None:
    follow_near(browser, "edition/2021", service)
    published(week)
    service.status = 500
    sending.send_due(timezone.now(), near)
    assert caplog.records
    assert service.address not in caplog.text + str([vars(record) for record in caplog.records])
