"""The show goes on: whoever dies, viewers see rows in time, numbers never go back, recordings lose nothing."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.live_world import (
    Film,
    Publisher,
    StudioProcess,
    free_port,
    now,
    recorded_clocks,
    srt_url,
)
from everhall.engines.channel import Cut, Item
from everhall.engines.hls.model import Airing, Kind, Row, Segment, part_name
from everhall.engines.offers import recorded
from everhall.live.ingest_run import RunEnded
from everhall.live.slates import house_slate
from everhall.live.store import Log, Store
from everhall.realtime.clock import Clock
from tests.live.shows import BEGAN, Show

#: 1.5 target durations and one look of the director.
IN_TIME = 3.0 + 0.11


def item(source: str) -> Item:
    return Item("one", "live", source, starts=0.0)


def relay(channel: str) -> Item:
    return Item("two", "relay", f"channel/{channel}", starts=0.0)


@pytest.fixture(scope="module")
def slate(tmp_path_factory) -> tuple[Path, list[Segment]]:
    """Two seconds of it by another name: what it shows does not matter here."""
    root = tmp_path_factory.mktemp("slate")

    async def made() -> list[Segment]:
        show = Show(root)
        feed = show.feed("slate")
        await show.go(6.5)
        await feed.end()
        show.close()
        return list(show.studio._latest["feed/slate"])[:2]

    segments = asyncio.run(made())
    return root, [Segment("slate/house", one.run, n, 0.0, 2.0 * n, 2.0, one.media, one.parts) for n, one in enumerate(segments)]


@pytest.fixture
def show(tmp_path, slate):
    made = Show(tmp_path)
    made.studio.board.slate = slate[1]
    yield made
    made.close()


def check(rows: list[Row]) -> None:
    """What viewers rely on, whatever happened."""
    for before, after in pairwise(rows):
        assert after.msn == before.msn + 1
        assert after.dsn - before.dsn in (0, 1)
        assert after.airtime >= before.ends - 1e-6
        goes_on = (after.source, after.run, after.index) == (before.source, before.run, before.index + 1)
        assert goes_on or after.dsn == before.dsn + 1


def sources(rows: list[Row]) -> list[str]:
    """Without repetition."""
    names = [row.source for row in rows]
    return [name for n, name in enumerate(names) if n == 0 or name != names[n - 1]]


# ---------------------------------------------------------------- sources that die
def test_a_source_that_vanishes_is_followed_by_the_slate_in_time_and_by_itself_when_it_is_back(show):
    async def story():
        show.channel("a", [item("feed/x")])
        feed = show.feed("x")
        await show.go(11.3)
        feed.run, dead = None, feed.run
        await show.go(4.0)
        await dead.finish("silent")
        await show.go(3.0)
        feed.begin()
        await show.go(8.0)

    asyncio.run(story())
    rows = show.rows("a")
    check(rows)
    assert sources(rows[2:]) == ["feed/x", "slate/house", "feed/x"]
    assert max(show.pauses("a")) <= IN_TIME


def test_a_segment_whose_parts_were_told_is_aired_with_them_when_the_rest_does_not_come(show):
    """The encoder stands still in the middle of a segment, and nobody says that it is dead."""

    async def story():
        show.channel("a", [item("feed/x")])
        feed = show.feed("x")
        await show.go(11.3)
        feed.run = None
        await show.go(6.0)

    asyncio.run(story())
    told = {(one.msn, n, part.size) for _, _, one in show.aired if isinstance(one, Airing) for n, part in enumerate([one.parts["v720"]], one.parts["v720"].n)}  # fmt: skip
    rows = {row.msn: row for row in show.rows("a")}
    check(list(rows.values()))
    assert Kind.GAP not in {row.kind for row in rows.values()}
    for msn, n, size in told:
        # Nothing that was told is taken back, and the body is these very bytes.
        assert rows[msn].parts["v720"][n].size == size
    short = next(row for row in rows.values() if row.source == "feed/x" and row.duration < 1.9)
    store = show.studio.store
    body = b"".join(store.part_path("x", part_name(short.run, short.index, part.n, "v720")).read_bytes() for part in short.parts["v720"])  # fmt: skip
    assert store.get(short.media["v720"].body) == body
    assert max(show.pauses("a")) <= IN_TIME


def test_a_relay_goes_on_when_the_source_of_the_relayed_channel_vanishes(show):
    async def story():
        show.channel("a", [item("feed/x")])
        show.channel("b", [relay("a")])
        feed = show.feed("x")
        await show.go(14.0)
        feed.run = None
        await show.go(4.0)
        show.heard("x", RunEnded("feed/x", "", "silent"))
        await show.go(4.0)
        feed.begin()
        await show.go(10.0)

    asyncio.run(story())
    rows = show.rows("b")
    check(rows)
    assert {"feed/x", "slate/house"} == set(sources(rows[2:]))
    assert rows[-1].source == "feed/x"
    assert max(show.pauses("b")[2:]) <= IN_TIME


def test_what_was_aired_short_is_not_aired_again_when_the_rest_of_it_comes(show):
    async def story(stood_still: float):
        show.channel("a", [item("feed/x")])
        feed = show.feed("x")
        await show.go(11.3)
        feed.run, still = None, feed.run
        await show.go(stood_still)
        await still.finish("silent")
        await show.go(6.0)

    asyncio.run(story(4.0))
    check(show.rows("a"))
    aired = [(row.source, row.run, row.index) for row in show.rows("a") if row.source == "feed/x"]
    assert len(aired) == len(set(aired))


def test_parts_are_told_each_second_when_sources_are_switched(show):
    """A source that is joined may have finished its segment already: its parts are told all the same."""

    async def story():
        show.channel("a", [item("feed/x")])
        show.feed("x")
        await show.go(0.7)
        show.feed("y")
        await show.go(9.0)
        cuts = []
        for n in range(8):
            cuts.append(Cut(show.now, "take", "feed/y" if n % 2 == 0 else "feed/x"))
            show.channel("a", [item("feed/x")], cuts)
            await show.go(5.3)

    asyncio.run(story())
    check(show.rows("a"))
    at = [when for when, name, news in show.aired if name == "channel/a" and when > BEGAN + 9]
    # Of a joined segment that is finished, the first part is told early and the last one with its row, two seconds later.
    assert max(after - before for before, after in pairwise(at)) <= 2.1


def test_slates_and_recordings_are_told_part_by_part(show):
    """Also where a channel relays one that shows them; and a channel never tells more than what has happened."""

    async def story():
        show.channel("a", [item("feed/x")])
        show.feed("x")
        await show.go(8.0)
        film = recorded(list(show.studio._latest["feed/x"])[:3], "recording/1")
        show.studio.board.offers["recording/1"] = film
        show.channel("b", [relay("a")])
        await show.go(6.0)
        show.channel("a", [item("feed/x")], [Cut(show.now, "slate")])
        await show.go(6.0)
        show.channel("a", [item("feed/x")], [Cut(show.now, "take", "recording/1")])
        await show.go(5.0)
        show.channel("a", [item("feed/x")], [Cut(show.now, "auto")])
        await show.go(6.0)

    asyncio.run(story())
    for channel in ("a", "b"):
        check(show.rows(channel))
        assert sources(show.rows(channel)[2:]) == ["feed/x", "slate/house", "recording/1", "feed/x"]
        heard = [(when, news) for when, name, news in show.aired if name == f"channel/{channel}" and when > BEGAN + 14]
        whole = [(when, news) for when, news in heard if isinstance(news, Airing) and not news.source.startswith("feed/")]
        assert len(whole) >= 4
        for when, news in whole:
            part = news.parts["v720"]
            assert news.within["v720"][1] == 0
            assert part.n == 0
            assert when >= news.airtime + part.duration - 0.11
        # Something new at least every second and a look, so that whoever plays close to the edge never stands still.
        at = [when for when, _ in heard]
        assert max(after - before for before, after in pairwise(at)) <= 1.4


# ---------------------------------------------------------------- the live process dies
def test_a_director_goes_on_where_the_one_before_was_killed(tmp_path, slate):
    async def first():
        show = Show(tmp_path)
        show.studio.board.slate = slate[1]
        show.channel("a", [item("feed/x")])
        show.feed("x")
        await show.go(11.3)
        # Killed: nothing is closed in order but the lock, which the kernel gives back.
        show.studio.board.channels["channel/a"].close()
        return show

    async def second(since: float):
        show = Show(tmp_path, since)
        show.studio.board.slate = slate[1]
        show.channel("a", [item("feed/x")])
        await show.go(1.0)
        show.feed("x")
        await show.go(8.0)
        show.close()
        return show

    one = asyncio.run(first())
    other = asyncio.run(second(one.now + 1.5))
    rows = [line for line in Log.reading(tmp_path / "channels" / "a" / "log.jsonl") if isinstance(line, Row)]
    assert rows == one.rows("a") + other.rows("a")
    check(rows)
    assert rows[-1].source == "feed/x"
    assert rows[-1].run != rows[0].run
    promised = [news for _, _, news in one.aired if isinstance(news, Airing)][-1]
    kept = next(row for row in rows if row.msn == promised.msn)
    assert (kept.source, kept.run, kept.index, kept.dsn) == (promised.source, promised.run, promised.index, promised.dsn)
    assert kept.parts


# ---------------------------------------------------------------- the clock jumps
@pytest.mark.parametrize("jump", [3600.0, -3600.0])
def test_the_clock_of_the_live_process_goes_on_when_the_host_s_clock_jumps(jump):
    steady, off = [0.0], [0.0]
    clock = Clock(wall=lambda: BEGAN + steady[0] + off[0], steady=lambda: steady[0])
    seen = []
    for n in range(100):
        steady[0] += 0.1
        off[0] = jump if n >= 50 else 0.0
        seen.append(clock())
    assert all(after - before == pytest.approx(0.1, abs=0.001) for before, after in pairwise(seen))


@pytest.mark.parametrize("jump", [3600.0, -3600.0, 0.4, -0.4])
def test_a_channel_whose_process_starts_anew_after_a_jump_of_the_clock_goes_on(tmp_path, slate, jump):
    async def life(since: float):
        show = Show(tmp_path, since)
        show.studio.board.slate = slate[1]
        show.channel("a", [item("feed/x")])
        show.feed("x")
        await show.go(7.0)
        show.close()
        return show

    one = asyncio.run(life(BEGAN))
    other = asyncio.run(life(one.now + jump))
    check(one.rows("a") + other.rows("a"))
    assert other.rows("a")[-1].source == "feed/x"
    assert max(other.pauses("a")) <= IN_TIME


# ---------------------------------------------------------------- with real processes
@pytest.mark.slow
def test_a_live_process_killed_with_9_and_a_publisher_cut_off_lose_no_more_than_a_segment(tmp_path):
    root, port = tmp_path / "live", free_port()
    house_slate(Store(root))
    film = Film("tiny", "320x180", 25, kilobits=200)
    publisher = Publisher(tmp_path, srt_url(port), film, film.made(tmp_path, 40))
    studio = StudioProcess(root, tmp_path)
    feed = {"key": "stage", "kind": "srt", "name": "stage", "enabled": True, "port": port, "passphrase": "abcdefghjkmnpq",
            "audio": {"0": "zh"}}  # fmt: skip
    plan = {"id": "one", "kind": "live", "source": "feed/stage", "starts": 0.0, "duration": None}
    studio.want(
        feeds=[feed], channels=[{"key": "a", "items": [plan], "cuts": []}],
        recordings=[{"key": "stage", "source": "feed/stage", "starts": now()}],
    )  # fmt: skip

    def rows() -> list[Row]:
        return [line for line in Log.reading(root / "channels" / "a" / "log.jsonl") if isinstance(line, Row)]

    async def until(so, seconds: float = 25.0) -> None:
        ends = now() + seconds
        while not so():
            assert now() < ends, (tmp_path / "studio.log").read_text()[-2000:]
            await asyncio.sleep(0.1)

    async def story() -> None:
        studio.start()
        await asyncio.sleep(1.5)
        publisher.start()
        await until(lambda: sum(row.source == "feed/stage" for row in rows()) >= 2)
        publisher.mark()
        studio.kill()
        before = len(rows())
        studio.start()
        await until(lambda: any(row.source == "feed/stage" and row.run != rows()[before - 1].run for row in rows()[before:]))
        publisher.vanish()
        gone = len(rows())
        await until(lambda: any(row.kind is Kind.SLATE for row in rows()[gone:]), 8.0)

    try:
        asyncio.run(story())
    finally:
        publisher.close()
        studio.close()
    check(rows())
    kept = recorded_clocks(Store(root), "stage")
    delivered = [life.frames() for life in publisher.lives if life.path.exists() and life.path.stat().st_size]
    lost = [[frame for frame in frames if frame not in kept] for frames in delivered]
    assert all(len(missing) <= 2.5 * 25 for missing, frames in zip(lost, delivered, strict=True) if len(missing) < len(frames))
