"""Headers of requests: encodings, copies, stretches of bytes."""

import pytest

from everhall.engines.http_headers import Span, best_encoding, holds_already, span


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (b"bytes=0-99", Span(0, 99)),
        (b"bytes=10-", Span(10, 999)),
        (b"bytes=-100", Span(900, 999)),
        (b"bytes=-5000", Span(0, 999)),
        (b"bytes=990-5000", Span(990, 999)),
        (b" bytes=5-5 ", Span(5, 5)),
        (b"bytes=1000-", Span(1000, 999)),
        (b"bytes=5000-6000", Span(1000, 999)),
        (b"bytes=-0", Span(1000, 999)),
        (b"", None),
        (b"bytes=-", None),
        (b"bytes=9-5", None),
        (b"bytes=0-1,5-6", None),
        (b"items=0-1", None),
        (b"bytes=0-" + b"9" * 30, None),
    ],
)
def test_one_stretch_is_found_and_everything_else_means_the_whole(wanted, expected):
    assert span(wanted, 1000) == expected


def test_a_stretch_beyond_the_end_has_no_length():
    found = span(b"bytes=1000-", 1000)
    assert found is not None
    assert found.length == 0


def test_nothing_of_nothing():
    assert span(b"bytes=0-", 0) == Span(0, -1)


@pytest.mark.parametrize("tags", [b'"a"', b'W/"a"', b'"x", W/"a"', b"*"])
def test_a_copy_is_known_by_its_tag(tags):
    assert holds_already(tags, b'"a"')


@pytest.mark.parametrize("tags", [b"", b'"b"', b'"a', b'"aa"'])
def test_another_copy_is_not(tags):
    assert not holds_already(tags, b'"a"')


def test_no_encoding_without_a_wish():
    assert best_encoding(b"") == ""
    assert best_encoding(b"gzip, br;q=0") == "gzip"
