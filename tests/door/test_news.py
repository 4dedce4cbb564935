"""No stale page, whatever the order in which renders, news and visitors arrive."""

import asyncio
import threading

from everhall.config.door import Shelf, open_here, purge_here
from everhall.config.door.answers import Page
from everhall.config.door.asked import Key
from tests.door.helpers import Clock, Site, a_door, ask


class Gate:
    """Holds the renders of one path until it is opened."""

    def __init__(self, path: str = "/") -> None:
        self.path = path
        self.entered = asyncio.Event()
        self.opened = asyncio.Event()

    async def __call__(self, path: str) -> None:
        if path == self.path:
            self.entered.set()
            await self.opened.wait()


def test_news_of_a_tag_drops_the_pages_that_show_it_and_no_others():
    async def play():
        site = Site()
        site.page("/a", b"a1", "edition-2021 exhibit-a")
        site.page("/b", b"b1", "edition-2021 exhibit-b")
        door = a_door(site)
        await ask(door, "/a")
        await ask(door, "/b")
        site.page("/a", b"a2", "edition-2021 exhibit-a")
        site.page("/b", b"b2", "edition-2021 exhibit-b")
        assert door.shelf.purge(["exhibit-a"]) == 1
        assert (await ask(door, "/a")).body == b"a2"
        assert (await ask(door, "/b")).body == b"b1"
        door.shelf.purge(["*"])
        assert (await ask(door, "/b")).body == b"b2"
        assert door.shelf.weight > 0
        door.shelf.purge(["edition-2021"])
        assert door.shelf.weight == 0

    asyncio.run(play())


def test_news_that_lands_in_the_middle_of_a_render_keeps_its_result_off_the_shelf():
    async def play():
        site = Site()
        site.page("/", b"old", "site")
        gate = site.hold = Gate()
        door = a_door(site)
        first = asyncio.create_task(ask(door, "/"))
        await gate.entered.wait()
        site.page("/", b"new", "site")
        door.shelf.purge(["site"])
        gate.opened.set()
        # Who asked before the news may see the old page; nobody after.
        assert (await first).body == b"old"
        assert len(door.shelf) == 0
        assert (await ask(door, "/")).body == b"new"
        assert door.shelf.counts.overtaken == 1

    asyncio.run(play())


def test_who_joins_a_render_after_the_news_gets_a_fresh_page():
    async def play():
        site = Site()
        site.page("/", b"old", "site")
        gate = site.hold = Gate()
        door = a_door(site)
        first = asyncio.create_task(ask(door, "/"))
        await gate.entered.wait()
        site.page("/", b"new", "site")
        door.shelf.purge(["site"])
        late = [asyncio.create_task(ask(door, "/")) for _ in range(5)]
        await asyncio.sleep(0.01)
        gate.opened.set()
        await first
        assert [(await task).body for task in late] == [b"new"] * 5
        assert site.asked == ["/", "/"]

    asyncio.run(play())


def test_news_of_something_else_does_not_disturb_a_render():
    async def play():
        site = Site()
        site.page("/", b"page", "exhibit-a")
        gate = site.hold = Gate()
        door = a_door(site)
        first = asyncio.create_task(ask(door, "/"))
        await gate.entered.wait()
        door.shelf.purge(["exhibit-b"])
        gate.opened.set()
        await first
        await ask(door, "/")
        assert site.asked == ["/"]

    asyncio.run(play())


def test_everybody_who_asks_at_once_is_served_by_one_render():
    async def play():
        site = Site()
        site.page("/", b"page", "site")
        gate = site.hold = Gate()
        door = a_door(site)
        tasks = [asyncio.create_task(ask(door, "/")) for _ in range(50)]
        await gate.entered.wait()
        await asyncio.sleep(0.01)
        gate.opened.set()
        assert {(await task).body for task in tasks} == {b"page"}
        assert site.asked == ["/"]

    asyncio.run(play())


def test_nobody_waits_for_an_answer_that_is_not_for_everybody():
    async def play():
        site = Site()
        site.page("/form", b"yours", "", (b"set-cookie", b"csrftoken=1"))
        door = a_door(site)
        answers = await asyncio.gather(*(ask(door, "/form") for _ in range(20)))
        assert len(site.asked) == 20
        assert {answer.body for answer in answers} == {b"yours"}
        gate = site.hold = Gate("/form")
        waiting = [asyncio.create_task(ask(door, "/form")) for _ in range(3)]
        await gate.entered.wait()
        await asyncio.sleep(0.01)
        assert len(site.asked) == 23
        gate.opened.set()
        await asyncio.gather(*waiting)

    asyncio.run(play())


def test_a_render_that_takes_too_long_or_fails_does_not_hold_up_the_others():
    async def play():
        site = Site()
        site.page("/", b"page", "site")
        gate = site.hold = Gate()
        door = a_door(site, patience=0.02)
        slow = asyncio.create_task(ask(door, "/"))
        await gate.entered.wait()
        site.hold = None
        assert (await ask(door, "/")).body == b"page"
        gate.opened.set()
        await slow

        async def fail(path: str) -> None:
            await asyncio.sleep(0.01)
            site.hold = None
            raise RuntimeError

        door.shelf.purge(["*"])
        site.hold = fail
        first, second = await asyncio.gather(ask(door, "/"), ask(door, "/"), return_exceptions=True)
        assert isinstance(first, RuntimeError)
        assert second.body == b"page"
        assert not door.flights

    asyncio.run(play())


def test_every_door_of_this_process_is_purged_at_once():
    shelf = Shelf(100_000, Clock())
    open_here(shelf)
    shelf.put(
        Page(Key(b"", "/", b"", b""), 200, [], b"x", tags=["site"], until=None, began=shelf.moment)
    )
    assert purge_here(["site"]) == 1
    assert len(shelf) == 0


def test_purges_from_many_threads_never_leave_a_page_that_began_before_them():
    shelf = Shelf(10_000_000, Clock())
    wrong: list[str] = []
    stop = threading.Event()

    def render(number: int) -> None:
        while not stop.is_set():
            began = shelf.moment
            page = Page(
                Key(b"", f"/{number}", b"", b""), 200, [], b"x", tags=["t"], until=None, began=began
            )
            if (
                shelf.put(page)
                and page.alive
                and shelf.is_outdated(page.tags, page.began)
                and page.alive
            ):
                wrong.append("kept though overtaken")

    def tell() -> None:
        while not stop.is_set():
            shelf.purge(["t"])

    threads = [threading.Thread(target=render, args=(n,)) for n in range(4)] + [
        threading.Thread(target=tell)
    ]
    for thread in threads:
        thread.start()
    threading.Event().wait(0.4)
    stop.set()
    for thread in threads:
        thread.join()
    assert not wrong
    shelf.purge(["t"])
    assert (len(shelf), shelf.weight) == (0, 0)


def test_the_memory_of_purges_is_bounded_but_keeps_what_running_renders_need():
    shelf = Shelf(100_000, Clock())
    for number in range(20_000):
        shelf.purge([f"exhibit-{number}"])
        shelf.forget_purges_before(15_000)
    assert shelf.is_outdated(["exhibit-19999"], 15_000)
    assert len(shelf._purged) < 15_000
