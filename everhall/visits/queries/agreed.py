"""What somebody agreed to, and the contacts that an organisation was given."""

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone

from everhall.editions.models import Edition
from everhall.visits.models import Consent, Contact, Visitor


def contacts_of(organisation_id: int, edition: Edition, now: dt.datetime | None = None) -> QuerySet[Contact]:
    """Contacts that stand at this moment, the newest first, with what was agreed to: confirmed, not withdrawn, not over.

    `now` is the moment in which one asks if it is not told.
    """
    moment = now or timezone.now()
    return (
        Contact.objects.filter(
            consent__organisation_id=organisation_id, consent__edition=edition, consent__kind=Consent.Kind.CONTACT,
            consent__confirmed_at__isnull=False, consent__withdrawn_at=None, consent__until__gt=moment,
        )
        .select_related("consent__exhibit").order_by("-consent__given_at", "-pk")
    )


def consents_of(visitor: Visitor) -> QuerySet[Consent]:
    """All that a visitor agreed to, the newest first."""
    return (
        Consent.objects.filter(visitor=visitor).select_related("organisation", "exhibit", "edition", "contact", "question")
        .order_by("-given_at", "-pk")
    )
