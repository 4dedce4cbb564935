"""How much sessions are watched: counts by day, of nobody in particular."""

from typing import Any

from django.db import models
from django.utils.translation import pgettext_lazy

from everhall.programme.models import Session


class ViewingCount(models.Model):
    """How often somebody began to watch a session on a day, and for how many seconds in all. Never a row for a person: players tell
    how long they played and nothing of who they are, and sums are all that is kept. So there is nothing personal to delete."""

    #: Notes about a session; they keep nobody from deleting it.
    only_notes: Any = True

    class Way(models.TextChoices):
        LIVE = "live", pgettext_lazy("viewing", "live")
        LATER = "later", pgettext_lazy("viewing", "later")

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="viewing")
    #: On the programme's clock, in the site's zone of time.
    day = models.DateField()
    way = models.CharField(max_length=5, choices=Way)
    starts = models.PositiveIntegerField(default=0)
    seconds = models.PositiveBigIntegerField(default=0)
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "day", "way"], name="one_viewing_count")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.day} {self.way}: {self.starts}"
