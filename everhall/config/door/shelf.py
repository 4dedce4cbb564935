"""The shelf: finished pages in bounded memory, found by key, dropped by tag.

In: pages to keep, tags to drop, the time from a clock that is handed in. Out: the page of a key, while it is
good. What must stay true:

* **A page never outlives the news.** Each purge raises `moment`. A render notes the moment at which it began;
  when it is done, it is kept only if none of its tags was purged since. So a purge that lands in the middle of
  a render wins, in whatever order the two threads run.
* The weight stays within the capacity: second chance, that is, the oldest page that nobody asked for again goes.
* Reading takes no lock (one dictionary look-up); everything that changes the shelf does.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable

from everhall.config.door.answers import Answer, Page
from everhall.config.door.asked import Key, Raw
from everhall.config.door.counts import Counts
from everhall.config.door.types import Clock

EVERYTHING = "*"
#: Above this many remembered purges those that no running render can still meet are forgotten.
REMEMBERED_PURGES = 10_000
#: Raw requests that stand for a key (short.py); beyond, all are forgotten: they come back by themselves.
REMEMBERED_RAWS = 20_000


class Shelf:
    """See the module."""

    def __init__(self, capacity: int, clock: Clock) -> None:
        self.capacity = capacity
        self.clock = clock
        self.counts = Counts()
        self.weight = 0
        self.moment = 1
        #: raw request -> answer; read by short.py without a lock
        self.raws: dict[Raw, Answer] = {}
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._tagged: dict[str, set[Key]] = {}
        self._purged: dict[str, int] = {}
        self._all_purged = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._pages)

    # ------------------------------------------------------------ reading

    def get(self, key: Key) -> Page | None:
        """The page of this key, if there is one and its time is not up."""
        page = self._pages.get(key)
        if page is None or not self.is_good(page):
            return None
        page.used = True
        return page

    def is_good(self, page: Page) -> bool:
        if page.until is not None and self.clock() >= page.until:
            with self._lock:
                self._drop(page)
            return False
        return page.alive

    def is_outdated(self, tags: Iterable[str], began: int) -> bool:
        """Was one of these tags purged since a render began?"""
        return self._all_purged > began or any(self._purged.get(tag, 0) > began for tag in tags)

    # ------------------------------------------------------------ changing

    def put(self, page: Page) -> bool:
        """Keep a page unless news overtook it or it is too heavy; say which."""
        with self._lock:
            if self.is_outdated(page.tags, page.began):
                self.counts.overtaken += 1
                return False
            if page.weight > self.capacity // 4:
                return False
            older = self._pages.get(page.key)
            if older is not None:
                self._drop(older)
            page.alive = True
            self._pages[page.key] = page
            for tag in page.tags:
                self._tagged.setdefault(tag, set()).add(page.key)
            self.weight += page.weight
            self.counts.kept += 1
            self._make_room()
            return page.alive

    def add_answer(self, page: Page, encoding: str, answer: Answer) -> None:
        """Keep a further encoding with its page."""
        with self._lock:
            if encoding in page.answers:
                return
            page.answers[encoding] = answer
            page.weight += len(answer.body)
            if page.alive:
                self.weight += len(answer.body)
                self._make_room()

    def remember(self, raw: Raw, answer: Answer) -> None:
        """Let a raw request stand for an answer, until its page is dropped."""
        with self._lock:
            if not answer.page.alive or raw in self.raws:
                return
            if len(self.raws) >= REMEMBERED_RAWS:
                self.raws.clear()
            self.raws[raw] = answer
            answer.page.raws.add(raw)

    def purge(self, tags: Iterable[str]) -> int:
        """Drop what shows one of these tags (`*`: everything), now and for renders under way. From any thread."""
        tags = set(tags)
        if not tags:
            return 0
        with self._lock:
            self.moment += 1
            if EVERYTHING in tags:
                self._all_purged = self.moment
                doomed = list(self._pages.values())
            else:
                for tag in tags:
                    self._purged[tag] = self.moment
                keys = set().union(*(self._tagged.get(tag, set()) for tag in tags))
                doomed = [self._pages[key] for key in keys]
            for page in doomed:
                self._drop(page)
            self.counts.purges += 1
            self.counts.purged += len(doomed)
            return len(doomed)

    def forget_purges_before(self, moment: int) -> None:
        """Called with the moment of the oldest render under way, so that the memory of purges stays bounded."""
        if len(self._purged) < REMEMBERED_PURGES:
            return
        with self._lock:
            self._purged = {tag: when for tag, when in self._purged.items() if when > moment}

    # ------------------------------------------------------------ under the lock

    def _drop(self, page: Page) -> None:
        if not page.alive:
            return
        page.alive = False
        del self._pages[page.key]
        self.weight -= page.weight
        for raw in page.raws:
            self.raws.pop(raw, None)
        for tag in page.tags:
            keys = self._tagged[tag]
            keys.discard(page.key)
            if not keys:
                del self._tagged[tag]

    def _make_room(self) -> None:
        while self.weight > self.capacity and self._pages:
            key, page = next(iter(self._pages.items()))
            if page.used:
                page.used = False
                self._pages.move_to_end(key)
            else:
                self._drop(page)
                self.counts.evicted += 1
