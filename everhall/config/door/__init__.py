"""The ASGI door: what stands between the network and Django.

In: ASGI requests. Out: ASGI answers, most of them from memory. A view marks what may be kept:

* `Everhall-Tags: edition-2021 exhibit-bj-a-017`: what the page shows; news about one of them drops it;
* `Everhall-Until: 1634630400`: the moment (seconds since 1970) at which the page changes by the clock.

An answer without tags, with a cookie, private or for somebody with a session is never kept. What must stay
true: **no page that was rendered before a piece of news is ever served after it** (shelf.py says how).

Nothing here imports Django or Wagtail (a contract): the hot path must not wait for them.
"""

from everhall.config.door.asked import Rules
from everhall.config.door.door import Door
from everhall.config.door.here import doors_here, open_here, purge_here
from everhall.config.door.shelf import Shelf

__all__ = ["Door", "Rules", "Shelf", "doors_here", "open_here", "purge_here"]
