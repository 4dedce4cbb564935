"""A new version of the programme, told by letter to those who answer for what has changed in it.

In: `ProgrammePublished`, after its commit. Out: letters in line (`post`): to members of the organisations that host a changed session, and
to those who lead or direct a venue (not the whole edition) at which one is. Must stay true: each gets one letter a version, with their
own sessions only; twice is once, by the letter's key; the first version tells nobody, for everything in it is new. Registered visitors
hear of moved sessions from registration, and subscribers from notices, so neither is written to here.
"""

from collections import defaultdict
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from everhall.accounts.models import User
from everhall.editions.models import Appointment
from everhall.post import services as post
from everhall.programme.events import ProgrammePublished
from everhall.programme.models import ActivityHost, ProgrammeVersion, Session
from everhall.programme.versions import Line, Names, line

#: Who leads a venue.
LEADING: Final = (Appointment.Role.VENUE_ORGANISER, Appointment.Role.DIRECTOR)
LANGUAGES: Final = ("zh-hans", "en")


def tell_hosts(event: ProgrammePublished) -> None:
    """See the module."""
    version = ProgrammeVersion.objects.filter(edition_id=event.edition_id, number=event.number).select_related("edition").first()
    if version is None or version.number == 1 or not version.changes:
        return
    changed = {change["guid"]: change for change in version.changes}
    people = people_of(version, set(changed))
    people.pop(version.published_by_id or 0, None)
    if not people:
        return
    told = {language: lines_of(version, changed, language) for language in LANGUAGES}
    now = timezone.now()
    for user in User.objects.filter(pk__in=people, is_active=True).exclude(email=""):
        parts = [letter(version, [told[language][guid] for guid in changed if guid in people[user.pk]], language) for language in LANGUAGES]
        subject = " / ".join(part[0] for part in parts)
        body = "\n\n— — —\n\n".join(part[1].strip() for part in parts)
        post.write(f"programme-version-{version.pk}-{user.pk}", user.email, subject, f"{body}\n", LANGUAGES[0], now)


def people_of(version: ProgrammeVersion, guids: set[str]) -> dict[int, set[str]]:
    """User -> the changed sessions that they answer for. Of a session that was deleted nobody knows any more whose it was."""
    rows = Session.objects.filter(edition=version.edition, guid__in=guids).values_list("guid", "activity_id", "activity__venue__path")
    sessions = [(str(guid), activity, path) for guid, activity, path in rows]
    by_activity: dict[int, set[str]] = defaultdict(set)
    for guid, activity, _path in sessions:
        by_activity[activity].add(guid)
    found: dict[int, set[str]] = defaultdict(set)
    hosts = ActivityHost.objects.filter(activity__in=by_activity, organisation__memberships__user__isnull=False)
    for activity, user in hosts.values_list("activity_id", "organisation__memberships__user_id"):
        found[user] |= by_activity[activity]
    leaders = Appointment.objects.filter(edition=version.edition, role__in=LEADING, venue__isnull=False)
    for user, path in leaders.values_list("user_id", "venue__path"):
        its = {guid for guid, _activity, where in sessions if where.startswith(path)}
        if its:
            found[user] |= its
    return found


def lines_of(version: ProgrammeVersion, changed: dict[str, dict[str, str]], language: str) -> dict[str, Line]:
    """What became of each session, in words of the language."""
    before = ProgrammeVersion.objects.filter(edition=version.edition, number=version.number - 1).first()
    old = before.snapshot if before else {}
    with override(language):
        names = Names(version.edition)
        return {
            guid: line(change, facts, old.get(guid), names, set(changed))
            for guid, change in changed.items() if (facts := version.snapshot.get(guid) or old.get(guid)) is not None
        }  # fmt: skip


def letter(version: ProgrammeVersion, lines: list[Line], language: str) -> tuple[str, str]:
    """Subject and text."""
    with override(language):
        edition = version.edition
        address = f"{settings.BASE_URL}{reverse('programme:changes', args=[edition.code])}#v{version.number}"
        said = {"name": edition.name, "number": version.number}
        subject = gettext("Programme of %(name)s: version %(number)d changes sessions of yours") % said
        context = {"version": version, "edition": edition, "lines": lines, "address": address}
        return subject, render_to_string("programme/mail/version.txt", context)
