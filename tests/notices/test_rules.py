"""Whom a notice concerns, what a change says, when a push is tried again; sealing by the vectors of RFC 8291."""

import datetime as dt
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from everhall.engines import webpush
from everhall.notices import rules
from tests.twins import passes

CASES = json.loads((Path(__file__).parents[1] / "vectors" / "notices.json").read_text(encoding="utf-8"))
CHINA = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize("case", CASES["concerns"])
def test_a_notice_reaches_down_the_tree_and_nowhere_else(case) -> None:
    notice, page = case["notice"], case["page"]
    assert rules.concerns(notice["venue"], notice["session"], page["venue"], page["session"]) is case["is"]


def test_the_twin_in_the_browser() -> None:
    assert "# fail 0\n" in passes(Path(__file__).with_name("shown.test.mjs"))


@pytest.mark.parametrize("link", ["/2021/", "/en/2021/sessions/a/", "https://example.org/a?b=c#d"])
def test_links_that_are_taken(link) -> None:
    assert rules.fair_link(link)


@pytest.mark.parametrize(
    "link", ["http://example.org", "javascript:alert(1)", "//evil.example", "/\\evil.example", "2021/", "https://a@b.example", "https://", "/a b"]
)
def test_links_that_are_refused(link) -> None:
    assert not rules.fair_link(link)


@pytest.mark.parametrize(
    "endpoint",
    ["http://push.example/a", "https://push.example:8443/a", "https://u@push.example/a", "https:///a", "https://push.example/#a",
     "https://push.example/" + "a" * 1000, "https://push.example/a b", "ftp://push.example/a", "https://[::1", ""],
)  # fmt: skip
def test_endpoints_that_are_refused(endpoint) -> None:
    assert not rules.fair_endpoint(endpoint)


def when(hour=9, **more):
    start = dt.datetime(2021, 10, 20, hour, tzinfo=CHINA)
    values = {
        "starts_at": start, "ends_at": start + dt.timedelta(hours=1), "stage": 1, "stage_zh": "主舞台", "stage_en": "Main stage",
        "mode": "both", "mode_zh": "线上线下", "mode_en": "on site and online", "status": "confirmed",
    }  # fmt: skip
    return rules.When(**{**values, **more})


@pytest.mark.parametrize(
    ("after", "title", "text"),
    [
        (when(14), "New time: Forum", "Now 20 October 14:00–15:00 (was 20 October 09:00–10:00)."),
        (when(stage=2, stage_en="Hall B", stage_zh="乙厅"), "New stage: Forum", "Stage: Hall B."),
        (when(stage=0, stage_zh="", stage_en=""), "New stage: Forum", "Stage: not known yet."),
        (when(status="cancelled"), "Cancelled: Forum", "It was planned for 20 October 09:00–10:00."),
        (when(14, mode="online", mode_en="online"), "Changed: Forum", "Now 20 October 14:00–15:00 (was 20 October 09:00–10:00). Mode: online."),
    ],
)
def test_a_change_in_words(after, title, text) -> None:
    assert rules.differ(when(), after)
    told = rules.told_of("论坛", "Forum", when(), after)
    assert (told["title_en"], told["text_en"]) == (title, text)
    assert told["title_zh"].endswith("：论坛")


def test_on_again_and_no_change() -> None:
    assert rules.told_of("论坛", "", when(status="cancelled"), when())["title_en"] == "On again: 论坛"
    assert not rules.differ(when(), when(status="moved"))
    assert not rules.differ(when(), when(status="planned"))


def test_pauses_grow_and_end() -> None:
    assert [rules.pause(n, "") for n in range(1, 6)] == [30, 120, 600, 1800, None]
    assert rules.pause(1, "300") == 300
    assert rules.pause(1, "9999999") == 3600
    assert rules.pause(1, "Wed, 21 Oct 2015 07:28:00 GMT") == 30


# ---------------------------------------------------------------- RFC 8291, appendix A
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"


def test_the_example_of_the_standard() -> None:
    number = int.from_bytes(webpush.bytes64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    once, salt = ec.derive_private_key(number, ec.SECP256R1()), webpush.bytes64("DGv6ra1nlYgDCS1FRnbzlw")
    body = webpush.sealed(b"When I grow up, I want to be a watermelon", P256DH, AUTH, salt=salt, once=once)
    assert webpush.text64(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95b"
        "Qpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    with pytest.raises(ValueError, match="more than"):
        webpush.sealed(b"a" * 3994, P256DH, AUTH, salt=salt, once=once)


def test_keys_that_are_none() -> None:
    assert webpush.fair_keys(P256DH, AUTH)
    assert not webpush.fair_keys(P256DH[:-4], AUTH)
    assert not webpush.fair_keys(P256DH, AUTH[:-3])
    assert not webpush.fair_keys("B" + "A" * 86, AUTH)
    assert not webpush.fair_keys("ä" * 87, AUTH)
