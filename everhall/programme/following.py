"""Follow another platform's programme by its address.

In: a `ProgrammeSource`, a moment. Out: an import that was checked and, as set, applied; or a failure in words. Must stay true: whatever the
other side does (HTML instead of JSON, thousands of broken rows, errors for days, a file that is suddenly empty), the last good state
stays and the desk is told since when and why; nothing is read beyond `exchange.MOST_BYTES`; unchanged files cost one request.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any, Final

import structlog
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from everhall import __version__
from everhall.editions import imports
from everhall.editions.import_room import Room
from everhall.editions.models import Edition, ImportBatch
from everhall.engines import exchange
from everhall.outgoing import asking
from everhall.programme.following_kind import NAME, NOT_THERE
from everhall.programme.models import FollowedSession, ProgrammeSource

log = structlog.get_logger("everhall.following")

#: Seconds for a whole file.
WHOLE: Final = 30.0
#: So many of what was followed may vanish at once, or half of it; more waits for somebody to look.
MOST_GONE: Final = 5
WORDS: Final[Mapping[str, Any]] = {
    "address": _("The address is not https on its usual port, or leads into a network of its own."),
    "unreachable": _("The other side cannot be reached."),
    "status": _("The other side answered with an error."),
    "moved": _("The programme has moved. Enter its new address."),
    "too_big": _("The file is larger than what is read."),
    "unreadable": _("What came is no programme in a format that we know, or has errors. The report says which."),
    "rooms": _("It has rooms that nobody knows here. Say which stages they are."),
    "gone": _("Most of what was followed has vanished there. Look at the report, and apply it if that is right."),
    "taken_back": _("The last import was taken back, so nothing is applied by itself. Look at the report, and apply it if it is right now."),
    "waits": _("There is something new. Look at the report, and apply it."),
    "failed": _("It could not be applied; nothing was written. It is tried again."),
    "nobody": _("Whoever set it up has no account any more. Save it anew."),
}
#: Of these somebody must do something with the import, which stays until then.
TO_LOOK_AT: Final = frozenset({"unreadable", "rooms", "gone", "taken_back", "waits"})


#: What a look finds out. The rest of a row is its people's, who may have changed it while the other side took its time.
FOUND: Final = ("tried_at", "etag", "last_modified", "digest", "good_at", "failing_since", "failure", "about", "batch")


def follow_due(now: dt.datetime) -> int:
    """Look at all that are due, and before each do what somebody waits for; how many looks. The worker beside the clerk asks."""
    do_asked(now)
    due = [one for one in sources().exclude(edition__state=Edition.State.ARCHIVED) if one.is_due(now)]
    for source in due:
        look(source, now)
        do_asked(now)
    return len(due)


def ask_for(source: ProgrammeSource, verb: str) -> bool:
    """Somebody wants it looked at or applied now; whether it was noted: what is under way is not asked for twice."""
    return bool(ProgrammeSource.objects.filter(pk=source.pk, asked="").update(asked=verb))


def do_asked(now: dt.datetime) -> None:
    """What somebody waits for. Only a worker does it: two at once would import one file twice."""
    for source in ProgrammeSource.objects.exclude(asked="").select_related("edition", "venue", "user", "batch"):
        try:
            if source.asked == ProgrammeSource.Asked.APPLY:
                apply(source, now)
            else:
                if was_taken_back(source):
                    # Whoever asks for it may have the same file again, and looks at its report.
                    source.digest = source.etag = source.last_modified = ""
                look(source, now)
        finally:
            ProgrammeSource.objects.filter(pk=source.pk).update(asked="")


def sources() -> Any:
    return ProgrammeSource.objects.filter(on=True).select_related("edition", "venue", "user", "batch")


def look(source: ProgrammeSource, now: dt.datetime) -> None:
    """Once: ask, check, apply if it is to be applied by itself. Never raises for what the other side does."""
    source.tried_at = now
    headers = {"User-Agent": f"Everhall/{__version__}", "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
    if source.etag:
        headers["If-None-Match"] = source.etag
    if source.last_modified:
        headers["If-Modified-Since"] = source.last_modified
    told = asking.ask("GET", source.url, None, headers, most=exchange.MOST_BYTES, near=settings.FOLLOW_NEAR, whole=WHOLE)
    if not still_wanted(source):
        return
    failure, about = judged(told)
    if failure:
        fail(source, failure, now, about)
    elif told.status == 304:
        good(source, now)
    else:
        try:
            received(source, told, now)
        except Exception:
            # Whatever it was, it is told here and tried again; others are followed on.
            log.exception("what came of a followed programme could not be read", source=source.pk)
            source.digest = source.etag = source.last_modified = ""
            fail(source, "failed", now)


def still_wanted(source: ProgrammeSource) -> bool:
    """Whether it is still followed, at this address; how, is taken over. Others before it may have taken minutes, and so may it."""
    now = ProgrammeSource.objects.filter(pk=source.pk, url=source.url).select_related("user").first()
    if now is None or (source.on and not now.on):
        return False
    source.by_itself, source.publish, source.user = now.by_itself, now.publish, now.user
    return True


def judged(told: asking.Answer) -> tuple[str, str]:
    """A failure with what it is about, or nothing."""
    if told.status == 0:
        return ("address" if told.why in {"address", "private"} else "unreachable"), ""
    if told.status in {301, 302, 303, 307, 308}:
        return "moved", told.headers.get("location", "")[:200]
    if told.status not in {200, 304}:
        return "status", str(told.status)
    return ("too_big", "") if not told.whole else ("", "")


def fail(source: ProgrammeSource, failure: str, now: dt.datetime, about: str = "") -> None:
    if source.failure != failure:
        log.warning("a followed programme fails", source=source.pk, failure=failure)
    source.failing_since = source.failing_since or now
    source.failure, source.about = failure, about
    keep(source)


def keep(source: ProgrammeSource) -> None:
    """Write what was found. One that is followed no more, or at another address by now, is left alone."""
    found = {name: getattr(source, name) for name in FOUND}
    ProgrammeSource.objects.filter(pk=source.pk, url=source.url).update(**found)


def good(source: ProgrammeSource, now: dt.datetime) -> None:
    """It answered as it should; what waits for somebody to look goes on waiting."""
    source.good_at = now
    state = source.batch.state if source.batch is not None else ""
    if source.failure == "rooms" and source.by_itself and state == ImportBatch.State.CHECKED:
        # Somebody has said which stages the rooms are.
        apply(source, now)
        return
    if source.failure not in TO_LOOK_AT or state == ImportBatch.State.APPLIED:
        source.failing_since, source.failure, source.about = None, "", ""
    keep(source)


def received(source: ProgrammeSource, told: asking.Answer, now: dt.datetime) -> None:
    digest = hashlib.sha256(told.body).hexdigest()
    if digest == source.digest:
        good(source, now)
        return
    if source.user is None:
        fail(source, "nobody", now)
        return
    back = was_taken_back(source)
    batch = kept(source, told.body, now)
    found = imports.check_batch(batch, now)
    source.batch, source.digest = batch, digest
    source.etag, source.last_modified = told.headers.get("etag", "")[:300], told.headers.get("last-modified", "")[:60]
    if found.errors:
        codes = {problem.code for problem in found.problems if problem.is_error}
        fail(source, "rooms" if codes == {"unknown_room"} else "unreadable", now, str(found.errors))
        return
    source.failing_since, source.failure, source.about, source.good_at = None, "", "", now
    gone = sum(row.number == NOT_THERE for row in found.rows)
    if too_many(source, gone):
        fail(source, "gone", now, str(gone))
    elif not found.created and not found.updated:
        # Nothing changes here, but what they said last is noted.
        apply(source, now)
    elif back:
        fail(source, "taken_back", now, str(found.created + found.updated))
    elif source.by_itself:
        apply(source, now)
    else:
        fail(source, "waits", now, str(found.created + found.updated))


def was_taken_back(source: ProgrammeSource) -> bool:
    """Whether somebody has undone what was applied last: then nothing more comes in before somebody has looked."""
    ended = ImportBatch.objects.filter(kind=NAME, edition=source.edition, venue=source.venue, state__in=("applied", "undone"))
    last = ended.order_by("-pk").first()
    return last is not None and last.state == ImportBatch.State.UNDONE


def kept(source: ProgrammeSource, body: bytes, now: dt.datetime) -> ImportBatch:
    """The file in the room of an import of its own; one that nobody has applied makes way."""
    if source.batch is not None and source.batch.state in {ImportBatch.State.CHECKED, ImportBatch.State.REFUSED}:
        Room(source.batch.pk).clear()
        source.batch.delete()
        source.batch = None
    batch = ImportBatch.objects.create(
        kind=NAME, edition=source.edition, venue=source.venue, user=source.user, publish=source.publish, created_at=now,
        sheet_name=source.url[-255:], sheet_path="",
    )  # fmt: skip
    room = Room(batch.pk)
    room.make()
    path = room.path / "programme"
    path.write_bytes(body)
    batch.sheet_path = str(path)
    batch.save(update_fields=["sheet_path"])
    return batch


def too_many(source: ProgrammeSource, gone: int) -> bool:
    return gone > MOST_GONE and 2 * gone > FollowedSession.objects.filter(source=source, gone_at=None).count()


def apply(source: ProgrammeSource, now: dt.datetime) -> bool:
    """Write what was checked; whether it was. What is left of a refusal stands in the import's report."""
    if source.batch is None:
        return False
    if source.batch.state == ImportBatch.State.UNDONE:
        return False
    if source.batch.state == ImportBatch.State.APPLIED:
        # Somebody did it on the page of the import.
        good(source, now)
        return True
    try:
        imports.apply(source.batch, now)
    except (imports.HasErrors, imports.Stopped):
        fail(source, "unreadable", now)
        return False
    except Exception:
        # Whatever it was, nothing was written; the file is asked for again.
        log.exception("a followed programme could not be applied", source=source.pk)
        source.digest = source.etag = source.last_modified = ""
        fail(source, "failed", now)
        return False
    source.failing_since, source.failure, source.about, source.good_at = None, "", "", now
    keep(source)
    return True
