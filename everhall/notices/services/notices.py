"""Notices: drafted, published, corrected, withdrawn; told when they begin, taken from pages when they end.

In: a filled `Notice`, who does it, the moment. Out: the row. Must stay true: pages and devices are told of what visitors may
see at that moment and of nothing else; each act is in Wagtail's log; a change that is rolled back is told to nobody.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log as audit

from everhall.notices import queries, rules
from everhall.notices.addresses import link_of
from everhall.notices.events import NoticesChanged
from everhall.notices.models import Notice
from everhall.notices.services.queue import queue
from everhall.realtime import news
from everhall.realtime.telling import tell_pages


@transaction.atomic
def save_draft(notice: Notice, by: Any) -> Notice:
    """Keep what nobody sees yet."""
    made = notice.pk is None
    notice.by = notice.by or by
    notice.save()
    audit(instance=notice, action="wagtail.create" if made else "wagtail.edit", user=by)
    return notice


@transaction.atomic
def publish(notice: Notice, by: Any, now: dt.datetime) -> Notice:
    """Let it be seen from `published_at` on (None: from now). Without an end it stands at the top for a day."""
    made = notice.pk is None
    notice.by = notice.by or by
    notice.published_at = max(notice.published_at or now, now)
    notice.until = notice.until or notice.published_at + rules.STANDS
    notice.withdrawn_at, notice.ended = None, False
    notice.save()
    # What the programme itself wrote is in the log as the change of the session.
    if by is not None and made:
        audit(instance=notice, action="wagtail.create", user=by)
    if by is not None:
        audit(instance=notice, action="wagtail.publish", user=by)
    if notice.published_at <= now:
        tell(notice, now)
    return notice


@transaction.atomic
def correct(notice: Notice, by: Any, now: dt.datetime) -> Notice:
    """Another text, weight, link or end of what is published. Devices that have it are told again."""
    notice.version += 1
    notice.corrected_at = now
    notice.ended = False
    notice.until = notice.until or (notice.published_at or now) + rules.STANDS
    notice.save()
    if by is not None:
        audit(instance=notice, action="wagtail.edit", user=by)
    if notice.published_at is not None and notice.published_at <= now:
        tell(notice, now)
    return notice


@transaction.atomic
def withdraw(notice: Notice, by: Any, now: dt.datetime) -> Notice:
    """Take it from pages and lists; what is on its way to devices is held back."""
    notice.withdrawn_at = now
    notice.save(update_fields=["withdrawn_at"])
    notice.pushes.filter(state__in=["waiting", "sending"]).delete()
    if by is not None:
        audit(instance=notice, action="wagtail.unpublish", user=by)
    if notice.told_at is not None:
        changed(notice)
    return notice


def tell(notice: Notice, now: dt.datetime) -> None:
    """In the transaction that makes it seen. Of what visitors may not see (its session is a draft) nobody hears."""
    notice.told_at = now
    notice.save(update_fields=["told_at"])
    if queries.is_public(notice, now) and queries.is_current(notice, now):
        queue(notice, now)
        changed(notice)


def changed(notice: Notice) -> None:
    news.tell(NoticesChanged(tags=(rules.notices_tag(notice.edition.code),), ids=(notice.pk,)))


def settle_due(now: dt.datetime) -> int:
    """What begins by the clock is told, what has ended goes from pages; how many. The clerk asks each second."""
    begins = Q(published_at__lte=now, told_at__isnull=True)
    ends = Q(until__lte=now, ended=False, told_at__isnull=False)
    due = Notice.objects.filter(begins | ends, withdrawn_at__isnull=True).order_by("pk")[:100]
    pks = list(due.values_list("pk", flat=True))
    for pk in pks:
        with transaction.atomic():
            # Another process may have been here meanwhile.
            notice = Notice.objects.select_for_update(of=("self",)).select_related("edition", "session").get(pk=pk)
            if notice.told_at is None:
                tell(notice, now)
            if notice.until is not None and notice.until <= now and not notice.ended:
                Notice.objects.filter(pk=pk).update(ended=True)
                changed(notice)
    return len(pks)


# ---------------------------------------------------------------- telling
def tell_notices(event: NoticesChanged) -> None:
    """After the commit: open pages hear what they may show, or that something is gone."""
    now = timezone.now()
    found = Notice.objects.filter(pk__in=event.ids).select_related("edition", "venue", "session__activity__venue")
    for notice in found:
        topic = f"edition.{notice.edition.code}"
        shown = queries.is_public(notice, now) and queries.is_current(notice, now)
        if shown:
            tell_pages(topic, message(notice), urgent=True)
        elif notice.edition.is_public:
            tell_pages(topic, {"kind": "notice-gone", "id": notice.pk}, urgent=True)


def message(notice: Notice) -> dict[str, Any]:
    """As pages get it: both languages, where it belongs, when it ends (milliseconds since the epoch; 0: not)."""
    venue, session = queries.reach_of(notice)
    return {
        "kind": "notice", "id": notice.pk, "version": notice.version, "weight": notice.weight, "venue": venue, "session": session,
        "title_zh": notice.title_zh, "title_en": notice.title_en, "text_zh": notice.text_zh, "text_en": notice.text_en,
        "link_zh": link_of(notice, "zh-hans"), "link_en": link_of(notice, "en"),
        "until": int(notice.until.timestamp() * 1000) if notice.until else 0,
    }  # fmt: skip
