"""Writes on tours: when their files may be seen, what visitors make, groups that walk, screens that tell of themselves."""

from everhall.tours.services.making import (
    change_made,
    forget_made,
    judged_by,
    make_tour,
    may_change,
    report,
    settle_report,
)
from everhall.tours.services.refusals import Refused
from everhall.tours.services.releasing import follow_launch, settle_edition, settle_release
from everhall.tours.services.screens import forget_screens, note_screen, tell_screens
from everhall.tours.services.walking import (
    count_followers,
    end_walk,
    may_guide,
    move,
    open_walk,
    settle_walks,
)

__all__ = [
    "Refused",
    "change_made",
    "count_followers",
    "end_walk",
    "follow_launch",
    "forget_made",
    "forget_screens",
    "judged_by",
    "make_tour",
    "may_change",
    "may_guide",
    "move",
    "note_screen",
    "open_walk",
    "report",
    "settle_edition",
    "settle_release",
    "settle_report",
    "settle_walks",
    "tell_screens",
]
