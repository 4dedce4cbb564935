"""The host's pages: without a script, as typed, by two at once; who may not; what reviewers see."""

import io

import openpyxl
import pytest
from django.test import Client
from PIL import Image

from everhall.calls import services as calls
from everhall.calls.models import Answer, CallVenue, Question, Submission
from everhall.engines.two_writers import digest
from everhall.programme.models import Activity
from everhall.proposals.models import Proposal
from tests.proposals.conftest import FULL, Hosts

pytestmark = pytest.mark.database


def page_of(row: Submission, host: str = "alpha") -> str:
    return f"/office/{host}/submissions/{row.public_id}/"


def form(hosts: Hosts, row: Submission, **values) -> dict:
    """All fields, as a browser without a script sends them."""
    from everhall.proposals import rules

    data = Proposal.objects.get(pk=row.subject_id).data
    sent = {f"was.{name}": digest(rules.value_of(data, name)) for name in rules.SPECS}
    for name in rules.SPECS:
        kept = rules.value_of(data, name)
        sent[name] = list(kept) if isinstance(kept, tuple) else kept
    return sent | {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def test_a_host_goes_from_the_call_to_a_proposal_that_is_handed_in_without_a_script(hosts: Hosts):
    client = hosts.client("alpha")
    address = "/office/apply/2021/activities/?organisation=alpha"
    assert "活动征集" in client.get(address).content.decode()
    venue = hosts.week.venues["beijing"]
    begun = client.post(address, {"organisation": "alpha", "name_zh": "青年创业论坛", "venue": str(venue.pk)})
    row = Submission.objects.get(call=hosts.call)
    assert begun["Location"] == page_of(row)
    refused = client.post(page_of(row), form(hosts, row, do="submit"))
    assert refused.status_code == 200
    assert Submission.objects.get(pk=row.pk).state == "draft"
    done = client.post(page_of(row), form(hosts, row, **FULL, do="submit"))
    assert done.status_code == 302
    assert Submission.objects.get(pk=row.pk).state == "submitted"
    assert "disabled" in client.get(page_of(row)).content.decode()


def test_one_field_is_saved_as_typed_and_no_other_is_touched(hosts: Hosts):
    row = hosts.begin()
    hosts.fill(row, equipment=("screen",), seats="50")
    several = Question.objects.create(
        call=hosts.call, text_zh="语言", kind="several", choices_text="中文|Chinese\n英文|English", order=1
    )
    Answer.objects.create(submission=row, question=several, value=["中文"], changed_at=hosts.now)
    answer = hosts.client("alpha").post(
        page_of(row), {"summary_zh": "只改这里", "was.summary_zh": digest("")}, headers={"accept": "application/json"}
    )
    assert answer.status_code == 200
    assert answer.json()["was"] == {"summary_zh": digest("只改这里")}
    data = Proposal.objects.get(pk=row.subject_id).data
    assert (data["summary_zh"], data["equipment"], data["seats"]) == ("只改这里", ["screen"], "50")
    assert Answer.objects.get(submission=row).value == ["中文"]


def test_boxes_without_a_tick_take_an_answer_away_when_they_came(hosts: Hosts):
    row = hosts.begin()
    several = Question.objects.create(call=hosts.call, text_zh="语言", kind="several", choices_text="中文|Chinese\n英文|English", order=1)
    Answer.objects.create(submission=row, question=several, value=["中文"], changed_at=hosts.now)
    hosts.client("alpha").post(page_of(row), {f"was.q{several.pk}": "", "do": "save"})
    assert not Answer.objects.filter(submission=row).exists()


def test_of_two_colleagues_neither_loses_words(hosts: Hosts):
    row = hosts.begin()
    client = hosts.client("alpha")
    json = {"accept": "application/json"}
    client.post(page_of(row), {"summary_zh": "第一个", "was.summary_zh": digest("")}, headers=json)
    second = client.post(page_of(row), {"summary_zh": "第二个", "was.summary_zh": digest("")}, headers=json).json()
    assert second["clashes"]["summary_zh"]["theirs"] == "第一个"
    assert Proposal.objects.get(pk=row.subject_id).data["summary_zh"] == "第一个"
    shown = client.post(page_of(row), {"summary_zh": "第二个", "was.summary_zh": digest(""), "do": "save"}).content.decode()
    assert "第一个" in shown
    assert "第二个" in shown


def test_what_is_wrong_stands_in_the_box_with_its_reason(hosts: Hosts):
    row = hosts.begin()
    shown = hosts.client("alpha").post(page_of(row), form(hosts, row, minutes="5", do="submit")).content.decode()
    assert 'value="5"' in shown
    assert "720" in shown


def test_after_the_venues_deadline_the_words_of_somebody_who_was_typing_stand_in_the_page(hosts: Hosts):
    row = hosts.begin()
    sent = form(hosts, row, summary_zh="写到一半", do="save")
    CallVenue.objects.filter(call=hosts.call).update(closes_at=hosts.now)
    shown = hosts.client("alpha").post(page_of(row), sent).content.decode()
    assert "写到一半" in shown
    answer = hosts.client("alpha").post(page_of(row), sent, headers={"accept": "application/json"})
    assert answer.status_code == 409
    assert answer.json()["refused"]


def test_another_organisation_finds_nothing(hosts: Hosts):
    row = hosts.begin()
    assert hosts.client("beta").get(page_of(row)).status_code == 404
    assert hosts.client("beta").get(page_of(row, "beta")).status_code == 404
    assert Client().get(page_of(row)).status_code == 302


def test_reviewers_see_what_was_handed_in_and_nobody_else_does(hosts: Hosts):
    row = hosts.handed_in()
    address = f"/admin/proposals/submitted/{row.subject_id}/{row.subject_version}/{row.venue_id}/"
    shown = hosts.week.client("bj-organiser").get(address)
    assert "请五位创业者谈第一年" in shown.content.decode()
    assert "Forum of young founders" in hosts.week.client("bj-organiser").get(f"{address}?lang=en").content.decode()
    assert hosts.week.client("zz-organiser").get(address).status_code == 404
    assert hosts.week.client("bj-organiser").get(address.replace(f"/{row.subject_version}/", "/999999/")).status_code == 404
    desk = hosts.week.client("bj-organiser").get(f"/admin/calls/s/{row.public_id}/").content.decode()
    assert address in desk


def test_the_workbook_tells_planners_what_was_wished(hosts: Hosts):
    row = hosts.handed_in()
    Proposal.objects.filter(pk=row.subject_id).update(data={})
    book = hosts.week.client("bj-organiser").get("/admin/calls/in/2021/activities/submissions.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    heads, cells = ([str(one.value or "") for one in line] for line in sheet.iter_rows())
    found = dict(zip(heads, cells, strict=True))
    assert found["现场座位数"] == "120"
    assert found["第一期望时间"] == "2021-10-20 09:30"
    assert found["舞台设备"] == "大屏、话筒"
    assert found["嘉宾"] == "示例讲者"


def test_a_picture_comes_by_a_plain_form_and_goes_along_to_the_activity(hosts: Hosts):
    row = hosts.begin()
    hosts.fill(row, **FULL)
    data = io.BytesIO()
    Image.new("RGB", (900, 600), "#336699").save(data, "PNG")
    data.seek(0)
    data.name = "hall.png"
    client = hosts.client("alpha")
    assert client.post(page_of(row), {"do": "picture", "file": data}).status_code == 302
    picture = Proposal.objects.get(pk=row.subject_id).picture
    assert picture is not None
    hosts.fill(row, alt_zh="会场", alt_en="The hall")
    calls.submit(row, hosts.people["alpha"], hosts.now)
    calls.decide(row, "accepted", hosts.week.users["bj-organiser"], hosts.now)
    activity = Activity.objects.get(proposal=row.subject_id)
    assert (activity.picture, activity.picture.alt_zh) == (picture, "会场")
    text = io.BytesIO(b"#!/bin/sh\n")
    text.name = "hall.png"
    other = hosts.begin("另一个")
    assert client.post(page_of(other), {"do": "picture", "file": text}).status_code == 302
    assert Proposal.objects.get(pk=other.subject_id).picture is None


def test_what_is_to_be_changed_stands_before_the_form_until_it_is_handed_in_again(hosts: Hosts):
    row = hosts.handed_in()
    client, asked = hosts.client("alpha"), "主办方请您修改"
    assert asked not in client.get(page_of(row)).content.decode()
    calls.decide(row, "changes", hosts.week.users["bj-organiser"], hosts.now, "请写清楚<听众>")
    page = client.get(page_of(row)).content.decode()
    assert page.index(asked) < page.index("请写清楚&lt;听众&gt;") < page.index('name="name_zh"')
    assert client.post(page_of(row), form(hosts, row, do="submit")).status_code == 302
    assert asked not in client.get(page_of(row)).content.decode()


def test_a_host_changes_the_activity_under_review_and_the_public_page_waits(hosts: Hosts):
    row = hosts.handed_in()
    calls.decide(row, "accepted", hosts.week.users["bj-organiser"], hosts.now)
    activity = Activity.objects.get(proposal=row.subject_id)
    client = hosts.client("alpha")
    address = f"/office/alpha/activities/{activity.pk}/"
    assert "青年创业论坛" in client.get("/office/alpha/activities/").content.decode()
    assert "青年创业论坛" in client.get(address).content.decode()
    client.post(address, {"summary_zh": "新的简介", "was.summary_zh": digest("谈谈第一年"), "do": "send"})
    activity.refresh_from_db()
    assert activity.summary_zh == "谈谈第一年"
    assert activity.get_latest_revision_as_object().summary_zh == "新的简介"
    assert activity.workflow_in_progress
    held = client.post(address, {"summary_zh": "再改", "was.summary_zh": digest("新的简介")}, headers={"accept": "application/json"})
    assert held.status_code == 409
    client.post(address, {"do": "back"})
    assert not Activity.objects.get(pk=activity.pk).workflow_in_progress
    assert hosts.client("beta").get(address.replace("alpha", "beta")).status_code == 404


def test_an_organiser_gives_a_venue_a_deadline_on_its_own_clock(hosts: Hosts):
    venue = hosts.week.venues["zhengzhou"]
    venue.timezone = "Europe/Berlin"
    venue.save()
    hosts.call.closes_at = hosts.call.closes_at.replace(year=2027, month=6)
    hosts.call.save()
    client = hosts.week.client("national")
    address = "/admin/calls/in/2021/activities/edit/"
    from everhall.calls.forms.desk import CallForm

    def sent(moment: str) -> CallForm:
        form = CallForm(instance=hosts.call, edition=hosts.week.edition, managed=[venue])
        data = {name: form[name].value() for name in form.fields if form[name].value() is not None and form[name].value() is not False}
        data |= {"opens_at": "2021-01-01T00:00", "closes_at": "2027-06-01T00:00", f"closes-{venue.pk}": moment}
        return CallForm(data, instance=hosts.call, edition=hosts.week.edition, managed=[venue])

    skipped = sent("2027-03-28T02:30")
    assert not skipped.is_valid()
    assert list(skipped.errors) == [f"closes-{venue.pk}"]
    assert not sent("2027-06-02T00:00").is_valid()
    twice = sent("2026-10-25T02:30")
    assert twice.is_valid(), twice.errors
    twice.save_venues(hosts.call)
    closes = CallVenue.objects.get(call=hosts.call, venue=venue).closes_at
    assert f"{closes:%Y-%m-%d %H:%M}" == "2026-10-25 01:30"
    assert 'name="closes-' in client.get(address).content.decode()
    assert "中欧时间" in Client().get("/2021/calls/activities/").content.decode()
