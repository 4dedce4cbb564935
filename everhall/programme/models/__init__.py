"""Activities (活动), their sessions (场次) on stages, and the people who speak."""

from everhall.programme.models.activity import Activity, ActivityHost, Kind, Mode
from everhall.programme.models.exchange import RoomName, SessionOrigin
from everhall.programme.models.following import FollowedSession, ProgrammeSource
from everhall.programme.models.needs import Equipment, SessionNeed, TravelTime
from everhall.programme.models.session import Person, Session, SessionSpeaker
from everhall.programme.models.version import ProgrammeVersion

__all__ = [
    "Activity", "ActivityHost", "Equipment", "FollowedSession", "Kind", "Mode", "Person", "ProgrammeSource", "ProgrammeVersion", "RoomName", "Session",
    "SessionNeed", "SessionOrigin", "SessionSpeaker", "TravelTime",
]  # fmt: skip
