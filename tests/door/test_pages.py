"""What the door keeps, what it does not, and how it answers from memory."""

import asyncio

import pytest

from everhall.config.door.asked import Rules, in_order
from everhall.engines.http_headers import best_encoding
from tests.door.helpers import Clock, Site, a_door, ask

TEXT = "永不落幕的展览 <p>hall</p> ".encode() * 100


def test_a_marked_page_is_rendered_once_and_then_comes_from_memory():
    async def play():
        site = Site()
        site.page("/2021/", TEXT, "edition-2021")
        door = a_door(site)
        first = await ask(door, "/2021/")
        second = await ask(door, "/2021/")
        assert first == second
        assert first.body == TEXT
        assert site.asked == ["/2021/"]
        assert second.headers["cache-control"] == "public, max-age=0, must-revalidate"
        assert second.headers["vary"] == "Cookie, Accept-Encoding"
        assert not any(name.startswith("everhall") for name in second.headers)

    asyncio.run(play())


@pytest.mark.parametrize(
    ("tags", "header", "asked_with"),
    [
        ("", (b"x-any", b"1"), {}),
        ("site", (b"set-cookie", b"a=b"), {}),
        ("site", (b"cache-control", b"private"), {}),
        ("site", (b"cache-control", b"no-store"), {}),
        ("site", (b"everhall-until", b"999999"), {}),
        ("site", (b"everhall-until", b"tomorrow"), {}),
        ("site", (b"x-any", b"1"), {"cookie": "a=1; sessionid=s3cret"}),
        ("site", (b"x-any", b"1"), {"authorization": "Bearer x"}),
    ],
)
def test_what_is_unmarked_private_over_or_for_one_person_is_never_kept(tags, header, asked_with):
    async def play():
        site = Site()
        site.page("/", TEXT, tags, header)
        door = a_door(site)
        for _ in range(2):
            got = await ask(door, "/", **asked_with)
            assert got.body == TEXT
            assert not any(name.startswith("everhall") for name in got.headers)
        assert len(site.asked) == 2
        assert len(door.shelf) == 0

    asyncio.run(play())


def test_somebody_with_a_session_never_gets_the_public_page_and_never_fills_it():
    async def play():
        site = Site()
        site.page("/", b"public", "site")
        door = a_door(site)
        await ask(door, "/")
        site.page("/", b"for the editor", "site")
        assert (await ask(door, "/", cookie="sessionid=x")).body == b"for the editor"
        assert (await ask(door, "/")).body == b"public"

    asyncio.run(play())


def test_errors_are_not_kept_but_marked_redirects_and_missing_pages_are():
    async def play():
        site = Site()
        site.page("/500", b"oops", "site", status=500)
        site.page("/302", b"", "site", (b"location", b"/2021/"), status=302)
        site.page("/404", b"none", "site", status=404)
        door = a_door(site)
        for path in ("/500", "/302", "/404"):
            await ask(door, path)
            await ask(door, path)
        assert site.asked == ["/500", "/500", "/302", "/404"]
        assert (await ask(door, "/302")).headers["location"] == "/2021/"

    asyncio.run(play())


def test_head_gets_the_headers_of_the_page_and_no_body():
    async def play():
        site = Site()
        site.page("/", TEXT, "site")
        door = a_door(site)
        page = await ask(door, "/")
        head = await ask(door, "/", "HEAD")
        assert head.headers == page.headers
        assert head.raw == b""
        assert len(site.asked) == 1

    asyncio.run(play())


def test_a_browser_that_has_the_page_is_told_so():
    async def play():
        site = Site()
        site.page("/", TEXT, "site")
        door = a_door(site)
        etag = (await ask(door, "/")).headers["etag"]
        for said in (etag, f'"other", {etag}', f"W/{etag}", "*"):
            got = await ask(door, "/", if_none_match=said)
            assert (got.status, got.raw) == (304, b"")
            assert got.headers["etag"] == etag
        assert (await ask(door, "/", if_none_match='"other"')).status == 200
        assert (await ask(door, "/", if_none_match=etag, accept_encoding="br")).status == 200

    asyncio.run(play())


def test_each_encoding_is_smaller_and_has_its_own_etag():
    async def play():
        site = Site()
        site.page("/", TEXT, "site")
        door = a_door(site)
        plain, brotli, gzip = [
            await ask(door, "/", accept_encoding=e) for e in ("", "gzip, br", "gzip;q=0.5")
        ]
        assert plain.body == brotli.body == gzip.body == TEXT
        assert len(brotli.raw) < len(plain.raw) > len(gzip.raw)
        assert (brotli.headers["content-encoding"], gzip.headers["content-encoding"]) == (
            "br",
            "gzip",
        )
        assert len({plain.headers["etag"], brotli.headers["etag"], gzip.headers["etag"]}) == 3
        assert len(site.asked) == 1

    asyncio.run(play())


def test_pictures_are_kept_as_they_are():
    async def play():
        site = Site()
        for_good = (b"cache-control", b"public, max-age=31536000, immutable")
        site.pages["/images/x"] = (
            200,
            [(b"content-type", b"image/webp"), (b"everhall-tags", b"static"), for_good],
            TEXT,
        )
        door = a_door(site)
        got = await ask(door, "/images/x", accept_encoding="br")
        assert "content-encoding" not in got.headers
        assert got.headers["cache-control"].endswith("immutable")
        assert got.headers["vary"] == "Accept-Encoding"

    asyncio.run(play())


def test_the_theme_cookie_is_part_of_the_key_and_other_cookies_are_not():
    async def play():
        site = Site()
        door = a_door(site)
        for theme in (b"light", b"dark", b"auto"):
            site.page("/", theme, "site")
            cookie = {} if theme == b"auto" else {"cookie": f"seen=1; theme={theme.decode()}"}
            await ask(door, "/", **cookie)
        assert (await ask(door, "/", cookie="theme=dark; counted=7")).body == b"dark"
        assert (await ask(door, "/", cookie="theme=light")).body == b"light"
        assert (await ask(door, "/", cookie="theme=purple")).body == b"auto"
        assert len(site.asked) == 3

    asyncio.run(play())


def test_the_host_and_the_scheme_are_part_of_the_key():
    async def play():
        site = Site()
        site.page("/", TEXT, "site")
        door = a_door(site, rules=Rules(trusts_proxy=True))
        await ask(door, "/")
        await ask(door, "/", host="other.example")
        await ask(door, "/", x_forwarded_proto="https")
        assert len(site.asked) == 3

    asyncio.run(play())


def test_the_order_of_a_query_does_not_matter_but_the_order_within_a_name_does():
    assert in_order(b"b=1&a=2") == in_order(b"a=2&b=1")
    assert in_order(b"a=1&a=2") != in_order(b"a=2&a=1")

    async def play():
        site = Site()
        site.page("/list/", TEXT, "site")
        door = a_door(site)
        await ask(door, "/list/?zone=a&field=ai")
        await ask(door, "/list/?field=ai&zone=a")
        await ask(door, "/list/?field=ai")
        assert len(site.asked) == 2
        await ask(door, "/list/?q=" + "x" * 300)
        await ask(door, "/list/?q=" + "x" * 300)
        assert len(site.asked) == 4

    asyncio.run(play())


@pytest.mark.parametrize(
    ("accepted", "best"),
    [
        (b"", ""), (b"br", "br"), (b"gzip, deflate, br, zstd", "br"), (b"gzip", "gzip"), (b"BR;q=0, gzip", "gzip"),
        (b"br;q=0.0, gzip;q=0", ""), (b"*", "br"), (b"identity", ""), (b"br; q=0.2", "br"),
    ],
)  # fmt: skip
def test_the_best_encoding_is_the_smallest_that_the_browser_takes(accepted, best):
    assert best_encoding(accepted) == best


def test_a_page_that_changes_by_the_clock_is_rendered_again_then():
    async def play():
        clock = Clock()
        site = Site()
        site.page("/now/", b"before", "site", (b"everhall-until", str(clock.now + 60).encode()))
        door = a_door(site, clock=clock)
        await ask(door, "/now/")
        site.page("/now/", b"after", "site")
        clock.now += 59
        assert (await ask(door, "/now/")).body == b"before"
        clock.now += 1
        assert (await ask(door, "/now/")).body == b"after"

    asyncio.run(play())


def test_memory_is_bounded_and_what_nobody_asks_for_goes_first():
    async def play():
        site = Site()
        for number in range(100):
            site.page(f"/{number}", b"x" * 20_000, "site")
        door = a_door(site, capacity=300_000)
        for number in range(100):
            await ask(door, f"/{number}")
            await ask(door, "/0")
            assert door.shelf.weight <= 300_000
        assert site.asked.count("/0") == 1
        assert door.shelf.counts.evicted > 80

    asyncio.run(play())


def test_a_page_too_large_for_the_shelf_flows_through_whole():
    async def play():
        site = Site()
        site.page("/big", bytes(range(256)) * 4000, "site")
        door = a_door(site, capacity=1_000_000)
        for _ in range(2):
            assert (await ask(door, "/big", accept_encoding="br")).body == bytes(range(256)) * 4000
        assert len(site.asked) == 2
        assert door.shelf.weight == 0

    asyncio.run(play())


def test_private_text_is_compressed_while_it_flows():
    async def play():
        site = Site()
        site.page("/admin/", TEXT, "", (b"etag", b'"a"'), (b"vary", b"Cookie"))
        door = a_door(site)
        for encoding in ("br", "gzip"):
            got = await ask(door, "/admin/", cookie="sessionid=1", accept_encoding=encoding)
            assert got.body == TEXT
            assert got.headers["content-encoding"] == encoding
            assert got.headers["vary"] == "Cookie, Accept-Encoding"
            assert got.headers["etag"] == 'W/"a"'

    asyncio.run(play())
