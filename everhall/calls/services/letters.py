"""Letters to those who submitted: written once, on their way, sent once.

In: a template and submissions; claims and outcomes of the sender (`calls.sending`). Out: rows. Must stay true: an address
gets one letter about one submission in one mailing, whatever dies in between; what may have been sent when a process died is
told as not known, and a person decides.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from wagtail.log_actions import log

from everhall.accounts.models import Membership
from everhall.calls.models import Mailing, MailingRow, MailTemplate, Submission
from everhall.calls.refusals import Refused
from everhall.engines import letters
from everhall.post import rules as post_rules
from everhall.post.server import Outcome

#: A letter that has been "being sent" for longer than this belonged to a process that died.
CLAIMED: Final = dt.timedelta(minutes=5)
BATCH: Final = 1000
State = MailingRow.State


def receivers_of(submissions: Iterable[Submission]) -> dict[int, list[str]]:
    """Submission -> addresses: owners of the organisation and whoever began it and still belongs to it, each once."""
    rows = list(submissions)
    found: dict[int, dict[str, None]] = defaultdict(dict)
    owners: dict[int, list[str]] = defaultdict(list)
    members = Membership.objects.filter(
        organisation_id__in={row.organisation_id for row in rows}, role=Membership.Role.OWNER, user__is_active=True
    )
    for organisation, address in members.order_by("pk").values_list("organisation_id", "user__email"):
        owners[organisation].append(address.lower())
    began = {row.by_id for row in rows}
    belongs = set(Membership.objects.filter(user__in=began - {None}).values_list("organisation_id", "user_id"))
    for row in rows:
        if row.by is not None and row.by.is_active and (row.organisation_id, row.by_id) in belongs:
            found[row.pk][row.by.email.lower()] = None
        for address in owners[row.organisation_id]:
            found[row.pk][address] = None
    return {pk: list(addresses) for pk, addresses in found.items()}


@transaction.atomic
def send_letter(template: MailTemplate, submissions: Collection[Submission], by: Any, now: dt.datetime) -> Mailing:
    """Put a letter in line for all of them."""
    receivers = receivers_of(submissions)
    if not any(receivers.values()):
        raise Refused("nobody")
    mailing = Mailing.objects.create(
        call=template.call, name=template.name, by=by, at=now, subject_zh=template.subject_zh, subject_en=template.subject_en,
        text_zh=template.text_zh, text_en=template.text_en,
    )  # fmt: skip
    rows = [
        MailingRow(mailing=mailing, submission_id=pk, address=address, due_at=now)
        for pk, addresses in receivers.items() for address in addresses
    ]
    MailingRow.objects.bulk_create(rows, batch_size=BATCH)
    log(instance=template.call, action="everhall.letter", user=by, data={"name": template.name, "count": len(rows)})
    return mailing


def check_template(texts: Iterable[str]) -> list[str]:
    """Placeholders that nobody can fill."""
    return list(dict.fromkeys(name for text in texts for name in letters.unknown_in(text)))


# ---------------------------------------------------------------- on their way
def due(now: dt.datetime, most: int) -> list[MailingRow]:
    """Letters that are due, oldest first; those of a dead process become unknown before."""
    left_behind = MailingRow.objects.filter(state=State.SENDING, taken_at__lte=now - CLAIMED)
    left_behind.update(state=State.UNKNOWN)
    rows = MailingRow.objects.filter(state=State.WAITING, due_at__lte=now, mailing__stopped_at=None)
    rows = rows.select_related("mailing__call__edition", "submission__call__edition", "submission__venue", "submission__organisation")
    return list(rows.order_by("due_at", "pk")[:most])


def take(row: MailingRow, now: dt.datetime) -> bool:
    """Claim one letter; of two processes one gets it."""
    taken = MailingRow.objects.filter(pk=row.pk, state=State.WAITING)
    return bool(taken.update(state=State.SENDING, taken_at=now))


def settle(row: MailingRow, outcome: Outcome, now: dt.datetime) -> None:
    """Write down what became of one that was claimed, and what the server said."""
    mine = MailingRow.objects.filter(pk=row.pk, state=State.SENDING)
    told, again = outcome.said, outcome.kind in {"later", "away"}
    if again and now - row.mailing.at < post_rules.TRIED:
        tries = row.tries + 1
        mine.update(state=State.WAITING, tries=tries, due_at=now + post_rules.pause(tries), taken_at=None, said=told)
    else:
        mine.update(state=State.SENT if outcome.kind == "sent" else State.GIVEN_UP, taken_at=now, said=told)
    trouble = told if again else ""
    if row.mailing.trouble != trouble and outcome.kind != "never":
        Mailing.objects.filter(pk=row.mailing_id).update(trouble=trouble)
        row.mailing.trouble = trouble


@transaction.atomic
def stop(mailing: Mailing, by: Any, now: dt.datetime) -> None:
    """Nothing more of it goes out until somebody goes on."""
    Mailing.objects.filter(pk=mailing.pk, stopped_at=None).update(stopped_at=now)
    log(instance=mailing.call, action="everhall.letter_stop", user=by, data={"name": mailing.name})


@transaction.atomic
def go_on(mailing: Mailing, by: Any, now: dt.datetime, *, also: Collection[str] = ()) -> int:
    """Send what waits now; `also`: states that are to be tried again, "given_up" and "unknown". How many wait."""
    again = [state for state in also if state in {State.GIVEN_UP, State.UNKNOWN}]
    wanted = Q(mailing=mailing, state__in=[State.WAITING, *again]) & ~Q(address="")
    count = MailingRow.objects.filter(wanted).update(state=State.WAITING, due_at=now, tries=0, taken_at=None)
    Mailing.objects.filter(pk=mailing.pk).update(stopped_at=None, trouble="")
    log(instance=mailing.call, action="everhall.letter_go_on", user=by, data={"name": mailing.name, "count": count})
    return count


def values_for(submission: Submission, words: str, link: str, deadline: str) -> dict[str, str]:
    """What placeholders stand for, in the active language."""
    return {
        "title": submission.title, "organisation": submission.organisation.name, "venue": submission.venue.name,
        "call": submission.call.name, "edition": submission.call.edition.name, "state": submission.get_state_display(),
        "words": words, "deadline": deadline, "link": link,
    }  # fmt: skip
