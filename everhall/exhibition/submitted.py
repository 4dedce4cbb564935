"""Exhibits as what is handed in to a call: what calls ask of a subject (`calls.subjects.Kind`).

Must stay true: reviewers see, and acceptance publishes, the revision that was handed in; a draft that was written since stays a
draft, and the desk is told. Nothing that organisers published meanwhile is put back.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.actions.unpublish import UnpublishAction

from everhall.calls.refusals import Refused
from everhall.calls.subjects import About, Change
from everhall.editions.models import Venue
from everhall.engines.bilingual import pick
from everhall.exhibition import services
from everhall.exhibition.models import Exhibit, Field, Maturity, Placement, Presentation, Seek

#: Compared by what they say: name of the column, and whether it is rich text.
TEXTS = (("name_zh", False), ("name_en", False), ("summary_zh", False), ("summary_en", False), ("text_zh", True), ("text_en", True))


class Exhibits:
    """Exhibits by id; a version is the id of a revision."""

    def about(self, ids: Collection[int]) -> Mapping[int, About]:
        found = {}
        for exhibit in Exhibit.objects.filter(pk__in=ids).select_related("latest_revision"):
            draft = written(exhibit)
            topics = tuple((field.code, field.name) for field in draft.fields.all())
            found[exhibit.pk] = About(draft.name_zh, draft.name_en, exhibit.organisation_id, topics)
        return found

    def topics(self) -> Sequence[tuple[str, str]]:
        return [(field.code, field.name) for field in Field.objects.all()]

    def missing(self, pk: int, venue: Venue) -> list[str]:
        exhibit = Exhibit.objects.filter(pk=pk).first()
        if exhibit is None:
            return [_("The exhibit does not exist any more.")]
        draft = written(exhibit)
        wanted = (
            (draft.name_zh, _("Give the exhibit a Chinese name.")),
            (draft.summary_zh, _("Write a Chinese summary of the exhibit.")),
            (strip_tags(draft.text_zh or "").strip(), _("Write the Chinese text of the exhibit.")),
            (len(draft.fields.all()), _("Choose at least one field of the exhibit.")),
            (len(draft.pictures.all()), _("Add at least one picture to the exhibit.")),
        )
        return [sentence for there, sentence in wanted if not there]

    def freeze(self, pk: int, by: Any) -> int | None:
        exhibit = Exhibit.objects.get(pk=pk)
        if exhibit.latest_revision_id is None:
            exhibit.save_revision(user=by, log_action=False)
        return exhibit.latest_revision_id

    def preview(self, pk: int, version: int | None, venue: Venue) -> str:
        return reverse("exhibition_submitted", args=[pk, version or 0, venue.pk])

    def changes(self, pk: int, before: int | None, after: int | None) -> list[Change]:
        exhibit = Exhibit.objects.filter(pk=pk).first()
        if exhibit is None or before is None or before == after:
            return []
        old, new = at_version(exhibit, before), at_version(exhibit, after)
        if old is None or new is None:
            return []
        first, second = told(old), told(new)
        return [Change(name, first[name], second[name]) for name in first if first[name] != second[name]]

    def columns(self, wanted: Collection[tuple[int, int | None]]) -> tuple[list[str], Mapping[int, Sequence[str]]]:
        return [], {}

    def accept(self, pk: int, version: int | None, venue: Venue, by: Any) -> str:
        exhibit = Exhibit.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if exhibit is None:
            raise Refused("gone")
        here = Placement.objects.filter(exhibit=exhibit, edition=venue.edition).select_related("venue").first()
        if here is not None and here.venue_id != venue.pk:
            raise Refused("shown_elsewhere", venue=here.venue.name)
        if here is None:
            services.place_exhibit(exhibit, venue)
            exhibit.refresh_from_db()
        revision = exhibit.revisions.filter(pk=version or exhibit.latest_revision_id).first()
        if revision is None:
            return _("The version that was reviewed does not exist any more; look at the exhibit and publish it by hand.")
        if exhibit.live and exhibit.live_revision_id and exhibit.live_revision_id > revision.pk:
            return _("A newer version of the exhibit is public already and stays.")
        # Who decides may publish at this venue (asked by calls); Wagtail would ask at the steward, which is this venue now.
        revision.publish(user=by, skip_permission_checks=True)
        if revision.pk != exhibit.latest_revision_id:
            return _("“%(exhibit)s” was changed after it was handed in. What was reviewed is public now; the newer draft waits for approval.") % {"exhibit": exhibit.name}
        return ""

    def take_back(self, pk: int, venue: Venue, by: Any) -> None:
        exhibit = Exhibit.objects.filter(pk=pk).first()
        if exhibit is None:
            return
        for placement in Placement.objects.filter(exhibit=exhibit, edition=venue.edition, venue=venue):
            placement.delete()
        newest = Placement.objects.filter(exhibit=exhibit).order_by("-edition__starts_on").first()
        exhibit.steward_id = newest.venue_id if newest else None
        exhibit.save(update_fields=["steward"])
        if newest is None and exhibit.live:
            UnpublishAction(exhibit, user=by).execute(skip_permission_checks=True)

    def withdrawn(self, pk: int, venue: Venue, by: Any) -> None:
        self.take_back(pk, venue, by)


def written(exhibit: Exhibit) -> Any:
    """The exhibit as its author sees it: the newest draft."""
    return exhibit.get_latest_revision_as_object() if exhibit.latest_revision_id else exhibit


def at_version(exhibit: Exhibit, version: int | None) -> Any:
    """None where the revision is gone; without a version as it is written now."""
    if not version:
        return written(exhibit)
    revision = exhibit.revisions.filter(pk=version).first()
    return revision.as_object() if revision is not None else None


def told(draft: Any) -> dict[str, str]:
    """What an exhibit says, by the names of its parts."""
    meta: Any = Exhibit._meta
    joint = "、" if (get_language() or "").startswith("zh") else ", "
    found = {}
    for name, rich in TEXTS:
        value = getattr(draft, name) or ""
        text = strip_tags(value.replace("</p>", "\n").replace("</li>", "\n")).strip() if rich else value
        found[str(meta.get_field(name).verbose_name)] = text
    language = get_language()
    found[str(meta.get_field("fields").verbose_name)] = joint.join(
        pick(field.name_zh, field.name_en, language) for field in draft.fields.all()
    )
    found[str(meta.get_field("maturity").verbose_name)] = str(dict(Maturity.choices).get(draft.maturity, ""))
    for name, words in (("presentation", Presentation), ("seeks", Seek)):
        labels = dict(words.choices)
        found[str(meta.get_field(name).verbose_name)] = joint.join(str(labels.get(word, word)) for word in getattr(draft, name) or [])
    found[_("Pictures")] = joint.join(row.picture.title for row in draft.pictures.all())
    found[_("Videos and documents")] = joint.join(row.attachment.title for row in draft.attachments.all())
    return found
