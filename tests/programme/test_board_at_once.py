"""Two editors at the board in the same moment: each gets a session of its own, and a day is copied once."""

import datetime as dt
import threading

import pytest
from django.db import connection

from everhall.programme import moves
from everhall.programme.models import Session
from tests.desk.places import at, make_week

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def week(db, settings, tmp_path):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer; the lock is PostgreSQL's")
    settings.DATA_DIR = tmp_path / "data"
    return make_week()


def at_once(*acts):
    """All begin together, each with a connection of its own; what they gave."""
    begin, found, errors = threading.Barrier(len(acts)), [], []

    def run(act):
        try:
            begin.wait(20)
            found.append(act())
        except Exception as fault:  # noqa: BLE001 - told below
            errors.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    return found


def test_one_activity_placed_by_several_has_a_session_of_each(week):
    session = week.rows["session", "beijing"]
    user, spot = week.users["bj-organiser"], moves.Spot(at(22, 9), at(22, 10), None)
    made = at_once(*[lambda: moves.place_activity(user, week.edition, session.activity_id, spot)] * 4)
    assert len({one.code for one in made}) == 4


def test_a_day_copied_by_two_is_there_once(week):
    session = week.rows["session", "beijing"]
    venue, user = session.activity.venue_id, week.users["bj-organiser"]
    source, target = session.starts_at.astimezone(session.zone_of_time).date(), dt.date(2021, 10, 23)
    copied = at_once(*[lambda: moves.copy_day(user, week.edition, [venue], source, target)] * 3)
    assert sorted(len(one.ids) > 0 for one in copied) == [False, False, True]
    there = Session.objects.filter(edition=week.edition, starts_at__date=target).values_list("activity", "stage", "starts_at")
    assert len(there) == len(set(there)) > 0
