"""The counter and its line: in order, once, with an answer within patience; and two counters at one admission."""

import asyncio
import json
import threading
import time
from dataclasses import replace

import pytest

from everhall.registration.asgi import Registering
from everhall.registration.counter import Counter
from everhall.registration.gate import Gate, Ticket
from everhall.registration.models import Registration
from everhall.registration.services import Refused
from tests.registration.places import admission_to, held, let_the_week_come, taken

NOW = 1_700_000_000.0


@pytest.fixture
def running():
    started = []

    def run(perform, **options):
        started.append(Counter(perform, **options))
        started[-1].start()
        return started[-1]

    yield run
    for each in started:
        each.stop()


def ticket(number: int, arrived: float = NOW) -> Ticket:
    body = {"request": f"request-{number:012}", "name": f"p{number}", "email": f"p{number}@example.org", "way": "onsite"}
    return Ticket("hall", body["request"], arrived, body)


def refusing(posts, now):
    """Stands for a database: answers with what came, in words that need none."""
    return [Refused("full") for _ in posts]


def test_many_share_one_transaction_in_the_order_of_first_arrival(running) -> None:
    seen, sizes, done = [], [], threading.Event()

    def perform(posts, now):
        sizes.append(len(posts))
        seen.extend(post.body["name"] for post in posts)
        if len(seen) >= 80:
            done.set()
        return refusing(posts, now)

    counter = running(perform, each_second=1e9)
    for number in range(80):
        assert counter.put(ticket(number, NOW - number), lambda found: None)
    assert done.wait(20)
    assert len(sizes) <= 3
    first = seen[: sizes[0]]
    assert first == sorted(first, key=lambda name: -int(name[1:]))


def test_whoever_comes_again_is_written_once_and_both_are_answered(running) -> None:
    posts_seen, answers, done = [], [], threading.Event()
    gate = threading.Event()

    def perform(posts, now):
        gate.wait(20)
        posts_seen.extend(posts)
        return refusing(posts, now)

    counter = running(perform)
    counter.put(ticket(0), lambda found: None)
    time.sleep(0.1)
    for _ in range(2):
        counter.put(ticket(1), lambda found: (answers.append(found), len(answers) == 2 and done.set()))
    gate.set()
    assert done.wait(20)
    assert [post.body["name"] for post in posts_seen].count("p1") == 1


def test_no_more_are_let_in_a_second_than_is_meant(running) -> None:
    counter = running(refusing, each_second=100.0)
    done, answers = threading.Event(), []
    for number in range(150):
        counter.put(ticket(number), lambda found: (answers.append(time.monotonic()), len(answers) == 150 and done.set()))
    assert done.wait(10)
    assert answers[-1] - answers[0] > 0.8


def test_a_fault_of_the_database_is_told_and_the_line_goes_on(running) -> None:
    turns, answers, done = [], [], threading.Event()

    def perform(posts, now):
        turns.append(1)
        if len(turns) == 1:
            raise RuntimeError
        return refusing(posts, now)

    counter = running(perform)
    counter.put(ticket(1), lambda found: (answers.append(found.code), done.set()))
    assert done.wait(20)
    done.clear()
    counter.put(ticket(1), lambda found: (answers.append(found.code), done.set()))
    assert done.wait(20)
    assert answers == ["busy", "full"]


def test_stopping_writes_what_waits() -> None:
    answers: list = []
    counter = Counter(refusing, each_second=1.0)
    for number in range(250):
        counter.put(ticket(number), lambda found: answers.append(found.code))
    counter.start()
    counter.stop()
    assert len(answers) == 250
    assert not counter.put(ticket(1), lambda found: None)


def test_long_wishes_do_not_fill_the_memory(running, monkeypatch) -> None:
    monkeypatch.setattr("everhall.registration.counter.MOST_BYTES", 1000)
    gate, written = threading.Event(), threading.Event()

    def perform(posts, now):
        gate.wait(20)
        return refusing(posts, now)

    counter = running(perform)
    heavy = [replace(ticket(number), weight=400) for number in range(4)]
    assert [counter.put(one, lambda found: None) for one in heavy[:2]] == [True, True]
    assert counter.put(heavy[1], lambda found: None), "the same again weighs nothing more"
    assert not counter.put(replace(heavy[1], weight=900), lambda found: None)
    assert not counter.put(heavy[2], lambda found: None)
    gate.set()
    deadline = time.monotonic() + 40
    while len(counter) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert counter.put(heavy[3], lambda found: written.set())
    assert written.wait(20)


def test_it_is_a_rush_until_a_moment_after_the_last(running) -> None:
    counter, done = running(refusing), threading.Event()
    assert not counter.is_busy
    counter.put(ticket(0), lambda found: done.set())
    assert done.wait(20)
    assert counter.is_busy
    assert not counter.holds(ticket(0).key)


# ---------------------------------------------------------------- over ASGI
def ask(app: Registering, body: bytes, headers=((b"content-type", b"application/json"),), method="POST"):
    told: list = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        told.append(message)

    scope = {"type": "http", "method": method, "headers": list(headers), "client": ("127.0.0.9", 1), "path": "/register/act"}
    asyncio.run(app(scope, receive, send))
    return told[0]["status"], dict(told[0]["headers"]), json.loads(told[1]["body"])


def wish(**more) -> bytes:
    return json.dumps({"admission": "hall", "request": "request-000000000001", "name": "a", "email": "a@example.org", **more}).encode()


def test_a_line_that_is_long_answers_with_a_place_and_a_seal_that_keeps_it(running) -> None:
    block = threading.Event()

    def perform(posts, now):
        block.wait(10)
        return refusing(posts, now)

    counter = running(perform)
    app = Registering(Gate(), counter, lambda: NOW, patience=0.2)
    counter.put(ticket(7), lambda found: None)
    time.sleep(0.1)
    counter.put(ticket(8), lambda found: None)
    status, headers, body = ask(app, wish())
    assert (status, body["line"]["place"]) == (202, 2)
    assert int(headers[b"retry-after"]) >= 1
    status, _, again = ask(app, wish(line=body["line"]["seal"]))
    assert (status, again["line"]["place"]) == (202, 2)
    # In another process, where others stand already, the seal says who came first.
    other = running(perform)
    later = Registering(Gate(), other, lambda: NOW + 30, patience=0.2)
    other.put(ticket(9, NOW + 1), lambda found: None)
    time.sleep(0.1)
    other.put(ticket(10, NOW + 2), lambda found: None)
    assert ask(later, wish(line=body["line"]["seal"]))[2]["line"]["place"] == 1
    assert ask(later, wish(request="request-000000000002", line=body["line"]["seal"]))[2]["line"]["place"] == 3
    block.set()


@pytest.mark.parametrize(
    ("body", "method", "status"),
    [(b"{", "POST", 400), (b"[]", "POST", 400), (b"x" * 200_000, "POST", 413), (wish(), "GET", 405), (wish(admission="../x"), "POST", 400)],
)
def test_nonsense_over_asgi(running, body, method, status) -> None:
    assert ask(Registering(Gate(), running(refusing), lambda: NOW), body, method=method)[0] == status


def test_what_a_form_of_another_site_can_send_is_refused(running) -> None:
    app = Registering(Gate(), running(refusing), lambda: NOW)
    assert ask(app, wish(), headers=((b"content-type", b"text/plain"),))[0] == 400
    assert ask(app, wish(), headers=())[0] == 400


# ---------------------------------------------------------------- with the database
@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_two_processes_at_one_admission_sell_no_seat_twice_and_nobody_two(settings) -> None:
    from tests.world import build

    let_the_week_come(settings)
    hall = admission_to(build().sessions["open-forum"], onsite=25)
    counters = [Counter(each_second=1e9), Counter(each_second=1e9)]
    answers: list = []
    done = threading.Event()

    def come(counter: Counter, wish: Ticket) -> None:
        def told(found) -> None:
            # The tests' SQLite lives in memory and waits for nobody: whoever meets its lock comes again, as pages do.
            if isinstance(found, Refused) and found.code == "busy":
                threading.Timer(0.05, come, (counter, wish)).start()
                return
            answers.append(found)
            if len(answers) == 160:
                done.set()

        counter.put(wish, told)

    # Each person comes to both, as somebody does whose answer was lost.
    for number in range(80):
        body = ticket(number).body
        for counter in counters:
            come(counter, Ticket(hall.key, str(body["request"]), NOW + number, body))
    for counter in counters:
        counter.start()
    assert done.wait(60)
    for counter in counters:
        counter.stop()
    rows = list(Registration.objects.filter(admission=hall).order_by("number"))
    assert len(rows) == 80
    assert len({row.email for row in rows}) == 80
    assert [row.number for row in rows] == list(range(1, 81))
    assert [row.state for row in rows] == ["confirmed"] * 25 + ["waiting"] * 55
    assert taken(hall) == held(hall) == 25
    assert not [found for found in answers if isinstance(found, Refused)]
