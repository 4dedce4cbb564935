"""Calls in the demo: the closed one of 2021 with submissions in every state and what reviewers found, and one that is open now.

All is sample. Those who review are made up and cannot log in, but for the demo's reviewer. What was accepted of new exhibits
is accepted by the same service as on the site, so that it waits for booths.
"""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from everhall.accounts.models import Organisation, User
from everhall.calls import services
from everhall.calls.models import (
    Answer,
    Assignment,
    Call,
    CallVenue,
    Criterion,
    Decision,
    MailTemplate,
    Question,
    Review,
    Score,
    Submission,
)
from everhall.config.demo import covers, pictures
from everhall.config.demo.frame import DEMO_EDITION, rows
from everhall.editions import rules as roles
from everhall.editions.models import Edition, Venue
from everhall.editions.services import appoint
from everhall.exhibition.models import Exhibit, ExhibitPicture, Field

State = Submission.State
CLOSED: Final = "cloud-2021"
OPEN: Final = "cloud-all-year"
#: How many exhibits that are shown have their history of submission.
SHOWN: Final = 10
REVIEWERS: Final = (("甲", "A", -12), ("乙", "B", 0), ("丙", "C", 9))

TEXTS: Final = {
    CLOSED: (
        "2021 云上展项征集（示例）", "Call for cloud exhibits 2021 (sample)",
        "面向企业、高校和科研院所征集在北京会场线上线下展出的项目。实物、模型、多媒体、展板均可，请用一句话说清它解决什么问题。\n\n入选项目同时进入云展厅和线下展位。",
        "Projects of firms, universities and institutes, to be shown in Beijing on site and online: objects, models, multimedia or boards. Say in one sentence which problem it solves.\n\nWhat is chosen comes into the cloud exhibition and to a booth.",
    ),
    OPEN: (
        "云展常年征集（示例）", "Cloud exhibition, open all year (sample)",
        "活动周结束后，云展厅不落幕。全年接受新展项，每月评审一次；入选后在云展厅展出，次年优先安排线下展位。",
        "The cloud exhibition does not close with the week. New exhibits are welcome all year and are judged once a month; what is chosen is shown online, and comes first when booths are given next year.",
    ),
}  # fmt: skip
CRITERIA: Final = (
    ("创新性", "Novelty", "与已有做法相比新在哪里。", "What is new beside what there is.", 3.0),
    ("成熟度", "Maturity", "能不能在展期内稳定演示。", "Whether it can be shown reliably during the week.", 2.0),
    ("公众可懂", "Clear to visitors", "不看说明牌能否明白一半。", "Whether half of it is understood without reading.", 1.0),
)
QUESTIONS: Final = (
    ("text", True, "它解决什么问题？", "Which problem does it solve?", 400, ""),
    ("choice", True, "观众能做什么？", "What can visitors do?", None, "看|Look\n试用|Try it\n提问|Ask\n带走资料|Take something home"),
    ("number", False, "需要的电力（千瓦）", "Power needed (kW)", 60, ""),
    ("yes_no", False, "展品超过 2 米高吗？", "Is it taller than 2 metres?", None, ""),
    ("link", False, "演示视频的链接", "Link to a film", None, ""),
)
LETTERS: Final = (
    ("结果通知 Result", "“{title}”的评审结果：{state}", "Result for “{title}”: {state}",
     "{organisation}：\n\n您提交的“{title}”（{call}，{venue}）目前状态为：{state}。\n{words}\n\n详情：{link}",
     "{organisation},\n\nYour submission “{title}” ({call}, {venue}) is now: {state}.\n{words}\n\nSee {link}"),
    ("截止提醒 Deadline", "提醒：{call} 将于 {deadline} 截止", "Reminder: {call} closes on {deadline}",
     "{organisation}：\n\n“{title}”尚未提交，截止时间为 {deadline}。\n{link}", "{organisation},\n\n“{title}” has not been handed in. The deadline is {deadline}.\n{link}"),
)  # fmt: skip


@transaction.atomic
def load_calls(place: Path) -> None:
    """What is there already is left as it is. `place`: the demo's pictures."""
    edition = Edition.objects.filter(code=DEMO_EDITION).first()
    if edition is None or Call.objects.filter(edition=edition, code=CLOSED).exists():
        return
    now = timezone.now()
    beijing = Venue.objects.get(edition=edition, code="beijing")
    zone = beijing.zone_of_time
    closed = made(
        edition, CLOSED, dt.datetime(2021, 6, 1, 9, tzinfo=zone), dt.datetime(2021, 8, 31, 18, tzinfo=zone), now
    )
    CallVenue.objects.create(call=closed, venue=beijing, places=SHOWN + 4)
    still = made(edition, OPEN, now - dt.timedelta(days=30), now + dt.timedelta(days=180), now)
    for venue in Venue.objects.filter(edition=edition, parent=None, code__in=["beijing", "zhengzhou"]):
        CallVenue.objects.create(call=still, venue=venue, places=None if venue == beijing else 40)
    reviewers = reviewers_of(edition, beijing)
    submissions = [*shown_before(closed, beijing), *handed_in(closed, beijing, place)]
    judge(closed, submissions, reviewers, now)
    for submission, wanted in submissions:
        decide(submission, wanted, now)


def made(edition: Edition, code: str, opens: dt.datetime, closes: dt.datetime, now: dt.datetime) -> Call:
    name_zh, name_en, text_zh, text_en = TEXTS[code]
    call = Call.objects.create(
        edition=edition, code=code, state=Call.State.ANNOUNCED, name_zh=name_zh, name_en=name_en, text_zh=text_zh, text_en=text_en,
        opens_at=opens, closes_at=closes, reviews_wanted=2, most_per_organisation=3, is_sample=True,
    )  # fmt: skip
    for order, (zh, en, help_zh, help_en, weight) in enumerate(CRITERIA, 1):
        Criterion.objects.create(
            call=call, text_zh=zh, text_en=en, help_zh=help_zh, help_en=help_en, weight=weight, scale=5, order=order
        )
    for order, (kind, required, zh, en, most, choices) in enumerate(QUESTIONS, 1):
        Question.objects.create(
            call=call, kind=kind, required=required, text_zh=zh, text_en=en, most=most, choices_text=choices, order=order
        )
    for name, subject_zh, subject_en, letter_zh, letter_en in LETTERS:
        MailTemplate.objects.create(
            call=call, name=name, subject_zh=subject_zh, subject_en=subject_en, text_zh=letter_zh, text_en=letter_en, changed_at=now
        )
    return call


def contact() -> User:
    """Who wrote for the sample organisations: made up, without a log-in; letters of the demo go to a folder."""
    user, made_now = User.objects.get_or_create(
        email="contact@everhall.example", defaults={"name": "示例联系人 Sample contact", "is_sample": True}
    )
    if made_now:
        user.set_unusable_password()
        user.save()
    return user


def reviewers_of(edition: Edition, venue: Venue) -> list[tuple[User, int]]:
    """The demo's reviewer and three who are made up, each with how lenient they are (points of 100)."""
    found = [(User.objects.get(email="reviewer@everhall.example"), 4)]
    for zh, en, lean in REVIEWERS:
        user, _ = User.objects.get_or_create(
            email=f"reviewer.{en.lower()}@everhall.example", defaults={"name": f"示例评审{zh} Sample reviewer {en}", "is_sample": True}
        )
        user.set_unusable_password()
        user.save()
        appoint(user, roles.REVIEWER, edition, venue, is_sample=True)
        found.append((user, lean))
    return found


# ---------------------------------------------------------------- submissions
Wanted = tuple[Submission, str]


def shown_before(call: Call, venue: Venue) -> list[Wanted]:
    """Exhibits that are shown, as they came: accepted in 2021."""
    rows_shown = Exhibit.objects.filter(placements__venue=venue, live=True, organisation__isnull=False).order_by("code")
    found = []
    for number, exhibit in enumerate(rows_shown.exclude(placements__booth="").distinct()[: SHOWN * 3 : 3]):
        found.append((begun(call, venue, exhibit, number), "shown"))
    return found


def handed_in(call: Call, venue: Venue, place: Path) -> list[Wanted]:
    """New exhibits, which exist as drafts only."""
    return [(begun(call, venue, drafted(row, place), number), row["state"]) for number, row in enumerate(rows("calls.csv"))]


def begun(call: Call, venue: Venue, exhibit: Exhibit, number: int) -> Submission:
    """Begun within the call's time, with answers. History of a call that has closed, so it is written, not handed in."""
    at = call.opens_at + dt.timedelta(days=3 + 4 * number % 80, hours=number % 9)
    organisation = exhibit.organisation
    if organisation is None:
        raise ValueError(exhibit.code)
    submission = Submission.objects.create(
        call=call, venue=venue, organisation=organisation, subject_kind=call.kind, subject_id=exhibit.pk,
        title_zh=exhibit.name_zh, title_en=exhibit.name_en, topics=[field.code for field in exhibit.fields.all()],
        begun_at=at, changed_at=at, by=contact(),
    )  # fmt: skip
    text, choice, power, tall, _link = Question.objects.filter(call=call).order_by("order")
    values = {text: exhibit.summary_zh, choice: ["看", "试用", "提问"][number % 3], power: 1 + number % 4, tall: number % 7 == 0}
    for question, value in values.items():
        Answer.objects.create(submission=submission, question=question, value=value, changed_at=at)
    return submission


def drafted(row: dict[str, str], place: Path) -> Exhibit:
    """A draft with a cover drawn by code."""
    exhibit = Exhibit(
        code=row["code"], name_zh=row["name_zh"], name_en=row["name_en"], summary_zh=row["summary_zh"], summary_en=row["summary_en"],
        text_zh=f"<p>{row['text_zh']}</p>", text_en=f"<p>{row['text_en']}</p>", maturity="prototype", presentation=["object", "board"],
        seeks=["partners"], organisation=Organisation.objects.get(code=row["organisation"]), live=False, is_sample=True,
    )  # fmt: skip
    exhibit.save()
    exhibit.fields.add(Field.objects.get(code=row["field"]))
    folder = place / "calls"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"cover-{row['code']}"
    if not (folder / f"{name}.webp").exists():
        covers.draw_cover(row["code"], row["field"]).convert("RGB").save(folder / f"{name}.webp", "WEBP", quality=pictures.QUALITY)
    cover = pictures.keep(folder, name, row["name_zh"], "抽象示例封面", "Abstract sample cover")
    ExhibitPicture.objects.create(exhibit=exhibit, picture=cover, sort_order=0)
    exhibit.save()
    exhibit.save_revision(log_action=False)
    return exhibit


# ---------------------------------------------------------------- reviews, decisions
WEIGHED: Final = {"shown": 82, "accepted": 84, "waitlisted": 66, "declined": 38, "changes": 60, "submitted": 68}
SAID: Final = {
    True: ("思路清楚，现场可演示。", "好懂，孩子也会停下来看。", "成熟，建议靠近入口。"),
    False: ("资料不足，看不出能否稳定演示。", "与已有做法差别不大。", "请补充实测数据。"),
}


def judge(call: Call, submissions: Sequence[Wanted], reviewers: Sequence[tuple[User, int]], now: dt.datetime) -> None:
    """Two reviews each; of what is still under review some are missing, and one is disputed."""
    criteria = list(Criterion.objects.filter(call=call).order_by("order"))
    for number, (submission, wanted) in enumerate(submissions):
        if wanted in {State.DRAFT, State.WITHDRAWN}:
            continue
        for turn in range(2):
            user, lean = reviewers[(number + turn * (1 + number % 3)) % len(reviewers)]
            Assignment.objects.create(submission=submission, reviewer=user, at=call.closes_at)
            if wanted == State.SUBMITTED and (number + turn) % 3 == 0:
                continue
            disputed = 38 * (-1 if turn else 1) if number % 11 == 5 else 0
            review = Review.objects.create(
                submission=submission, reviewer=user, comment=SAID[WEIGHED[wanted] > 60][number % 3],
                recommendation="accept" if WEIGHED[wanted] > 75 else "maybe" if WEIGHED[wanted] > 50 else "decline",
                changed_at=call.closes_at + dt.timedelta(days=5), done_at=call.closes_at + dt.timedelta(days=5 + turn),
            )  # fmt: skip
            for at, criterion in enumerate(criteria):
                points = WEIGHED[wanted] + lean + disputed + ((number * 7 + at * 13 + turn * 5) % 17 - 8)
                value = min(max(round(points * criterion.scale / 100), 0), criterion.scale)
                Score.objects.create(review=review, criterion=criterion, value=value)


def decide(submission: Submission, wanted: str, now: dt.datetime) -> None:
    """Bring it to where it is to stand."""
    if wanted == State.DRAFT:
        return
    at = submission.begun_at + dt.timedelta(days=2)
    exhibit = Exhibit.objects.get(pk=submission.subject_id)
    if exhibit.latest_revision_id is None:
        exhibit.save_revision(log_action=False)
    submission.state, submission.submitted_at, submission.changed_at = State.SUBMITTED, at, at
    submission.subject_version = exhibit.latest_revision_id
    submission.save()
    Review.objects.filter(submission=submission).update(subject_version=exhibit.latest_revision_id)
    written(submission, State.DRAFT, State.SUBMITTED, at)
    decided = submission.call.closes_at + dt.timedelta(days=12)
    organiser: Any = User.objects.get(email="organiser.beijing@everhall.example")
    if wanted == State.ACCEPTED:
        services.decide(submission, wanted, organiser, now, "欢迎参展！展位号另行通知。")
    elif wanted in {State.WAITLISTED, State.DECLINED, State.CHANGES}:
        words = {State.CHANGES: "请补充一张能看清大小的照片，并写明供电方式。", State.DECLINED: "今年同类项目较多，期待明年再见。"}
        services.decide(submission, wanted, organiser, decided, words.get(State(wanted), ""))
    elif wanted == State.WITHDRAWN:
        services.withdraw(submission, None, at + dt.timedelta(days=4))
    elif wanted == "shown":
        # It stands where it stands; only its history is written.
        Submission.objects.filter(pk=submission.pk).update(state=State.ACCEPTED, decided_at=decided, changed_at=decided)
        written(submission, State.SUBMITTED, State.ACCEPTED, decided, organiser)


def written(submission: Submission, before: str, after: str, at: dt.datetime, by: Any = None) -> None:
    Decision.objects.create(submission=submission, by=by, at=at, before=before, state=after, round=submission.round)
