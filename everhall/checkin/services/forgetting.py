"""Deleting what is personal about the door. In: a moment. Out: how many rows no longer say who.

What must stay true: as the models promise (`PERSONAL`): invitations go a day after their end; names of devices, who enrolled them and
who decided at the desk go 90 days after the edition.
"""

import datetime as dt

from django.utils import timezone

from everhall.checkin.models import Device, Invitation, Passage
from everhall.editions.models import Edition
from everhall.editions.public import week_time

KEPT = dt.timedelta(days=90)


def forget_doors(now: dt.datetime) -> int:
    """By the programme's clock, as registration does."""
    done, _ = Invitation.objects.filter(until__lt=now - dt.timedelta(days=1)).delete()
    last = timezone.localdate(week_time(now)) - KEPT
    over = [one.pk for one in Edition.objects.all() if (one.ends_on or one.starts_on) <= last]
    devices = Device.objects.filter(gate__venue__edition__in=over).exclude(name="", enrolled_by=None)
    # Whoever is still enrolled after so long is revoked, too: nobody looks after it any more.
    Device.objects.filter(gate__venue__edition__in=over, revoked_at=None).update(revoked_at=now)
    done += devices.update(name="", enrolled_by=None)
    return done + Passage.objects.filter(venue__edition__in=over, by__isnull=False).update(by=None)
