"""Relays that come back, rights to air, addresses to pull from: plain values, no database."""

import pytest

from everhall.live import rules
from everhall.live.rules import Airable


def test_a_channel_that_would_show_itself_is_found_over_any_number_of_relays() -> None:
    shows = {"channel/b": {"channel/c"}, "channel/c": {"channel/a", "feed/x"}, "channel/d": {"channel/d"}}
    assert rules.comes_back(shows, "channel/a", "channel/b")
    assert rules.comes_back(shows, "channel/a", "channel/a")
    assert not rules.comes_back(shows, "channel/b", "channel/d")
    assert not rules.comes_back(shows, "channel/a", "feed/x")


@pytest.mark.parametrize(
    ("own", "edition", "enabled", "relayed", "public", "fault"),
    [
        (True, True, True, False, False, ""),
        (True, True, False, True, True, "closed"),
        (True, False, True, True, True, "other_edition"),
        (False, True, True, True, True, ""),
        (False, True, True, False, True, "not_relayed"),
        (False, True, True, True, False, "not_public"),
        (False, False, True, True, True, "other_edition"),
    ],
)
def test_what_may_be_aired(own, edition, enabled, relayed, public, fault) -> None:
    assert rules.may_air(Airable(own, edition, enabled, relayed, public)) == fault


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://example.org/a.m3u8", ""), ("rtsp://user:secret@example.org:554/one", ""), ("http://[2001:db8::1]:8080/x", ""),
        ("file:///etc/passwd", "scheme"), ("concat:a|b", "scheme"), ("https://", "host"), ("http://a b/", "host"),
        ("http://example.org:99999/", "host"), ("", "scheme"), ("http://example.org/\nfile:x", "host"),
    ],
)
def test_addresses_to_pull_from(url, fault) -> None:
    assert rules.url_fault(url) == fault


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.9.9", "169.254.169.254", "::1", "fe80::1%eth0", "fd00::1",
     "::ffff:10.0.0.1", "0.0.0.1", "100.64.0.1", "224.0.0.1", "2002:7f00:1::"],
)  # fmt: skip
def test_private_addresses_are_known(address) -> None:
    assert rules.is_private(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "example.org"])
def test_public_addresses_are_known(address) -> None:
    assert not rules.is_private(address)


def test_names_of_a_home_network_are_known() -> None:
    assert all(rules.is_home_name(n) for n in ("localhost", "camera", "nas.local", "x.internal.", "a.localhost"))
    assert not any(rules.is_home_name(n) for n in ("example.org", "::1", "8.8.8.8"))


def test_audio_chapters_and_trims_are_checked() -> None:
    assert not rules.audio_fault({"0": "zh", "1": "en"})
    for wrong in ({"0": "zh", "1": "zh"}, {"a": "zh"}, {"0": "Chinese"}, ["zh"], {"0": 1}, {"64": "zh"}):
        assert rules.audio_fault(wrong), wrong
    good = [{"at": 0, "title_zh": "开场", "title_en": "Opening"}, {"at": 9.5, "title_zh": "问答"}]
    assert rules.chapters_fault(good, 10.0) == ""
    assert rules.chapters_fault(good, 9.0) == "beyond"
    assert rules.chapters_fault(good[::-1], None) == "order"
    assert rules.chapters_fault([{"at": "0"}], None) == "shape"
    assert rules.chapters_fault({}, None) == "shape"
    assert [rules.trim_fault(*t) for t in ((0.0, None, None), (1.0, 1.0, None), (5.0, None, 4.0), (0.0, 9.0, 8.0), (1.0, 2.0, 8.0))] == [False, True, True, True, False]
