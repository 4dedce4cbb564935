"""Whether an address may be pulled from here: asked again before each start, because names come to mean something else.

In: a spec. Out: nothing, or ValueError. What must stay true: what a venue typed into the desk never makes this server
look into its own network, unless somebody in charge has allowed it for this feed.
"""

import asyncio
import socket

from everhall.live.rules import FeedSpec, host_of, is_private, url_fault


async def reachable(spec: FeedSpec) -> None:
    """ValueError if the address of this feed may not be pulled; OSError if its name means nothing."""
    if fault := url_fault(spec.url):
        msg = f"this address may not be pulled ({fault})"
        raise ValueError(msg)
    if spec.may_be_private:
        return
    found = await asyncio.get_running_loop().getaddrinfo(host_of(spec.url), None, type=socket.SOCK_STREAM)
    if any(is_private(str(address[0])) for *_, address in found):
        msg = "this address belongs to a private network"
        raise ValueError(msg)
