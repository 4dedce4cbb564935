"""A call at Beijing and its park, with organisations that hand in exhibits, reviewers, and a bystander at Zhengzhou."""

import datetime as dt
import io
from dataclasses import dataclass, field
from typing import Any

from django.core.files.images import ImageFile
from django.utils import timezone
from PIL import Image

from everhall.accounts.models import Membership, Organisation, User
from everhall.calls import services
from everhall.calls.models import Call, CallVenue, Criterion, Question, Submission
from everhall.editions import services as editions
from everhall.exhibition.models import Exhibit, ExhibitPicture, Field
from everhall.media.models import Picture
from tests.desk.places import Week, make_week


@dataclass
class Round:
    week: Week
    call: Call
    now: dt.datetime
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    exhibits: dict[str, Exhibit] = field(default_factory=dict)
    submissions: dict[str, Submission] = field(default_factory=dict)

    def client(self, name: str) -> Any:
        return self.week.client(name)

    def criteria(self) -> list[Criterion]:
        return list(self.call.criteria.all())

    def again(self, name: str) -> Submission:
        """The row as it is now."""
        return Submission.objects.select_related("call__edition", "venue", "organisation").get(pk=self.submissions[name].pk)

    def found(self, *scores: int, comment: str = "") -> services.Found:
        return services.Found({one.pk: score for one, score in zip(self.criteria(), scores, strict=True)}, comment)


def cover(name: str) -> Picture:
    data = io.BytesIO()
    Image.new("RGB", (64, 48), "#336699").save(data, "PNG")
    data.seek(0)
    return Picture.objects.create(title=name, file=ImageFile(data, name=f"{name}.png"), width=64, height=48)


def exhibit_of(r: Round, name: str, organisation: str) -> Exhibit:
    """A complete draft, as an exhibitor writes it: nothing of it is public, and it stands nowhere."""
    exhibit = Exhibit(
        code=f"new-{name}", name_zh=f"{name} 新展项", name_en=f"New {name}", summary_zh="简介", text_zh="<p>正文</p>",
        organisation=r.organisations[organisation], live=False,
    )
    exhibit.save()
    exhibit.fields.add(Field.objects.get(code="ai"))
    ExhibitPicture.objects.create(exhibit=exhibit, picture=cover(name), sort_order=0)
    exhibit.save()
    exhibit.save_revision(user=r.people[organisation])
    r.exhibits[name] = exhibit
    return exhibit


def submission_of(r: Round, name: str, organisation: str, venue: str = "beijing", *, handed_in: bool = True) -> Submission:
    exhibit = r.exhibits.get(name) or exhibit_of(r, name, organisation)
    by = r.people[organisation]
    row = services.begin_submission(
        r.call, r.week.venues[venue], r.organisations[organisation], "exhibit", exhibit.pk, by, r.now
    )
    if handed_in:
        required = Question.objects.get(call=r.call, required=True)
        services.save_answers(row, {required.pk: "因为它能用"}, by, r.now)
        row = services.submit(row, by, r.now)
    r.submissions[name] = row
    return row


def make_round() -> Round:
    week = make_week()
    now = timezone.now()
    call = Call.objects.create(
        edition=week.edition, code="cloud", name_zh="云上展项征集", name_en="Call for exhibits", state=Call.State.ANNOUNCED,
        opens_at=now - dt.timedelta(days=10), closes_at=now + dt.timedelta(days=10), reviews_wanted=2,
    )
    CallVenue.objects.create(call=call, venue=week.venues["beijing"], places=2)
    CallVenue.objects.create(call=call, venue=week.venues["park-haidian"])
    Criterion.objects.create(call=call, text_zh="创新性", text_en="Novelty", weight=2, scale=5, order=1)
    Criterion.objects.create(call=call, text_zh="成熟度", text_en="Maturity", weight=1, scale=5, order=2)
    Question.objects.create(call=call, text_zh="为什么参展", text_en="Why", kind="text", required=True, order=1)
    Question.objects.create(call=call, text_zh="需要的电力（千瓦）", text_en="Power (kW)", kind="number", least=0, most=50, order=2)
    Question.objects.create(
        call=call, venue=week.venues["park-haidian"], text_zh="到场方式", text_en="Arrival", kind="choice",
        choices_text="卡车|Lorry\n地铁|Metro", order=3,
    )
    r = Round(week, call, now)
    for name in ("alpha", "beta", "gamma"):
        r.organisations[name] = Organisation.objects.create(code=name, name_zh=f"{name} 公司", name_en=f"{name} Ltd")
        r.people[name] = User.objects.create_user(f"{name}@example.org", name=name)
        Membership.objects.create(organisation=r.organisations[name], user=r.people[name], role="owner")
    second = User.objects.create_user("bj-reviewer-2@example.org", name="bj-reviewer-2")
    editions.appoint(second, "reviewer", week.edition, week.venues["beijing"])
    week.users["bj-reviewer-2"] = second
    for name in r.people:
        submission_of(r, name, name)
    return r
