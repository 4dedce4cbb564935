"""Writes on calls, submissions, reviews and letters."""

from everhall.calls.refusals import Refused
from everhall.calls.services.handing_in import (
    begin_submission,
    missing_in,
    remark,
    save_answers,
    submit,
    withdraw,
    write_remark,
)

__all__ = [
    "Refused",
    "begin_submission",
    "missing_in",
    "remark",
    "save_answers",
    "submit",
    "withdraw",
    "write_remark",
]
