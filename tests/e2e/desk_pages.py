"""Pages for people with a duty, of the demo: consoles, desks, walls. Who asks for one of them is logged in.

In: a browser, the demo's address, a language. Out: the name of each page with its address, and a context that may open it.
"""

import re

from playwright.sync_api import Browser, BrowserContext

from everhall.config.demo.people import PASSWORD
from tests.e2e import demo_site

#: Who may all in the demo, by the language of their desk.
PEOPLE = {"zh-hans": "admin@everhall.example", "en": "national@everhall.example"}
SESSION = "/2021/sessions/bj-angel-roadshow-1"
#: Ours from the first byte to the last. `{ceremony}` and such are looked up on the site; `{en}` is /en or nothing.
OWN = {
    "ceremonies": "/admin/live/ceremonies/",
    "console of the director of the launch": "/admin/live/ceremonies/{ceremony}/",
    "console of the main venue": "/admin/live/ceremonies/{ceremony}/venues/zhengzhou/",
    "console of a venue": "/admin/live/ceremonies/{ceremony}/venues/beijing/",
    "settings of a ceremony": "/admin/live/ceremonies/{ceremony}/edit/",
    "new ceremony": "/admin/live/ceremonies/new/2021/",
    "certificate": "/admin/live/ceremonies/{ceremony}/certificate/",
    "launch": "{en}/2021/launch/",
    "screen of all venues": "{en}/2021/launch/opening/screen/all/",
    "screen of a venue": "{en}/2021/launch/opening/screen/beijing/",
    "notices for everybody": "{en}/2021/notices/",
    "session with a room": "{en}" + SESSION + "/",
    "joining": "{en}" + SESSION + "/talk/",
    "wall to join": "{en}" + SESSION + "/talk/screen/join/",
    "wall of chat": "{en}" + SESSION + "/talk/screen/chat/",
    "wall of questions": "{en}" + SESSION + "/talk/screen/questions/",
    "wall of the poll": "{en}" + SESSION + "/talk/screen/poll/",
    "kiosk of a tour": "{en}/2021/screens/entrance/",
    "screen of a zone": "{en}/2021/screens/zone-a/",
    "wall of covers": "{en}/2021/screens/wall/",
    "programme board": "/admin/board/2021/?day=2021-10-20&venue=beijing",
}
#: In Wagtail's frame. What it draws around them (side bar, header with its search, dialogues) is Wagtail's own: only what
#: stands within `CONTENT` is ours to mend.
FRAMED = {
    "director's desk": "/admin/live/desk/2021/",
    "going live": "/admin/live/feeds/{feed}/go-live/",
    "rooms of the edition": "/admin/talk/2021/",
    "uploads": "/admin/live/uploads/",
    "moderator's desk": "/admin/talk/rooms/{room}/",
    "plans and labels": "/admin/exhibition/plans/2021/",
    "halls to be walked": "/admin/scenes/",
    "models and boards": "/admin/masters/",
    "plan of a hall": "/admin/exhibition/plans/hall/{hall}/",
    "labels of a zone": "/admin/exhibition/labels/{zone}/",
    "notices": "/admin/notices/2021/",
    "new notice": "/admin/notices/2021/new/",
    "feedback": "/admin/feedback/2021/",
    "figures": "/admin/figures/2021/",
    "figures of a venue": "/admin/figures/2021/venues/beijing/",
    "figures of a session": "/admin/figures/2021/sessions/bj-angel-roadshow-1/",
    "clashes": "/admin/clashes/",
    "door": "/admin/door/2021/",
    "new entry list": "/admin/door/2021/new/list/",
    "log of the door": "/admin/door/2021/log/",
    "moving a session": "/admin/board/2021/move/{session}/",
    "programmes of other platforms": "/admin/follow/",
    "versions of the programme": "/admin/versions/",
    "calls": "/admin/calls/in/2021/",
    "new call": "/admin/calls/in/2021/new/",
    "submissions": "/admin/calls/in/2021/cloud-2021/?sort=score",
    "submission": "/admin/calls/s/{submission}/",
    "who reviews what": "/admin/calls/in/2021/cloud-2021/assign/",
    "places and waiting lists": "/admin/calls/in/2021/cloud-2021/line/",
    "letters": "/admin/calls/in/2021/cloud-2021/letters/",
    "letter": "/admin/calls/in/2021/cloud-2021/letters/new/",
    "sending a letter": "/admin/calls/in/2021/cloud-2021/letters/{letter}/send/",
    "my reviews": "/admin/calls/reviews/",
    "booths of a venue": "/admin/exhibition/booths/{venue}/",
    "group walks": "/admin/tours/walks/",
    "tours of visitors": "/admin/tours/made/",
    "screens of the halls": "/admin/tours/screens/",
    "registration": "/admin/registration/2021/",
    "registrations of a session": "/admin/registration/admissions/{admission}/",
    "settings of registration": "/admin/registration/admissions/{admission}/settings/",
    "seats of venues": "/admin/registration/2021/venues/",
    "questions to exhibitors": "/admin/visits/",
    "question to an exhibitor": "/admin/visits/{question}/",
    "words that hold a question back": "/admin/visits/words/2021/",
    "what is about an exhibit": "/admin/exhibits/about/{exhibit}/",
}
CONTENT = "#main > .content"
LOOKED_UP = {
    "ceremony": ("/admin/live/ceremonies/", r"/admin/live/ceremonies/(\d+)/"),
    "hall": ("/admin/exhibition/plans/2021/", r"/admin/exhibition/plans/hall/(\d+)/"),
    "zone": ("/admin/exhibition/plans/2021/", r"/admin/exhibition/labels/(\d+)/"),
    "submission": ("/admin/calls/in/2021/cloud-2021/?state=submitted", r"/admin/calls/s/([\w-]+)/"),
    "letter": ("/admin/calls/in/2021/cloud-2021/letters/", r"/letters/(\d+)/"),
    "venue": ("/admin/exhibition/booths/", r"/admin/exhibition/booths/(\d+)/"),
    "admission": ("/admin/registration/2021/", r"/admin/registration/admissions/([a-z0-9]+)/"),
    "question": ("/admin/visits/", r"/admin/visits/(\d+)/"),
    "exhibit": ("/admin/snippets/exhibition/exhibit/", r"/admin/exhibits/about/(\d+)/"),
    "session": ("/admin/board/2021/?day=2021-10-20", r"/admin/board/2021/move/(\d+)/"),
    "room": ("/admin/talk/2021/", r"/admin/talk/rooms/(\d+)/"),
}

FEED = (
    "from everhall.editions.models import Venue; from everhall.live.models import Feed;"
    "venue = Venue.objects.get(edition__code='2021', code='beijing');"
    "print(Feed.objects.get_or_create(edition=venue.edition, code='phone', defaults={"
    "'venue': venue, 'kind': 'push', 'name_zh': '手机机位', 'name_en': 'Phone', 'is_sample': True})[0].pk)"
)
ENGLISH = (
    "from everhall.accounts.models import User; from wagtail.users.models import UserProfile;"
    f"profile = UserProfile.get_for_user(User.objects.get(email='{PEOPLE['en']}'));"
    "profile.preferred_language = 'en'; profile.save();"
)


def logged_in(browser: Browser, address: str, language: str, **more: object) -> BrowserContext:
    """The context of somebody at their desk, in their language."""
    context = browser.new_context(locale="zh-CN", **more)
    page = context.new_page()
    page.goto(f"{address}/accounts/login/?next=/admin/account/")
    page.fill("input[name=login]", PEOPLE[language])
    page.fill("input[name=password]", PASSWORD)
    page.locator("form:has(input[name=password]) button[type=submit]").first.click()
    page.wait_for_url("**/admin/account/")
    assert page.locator("html").get_attribute("lang").lower().startswith(language[:2])
    page.close()
    return context


def prepared() -> str:
    """One desk is in English. The id of a feed to which browsers may send; the demo has none, because nobody would."""
    env = demo_site.environment(demo_site.ROOT / ".venv" / "test-data" / "e2e-demo", 0)
    return demo_site.run(env, "shell", "-v", "0", "-c", ENGLISH + FEED).split()[-1]


def addresses(context: BrowserContext, address: str, language: str, feed: str) -> dict[str, str]:
    """Of all pages."""
    found = {"en": "/en" if language == "en" else "", "feed": feed}
    for name, (page, pattern) in LOOKED_UP.items():
        body = context.request.get(address + page).text()
        seen = re.search(pattern, body)
        assert seen, f"{page} has no {pattern}: {body[:500]}"
        found[name] = seen[1]
    return {kind: address + path.format(**found) for kind, path in (OWN | FRAMED).items()}
