"""Calls for everybody: what is shown, for how long the door may keep it, what does not exist."""

import datetime as dt
import json
import re

import pytest
from django.test import Client

from everhall.calls.models import Call
from everhall.editions.models import Edition, Venue
from tests.calls.round import Round

CALL = "/2021/calls/cloud/"


def test_the_page_tells_what_is_asked_and_judged_and_until_when_at_each_venue(calls: Round):
    Venue.objects.filter(code="park-haidian").update(timezone="Europe/Berlin")
    Call.objects.update(closes_at=dt.datetime(2030, 7, 1, 10, tzinfo=dt.UTC))
    page = Client().get(CALL).content.decode()
    for words in ("云上展项征集", "为什么参展", "到场方式", "创新性", "中国标准时间", "中欧时间"):
        assert words in page
    moments = set(re.findall(r'datetime="(2030-07-01T[^"]+)"', page))
    assert moments == {"2030-07-01T18:00:00+08:00", "2030-07-01T12:00:00+02:00"}
    assert "Novelty" in Client().get(f"/en{CALL}").content.decode()


def test_nothing_of_those_who_submitted_is_on_it(calls: Round):
    for address in ("/2021/calls/", CALL, f"/en{CALL}"):
        page = Client().get(address).content.decode()
        assert not any(name in page for name in ("alpha", "beta", "gamma", "因为它能用"))


def test_the_door_keeps_it_until_the_clock_changes_it(calls: Round):
    answer = Client().get(CALL)
    assert answer["Everhall-Tags"].split() == ["site", "edition-2021"]
    assert float(answer["Everhall-Until"]) == pytest.approx(calls.call.closes_at.timestamp())
    Call.objects.update(opens_at=calls.now + dt.timedelta(days=1))
    assert float(Client().get("/2021/calls/")["Everhall-Until"]) == pytest.approx((calls.now + dt.timedelta(days=1)).timestamp())
    Call.objects.update(opens_at=calls.now - dt.timedelta(days=9), closes_at=calls.now - dt.timedelta(days=1))
    assert "Everhall-Until" not in Client().get(CALL)


def test_drafts_and_editions_in_planning_do_not_exist(calls: Round):
    Call.objects.update(state="draft")
    assert Client().get(CALL).status_code == 404
    assert "云上展项征集" not in Client().get("/2021/calls/").content.decode()
    Call.objects.update(state="announced")
    Edition.objects.update(state="planning")
    assert Client().get(CALL).status_code == 404
    assert Client().get("/2021/calls/").status_code == 404


def test_machines_are_told_the_two_moments(calls: Round):
    page = Client().get(CALL).content.decode()
    told = [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)]
    action = next(one for one in told if one.get("@type") == "WebPage")["potentialAction"]
    assert dt.datetime.fromisoformat(action["endTime"]) == calls.call.closes_at


def test_calls_stand_in_the_sitemap_unless_they_are_drafts(calls: Round):
    assert CALL in Client().get("/sitemap.xml").content.decode()
    Call.objects.update(state="draft")
    assert CALL not in Client().get("/sitemap.xml").content.decode()
