"""The desk's first page: what waits for somebody is what they reach, and what its page shows."""

import pytest
from django.utils import timezone

from everhall.registration import services
from tests.registration.places import admission_to, come, let_the_week_come
from tests.registration.test_desk import desk_of

pytestmark = pytest.mark.django_db


def test_the_first_page_counts_what_waits_and_nothing_beyond_ones_reach(world, settings):
    let_the_week_come(settings)
    hall = admission_to(world.sessions["open-forum"], onsite=3, approval=True)
    rows = [come(hall, name) for name in "ab"]
    here, away = (desk_of(world, settings, venue, email=f"{venue}@example.org") for venue in ("beijing", "zhengzhou"))
    assert "<b>2</b>" in waiting(here)
    assert "份报名等待审核" in waiting(here)
    assert "份报名等待审核" not in waiting(away)
    services.approve(rows[0], timezone.now())
    assert "<b>1</b>" in waiting(here)


def waiting(client):
    text = client.get("/admin/").content.decode()
    start = text.index("everhall-waiting") if "everhall-waiting" in text else len(text)
    return text[start : text.find("</ul>", start)]
