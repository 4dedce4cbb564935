"""The desk's page on which somebody says which stage a room of another platform is.

In: a checked import with rooms that nobody knows. Out: `RoomName`s, which every later file of the edition goes by, new
stages where they are wished for, and the import checked again. Who may: whoever may start that import; a stage is made
where one may add to the venue.
"""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from everhall.editions import imports, queries
from everhall.editions.models import ImportBatch, Stage, Venue
from everhall.editions.wagtail_imports import batch_to_act_on
from everhall.engines import exchange
from everhall.programme.models import RoomName

MOST_ROOMS = 200


def rooms_of(batch: ImportBatch) -> list[str]:
    """Names that the last check did not know."""
    unknown = (p.value for p in imports.problems_of(batch) if p.code == "unknown_room")
    return list(dict.fromkeys(unknown))[:MOST_ROOMS]


class RoomsForm(forms.Form):
    """For each room: a stage, a venue without a stage, a new stage at a venue, or not yet."""

    def __init__(self, *args: Any, batch: ImportBatch, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch, self.rooms = batch, rooms_of(batch)
        edition = batch.edition
        venues = [v for v in Venue.objects.filter(edition=edition).order_by("order", "pk") if queries.may_at(user, "add", v.edition_id, v.path)]
        stages = Stage.objects.filter(venue__in=venues).select_related("venue").order_by("venue__order", "order")
        choices: list[tuple[str, Any]] = [
            ("", _("not said yet")),
            (_("A stage"), [(f"s:{stage.pk}", str(stage)) for stage in stages]),
            (_("Make a stage of this name"), [(f"n:{v.pk}", v.name) for v in venues]),
            (_("A venue, no stage"), [(f"v:{v.pk}", v.name) for v in venues]),
        ]
        self.venues, self.stages = {v.pk: v for v in venues}, {s.pk: s for s in stages}
        for n, room in enumerate(self.rooms):
            self.fields[f"room-{n}"] = forms.ChoiceField(label=room, choices=choices, required=False)

    @transaction.atomic
    def save(self) -> int:
        """How many rooms are known now that were not."""
        known = 0
        for n, room in enumerate(self.rooms):
            what, _colon, pk = self.cleaned_data[f"room-{n}"].partition(":")
            if not what:
                continue
            stage = self.stages[int(pk)] if what == "s" else None
            venue = stage.venue if stage else self.venues[int(pk)]
            if what == "n":
                stage = made(venue, room)
            RoomName.objects.update_or_create(
                edition=self.batch.edition, name=room[:200], defaults={"venue": venue, "stage": stage}
            )
            known += 1
        return known


def made(venue: Venue, name: str) -> Stage:
    """A stage of this name, with a code that the venue has not used."""
    taken = set(Stage.objects.filter(venue=venue).values_list("code", flat=True))
    code = slugify(name)[:50].strip("-").replace("_", "-") or f"r-{exchange.guid_of(name)[:8]}"
    if code in taken:
        code = f"{code}-{exchange.guid_of(name)[:8]}"
    return Stage.objects.create(venue=venue, code=code, name_zh=name[:200], name_en=name[:200] if name.isascii() else "", order=len(taken))


def rooms_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Who may: see the module."""
    batch = batch_to_act_on(request, pk)
    if batch.kind not in {"exchange", "followed"} or batch.edition is None:
        raise Http404
    if batch.state not in {ImportBatch.State.CHECKED, ImportBatch.State.REFUSED, ImportBatch.State.STOPPED, ImportBatch.State.FAILED}:
        raise PermissionDenied
    form = RoomsForm(request.POST or None, batch=batch, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        imports.check_batch(batch, timezone.now())
        return redirect("everhall_import", batch.pk)
    context = {"batch": batch, "form": form, "page_title": _("Which room is which stage"), "header_icon": "site"}
    return render(request, "programme/desk/rooms.html", context)
