"""Feeds (信号), channels (频道) with running order (节目单) and cuts (切换), recordings (录像), captions, uploads."""

from everhall.live.models.ceremony import Ceremony, CeremonyEntry, ConsoleHeard, ShownMoment
from everhall.live.models.channel import Channel, Cut, DeskNote, RunningOrderItem
from everhall.live.models.feed import Feed
from everhall.live.models.recording import CaptionLine, Recording
from everhall.live.models.upload import VideoUpload
from everhall.live.models.viewing import ViewingCount

__all__ = [
    "CaptionLine",
    "Ceremony",
    "CeremonyEntry",
    "Channel",
    "ConsoleHeard",
    "Cut",
    "DeskNote",
    "Feed",
    "Recording",
    "RunningOrderItem",
    "ShownMoment",
    "VideoUpload",
    "ViewingCount",
]
