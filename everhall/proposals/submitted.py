"""Proposed activities as what is handed in to a call (`calls.subjects.Kind`); a version is the id of a `ProposalVersion`."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from everhall.calls.models import Submission
from everhall.calls.refusals import Refused
from everhall.calls.subjects import About, Change
from everhall.editions.models import Venue
from everhall.programme.models import Kind
from everhall.proposals import queries, rules, services, words
from everhall.proposals.models import Proposal, ProposalVersion

#: What whoever plans stages has to know.
PLANNED = ("kind", "mode", "relay", "minutes", *rules.WISHES, "seats", "equipment", "needs")


class Proposals:
    """Proposals by id."""

    def about(self, ids: Collection[int]) -> Mapping[int, About]:
        names = dict(Kind.choices)
        found = {}
        for row in Proposal.objects.filter(pk__in=ids):
            kind = rules.text_of(row.data, "kind")
            topics = ((kind, str(names[kind])),) if kind in names else ()
            found[row.pk] = About(row.name_zh, row.name_en[:200], row.organisation_id, topics)
        return found

    def topics(self) -> Sequence[tuple[str, str]]:
        return [(key, str(label)) for key, label in Kind.choices]

    def missing(self, pk: int, venue: Venue) -> list[str]:
        row = Proposal.objects.filter(pk=pk).first()
        if row is None:
            return [_("The proposal does not exist any more.")]
        week = queries.week_of(venue)
        return [words.missing_words(one, week) for one in rules.missing(row.data, week)] + self.twice(row)

    def twice(self, row: Proposal) -> list[str]:
        """The same by the same host in the same call, handed in already."""
        mine = Submission.objects.filter(subject_kind=services.SUBJECT, subject_id=row.pk).first()
        if mine is None or not row.name_zh:
            return []
        others = Submission.objects.filter(
            call_id=mine.call_id, organisation_id=mine.organisation_id, title_zh=row.name_zh,
            state__in=[Submission.State.SUBMITTED, Submission.State.CHANGES, Submission.State.WAITLISTED, Submission.State.ACCEPTED],
        ).exclude(pk=mine.pk)
        if not others.exists():
            return []
        return [_("You have handed in “%(name)s” to this call already. Withdraw that one, or give this one another name.") % {"name": row.name}]

    def freeze(self, pk: int, by: Any) -> int | None:
        return services.freeze(Proposal.objects.get(pk=pk), by).pk

    def preview(self, pk: int, version: int | None, venue: Venue) -> str:
        return reverse("proposals_submitted", args=[pk, version or 0, venue.pk])

    def changes(self, pk: int, before: int | None, after: int | None) -> list[Change]:
        row = Proposal.objects.filter(pk=pk).first()
        if row is None or before is None or before == after:
            return []
        old, new = queries.data_at(row, before), queries.data_at(row, after)
        if old is None or new is None:
            return []
        found = [
            Change(words.label_of(name), words.said(name, rules.value_of(old, name)), words.said(name, rules.value_of(new, name)))
            for name in rules.unlike(old, new)
        ]
        first, second = self.picture(row, before), self.picture(row, after)
        return found + ([Change(_("Picture"), first, second)] if first != second else [])

    def picture(self, row: Proposal, version: int | None) -> str:
        kept = ProposalVersion.objects.filter(proposal=row, pk=version).select_related("picture").first() if version else row
        return kept.picture.title if kept is not None and kept.picture is not None else ""

    def columns(self, wanted: Collection[tuple[int, int | None]]) -> tuple[list[str], Mapping[int, Sequence[str]]]:
        rows = Proposal.objects.in_bulk([pk for pk, _version in wanted])
        kept = ProposalVersion.objects.in_bulk([version for _pk, version in wanted if version])
        cells = {}
        for pk, version in wanted:
            if pk in rows:
                data = kept[version].data if version in kept else rows[pk].data
                speakers = "; ".join(one.name_zh or one.name_en for one in rules.speakers_of(data))
                cells[pk] = [*(words.said(name, rules.value_of(data, name)) for name in PLANNED), speakers]
        return [*(words.label_of(name) for name in PLANNED), _("Speakers")], cells

    def accept(self, pk: int, version: int | None, venue: Venue, by: Any) -> str:
        row = Proposal.objects.filter(pk=pk).first()
        if row is None:
            raise Refused("gone")
        _activity, note = services.make_activity(row, version, venue, by)
        return note

    def take_back(self, pk: int, venue: Venue, by: Any) -> None:
        row = Proposal.objects.filter(pk=pk).select_related("activity").first()
        if row is not None:
            services.hide_activity(row, by)

    def withdrawn(self, pk: int, venue: Venue, by: Any) -> None:
        row = Proposal.objects.filter(pk=pk).select_related("activity").first()
        if row is not None:
            services.cancel_activity(row, by)
