"""Entry lists (入场名单), gates (入口), devices (签到设备) and passages (通行记录)."""

from everhall.checkin.models.gates import Device, EntryList, Gate, Invitation
from everhall.checkin.models.passages import Ledger, Passage

__all__ = ["Device", "EntryList", "Gate", "Invitation", "Ledger", "Passage"]
