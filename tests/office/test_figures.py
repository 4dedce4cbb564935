"""What visitors did: counts of one's own exhibits only, as pages and as files that no spreadsheet takes for formulas."""

import datetime as dt
import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from everhall.exhibition.models import Label, LabelScans
from everhall.visits.models import Consent, Contact, ExhibitQuestion, ExhibitViews, Visitor
from tests.office.conftest import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted(office: Office) -> Office:
    now = timezone.now()
    for which, number in (("beijing", 7), ("zhengzhou", 90_001)):
        exhibit = office.week.rows["exhibit", which]
        label, _made = Label.objects.get_or_create(
            exhibit=exhibit, edition=office.week.edition, defaults={"code": f"L-{which}", "key": f"l{which}"}
        )
        LabelScans.objects.create(label=label, day=dt.date(2021, 10, 20), count=number)
        ExhibitViews.objects.create(exhibit=exhibit, edition=office.week.edition, day=dt.date(2021, 10, 20), count=number * 2)
        ExhibitQuestion.objects.create(
            exhibit=exhibit, edition=office.week.edition, organisation=exhibit.organisation, text=f"问 {which}", name="访客",
            email=f"visitor-{which}@else.example", language="zh-hans", may_be_public=True, state="open", asked_at=now, passed_at=now,
            forget_at=now + dt.timedelta(days=30),
        )
    return office


def page(office: Office, who: str = "owner", which: str = "") -> str:
    organisation = office.mine if who != "stranger" else office.theirs
    answer = office.client(who).get(reverse("office:visitors-of", args=[organisation.code, "2021"]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_figures_are_of_ones_own_exhibits(counted: Office) -> None:
    text = page(counted)
    assert "<dd>7</dd>" in text
    assert "<dd>14</dd>" in text
    assert "90001" not in text.replace(",", "")
    assert "zhengzhou" not in text


def test_whoever_asked_is_not_told_by_address(counted: Office) -> None:
    text = page(counted)
    assert "问 beijing" in text
    assert "@else.example" not in text


def test_a_question_is_answered_by_members_only(counted: Office) -> None:
    mine = ExhibitQuestion.objects.get(organisation=counted.mine)
    theirs = ExhibitQuestion.objects.get(organisation=counted.theirs)
    client = counted.client("member")
    for question, status in ((mine, 302), (theirs, 404)):
        address = reverse("office:answer", args=[counted.mine.code, "2021", question.pk])
        assert client.post(address, {"text": "两年内上市。"}).status_code == status
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.answer, theirs.answer) == ("两年内上市。", "")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_figures_as_a_file(counted: Office, ending: str) -> None:
    exhibit = counted.at_venue()
    exhibit.name_zh = "=cmd|' /C calc'!A0"
    exhibit.save()
    exhibit.save_revision()
    answer = counted.client("owner").get(reverse("office:figures", args=[counted.mine.code, "2021", ending]))
    assert "attachment" in answer["Content-Disposition"]
    if ending == "csv":
        text = answer.content.decode("utf-8-sig")
        assert "2021-10-20,14,0,7" in text
        assert "\n=" not in text
    else:
        rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
        assert ("2021-10-20", 14, 0, 7) in [row[2:] for row in rows]
    assert counted.client("owner").get(reverse("office:figures", args=[counted.mine.code, "2021", "exe"])).status_code == 404
    assert counted.client("owner").get(reverse("office:figures", args=[counted.mine.code, "2099", "csv"])).status_code == 404


def test_contacts_are_those_who_agree_still(counted: Office) -> None:
    now = timezone.now()
    for name, withdrawn in (("同意者", None), ("撤回者", now)):
        visitor = Visitor.objects.create(made_at=now, seen_on=now.date())
        consent = Consent.objects.create(
            visitor=visitor, organisation=counted.mine, edition=counted.week.edition, exhibit=counted.at_venue(), kind=Consent.Kind.CONTACT,
            given_at=now, confirmed_at=now, withdrawn_at=withdrawn, until=now + dt.timedelta(days=365), language="zh-hans", text="同意",
        )
        Contact.objects.create(consent=consent, name=name, email="who@else.example")
    text = page(counted)
    assert "同意者" in text
    assert "撤回者" not in text
    csv = counted.client("owner").get(reverse("office:contacts", args=[counted.mine.code, "2021", "csv"])).content.decode()
    assert "同意者" in csv
    assert "撤回者" not in csv
    assert "同意者" not in page(counted, "stranger")
