"""A session's new time, stage, mode or status: told to open pages, and kept as a notice of the session.

In: `SessionChanged` of the programme, after its commit. Out: a notice, made or merged into the one of a few minutes ago;
a message that lets open pages get their piece anew. Must stay true: nobody hears of a session that is not public, nor of
one that is over; twice is once, because the row decides and not the event.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from everhall.editions.models import Edition, Stage
from everhall.editions.public import real_time, week_time
from everhall.notices import rules
from everhall.notices.models import Notice
from everhall.notices.rules import When
from everhall.notices.services.notices import correct, publish, withdraw
from everhall.programme.events import SessionChanged
from everhall.programme.models import Mode, Session
from everhall.programme.queries import is_public
from everhall.realtime.telling import tell_pages


def note_change(event: SessionChanged) -> None:
    """See the module."""
    now = timezone.now()
    for pk in event.ids:
        with transaction.atomic():
            found = Session.objects.filter(pk=pk).select_related("edition", "activity__venue", "stage").select_for_update(of=("self",))
            session = found.first()
            if session is None or not is_public(session, now) or session.edition.state == Edition.State.ARCHIVED:
                continue
            before, after = when_of(session, event.before), when_of(session, facts_of(session))
            if max(before.ends_at, after.ends_at) <= week_time(now):
                # The archive is put right; there is nothing left to come to.
                continue
            keep(session, before, after, now)
            tell_pages(f"edition.{session.edition.code}", message(session, before, after), urgent=True)


def facts_of(session: Session) -> tuple[str, ...]:
    """As `SessionChanged` has them."""
    return SessionChanged.facts(session)


def when_of(session: Session, facts: tuple[str, ...]) -> When:
    starts, ends, stage_id, mode, status = facts
    zone = session.zone_of_time
    stage = Stage.objects.filter(pk=int(stage_id)).first() if int(stage_id) else None
    return When(
        dt.datetime.fromisoformat(starts).astimezone(zone), dt.datetime.fromisoformat(ends).astimezone(zone),
        stage.pk if stage else 0, stage.name_zh if stage else "", stage.name_en if stage else "",
        mode, mode_word(mode, "zh-hans"), mode_word(mode, "en"), status,
    )  # fmt: skip


def mode_word(mode: str, language: str) -> str:
    with override(language):
        return str(Mode(mode).label) if mode in Mode.values else mode


def keep(session: Session, before: When, after: When, now: dt.datetime) -> None:
    """The notice of the change; one for all changes of a few minutes, none if they come to nothing."""
    last = (
        Notice.objects.filter(session=session, before__isnull=False, withdrawn_at__isnull=True, published_at__gt=now - rules.MERGED)
        .select_related("edition", "session").order_by("-published_at", "-pk").first()
    )  # fmt: skip
    first = when_of(session, tuple(last.before)) if last is not None else before
    if not rules.differ(first, after):
        if last is not None:
            withdraw(last, None, now)
        return
    told = {**rules.told_of(session.name_zh or session.activity.name_zh, session.name_en or session.activity.name_en, first, after)}
    until = real_time(max(before.ends_at, after.ends_at))
    if last is not None:
        if all(getattr(last, name) == text for name, text in told.items()):
            return
        for name, text in told.items():
            setattr(last, name, text)
        last.until = until
        correct(last, None, now)
        return
    facts: Any = [first.starts_at.isoformat(), first.ends_at.isoformat(), str(first.stage), first.mode, first.status]
    publish(
        Notice(edition=session.edition, session=session, weight=rules.IMPORTANT, until=until, before=facts, **told), None, now
    )


def message(session: Session, before: When, after: When) -> dict[str, Any]:
    """For open pages: which of them show it, by its code, its venue and its days."""
    days = sorted({moment.astimezone(dt.timezone(dt.timedelta(hours=8))).date().isoformat() for moment in (before.starts_at, after.starts_at)})
    return {
        "kind": "session", "session": session.code, "venue": session.activity.venue.path, "days": days,
        "number": session.revision_number,
    }
