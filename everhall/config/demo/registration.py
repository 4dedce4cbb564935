"""Registration in the demo: two coming sessions, one nearly full, one whose host decides. All marked as
sample; nobody in it is real, and no mail is sent to them."""

from typing import Final

from django.utils import timezone

from everhall.config.demo.frame import DEMO_EDITION
from everhall.editions.models import Edition
from everhall.post import services as post
from everhall.programme import queries as programme
from everhall.programme.models import Session
from everhall.registration import services
from everhall.registration.models import Admission, Question, Registration, SeatQuota

#: Late in the week, so that one can register on most of its days.
SESSIONS: Final = ("bj-campus-day-1", "bj-access-1")
NAMES: Final = (
    "林知夏", "陈以安", "赵明远", "孙若溪", "周子衡", "吴清扬", "郑书言", "王亦凡", "冯晓岚", "褚思齐", "卫长风", "蒋南乔",
    "沈星野", "韩一诺", "杨景行", "朱映雪", "秦望舒", "许知行",
)  # fmt: skip


def load_registration() -> None:
    """Made once; what is there already is left as it is."""
    edition = Edition.objects.filter(code=DEMO_EDITION).first()
    if edition is None or Admission.objects.filter(edition=edition, is_sample=True).exists():
        return
    sessions = {session.code: session for session in programme.public_sessions(edition, timezone.now()).filter(code__in=SESSIONS)}
    for code, made in zip(SESSIONS, (nearly_full, by_approval), strict=True):
        if code in sessions:
            made(sessions[code])
    # Nobody stands behind these addresses.
    for pk in Registration.objects.filter(is_sample=True).values_list("pk", flat=True):
        post.take_back(before=f"registration-{pk}-")


def nearly_full(session: Session) -> None:
    """Nineteen of twenty seats on site, six of them of a group; much room online."""
    made = Admission.objects.create(session=session, most_companions=2, most_group=10, is_sample=True)
    SeatQuota.objects.create(admission=made, way="onsite", size=20)
    SeatQuota.objects.create(admission=made, way="online", size=200)
    come(made, NAMES[0], group="示例中学科技社", size=6)
    for name in NAMES[1:14]:
        come(made, name)
    for name in NAMES[14:]:
        come(made, name, way="online")


def by_approval(session: Session) -> None:
    made = Admission.objects.create(session=session, approval=True, is_sample=True)
    SeatQuota.objects.create(admission=made, way="onsite", size=12)
    question = Question.objects.create(
        admission=made, text_zh="您最想了解什么？", text_en="What would you most like to hear about?", kind="choice",
        choices_zh="技术\n应用\n合作", choices_en="Technology\nUse\nCooperation", required=True,
    )  # fmt: skip
    rows = [come(made, name, answers={str(question.pk): "应用"}) for name in NAMES[:7]]
    for row in rows[:2]:
        services.approve(row, timezone.now())


def come(admission: Admission, name: str, **body: object) -> Registration:
    """A person of the sample; the address is of a domain that nobody can have (RFC 2606)."""
    number = NAMES.index(name)
    sent = {"request": f"sample-request-{number:04}", "name": f"{name}（示例）", "email": f"sample-{number}@example.org", "way": "onsite", **body}
    return services.register(services.Post(admission.key, sent), timezone.now())
