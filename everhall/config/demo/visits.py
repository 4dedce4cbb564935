"""Visits in the demo: how many keep and look at each exhibit, some answered questions, and what is linked with exhibits.

All of it is marked as sample. Numbers follow from the codes, so that every load gives the same; nobody real is behind them.
"""

import datetime as dt
import hashlib
from typing import Final

from django.db import transaction
from django.utils import timezone

from everhall.config.demo.frame import DEMO_EDITION, document
from everhall.editions.models import Edition
from everhall.editions.public import week_time
from everhall.exhibition import services as exhibition
from everhall.exhibition.models import Exhibit, Placement
from everhall.pages.models import About, ArticlePage
from everhall.programme.models import Session
from everhall.visits import rules
from everhall.visits.models import ExhibitQuestion, ExhibitViews, Favourite, Visitor

#: Sample visitors; each keeps some exhibits.
VISITORS: Final = 60
#: Of a thousand exhibits a sample visitor keeps so many.
KEEPS: Final = 90


def number(*parts: object) -> int:
    """A number that follows from words, 0 to 999."""
    return int.from_bytes(hashlib.sha256("/".join(map(str, parts)).encode()).digest()[:4], "big") % 1000


def load_visits() -> None:
    """Twice is once."""
    edition = Edition.objects.filter(code=DEMO_EDITION).first()
    if edition is None:
        return
    exhibition.mint_edition(edition)
    now = timezone.now()
    with transaction.atomic():
        load_counts(edition, now)
        load_questions(edition, now)
        load_links(edition)


def load_counts(edition: Edition, now: dt.datetime) -> None:
    """Favourites and views of the days that the week's clock has seen; they are written on days of the real one, as people's are."""
    if ExhibitViews.objects.filter(edition=edition, is_sample=True).exists():
        return
    exhibits = list(Placement.objects.filter(edition=edition, exhibit__is_sample=True, exhibit__live=True).values_list("exhibit_id", "exhibit__code"))
    passed = max(1, (week_time(now).date() - edition.starts_on).days + 1)
    days = [timezone.localdate(now) - dt.timedelta(days=n) for n in range(min(passed, 7))]
    ExhibitViews.objects.bulk_create([
        ExhibitViews(exhibit_id=pk, edition=edition, day=day, count=20 + number(code, n) * number(code) // 1500, is_sample=True)
        for pk, code in exhibits for n, day in enumerate(days)
    ], ignore_conflicts=True)  # fmt: skip
    visitors = [Visitor(made_at=now, seen_on=timezone.localdate(now)) for _ in range(VISITORS)]
    for visitor in visitors:
        visitor.save()
    Favourite.objects.bulk_create([
        Favourite(
            visitor=visitor, edition=edition, exhibit_id=pk, is_sample=True,
            made_at=now - dt.timedelta(days=number(code, who) % len(days), minutes=number(who, code)),
        )
        for who, visitor in enumerate(visitors) for pk, code in exhibits
        if number("keeps", who, code) < KEEPS * (500 + number(code)) // 1000
    ])  # fmt: skip


def load_questions(edition: Edition, now: dt.datetime) -> None:
    if ExhibitQuestion.objects.filter(edition=edition, is_sample=True).exists():
        return
    for n, told in enumerate(document("visits.json")["questions"]):
        exhibit = Exhibit.objects.filter(code=told["exhibit"], placements__edition=edition).first()
        if exhibit is None or exhibit.organisation_id is None:
            continue
        asked = now - dt.timedelta(hours=20 - n)
        ExhibitQuestion.objects.create(
            exhibit=exhibit, edition=edition, organisation_id=exhibit.organisation_id, text=told["text"], answer=told["answer"],
            language=told["language"], name="示例观众" if told["language"] != "en" else "Sample visitor", may_be_public=True, public=True,
            state=ExhibitQuestion.State.ANSWERED, asked_at=asked, passed_at=asked, answered_at=asked + dt.timedelta(minutes=70),
            forget_at=asked + rules.QUESTION_KEPT, is_sample=True,
        )


def load_links(edition: Edition) -> None:
    for told in document("visits.json")["about"]:
        exhibit = Exhibit.objects.filter(code=told["exhibit"], placements__edition=edition).first()
        if exhibit is None:
            continue
        for session in Session.objects.filter(edition=edition, code__in=told["sessions"]):
            if not About.objects.filter(exhibit=exhibit, session=session).exists():
                About(exhibit=exhibit, session=session).save()
        for article in ArticlePage.objects.filter(slug__in=told["articles"]):
            if not About.objects.filter(exhibit=exhibit, article=article).exists():
                About(exhibit=exhibit, article=article).save()
