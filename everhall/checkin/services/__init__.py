"""What is done at the door: verbs, each the same when done twice."""

from everhall.checkin.services.enrolling import device_of, enrol, invite, revoke, site_key
from everhall.checkin.services.forgetting import forget_doors
from everhall.checkin.services.merging import take
from everhall.checkin.services.refusals import Refused
from everhall.checkin.services.roster import mark_of, roster, spelled_by
from everhall.checkin.services.syncing import sync
from everhall.checkin.services.walk_ins import at_desk, take_back, write_in

__all__ = [
    "Refused", "at_desk", "device_of", "enrol", "forget_doors", "invite", "mark_of", "revoke", "roster", "site_key", "spelled_by",
    "sync", "take", "take_back", "write_in",
]  # fmt: skip
