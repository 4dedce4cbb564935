"""A call for activities at Beijing and Zhengzhou, two hosts, one complete proposal."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from everhall.accounts.models import Membership, Organisation, User
from everhall.calls import services as calls
from everhall.calls.models import Call, CallVenue, Criterion, Submission
from everhall.engines.two_writers import digest
from everhall.proposals import rules, services
from everhall.proposals.models import Proposal
from tests.desk.places import Week, make_week
from tests.kept import once

FULL: dict[str, Any] = {
    "kind": "forum", "name_zh": "青年创业论坛", "name_en": "Forum of young founders", "summary_zh": "谈谈第一年", "summary_en": "The first year",
    "purpose_zh": "请五位创业者谈第一年。\n\n<b>提问</b>半小时。", "purpose_en": "Five founders on their first year.", "audience_zh": "青年创业者",
    "mode": "both", "relay": "live", "minutes": "90", "wish1": "2021-10-20T09:30", "wish2": "2021-10-21T14:00", "seats": "120",
    "equipment": ("screen", "microphones"), "s1.name_zh": "示例讲者", "s1.name_en": "Sample Speaker", "s1.title_zh": "创始人",
}  # fmt: skip


@dataclass
class Hosts:
    week: Week
    call: Call
    now: dt.datetime
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def client(self, name: str) -> Client:
        client = Client()
        client.force_login(self.people[name], "allauth.account.auth_backends.AuthenticationBackend")
        return client

    def begin(self, name: str = "青年创业论坛", host: str = "alpha", venue: str = "beijing") -> Submission:
        return services.begin_proposal(
            self.call, self.week.venues[venue], self.organisations[host], name, self.people[host], self.now
        )

    def fill(self, row: Submission, **values: Any) -> services.Saved:
        """As typed by somebody who sees what is kept."""
        data = Proposal.objects.get(pk=row.subject_id).data
        sent = {name: (value, digest(rules.value_of(data, name))) for name, value in values.items()}
        return services.save_fields(row, sent, self.now)

    def handed_in(self, name: str = "青年创业论坛", host: str = "alpha", venue: str = "beijing", **values: Any) -> Submission:
        row = self.begin(name, host, venue)
        self.fill(row, **{**FULL, "name_zh": name, **values})
        return calls.submit(row, self.people[host], self.now)

    def proposal(self, row: Submission) -> Proposal:
        return Proposal.objects.get(pk=row.subject_id)


def make_hosts() -> Hosts:
    week = make_week()
    now = timezone.now()
    call = Call.objects.create(
        edition=week.edition, code="activities", kind="activity", name_zh="活动征集", name_en="Call for activities",
        state=Call.State.ANNOUNCED, opens_at=now - dt.timedelta(days=10), closes_at=now + dt.timedelta(days=10),
    )
    for code in ("beijing", "zhengzhou"):
        CallVenue.objects.create(call=call, venue=week.venues[code])
    Criterion.objects.create(call=call, text_zh="内容", scale=5, order=1)
    hosts = Hosts(week, call, now)
    for name in ("alpha", "beta"):
        hosts.organisations[name] = Organisation.objects.create(code=name, name_zh=f"{name} 协会", name_en=f"{name} Society")
        hosts.people[name] = User.objects.create_user(f"{name}@example.org", name=name)
        Membership.objects.create(organisation=hosts.organisations[name], user=hosts.people[name], role="owner")
    return hosts


@pytest.fixture
def hosts(db: None, settings: LazySettings) -> Hosts:
    settings.STAFF_2FA = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return once(make_hosts)
