"""One life of the test pattern: a feed that needs nobody, made and encoded by one process.

In: a post. Out: one run. What must stay true: the same as for a feed that arrives (`ingest_life.py`).
"""

import asyncio
import logging

from everhall.engines.hls.segmenter import FATAL, Fault
from everhall.live.ingest_commands import pattern_command
from everhall.live.ingest_life import SILENCE, Outcome
from everhall.live.ingest_making import Making, Post
from everhall.live.ingest_process import Process

log = logging.getLogger(__name__)


class PatternLife:
    """As `Life`; `run` once."""

    def __init__(self, post: Post) -> None:
        self.post = post
        self._process: Process | None = None
        self._why = ""

    async def run(self) -> Outcome:
        post = self.post
        now = post.shared.now()
        post.watch.turned("starting", now)
        command = pattern_command(post.spec, post.shared.house, now)
        lead = command.outputs[0]
        making = Making(post, command.outputs, lead=lead, lead_input=lead, on_fault=self._fault, small=True)

        def data(name: str, content: bytes) -> None:
            post.watch.arrived(len(content), post.shared.now())
            making.feed(name, content)

        self._process = await Process.start(command, data, lambda _line: None)
        if self._why:
            # Told to end while it was being started.
            self._process.kill()
        watching = asyncio.create_task(self._watchdog(making))
        try:
            code = await self._process.wait()
        except asyncio.CancelledError:
            self.kill("closed")
            code = await self._process.wait()
        watching.cancel()
        reason = self._why or ("gone" if code == 0 else "killed" if code < 0 else "failed")
        if reason == "failed":
            log.warning("%s: %s", post.spec.key, " | ".join(self._process.last_lines[-4:]))
        await making.finish(reason)
        return Outcome(reason, making.run.last_part is not None)

    def kill(self, why: str) -> None:
        self._why = self._why or why
        if self._process is not None:
            self._process.kill()

    def _fault(self, _making: Making, fault: Fault) -> None:
        self.post.watch.note(fault.code, self.post.shared.now())
        if fault.code in FATAL or fault.code == "not_kept":
            self.kill("broken")

    async def _watchdog(self, making: Making) -> None:
        while True:
            await asyncio.sleep(0.25)
            making.tick()
            # Starting takes a moment on a busy machine.
            patience = SILENCE if making.run.last_part else 3 * SILENCE
            if self.post.shared.now() - making.last_part > patience:
                self.kill("silent")
