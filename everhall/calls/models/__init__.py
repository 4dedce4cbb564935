"""Calls (征集), submissions (申报), reviews (评审), and letters to those who submitted."""

from everhall.calls.models.call import Call, CallVenue, Criterion, Question
from everhall.calls.models.mail import Mailing, MailingRow, MailTemplate
from everhall.calls.models.review import Assignment, Conflict, Expertise, Review, Score
from everhall.calls.models.submission import Answer, Decision, Remark, Submission

__all__ = [
    "Answer",
    "Assignment",
    "Call",
    "CallVenue",
    "Conflict",
    "Criterion",
    "Decision",
    "Expertise",
    "MailTemplate",
    "Mailing",
    "MailingRow",
    "Question",
    "Remark",
    "Review",
    "Score",
    "Submission",
]
