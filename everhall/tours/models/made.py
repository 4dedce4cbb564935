"""Tours that visitors make of their favourites and share by a link.

Purpose: to walk through them on site, or to show them to somebody. No account, no cookie and no address of whoever made it
is stored: whoever has the secret link may change the tour, whoever has the other may read it. Deleted by the clerk when
nobody has looked at it for a year, or once its edition has been archived (`services.forget_made`).
"""

import secrets
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from everhall.editions.models import Edition
from everhall.engines.personal import MADE_TOUR, NotPersonal, Personal
from everhall.realtime.models import Told
from everhall.tours import rules


def new_key() -> str:
    """A public name that tells nothing and cannot be guessed."""
    return "".join(secrets.choice(rules.ALPHABET) for _ in range(12))


class MadeTour(Told):
    """See the module. `secret_hash` is SHA-256 of what the maker's link carries; `visited_at` is kept by the day."""

    PERSONAL: ClassVar[Personal] = {
        "title": ("to show the tour to those who have its link", MADE_TOUR),
        "secret_hash": ("so that only its maker changes it", MADE_TOUR),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "made by chance"}

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="made_tours", verbose_name=_("edition"))
    key = models.CharField(max_length=20, unique=True, default=new_key, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    title = models.CharField(pgettext_lazy("tour", "title"), max_length=rules.LONGEST_TITLE, blank=True)
    made_at = models.DateTimeField()
    visited_at = models.DateTimeField(db_index=True)
    #: How often somebody reported it since the desk last looked, and whether the desk took it away.
    reports = models.PositiveIntegerField(default=0)
    taken_down_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]
        verbose_name = pgettext_lazy("tour", "tour of a visitor")
        verbose_name_plural = pgettext_lazy("tour", "tours of visitors")

    def __str__(self) -> str:
        return self.title or self.key

    @property
    def tag(self) -> str:
        return f"made-{self.key}"

    def news_tags(self) -> set[str]:
        """Nobody but who has its link sees it, so no list changes with it."""
        return {self.tag}


class MadeStop(models.Model):
    """One exhibit on a visitor's tour, with a note of theirs (plain text)."""

    PERSONAL: ClassVar[Personal] = {
        "note": ("to show the tour to those who have its link", MADE_TOUR),
    }

    tour = models.ForeignKey(MadeTour, on_delete=models.CASCADE, related_name="stops")
    exhibit = models.ForeignKey("exhibition.Exhibit", on_delete=models.CASCADE, related_name="+")
    note = models.CharField(max_length=rules.LONGEST_NOTE, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["tour", "exhibit"], name="exhibit_once_on_a_made_tour")]

    def __str__(self) -> str:
        return f"{self.tour} · {self.exhibit_id}"
