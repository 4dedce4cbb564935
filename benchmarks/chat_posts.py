"""Posters of the chat bench: `python -m benchmarks.chat_posts PORT FILE RATE SECONDS`.

`FILE` is what `benchmarks.chat_data` printed. Messages go out evenly, each from the next person, over kept connections
from forty addresses (halls). Beside them one person floods. Each text holds the nanoseconds of CLOCK_MONOTONIC at which
its request was begun. Out: one JSON object; times are milliseconds from request to answer.
"""

import asyncio
import json
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ADDRESSES = 40
FLOOD_PER_S = 50
#: What the readers look for.
MARK = "t="


@dataclass(slots=True)
class Told:
    """Answers: how many of each status, and how long they took."""

    codes: dict[int, int] = field(default_factory=dict)
    ms: list[float] = field(default_factory=list)

    def add(self, status: int, began: float) -> None:
        self.codes[status] = self.codes.get(status, 0) + 1
        self.ms.append((time.monotonic() - began) * 1000)


class Line:
    """One connection."""

    def __init__(self, port: int, host: str) -> None:
        self.port, self.host = port, host
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    async def open(self) -> "Line":
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(self.host, 0))
        return self

    async def say(self, told: Told, pass_: str, room: str, text: str) -> None:
        began = time.monotonic()
        text = f"{text} {MARK}{time.monotonic_ns()} 大家好,论坛很精彩"
        body = json.dumps({"pass": pass_, "room": room, "verb": "say", "text": text}).encode()
        self.writer.write(
            b"POST /talk/act HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        await self.reader.readexactly(length)
        told.add(int(head[9:12]), began)


async def post(port: int, data: dict[str, object], rate: float, seconds: float) -> dict[str, object]:
    passes, room = list(data["passes"]), str(data["room"])  # type: ignore[call-overload]
    free: asyncio.Queue[Line] = asyncio.Queue()
    for number in range(ADDRESSES * 4):
        free.put_nowait(await Line(port, f"127.0.1.{1 + number % ADDRESSES}").open())
    told, flood, tasks = Told(), Told(), set()
    flooder = await Line(port, "127.0.2.1").open()

    async def one(number: int) -> None:
        line = await free.get()
        await line.say(told, passes[number % (len(passes) - 1)], room, f"第{number}条")
        free.put_nowait(line)

    async def flooding() -> None:
        while True:
            await flooder.say(flood, passes[-1], room, "洪水")
            await asyncio.sleep(1 / FLOOD_PER_S)

    storm = asyncio.ensure_future(flooding())
    began, number = time.monotonic(), 0
    while (passed := time.monotonic() - began) < seconds:
        while number < passed * rate:
            task = asyncio.ensure_future(one(number))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            number += 1
        await asyncio.sleep(0.002)
    await asyncio.gather(*tasks)
    took = time.monotonic() - began
    storm.cancel()
    quantiles = statistics.quantiles(told.ms, n=100)
    return {
        "posted": number, "accepted": told.codes.get(200, 0), "codes": told.codes, "posts_per_s": number / took,
        "answer_p50_ms": quantiles[49], "answer_p99_ms": quantiles[98],
        "flood_tried": sum(flood.codes.values()), "flood_accepted": flood.codes.get(200, 0), "flood_s": took,
    }  # fmt: skip


def main() -> None:
    port, file, rate, seconds = sys.argv[1:]
    data = json.loads(Path(file).read_text(encoding="utf-8"))
    sys.stdout.write(json.dumps(asyncio.run(post(int(port), data, float(rate), float(seconds)))))


if __name__ == "__main__":
    main()
