"""What an import moved was told to everybody who follows it; when the import is taken back, that it is as before is told too."""

import datetime as dt

import pytest
from django.utils import timezone

from everhall.editions import import_undo
from everhall.editions.models import ImportBatch
from everhall.notices.models import Notice
from everhall.programme.models import Session
from everhall.realtime.models import NewsItem
from tests.imports.test_exhibits import sheet
from tests.programme.test_exchange_in import batch_of, event, run, written, xml
from tests.registration.places import let_the_week_come

pytestmark = pytest.mark.django_db


def changed():
    return [item.payload for item in NewsItem.objects.filter(kind="SessionChanged").order_by("pk")]


@pytest.mark.parametrize("kind", ["exchange", "sessions"])
def test_an_import_that_is_taken_back_tells_that_it_is_as_before(programme, tmp_path, settings, kind, django_capture_on_commit_callbacks):
    let_the_week_come(settings)
    session = Session.objects.get(pk=programme.sessions["open-forum"].pk)
    later = session.starts_at + dt.timedelta(hours=2)
    begins = later.astimezone(session.zone_of_time)
    if kind == "exchange":
        one = event(1, guid=session.guid, title=session.name, start=f"{begins:%H:%M}")
        batch = batch_of(programme, written(tmp_path, xml(one, date=f"{begins:%Y-%m-%d}")), session.activity.venue.code)
    else:
        ends = begins + dt.timedelta(hours=1)
        path = sheet(tmp_path / "s.xlsx", [session.code, f"{begins:%Y-%m-%d %H:%M}", f"{ends:%Y-%m-%d %H:%M}"], head=["code", "starts_at", "ends_at"])
        batch = ImportBatch.objects.create(
            kind="sessions", edition=session.edition, publish=True, sheet_name=path.name, sheet_path=str(path), created_at=timezone.now()
        )
    with django_capture_on_commit_callbacks(execute=True):
        assert run(batch).updated == 1
    assert [one["after"][0][:16] for one in changed()] == [later.isoformat()[:16]]
    assert Notice.objects.filter(session=session, withdrawn_at=None).exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert import_undo.undo(batch, timezone.now()) == []
    assert [one["after"][0][:16] for one in changed()] == [later.isoformat()[:16], session.starts_at.isoformat()[:16]]
    assert not Notice.objects.filter(session=session, withdrawn_at=None).exists()
