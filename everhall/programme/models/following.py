"""Another platform's programme that is followed by its address, and what is theirs of each session."""

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from everhall.editions.models import Edition, ImportBatch, Venue
from everhall.engines.personal import ACCOUNT, NotPersonal, Personal
from everhall.outgoing.asking import is_fair
from everhall.programme.models.session import Session


class ProgrammeSource(models.Model):
    """An address that is looked at now and then. What it said is an import (`batch`), applied by itself or after somebody has looked.

    Personal data: `user`, whose rights the import has; set to nobody when the account goes, and then nothing is applied any more."""

    class Asked(models.TextChoices):
        """What somebody wants done now; the worker does it, so that no request waits for another platform."""

        LOOK = "look", pgettext_lazy("following", "being looked at")
        APPLY = "apply", pgettext_lazy("following", "being applied")

    class Every(models.IntegerChoices):
        QUARTER = 15, _("every quarter of an hour")
        HOUR = 60, _("every hour")
        DAY = 1440, _("every day")

    PERSONAL: ClassVar[Personal] = {"user": ("whose rights what comes in has", ACCOUNT)}
    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "about an address of another platform", "about": "of a failure"}
    only_notes: Any = True

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+", verbose_name=_("edition"))
    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="+", verbose_name=_("venue"))
    url = models.CharField(_("address"), max_length=500, help_text=_("https; frab XML or JSON, iCalendar or xCal."))
    every = models.PositiveIntegerField(pgettext_lazy("following", "looked at"), choices=Every, default=Every.HOUR)
    by_itself = models.BooleanField(
        pgettext_lazy("following", "applied by itself"), default=False, help_text=_("Else somebody looks at the report first.")
    )
    publish = models.BooleanField(pgettext_lazy("following", "new activities are published at once"), default=False)
    on = models.BooleanField(pgettext_lazy("following", "followed"), default=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False)
    #: Stands until it is done, also over a restart.
    asked = models.CharField(max_length=5, choices=Asked, blank=True, default="", editable=False)
    etag = models.CharField(max_length=300, blank=True, editable=False)
    last_modified = models.CharField(max_length=60, blank=True, editable=False)
    #: SHA-256 of what was taken last.
    digest = models.CharField(max_length=64, blank=True, editable=False)
    tried_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: When it answered last as it should.
    good_at = models.DateTimeField(null=True, blank=True, editable=False)
    failing_since = models.DateTimeField(null=True, blank=True, editable=False)
    #: A code of `following.WORDS`; empty while all is well.
    failure = models.CharField(max_length=20, blank=True, editable=False)
    about = models.CharField(max_length=200, blank=True, editable=False)
    batch = models.ForeignKey(ImportBatch, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("followed programme")
        verbose_name_plural = _("followed programmes")
        constraints = [models.UniqueConstraint(fields=["edition", "venue"], name="one_source_of_a_venue")]

    def __str__(self) -> str:
        return self.url

    def clean(self) -> None:
        if self.url and not settings.FOLLOW_NEAR and not is_fair(self.url):
            raise ValidationError({"url": _("Write an address that begins with https:// and that everybody can reach.")})

    def is_due(self, now: dt.datetime) -> bool:
        return self.on and (self.tried_at is None or now - self.tried_at >= dt.timedelta(minutes=self.every))


class FollowedSession(models.Model):
    """What they said last of a session, by columns of the exchange, as cells. What is different here was edited here and stays ours.
    `gone_at`: it vanished there; `status_before`: what it was then."""

    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "the public programme, with its speakers as they were announced"}
    only_notes: Any = True

    source = models.ForeignKey(ProgrammeSource, on_delete=models.CASCADE, related_name="sessions")
    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="followed")
    taken: Any = models.JSONField(default=dict)
    gone_at = models.DateTimeField(null=True, blank=True)
    status_before = models.CharField(max_length=10, blank=True)

    class Meta:
        verbose_name = _("followed session")
        verbose_name_plural = _("followed sessions")

    def __str__(self) -> str:
        return f"{self.session_id}"
