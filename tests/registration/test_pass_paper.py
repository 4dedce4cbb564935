"""The pass as a page of PDF: what is on it, also when names are long and sessions many; nothing lies over its code."""

import datetime as dt
import io
import itertools

import pypdfium2
import pytest
from django.test import Client

from everhall.editions.models import Venue
from everhall.programme.models import Session
from everhall.registration import passes
from everhall.registration.models import Admission, Registration, SeatQuota
from everhall.registration.services.accounts import path_of
from tests.registration.places import come

pytestmark = pytest.mark.django_db

LONG = "Summit on the joined growth of the low-altitude economy and humanoid robots for graduates and young founders of three provinces"


def page_of(row: Registration) -> pypdfium2.PdfPage:
    pages = pypdfium2.PdfDocument(io.BytesIO(passes.pdf_of(Registration.objects.get(pk=row.pk))))
    assert len(pages) == 1
    return pages[0]


def text_of(row: Registration) -> str:
    return page_of(row).get_textpage().get_text_bounded()


def letters_in(page: pypdfium2.PdfPage) -> list[float]:
    """How high the letters stand, in points."""
    text = page.get_textpage()
    return sorted(text.get_charbox(at)[1] for at in range(text.count_chars()) if text.get_text_range(at, 1).strip())


@pytest.fixture
def week_of_talks(hall, world):
    """An admission to an activity of eight sessions with long names."""
    of = world.sessions["open-forum"]
    activity = of.activity
    activity.name_en = LONG
    activity.save()
    for at in range(1, 8):
        Session.objects.create(
            activity=activity, code=f"talk-{at}", stage=of.stage, starts_at=of.starts_at + dt.timedelta(hours=at),
            ends_at=of.ends_at + dt.timedelta(hours=at), status="confirmed",
        )  # fmt: skip
    Admission.objects.filter(pk=hall.pk).delete()
    made = Admission.objects.create(activity=activity)
    SeatQuota.objects.create(admission=made, way="onsite", size=None)
    return made


def test_many_sessions_push_the_code_down_and_the_rest_is_told(week_of_talks):
    page = page_of(come(week_of_talks, "Ada", language="en"))
    text = page.get_textpage().get_text_bounded()
    assert text.count("2021-10-20") == passes.MOST_LINES
    assert "and 2 more" in text
    highs = letters_in(page)
    assert highs[0] > 20
    # Between those above the code and those below it there is the room that it takes: 100 mm.
    gap = max(above - below for below, above in itertools.pairwise(highs))
    assert gap > 100 * 72 / 25.4


def test_a_pass_for_several_says_so_and_that_of_one_does_not(hall):
    Admission.objects.filter(pk=hall.pk).update(most_companions=2)
    one, three = come(hall, "Ada", language="en"), come(hall, "Grace", way="online", language="en")
    assert "lets in" not in text_of(one)
    assert "lets in" not in text_of(three)
    assert "opens no door" in text_of(three)
    SeatQuota.objects.filter(admission=hall).update(size=9)
    three = come(hall, "Mary", language="en", companions="Joan\nEdith")
    assert "It lets in 3 people" in text_of(three)


def test_times_are_those_of_the_venue_and_its_offset_is_told_where_it_is_another(hall):
    row = come(hall, "Ada", language="en")
    assert "09:00–10:00" in text_of(row)
    assert "UTC" not in text_of(row)
    Venue.objects.filter(code="beijing").update(timezone="Asia/Tokyo")
    assert "10:00–11:00 UTC+9" in text_of(row)


def test_the_page_of_a_registration_says_how_many_its_code_lets_in(hall):
    Admission.objects.filter(pk=hall.pk).update(most_companions=2)
    assert "此码可供" not in Client().get(path_of(come(hall, "甲"))).content.decode()
    assert "不能用于线下入场" in Client().get(path_of(come(hall, "丁", way="online"))).content.decode()
    assert "此码可供 2 人入场" in Client().get(path_of(come(hall, "乙", companions="丙"))).content.decode()
