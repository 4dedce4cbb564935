"""Writes on calls, submissions, reviews and letters."""

from everhall.calls.refusals import Refused
from everhall.calls.services.deciding import decide, decide_many, extend, move_in_line, take_back
from everhall.calls.services.handing_in import (
    begin_submission,
    locked,
    missing_in,
    remark,
    save_answers,
    submit,
    too_late,
    withdraw,
    write_remark,
)
from everhall.calls.services.judging import (
    Found,
    assign,
    assign_all,
    declare_conflict,
    proposed,
    save_expertise,
    save_review,
    unassign,
)
from everhall.calls.services.keeping import ACCEPTED, forget_old

__all__ = [
    "ACCEPTED",
    "Found",
    "Refused",
    "assign",
    "assign_all",
    "begin_submission",
    "decide",
    "decide_many",
    "declare_conflict",
    "extend",
    "forget_old",
    "locked",
    "missing_in",
    "move_in_line",
    "proposed",
    "remark",
    "save_answers",
    "save_expertise",
    "save_review",
    "submit",
    "take_back",
    "too_late",
    "unassign",
    "withdraw",
    "write_remark",
]
