"""Reads on proposals: what was handed in, and the week in which wished times must lie."""

from collections.abc import Mapping
from typing import Any

from everhall.editions.models import Venue
from everhall.proposals import rules
from everhall.proposals.models import Proposal, ProposalVersion


def proposal_of(organisation_id: int, pk: int) -> Proposal | None:
    """One of the organisation's."""
    rows = Proposal.objects.filter(organisation_id=organisation_id).select_related("picture", "activity", "organisation")
    return rows.filter(pk=pk).first()


def week_of(venue: Venue) -> rules.Week:
    edition = venue.edition
    return rules.Week(edition.starts_on, edition.ends_on or edition.starts_on, venue.zone_of_time)


def data_at(proposal: Proposal, version: int | None) -> Mapping[str, Any] | None:
    """What was handed in; without a version what is written now; None where the version is gone."""
    if not version:
        return dict(proposal.data)
    row = ProposalVersion.objects.filter(proposal=proposal, pk=version).first()
    return row.data if row is not None else None
