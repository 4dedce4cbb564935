"""Tokens open what they were made for, until they end, and nothing else."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everhall.engines import tokens

SECRET = tokens.secret_of("key")
TOKEN = tokens.make(SECRET, "channel/2021-main", 1000)


def test_a_token_is_good_for_its_scope_until_it_ends():
    assert tokens.valid(SECRET, TOKEN, "channel/2021-main", 0)
    assert tokens.valid(SECRET, TOKEN, "channel/2021-main", 999.9)
    assert not tokens.valid(SECRET, TOKEN, "channel/2021-main", 1000)
    assert tokens.scope_of(SECRET, TOKEN, 1) == "channel/2021-main"
    assert tokens.expires(TOKEN) == 1000


@pytest.mark.parametrize("scope", ["channel/2021-mai", "channel/2021-main2", "feed/2021-main", "", "channel/2021-main\n"])
def test_a_token_opens_nothing_else(scope):
    assert not tokens.valid(SECRET, TOKEN, scope, 0)


def test_another_secret_or_another_end_breaks_the_seal():
    assert tokens.scope_of(tokens.secret_of("other"), TOKEN, 0) is None
    assert tokens.scope_of(SECRET, TOKEN.replace(".1000.", ".9999."), 0) is None
    told, until, seal = TOKEN.split(".")
    other = tokens.make(SECRET, "channel/2021-other", 1000).split(".")[0]
    assert tokens.scope_of(SECRET, f"{other}.{until}.{seal}", 0) is None
    assert tokens.scope_of(SECRET, f"{told}.0{until}.{seal}", 0) is None


@given(st.integers(0, len(TOKEN) - 1), st.sampled_from(string.ascii_letters + string.digits + "-_./% \n"))
def test_no_other_text_is_good(at, letter):
    changed = TOKEN[:at] + letter + TOKEN[at + 1 :]
    assert (tokens.scope_of(SECRET, changed, 0) is not None) == (changed == TOKEN)
    assert tokens.scope_of(SECRET, TOKEN + letter, 0) is None


@pytest.mark.parametrize(("scope", "expires"), [("", 10), ("channel/x", 0), ("channel/x", -5), ("x" * 400, 10)])
def test_what_cannot_be_a_token_is_not_made(scope, expires):
    with pytest.raises(ValueError, match="no token"):
        tokens.make(SECRET, scope, expires)


def test_a_token_may_stand_in_a_path():
    assert set(TOKEN) <= set(string.ascii_letters + string.digits + "-_.")
