"""Devices come and go: an invitation of the desk, the keys a device has made, its signed requests, its end.

In: a gate, a link's token, public keys, signed bytes. Out: a device, or `Refused`. What must stay true: a link enrols one device,
within 15 minutes; a request is taken once; a device that is revoked gets nothing any more.
"""

import datetime as dt
import hashlib
import secrets
from typing import Any, Final

from django.db import transaction

from everhall.checkin.models import Device, Gate, Invitation
from everhall.checkin.services.refusals import Refused
from everhall.engines import door_seal
from everhall.registration import keys, rules

GOOD_FOR: Final = dt.timedelta(minutes=15)


def digest_of(token: str) -> str:
    return hashlib.sha256(f"door {token}".encode()).hexdigest()


def invite(gate: Gate, user: Any, now: dt.datetime) -> str:
    """What stands behind the # of the link: the token, and the beginning of the hash of the site's key, so that a device knows
    by what it scanned whose rosters to believe."""
    token = secrets.token_urlsafe(24)
    Invitation.objects.create(gate=gate, digest=digest_of(token), made_by=user, until=now + GOOD_FOR)
    return f"{token}.{site_mark()}"


def site_key() -> bytes:
    return keys.key().public_key().public_bytes_raw()


def site_mark() -> str:
    return hashlib.sha256(site_key()).hexdigest()[:16]


def enrol(token: object, signing: bytes, agreement: bytes, name: object, now: dt.datetime) -> Device:
    """The device of this link. Refused "link_unknown", "link_used", "link_ended", "malformed"."""
    told = rules.tidy(name, 60)
    if not isinstance(token, str) or len(token) > 200 or told is None or len(signing) != 32 or not door_seal.is_agreement(agreement):
        raise Refused("malformed")
    with transaction.atomic():
        found = Invitation.objects.select_for_update().filter(digest=digest_of(token)).first()
        if found is None:
            raise Refused("link_unknown")
        if found.used_at is not None:
            raise Refused("link_used")
        # The row itself says whether somebody was quicker, where a database locks no rows.
        if found.until <= now:
            raise Refused("link_ended")
        if not Invitation.objects.filter(pk=found.pk, used_at=None).update(used_at=now):
            raise Refused("link_used")
        return Device.objects.create(
            gate=found.gate, name=told, signing=signing, agreement=agreement, enrolled_by=found.made_by, enrolled_at=now, last_seen=now
        )


def device_of(key: str, sequence: int, signature: bytes, method: str, path: str, body: bytes, now: dt.datetime) -> Device:
    """Who asks. Refused "unknown_device", "unsigned", "repeated"; a revoked one is given back: the caller asks."""
    device = Device.objects.select_related("gate__venue__edition").filter(key=key).first()
    if device is None:
        raise Refused("unknown_device")
    if not door_seal.is_signed(bytes(device.signing), signature, door_seal.asked(method, path, sequence, body)):
        raise Refused("unsigned")
    if not Device.objects.filter(pk=device.pk, requests__lt=sequence).update(requests=sequence, last_seen=now):
        raise Refused("repeated")
    device.requests, device.last_seen = sequence, now
    return device


def revoke(device: Device, now: dt.datetime) -> None:
    """From now on; twice is once."""
    Device.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=now)
    device.refresh_from_db(fields=["revoked_at"])
