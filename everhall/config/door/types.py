"""The shapes of ASGI, in few words."""

from collections.abc import Awaitable, Callable

from everhall.realtime.asked import Message, Receive, Scope, Send

__all__ = ["App", "Clock", "Headers", "Message", "Receive", "Scope", "Send"]

App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
Clock = Callable[[], float]
