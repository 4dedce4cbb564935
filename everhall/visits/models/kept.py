"""Visitors and what they keep."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from everhall.accounts.models import User
from everhall.editions.models import Edition
from everhall.engines.personal import VISITOR, Personal
from everhall.exhibition.models import Exhibit
from everhall.visits import rules


class Visitor(models.Model):
    """Who keeps something: an account, or browsers that hold a token.

    Personal data: which account (`user`). Purpose: to show people what they kept. Deleted when they say so, with the account,
    and a year after they were last seen (`services.forgetting`).
    """

    PERSONAL: ClassVar[Personal] = {
        "user": ("to show you what you kept", VISITOR),
        "seen_on": ("to forget whoever does not come any more", VISITOR),
    }

    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.CASCADE, related_name="visitor")
    made_at = models.DateTimeField()
    #: A day, not a moment: it says when all may be forgotten and nothing of what somebody did.
    seen_on = models.DateField(db_index=True)

    def __str__(self) -> str:
        return f"#{self.pk}"


class Device(models.Model):
    """A browser that belongs to a visitor without an account. Its token is in a cookie; here is only its SHA-256.

    Personal data: a pseudonym. Deleted with its visitor.
    """

    PERSONAL: ClassVar[Personal] = {
        "visitor": ("to know this browser again", VISITOR),
        "token_hash": ("to know this browser again", VISITOR),
    }

    visitor = models.ForeignKey(Visitor, on_delete=models.CASCADE, related_name="devices")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"#{self.pk}"


class Favourite(models.Model):
    """An exhibit somebody wants to see, or to find again, in one edition.

    Personal data: interests, and notes in the visitor's own words. Purpose: my visit. Nobody but the visitor sees
    who; exhibitors get a count. Deleted with the visitor.
    """

    PERSONAL: ClassVar[Personal] = {
        "visitor": ("to show you what you kept", VISITOR),
        "note": ("to show you your notes", VISITOR),
        "visited_at": ("to show you what you have seen", VISITOR),
    }

    visitor = models.ForeignKey(Visitor, on_delete=models.CASCADE, related_name="favourites")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    exhibit = models.ForeignKey(Exhibit, on_delete=models.CASCADE, related_name="favourites")
    note = models.TextField(_("note"), blank=True, max_length=rules.LONGEST_NOTE)
    visited_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        constraints = [
            models.UniqueConstraint(fields=["visitor", "edition", "exhibit"], name="one_favourite"),
        ]
        indexes = [models.Index(fields=["edition", "exhibit"])]

    def __str__(self) -> str:
        return f"{self.visitor_id}: {self.exhibit_id}"
