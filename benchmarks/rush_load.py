"""People of the rush: `python -m benchmarks.rush_load PORT KEY PEOPLE SECONDS`.

They come evenly, over kept connections from sixty addresses (homes and schools). Of a hundred, ten send everything twice at
the same time; five hang up before the answer and come again; five come once more with another request under the same
address. Whoever is told a place in line comes again when told to; whoever is told to slow down does. Out: one JSON object;
times are seconds of one clock.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from typing import Any

ADDRESSES = 60
LINES = 3_000


@dataclass(slots=True)
class Told:
    """All that was answered."""

    codes: dict[int, int] = field(default_factory=dict)
    ms: list[float] = field(default_factory=list)
    #: Of each person: when first sent, when first answered with a place or a result, when decided, and what.
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    hung_up: int = 0


class Wire:
    """One connection."""

    def __init__(self, port: int, host: str) -> None:
        self.port, self.host = port, host
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def send(self, body: dict[str, Any]) -> None:
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(self.host, 0))
        text = json.dumps(body).encode()
        self.writer.write(
            b"POST /register/act HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
            % (len(text), text)
        )

    async def answer(self) -> tuple[int, dict[str, Any]]:
        assert self.reader is not None  # noqa: S101 - after `send`
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        return int(head[9:12]), json.loads(await self.reader.readexactly(length))

    def hang_up(self) -> None:
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


class Rush:
    def __init__(self, port: int, key: str) -> None:
        self.key, self.told = key, Told()
        self.free: asyncio.Queue[Wire] = asyncio.Queue()
        for number in range(LINES):
            self.free.put_nowait(Wire(port, f"127.0.3.{1 + number % ADDRESSES}"))

    def body(self, number: int, request: str) -> dict[str, Any]:
        return {
            "admission": self.key, "request": request, "name": f"观众{number}", "email": f"person-{number}@example.org",
            "way": "onsite", "language": "zh-hans",
        }  # fmt: skip

    async def ask(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        wire = await self.free.get()
        began = time.monotonic()
        await wire.send(body)
        status, found = await wire.answer()
        self.told.ms.append((time.monotonic() - began) * 1000)
        self.told.codes[status] = self.told.codes.get(status, 0) + 1
        self.free.put_nowait(wire)
        return status, found

    async def until_decided(self, body: dict[str, Any], record: dict[str, Any]) -> None:
        record.setdefault("sent", time.monotonic())
        while True:
            status, found = await self.ask(body)
            if status in (200, 202):
                record.setdefault("answered", time.monotonic())
            if status == 202:
                body = {**body, "line": found["line"]["seal"]}
                await asyncio.sleep(found["line"]["again"])
            elif status in (429, 503):
                await asyncio.sleep(found.get("wait") or 1.0)
            else:
                record.setdefault("decided", time.monotonic())
                record.setdefault("what", found.get("state") or found.get("code"))
                if found.get("state") and found["state"] != record["what"]:
                    record["changed"] = True
                return

    async def person(self, number: int) -> None:
        body, kind = self.body(number, f"request-{number:020}"), number % 100
        record = self.told.people[body["email"]] = {}
        if kind < 10:
            await asyncio.gather(self.until_decided(body, record), self.until_decided(body, record))
        elif kind < 15:
            wire = await self.free.get()
            record["sent"] = time.monotonic()
            await wire.send(body)
            if wire.writer is not None:
                await wire.writer.drain()
            wire.hang_up()
            self.told.hung_up += 1
            self.free.put_nowait(wire)
            await asyncio.sleep(0.5)
            await self.until_decided(body, record)
        else:
            await self.until_decided(body, record)
            if kind < 20:
                await self.until_decided(self.body(number, f"another-{number:020}"), {})

    async def run(self, people: int, seconds: float) -> None:
        began, number, tasks = time.monotonic(), 0, set()
        while number < people:
            while number < people and number <= (time.monotonic() - began) / seconds * people:
                task = asyncio.ensure_future(self.person(number))
                tasks.add(task)
                number += 1
            await asyncio.sleep(0.002)
        await asyncio.gather(*tasks)


def main() -> None:
    port, key, people, seconds = sys.argv[1:]
    rush = Rush(int(port), key)
    asyncio.run(rush.run(int(people), float(seconds)))
    told = rush.told
    sys.stdout.write(json.dumps({"codes": told.codes, "ms": told.ms, "people": told.people, "hung_up": told.hung_up, "cpu_s": time.process_time()}))


if __name__ == "__main__":
    main()
