"""A call for activities in the demo, with proposals in every state, and what people thought of a session. All is sample.

Written by the services of the site, so that what was accepted is an activity like any other. Run again, it changes nothing.
"""

import datetime as dt
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from everhall.accounts.models import Membership, Organisation, User
from everhall.calls import services as calls
from everhall.calls.models import (
    Assignment,
    Call,
    CallVenue,
    Criterion,
    Question,
    Review,
    Score,
    Submission,
)
from everhall.config.demo.frame import DEMO_EDITION
from everhall.config.demo.office import OWNER
from everhall.editions.models import Edition, Venue
from everhall.engines.two_writers import digest
from everhall.feedback import rules as feedback_rules
from everhall.feedback.models import Feedback
from everhall.programme.models import Session
from everhall.proposals import rules, services
from everhall.proposals.models import Proposal

State = Submission.State
CALL: Final = "activities-open"
#: Name zh, en, kind, state, day, hour, mode, seats, purpose zh, en.
PROPOSED: Final = (
    ("示例：青年创客夜谈", "Sample: an evening with young makers", "forum", State.ACCEPTED, 22, "19:00", "both", "80",
     "请五位青年创客各讲一次失败，再由现场提问。\n\n全程录像，结束后可回看。", "Five young makers each tell of one failure; then the hall asks.\n\nIt is recorded."),
    ("示例：社区工坊开放日", "Sample: open day of a neighbourhood workshop", "tour", State.SUBMITTED, 23, "10:00", "onsite", "30",
     "带二十位居民参观社区工坊，动手做一盏灯。", "Twenty neighbours visit a workshop and make a lamp."),
    ("示例：开源硬件分享", "Sample: open hardware", "lecture", State.WAITLISTED, 21, "14:00", "both", "120",
     "介绍三块可自行制作的电路板。", "Three boards that anybody can make."),
    ("示例：投资人面对面", "Sample: meet investors", "matchmaking", State.CHANGES, 20, "15:30", "onsite", "60",
     "十家初创团队与投资人一对一交谈。", "Ten young teams talk with investors."),
    ("示例：机器人擂台", "Sample: robots' contest", "contest", State.DECLINED, 24, "09:30", "onsite", "400",
     "八支队伍的机器人推箱子比赛。", "Eight teams of robots push boxes."),
    ("示例：线上编程课", "Sample: programming online", "lecture", State.WITHDRAWN, 25, "16:00", "online", "",
     "一小时写出第一个小程序。", "A first small programme in an hour."),
    ("示例：晚间路演（草稿）", "Sample: an evening of pitches (draft)", "roadshow", State.DRAFT, 21, "18:30", "both", "",
     "六个团队各八分钟。", ""),
)  # fmt: skip
WORDS: Final = {
    State.ACCEPTED: "欢迎！舞台稍后安排。", State.CHANGES: "请写清楚投资人从哪里来，并把座位数减到 40。",
    State.WAITLISTED: "同一时段的舞台已满，如有空缺将通知您。", State.DECLINED: "场地无法安全容纳，建议联系园区。",
}  # fmt: skip
CRITERIA: Final = (
    ("内容", "Content", "讲得清、听得懂、有新意。", "Clear, understood, new.", 3.0), ("组织", "Organisation", "时间、人员、设备是否落实。", "Time, people and equipment.", 1.0),
)


@transaction.atomic
def load_hosts() -> None:
    """What is there already is left as it is."""
    edition = Edition.objects.filter(code=DEMO_EDITION).first()
    owner = User.objects.filter(email=OWNER).first()
    member = Membership.objects.filter(user=owner).select_related("organisation").first() if owner else None
    if edition is None or owner is None or member is None or Call.objects.filter(edition=edition, code=CALL).exists():
        return
    now = timezone.now()
    beijing = Venue.objects.get(edition=edition, code="beijing")
    call = made(edition, beijing, now)
    for number, row in enumerate(PROPOSED):
        propose(call, beijing, member.organisation, owner, number, row, now)
    for session in Session.objects.filter(edition=edition, activity__live=True).order_by("starts_at")[:2]:
        judge(session)


def made(edition: Edition, beijing: Venue, now: dt.datetime) -> Call:
    call = Call.objects.create(
        edition=edition, code=CALL, kind=Call.Kind.ACTIVITY, state=Call.State.ANNOUNCED, name_zh="活动征集（示例）",
        name_en="Call for activities (sample)", opens_at=now - dt.timedelta(days=20), closes_at=now + dt.timedelta(days=60),
        text_zh="面向高校、企业、社团征集论坛、路演、参观、比赛等活动。写明目的、面向人群、期望时间和舞台需求。",
        text_en="Universities, firms and societies propose forums, pitches, tours and contests. Say what for, for whom, when, and what the stage needs.",
        reviews_wanted=1, is_sample=True,
    )  # fmt: skip
    CallVenue.objects.create(call=call, venue=beijing, places=20)
    zhengzhou = Venue.objects.filter(edition=edition, code="zhengzhou").first()
    if zhengzhou is not None:
        CallVenue.objects.create(call=call, venue=zhengzhou, closes_at=now + dt.timedelta(days=30))
    for order, (zh, en, help_zh, help_en, weight) in enumerate(CRITERIA, 1):
        Criterion.objects.create(call=call, text_zh=zh, text_en=en, help_zh=help_zh, help_en=help_en, weight=weight, scale=5, order=order)
    Question.objects.create(
        call=call, kind="several", text_zh="使用哪些语言？", text_en="Which languages are spoken?", choices_text="中文|Chinese\n英文|English\n手语|Sign language", order=1
    )
    return call


def propose(call: Call, venue: Venue, organisation: Organisation, owner: User, number: int, row: Any, now: dt.datetime) -> None:
    """As the host would write it; then as reviewers and organisers would decide."""
    zh, en, kind, wanted, day, hour, mode, seats, purpose_zh, purpose_en = row
    submission = services.begin_proposal(call, venue, organisation, zh, owner, now)
    Proposal.objects.filter(pk=submission.subject_id).update(is_sample=True)
    said = {
        "name_en": en, "kind": kind, "summary_zh": purpose_zh.split("\n")[0], "summary_en": purpose_en.split("\n")[0], "purpose_zh": purpose_zh,
        "purpose_en": purpose_en, "audience_zh": "对创新感兴趣的市民", "audience_en": "everybody who is curious", "mode": mode,
        "relay": "recorded" if mode != "onsite" else "none", "minutes": "90", "wish1": f"2021-10-{day}T{hour}", "seats": seats,
        "s1.name_zh": f"示例嘉宾{'甲乙丙丁戊己庚'[number]}", "s1.name_en": f"Sample Speaker {'ABCDEFG'[number]}", "s1.title_zh": "示例职务", "s1.title_en": "sample post",
    }  # fmt: skip
    services.save_fields(submission, {name: (value, digest("")) for name, value in said.items()}, now)
    services.save_fields(submission, {"equipment": (("screen", "microphones"), digest(rules.value_of({}, "equipment")))}, now)
    if wanted == State.DRAFT:
        return
    submission = calls.submit(submission, owner, now)
    if wanted == State.WITHDRAWN:
        calls.withdraw(submission, owner, now)
        return
    review(call, submission, number, now)
    if wanted in WORDS:
        organiser: Any = User.objects.get(email="organiser.beijing@everhall.example")
        calls.decide(submission, wanted, organiser, now, WORDS[wanted])


def review(call: Call, submission: Submission, number: int, now: dt.datetime) -> None:
    """One, by the demo's reviewer."""
    reviewer = User.objects.filter(email="reviewer@everhall.example").first()
    if reviewer is None:
        return
    Assignment.objects.create(submission=submission, reviewer=reviewer, at=now)
    if number % 3 == 1:
        return
    found = Review.objects.create(
        submission=submission, reviewer=reviewer, comment="安排清楚，人员落实。", recommendation="accept" if number == 0 else "maybe",
        changed_at=now, done_at=now, subject_version=submission.subject_version,
    )  # fmt: skip
    for criterion in Criterion.objects.filter(call=call):
        Score.objects.create(review=found, criterion=criterion, value=max(5 - number, 1))


def judge(session: Session) -> None:
    """Eleven answers, of which ten are told."""
    for number in range(11):
        Feedback.objects.create(
            session=session, rating=(5, 4, 5, 3, 4)[number % 5], useful=("yes", "partly")[number % 2], again=("yes", "yes", "partly")[number % 3],
            words="示例意见：希望留更多提问时间。" if number == 2 else "示例意见：字幕帮助很大。" if number == 6 else "", is_sample=True,
            closes_at=session.ends_at + feedback_rules.OPEN_FOR, words_until=(session.ends_at + feedback_rules.OPEN_FOR + feedback_rules.WORDS_FOR).date(),
        )  # fmt: skip
