"""What is posted between two looks of the loop is one frame, however long the last one took."""

import asyncio
import json
import time

from everhall.realtime.newsroom import Newsroom


def test_all_that_was_posted_meanwhile_is_one_frame() -> None:
    frames: list[dict] = []

    def slow_reader(frame: str) -> None:
        told = json.loads(frame)
        if "news" in told:
            frames.append(told)
            # Longer than a tick, as with thousands of readers.
            time.sleep(0.3)

    async def talk() -> None:
        newsroom: Newsroom[str] = Newsroom(bytes.decode, time.time, b"x")  # noqa: TID251 - the clock enters here
        newsroom.open(asyncio.get_running_loop())
        guest = newsroom.greet(slow_reader, lambda why: None)
        newsroom.hear(guest, '{"sub":{"questions.x":null}}')
        for turn in range(3):
            for number in range(20):
                newsroom.post("questions.x", str(20 * turn + number).encode())
            await asyncio.sleep(0.4)
        newsroom.close()
        await asyncio.sleep(0)

    asyncio.run(talk())
    assert [len(frame["news"]) for frame in frames] == [20, 20, 20]
    assert [number for frame in frames for number in frame["news"]] == list(range(60))
