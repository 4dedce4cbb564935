"""Pages of the demo beside `demo_site.PAGES`: rooms, walls and the launch for everybody, and the desks of staff."""

import re
from collections.abc import Mapping
from typing import Any, Final

ROOM: Final = "/2021/sessions/bj-angel-roadshow-1/"
LAUNCH: Final = "/2021/launch/"
#: For everybody; under /en in English.
PUBLIC: Final[Mapping[str, str]] = {
    "session with a room": ROOM,
    "join": f"{ROOM}talk/",
    **{f"wall {kind}": f"{ROOM}talk/screen/{kind}/" for kind in ("join", "chat", "questions", "poll")},
    "launch": LAUNCH,
    "launch in the hall": f"{LAUNCH}opening/screen/all/",
    "launch in the hall of a venue": f"{LAUNCH}opening/screen/beijing/",
    "notices": "/2021/notices/",
}
#: For staff: a page, or a page and how the address looks to which one of its links leads.
STAFF: Final[Mapping[str, tuple[str, str]]] = {
    "rooms": ("/admin/talk/2021/", ""),
    "moderator's desk": ("/admin/talk/2021/", r"/admin/talk/rooms/\d+/"),
    "ceremonies": ("/admin/live/ceremonies/", ""),
    "director of a ceremony": ("/admin/live/ceremonies/", r"/admin/live/ceremonies/\d+/"),
    "new ceremony": ("/admin/live/ceremonies/", r"/admin/live/ceremonies/new/2021/"),
    "operator of a ceremony": ("/admin/live/ceremonies/", r"/admin/live/ceremonies/\d+/venues/\w+/"),
    "certificate": ("/admin/live/ceremonies/", r"/admin/live/ceremonies/\d+/certificate/"),
    "director's desk": ("/admin/live/desk/2021/", ""),
    "notices": ("/admin/notices/2021/", ""),
    "a notice": ("/admin/notices/2021/", r"/admin/notices/2021/\d+/"),
    "new notice": ("/admin/notices/2021/new/", ""),
    "uploads": ("/admin/live/uploads/", ""),
}
#: The demo prints it.
PASSWORD: Final = "open-the-hall-2021"


def log_in(context: Any, address: str) -> Any:
    """A page of the demo's national organiser, who sees every desk."""
    page = context.new_page()
    page.goto(f"{address}/accounts/login/?next=/admin/")
    page.fill("input[name=login]", "national@everhall.example")
    page.fill("input[name=password]", PASSWORD)
    page.locator("form:has(input[name=password]) button[type=submit]").first.click()
    page.wait_for_url("**/admin/")
    return page


def open_desk(page: Any, address: str, kind: str) -> Any:
    """Open one of STAFF; the answer."""
    start, pattern = STAFF[kind]
    answer = page.goto(address + start)
    if pattern:
        (link, *_) = re.findall(f'href="({pattern})"', page.content())
        answer = page.goto(address + link)
    return answer
