"""A row of every model that holds something personal, with a word in each such field; and a look through all tables for that word.

In: a world (`tests/world.py`). Out: what was planted where. What must stay true: a field that is declared and not planted fails.
"""

import datetime as dt
import itertools
import json
from typing import Any

from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone

from everhall.accounts.models import Organisation, User
from everhall.config.personal import candidates, register
from everhall.editions.models import Venue
from everhall.live.models import Channel
from everhall.media.models import Picture
from everhall.programme.models import Session
from everhall.tours.models import Tour

WORD = "plant-me"
_count = itertools.count(1)

#: What must be as it is, so that the rule of the row applies to it.
AS_IT_IS: dict[str, Any] = {
    "audience.Room": lambda now: {"place": f"channel/{next(_count)}"},
    "audience.Message": lambda now: {"state": "shown"},
    "calls.Submission": lambda now: {"state": "accepted", "subject_kind": "activity"},
    "calls.Call": lambda now: {"closes_at": now, "opens_at": now - dt.timedelta(days=1), "state": "closed"},
    "calls.Conflict": lambda now: {"organisation": Organisation.objects.order_by("pk").first()},
    "checkin.Gate": lambda now: {"venue": Venue.objects.filter(edition__code="2021").first()},
    "feedback.Feedback": lambda now: {"session": Session.objects.filter(activity__code="open-forum").first(), "rating": 3, "closes_at": now + dt.timedelta(days=7), "words_until": (now + dt.timedelta(days=180)).date()},
    "live.CaptionLine": lambda now: {"channel": Channel.objects.order_by("pk").first(), "ends_at": now + dt.timedelta(seconds=2)},
    "live.Ceremony": lambda now: {"state": {"by": WORD}},
    "live.CeremonyEntry": lambda now: {"payload": {"by": WORD}},
    "media.FileUpload": lambda now: {"state": "done", "expires_at": now + dt.timedelta(days=7)},
    "myweek.Certificate": lambda now: {"session": Session.objects.filter(activity__code="open-forum").first()},
    "notices.Follow": lambda now: {"session": Session.objects.order_by("pk").first()},
    "office.Material": lambda now: {"picture": Picture.objects.order_by("pk").first()},
    "post.Letter": lambda now: {"state": "sent"},
    "registration.Registration": lambda now: {"state": "confirmed"},
    "registration.Admission": lambda now: {"session": Session.objects.filter(activity__code="open-forum").first()},
    "tours.GroupWalk": lambda now: {"tour": Tour.objects.order_by("pk").first()},
    "visits.Consent": lambda now: {"confirmed_at": now, "until": now + dt.timedelta(days=365)},
    "visits.ExhibitQuestion": lambda now: {"state": "open", "forget_at": now + dt.timedelta(days=180), "consent": None},
    "wagtailcore.UploadedFile": lambda now: {"file": ContentFile(b"words", name=f"{WORD}.txt")},
    "wagtailcore.ModelLogEntry": lambda now: {"action": "wagtail.edit"},
    "wagtailcore.PageLogEntry": lambda now: {"action": "wagtail.edit"},
}
#: Never made by the planter: taken from the world.
OF_THE_WORLD = ("editions.Edition", "editions.Venue", "editions.Hall", "editions.Zone", "editions.Stage", "exhibition", "programme.Activity", "programme.Session", "programme.Person", "pages", "tours.Tour", "contenttypes", "auth", "wagtailcore.Page", "wagtailcore.Task")


class Planter:
    """Rows are made once for each model, and lead to each other."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.user = User.objects.create(email=f"{WORD}@example.org", name=WORD, password=WORD, last_login=now, date_joined=now)
        self.made: dict[type[models.Model], Any] = {User: self.user}
        self.personal: dict[type[models.Model], set[str]] = {}
        for one in candidates.personal():
            if register.RULES[one.rule].job:
                self.personal.setdefault(one.model, set()).add(one.field)

    def plant(self) -> None:
        for model in self.personal:
            self.row(model)

    def row(self, model: type[models.Model]) -> Any:
        if model not in self.made:
            label = model._meta.label
            found = model._default_manager.order_by("pk").last() if label.startswith(OF_THE_WORLD) else None
            if found is not None:
                self.made[model] = found
                told = {name: self.value(model, model._meta.get_field(name)) for name in self.personal.get(model, ())}
                model._default_manager.filter(pk=found.pk).update(**told)
                return found
            fixed = AS_IT_IS.get(label, lambda now: {})(self.now)
            values = {field.name: self.value(model, field) for field in model._meta.local_fields if field.name not in fixed and self.needs(model, field)}
            self.made[model] = model._default_manager.create(**values, **fixed)
        return self.made[model]

    def needs(self, model: type[models.Model], field: Any) -> bool:
        if field.name in self.personal.get(model, ()):
            return True
        return not (field.primary_key or field.null or field.has_default() or field.blank)

    def value(self, model: type[models.Model], field: Any) -> Any:  # noqa: C901 - one line for each kind of field
        personal = field.name in self.personal.get(model, ())
        if field.is_relation:
            return self.row(field.related_model)
        if isinstance(field, models.EmailField) or field.name in {"email", "address"}:
            return f"{WORD if personal else 'thing'}@example.org"
        if isinstance(field, models.JSONField):
            word = WORD if personal else "thing"
            return [word] if field.default is list else {"word": word}
        if isinstance(field, models.DateTimeField):
            return self.now
        if isinstance(field, models.DateField):
            return timezone.localdate(self.now)
        if isinstance(field, models.UUIDField):
            return field.default()
        if isinstance(field, models.FileField):
            return f"{WORD if personal else 'thing'}.txt"
        if isinstance(field, models.CharField | models.TextField):
            if field.choices:
                return field.choices[0][0]
            text = WORD if personal else "thing"
            # PostgreSQL is strict about lengths; a word that does not fit would not be found again, and that is told.
            return (f"{text}-{next(_count)}" if field.unique else text)[: field.max_length]
        if isinstance(field, models.BooleanField):
            return False
        if isinstance(field, models.BinaryField):
            return next(_count).to_bytes(8, "big")
        return next(_count)


def places_of(word: str) -> set[str]:
    """Where it stands, in all tables: `app.Model.field`."""
    found = set()
    for model in candidates.all_models():
        for field in model._meta.local_fields:
            if field.is_relation or not isinstance(field, (*candidates.WORDS, models.FileField, models.SlugField)):
                continue
            for value in model._default_manager.values_list(field.attname, flat=True):
                if word in (value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)):
                    found.add(f"{model._meta.label}.{field.name}")
    return found
