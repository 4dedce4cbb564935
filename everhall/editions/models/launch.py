"""When what opens with the launch of an edition may be seen: a moment of each edition, and what follows it.

The moment is that of a ceremony (`live`, floors above), which writes it in the transaction in which a count begins or
ends; things that are marked carry it as their embargo. So every process opens them by the clock alone. Must stay
true: what is marked and has no moment is hidden; a thing that is saved while the moment moves ends with the new one.
"""

import datetime as dt
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from everhall.editions import rules
from everhall.editions.models.edition import Edition
from everhall.realtime import news


class LaunchMoment(models.Model):
    """T0 of an edition; None while nobody counts. The row is made before the first count, so that it can be held."""

    edition = models.OneToOneField(
        Edition, on_delete=models.CASCADE, primary_key=True, related_name="launch_moment"
    )
    at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.at or '–'}"


def launch_moment(edition_id: int | None) -> dt.datetime:
    """From when on what opens with this edition's launch may be seen; `rules.NOT_YET` while that is not known.
    Inside a transaction: the moment does not move until it ends."""
    row = LaunchMoment.objects.select_for_update().filter(pk=edition_id).first()
    return (row.at if row else None) or rules.NOT_YET


class OpensWithLaunch(models.Model):
    """Something with `embargo_until` that may be marked to open at T0."""

    opens_with_launch = models.BooleanField(
        _("opens with the launch"), default=False,
        help_text=_("Nobody sees it before the moment of the edition's launch; the embargo is set by the ceremony."),
    )

    #: The field of whoever inherits: both sides may write it, the mark wins.
    embargo_until: Any

    class Meta:
        abstract = True

    def launching_edition(self) -> int | None:
        """Whose launch it opens with: an edition's id."""
        raise NotImplementedError

    def save(self, *args: Any, **kwargs: Any) -> None:
        with news.together():
            named = kwargs.get("update_fields")
            if named is None or {"opens_with_launch", "embargo_until"} & set(named):
                self.follow_launch()
                kwargs |= {"update_fields": {*named, "embargo_until"}} if named is not None else {}
            super().save(*args, **kwargs)

    def follow_launch(self) -> None:
        """The embargo as the mark wants it."""
        if self.opens_with_launch:
            self.embargo_until = launch_moment(self.launching_edition())
        elif self.embargo_until == rules.NOT_YET:
            self.embargo_until = None
