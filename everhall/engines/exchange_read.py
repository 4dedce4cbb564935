"""Which of the formats a file is, and its reader.

In: bytes and the zone of times that name none. Out: `Read`, or `Unreadable` with what to do.
"""

from everhall.engines import exchange_calendar, exchange_json, exchange_tree, exchange_xml
from everhall.engines.exchange_words import Read, Unreadable


def read(data: bytes, zone: str) -> Read:
    """By what stands in it; names and media types of files are often wrong."""
    head = data[:4_000].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").lower()
    if not head:
        raise Unreadable("file_empty", name="")
    if head.startswith(b"{"):
        return exchange_json.read(data, zone)
    if head.startswith(b"begin:vcalendar"):
        return exchange_calendar.read_ical(data, zone)
    if not head.startswith(b"<"):
        raise Unreadable("exchange_unknown")
    root = exchange_calendar.local(exchange_tree.parsed(data).tag)
    if root == "schedule":
        return exchange_xml.read(data, zone)
    if root in {"icalendar", "vcalendar"}:
        return exchange_calendar.read_xcal(data, zone)
    raise Unreadable("exchange_unknown")
