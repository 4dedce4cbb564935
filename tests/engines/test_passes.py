"""A pass is small, says nothing of a person, and cannot be made by others."""

import pytest
import qrcode
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from everhall.engines import passes
from everhall.engines.passes import Facts

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEYS = {passes.key_id(KEY.public_key()): KEY.public_key()}
FACTS = Facts(b"admissio", b"passcode", 3, 40, "onsite", 1_634_700_000.0)


def test_base45_as_in_the_rfc():
    # RFC 9285 §4.3 and §4.4.
    assert passes.base45(b"AB") == "BB8"
    assert passes.base45(b"Hello!!") == "%69 VD92EX0"
    assert passes.base45(b"base-45") == "UJCLQE7W581"
    assert passes.unbase45("QED8WEX0") == b"ietf!"


@given(st.binary(max_size=40))
def test_base45_comes_back(content):
    assert passes.unbase45(passes.base45(content)) == content


@pytest.mark.parametrize("text", ["A", "abc", "GGW", "::", "ZZZZ"])
def test_what_no_base45_writes_is_none(text):
    assert passes.unbase45(text) is None


@given(st.binary(min_size=8, max_size=8), st.binary(min_size=8, max_size=8), st.integers(0, 255), st.integers(1, 255), st.sampled_from(passes.WAYS), st.integers(0, 2**31))
def test_a_pass_comes_back_as_it_was_signed(admission, code, issue, seats, way, minutes):
    facts = Facts(admission, code, issue, seats, way, minutes * 60.0)
    assert passes.read(passes.signed(facts, KEY), KEYS) == facts


def test_the_code_is_no_larger_than_version_six():
    made = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M)
    made.add_data(passes.signed(FACTS, KEY))
    made.make(fit=True)
    assert made.version <= 6


def test_a_sign_changed_anywhere_is_no_pass():
    text = passes.signed(FACTS, KEY)
    for place in range(len(text)):
        other = "0" if text[place] != "0" else "1"
        assert passes.read(text[:place] + other + text[place + 1 :], KEYS) is None


def test_a_pass_of_another_key_or_of_another_version_is_none():
    other = Ed25519PrivateKey.generate()
    assert passes.read(passes.signed(FACTS, other), KEYS) is None
    body = passes.unbase45(passes.signed(FACTS, KEY)[4:])[:28]
    newer = bytes([2]) + body[1:]
    assert passes.read("EH1:" + passes.base45(newer + KEY.sign(passes.PURPOSE + newer)), KEYS) is None


@pytest.mark.parametrize("text", ["", "EH1:", "EH2:AAA", "https://example.org/", "EH1:" + "0" * 138])
def test_what_is_no_pass_is_none(text):
    assert passes.read(text, KEYS) is None


def test_facts_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="range"):
        passes.signed(Facts(b"short", b"passcode", 0, 1, "onsite", 0.0), KEY)
