"""What the desk (Wagtail), logins (Django) and accounts (allauth) keep of people, and when it goes.

In: a moment. Out: how many rows are gone or say less. What must stay true: the log of changes stays whole for as long as somebody may ask
who did it; what somebody types at this moment is not taken from under their hands.
"""

import datetime as dt
from typing import Final

from allauth.account.models import EmailConfirmation
from django.contrib.sessions.models import Session
from wagtail.admin.models import EditingSession, FormState
from wagtail.models import ModelLogEntry, PageLogEntry, TaskState, UploadedFile

LOGGED: Final = dt.timedelta(days=3 * 365)
UNSAVED: Final = dt.timedelta(days=30)
#: A link that confirms an address is good for three days.
CONFIRMED: Final = dt.timedelta(days=7)
AT_ONCE: Final = 1_000


def forget_log(now: dt.datetime) -> int:
    """Who changed what, and what reviewers of the desk said."""
    before, count = now - LOGGED, 0
    for model in (ModelLogEntry, PageLogEntry):
        ids = list(model.objects.filter(timestamp__lt=before).values_list("pk", flat=True)[:AT_ONCE])
        count += model.objects.filter(pk__in=ids).delete()[0]
    return count + TaskState.objects.filter(started_at__lt=before).exclude(comment="").update(comment="")


def forget_logins(now: dt.datetime) -> int:
    """Logins that have ended, and links that nobody followed."""
    ids = list(Session.objects.filter(expire_date__lt=now).values_list("pk", flat=True)[:AT_ONCE])
    count = Session.objects.filter(pk__in=ids).delete()[0]
    return count + EmailConfirmation.objects.filter(created__lt=now - CONFIRMED).delete()[0]


def forget_unsaved(now: dt.datetime) -> int:
    """What was typed or uploaded and never saved."""
    before, count = now - UNSAVED, 0
    for upload in UploadedFile.objects.order_by("pk")[:AT_ONCE]:
        if is_old(upload, before):
            upload.file.delete(save=False)
            upload.delete()
            count += 1
    count += FormState.objects.filter(last_updated_at__lt=before).delete()[0]
    return count + EditingSession.objects.filter(last_seen_at__lt=now - dt.timedelta(days=1)).delete()[0]


def is_old(upload: UploadedFile, before: dt.datetime) -> bool:
    """The row knows no moment, the file does; one whose file is gone is of no use."""
    try:
        return bool(upload.file.storage.get_modified_time(upload.file.name) < before)
    except FileNotFoundError:
        return True
