"""What is done with registrations: verbs, each in a transaction of its own, each the same when done twice."""

from everhall.registration.services.book import count_all, count_anew
from everhall.registration.services.changing import (
    approve,
    came,
    cancel,
    change_way,
    confirm_offer,
    decline,
    ends_at,
    renew_pass,
    transfer,
    walk_in,
)
from everhall.registration.services.forgetting import forget_people
from everhall.registration.services.letters import WRITER, remind, tell_change, write_links
from everhall.registration.services.moving_up import (
    lapse_offers,
    promote_admissions,
    promote_waiting,
)
from everhall.registration.services.refusals import Refused
from everhall.registration.services.registering import Found, Known, Post, perform, register
from everhall.registration.services.wishes import Person

__all__ = [
    "WRITER",
    "Found",
    "Known",
    "Person",
    "Post",
    "Refused",
    "approve",
    "came",
    "cancel",
    "change_way",
    "confirm_offer",
    "count_all",
    "count_anew",
    "decline",
    "ends_at",
    "forget_people",
    "lapse_offers",
    "perform",
    "promote_admissions",
    "promote_waiting",
    "register",
    "remind",
    "renew_pass",
    "tell_change",
    "transfer",
    "walk_in",
    "write_links",
]
