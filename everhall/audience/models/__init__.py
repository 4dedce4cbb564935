"""Taking part: a room per session, people, what they say, ask, vote and tap."""

from everhall.audience.models.counts import ReactionCount, ViewerCount
from everhall.audience.models.polls import Poll, PollVote
from everhall.audience.models.questions import Question, QuestionVote
from everhall.audience.models.room import Guest, Mute, Room
from everhall.audience.models.talk import Message, Report

__all__ = [
    "Guest", "Message", "Mute", "Poll", "PollVote", "Question", "QuestionVote", "ReactionCount", "Report", "Room",
    "ViewerCount",
]  # fmt: skip
