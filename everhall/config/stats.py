"""What is there, counted: for `everhall stats` and the demo's check of itself."""

from typing import Any

from django.db.models import Model

from everhall.accounts.models import Organisation
from everhall.audience.models import Message, Poll, Question
from everhall.config.demo.frame import DEMO_EDITION
from everhall.editions import queries as editions
from everhall.editions.models import Edition, Venue
from everhall.exhibition.models import Exhibit, Placement
from everhall.media.models import Attachment, Picture
from everhall.pages.models import ArticlePage
from everhall.programme.models import Activity, Person, Session


def sample(model: type[Model], flag: str = "is_sample") -> dict[str, int]:
    """How many rows there are and how many carry the sample flag; of what guests wrote the guest does."""
    rows = model._default_manager
    return {"rows": rows.count(), "sample": rows.filter(**{flag: True}).count()}


def count(edition_code: str | None = None) -> dict[str, Any]:
    """Counts over all editions, and Beijing's share in one edition (default: the current one)."""
    current = (
        Edition.objects.filter(code=edition_code).first()
        if edition_code
        else editions.current_edition() or Edition.objects.filter(code=DEMO_EDITION).first()
    )
    beijing = Venue.objects.filter(edition=current, code="beijing").first()
    path = beijing.path if beijing else "-"
    activities = Activity.objects.filter(edition=current, venue__path__startswith=path)
    depth = max((v.depth for v in Venue.objects.filter(edition=current)), default=0)
    return {
        "edition": current.code if current else None,
        "editions": Edition.objects.count(),
        "venues": Venue.objects.filter(edition=current).count(),
        "venue_tree_depth": depth,
        "beijing_exhibits": Placement.objects.filter(
            edition=current, venue__path__startswith=path, exhibit__live=True
        ).count(),
        "beijing_activities": activities.filter(live=True).count(),
        "relay_sessions": Session.objects.filter(edition=current, relay=True).count(),
        "organisations": Organisation.objects.count(),
        "articles": ArticlePage.objects.live().count(),
        "sample_rows": {
            model._meta.model_name: sample(model)
            for model in (
                Exhibit, Activity, Session, Person, Organisation, Venue, ArticlePage, Picture, Attachment, Poll,
            )
        } | {model._meta.model_name: sample(model, "guest__is_sample") for model in (Message, Question)},
    }
