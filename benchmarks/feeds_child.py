"""An ingest alone, for benches: `python -m benchmarks.feeds_child ROOT PICTURES PASSPHRASE PORT…`; ends at SIGTERM."""

import asyncio
import contextlib
import signal
import sys
import time
from pathlib import Path

from everhall.live.ingest import Ingest
from everhall.live.rules import FeedSpec
from everhall.live.store import Store


async def receive(root: Path, pictures: bool, passphrase: str, ports: list[int]) -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    ingest = Ingest(Store(root), lambda _feed, _news: None, time.time, pictures=pictures)  # noqa: TID251 - the real clock enters here
    await ingest.want(
        FeedSpec(f"feed{n}", "srt", f"feed {n}", True, port=port, passphrase=passphrase, audio={0: "zh"})
        for n, port in enumerate(ports)
    )
    await ended.wait()
    await ingest.close()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(receive(Path(sys.argv[1]), sys.argv[2] == "1", sys.argv[3], list(map(int, sys.argv[4:]))))
