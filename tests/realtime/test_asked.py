"""What is taken from a request before Django: a body that fits, and whose address counts."""

import asyncio

import pytest

from everhall.realtime.asked import address_of, read_body


def read(*messages: dict, most: int = 5) -> tuple[bytes | None, int]:
    """What was read, and how many messages were left."""
    left = list(messages)

    async def receive() -> dict:
        return left.pop(0)

    return asyncio.run(read_body(receive, most)), len(left)


def piece(body: bytes, *, more: bool = False) -> dict:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_comes_in_pieces() -> None:
    assert read(piece(b"ab", more=True), piece(b"", more=True), piece(b"cde")) == (b"abcde", 0)


def test_one_that_is_too_large_is_read_to_its_end_and_not_kept() -> None:
    assert read(piece(b"abc", more=True), piece(b"def", more=True), piece(b"")) == (None, 0)


def test_who_goes_away_said_nothing() -> None:
    assert read(piece(b"ab", more=True), {"type": "http.disconnect"}) == (None, 0)


@pytest.mark.parametrize(
    ("scope", "trusts", "who"),
    [
        ({"headers": [(b"x-forwarded-for", b"1.1.1.1, 2.2.2.2")], "client": ("10.0.0.1", 5)}, False, "10.0.0.1"),
        ({"headers": [(b"x-forwarded-for", b"1.1.1.1, 2.2.2.2")], "client": ("10.0.0.1", 5)}, True, "2.2.2.2"),
        ({"headers": [(b"x-forwarded-for", b"")], "client": ("10.0.0.1", 5)}, True, "10.0.0.1"),
        ({"headers": [], "client": None}, True, ""),
    ],
)
def test_whose_address_counts(scope: dict, trusts: bool, who: str) -> None:
    assert address_of(scope, trusts_proxy=trusts) == who
