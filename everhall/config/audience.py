"""Taking part, in the processes that have sockets: who acts, and what is only counted.

In: the newsroom of this process and its loop. Out: acts written (`audience.inbox`), reactions told twice a second and
stored by the minute, viewers and followers of group walks told every two seconds. What must stay true: what is counted here is stored before the
process ends; a database that is away stops neither sockets nor pages.
"""

import asyncio
import datetime as dt
from typing import Any, Final

from everhall.audience import services
from everhall.config.clerk import Worker, guarded
from everhall.realtime.newsroom import Newsroom
from everhall.tours.services import count_followers

#: Seconds between two looks at reactions and viewers.
REACTIONS_EACH: Final = 0.5
VIEWERS_EACH: Final = dt.timedelta(seconds=2)


class Counting(Worker):
    """Counts reactions and viewers of this process."""

    name = "audience counts"
    pause = REACTIONS_EACH

    def __init__(self, newsroom: Newsroom[Any]) -> None:
        super().__init__()
        self._newsroom = newsroom
        self._loop: asyncio.AbstractEventLoop | None = None
        self._counted: dt.datetime | None = None

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """The loop in which the newsroom lives."""
        self._loop = loop
        self.start()

    def stop(self) -> None:
        super().stop()
        guarded("store reactions", services.reactions.store)

    def turn(self, now: dt.datetime) -> None:
        services.reactions.turn(now)
        if self._counted is None or now - self._counted >= VIEWERS_EACH:
            self._counted = now
            presence = self._presence()
            services.count_viewers(presence, now)
            count_followers(presence, now, services.reactions.source)

    def _presence(self) -> dict[str, int]:
        """The hub is touched by its own thread only."""
        if self._loop is None or self._loop.is_closed():
            return {}
        return asyncio.run_coroutine_threadsafe(self._ask(), self._loop).result(5)

    async def _ask(self) -> dict[str, int]:
        return self._newsroom.hub.presence()
