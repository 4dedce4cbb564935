"""Editions, the tree of venues with halls, zones and stages, and who holds which role where."""

from everhall.editions.models.appointment import Appointment
from everhall.editions.models.approval import NationalApproval, VenueApproval
from everhall.editions.models.edition import Edition
from everhall.editions.models.imports import ImportBatch, ImportedRow
from everhall.editions.models.launch import LaunchMoment, OpensWithLaunch
from everhall.editions.models.venue import Hall, Stage, Venue, Zone

__all__ = [
    "Appointment",
    "Edition",
    "Hall",
    "ImportBatch",
    "ImportedRow",
    "LaunchMoment",
    "NationalApproval",
    "OpensWithLaunch",
    "Stage",
    "Venue",
    "VenueApproval",
    "Zone",
]
