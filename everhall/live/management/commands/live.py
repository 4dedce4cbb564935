"""`everhall live`: receives feeds, keeps recordings, directs channels, until Ctrl+C. `everhall serve` starts it."""

import asyncio
import contextlib
import signal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Receive feeds, keep recordings, direct channels. · 接收信号、录像、播出频道"
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        # Loading all of it takes a second; `everhall live --help` should not.
        from everhall.live.studio import Studio  # noqa: PLC0415
        from everhall.live.tasks import Workshop  # noqa: PLC0415
        from everhall.live.wishes import Wishing  # noqa: PLC0415

        studio = Studio(Path(settings.LIVE_ROOT))
        wishing, workshop = Wishing(studio), Workshop()
        wishing.start()
        # Only whoever holds the folder prepares; so it waits for the studio, which waits for the lock.
        studio.on_start = workshop.start
        try:
            asyncio.run(until_told(studio))
        finally:
            wishing.stop()
            workshop.stop()


async def until_told(studio: Any) -> None:
    """Run until SIGTERM or SIGINT."""
    task = asyncio.ensure_future(studio.run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task
