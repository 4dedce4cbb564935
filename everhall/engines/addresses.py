"""Addresses that strangers name and this server is to ask: which of them lead into a network of its own.

In: texts. Out: yes or no. What must stay true: names are no addresses; whoever resolves one asks again, each time.
"""

import ipaddress
import urllib.parse


def host_of(url: str) -> str:
    """The name or address in an address; "" without one."""
    return urllib.parse.urlsplit(url).hostname or ""


def is_private(address: str) -> bool:
    """Whether an IP address belongs to this machine or a network of its own: nothing that somebody on the site may
    let the server look into. Names are no addresses; whoever resolves them asks again."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return not found.is_global or found.is_multicast or (mapped is not None and not mapped.is_global)


def is_home_name(host: str) -> bool:
    """Names that only mean something inside a network."""
    host = host.rstrip(".").lower()
    return ("." not in host and ":" not in host) or host.endswith((".local", ".internal", ".localhost", ".lan", ".home.arpa"))
