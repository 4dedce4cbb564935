"""Demo accounts, one per role that has a desk. Their password is public, so they exist in demos only."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress

from everhall.accounts.models import Membership, Organisation, User
from everhall.config.demo.frame import DEMO_EDITION
from everhall.editions import rules
from everhall.editions.models import Edition, Venue
from everhall.editions.services import appoint
from everhall.exhibition.models import Exhibit

PASSWORD = "open-the-hall-2021"  # noqa: S105 - printed by `make demo`, refused outside demos


@dataclass(frozen=True, slots=True)
class Persona:
    email: str
    name: str
    role: str | None
    venue: str | None = None


PERSONAS = (
    Persona("admin@everhall.example", "管理员 Administrator", None),
    Persona("national@everhall.example", "全国组委会 National organiser", rules.NATIONAL_ORGANISER),
    Persona("organiser.beijing@everhall.example", "北京会场负责人 Beijing organiser", rules.VENUE_ORGANISER, "beijing"),
    Persona("editor.beijing@everhall.example", "北京会场编辑 Beijing editor", rules.VENUE_EDITOR, "beijing"),
    Persona("organiser.zhengzhou@everhall.example", "郑州会场负责人 Zhengzhou organiser", rules.VENUE_ORGANISER, "zhengzhou"),
    Persona("editor.zhengzhou@everhall.example", "郑州会场编辑 Zhengzhou editor", rules.VENUE_EDITOR, "zhengzhou"),
    Persona("exhibitor@everhall.example", "参展单位 Exhibitor", rules.EXHIBITOR, "beijing"),
    Persona("owner@everhall.example", "参展单位负责人 Owner", rules.VISITOR, "beijing"),
    Persona("member@everhall.example", "参展单位成员 Member", rules.VISITOR, "beijing"),
    Persona("visitor@everhall.example", "参观者 Visitor", rules.VISITOR, "beijing"),
    Persona("reviewer@everhall.example", "评审 Reviewer", rules.REVIEWER, "beijing"),
)


def load_people() -> None:
    """Make or mend the demo accounts."""
    edition = Edition.objects.get(code=DEMO_EDITION)
    for persona in PERSONAS:
        user, created = User.objects.get_or_create(
            email=persona.email,
            defaults={
                "name": persona.name, "is_sample": True,
                "is_superuser": persona.role is None, "is_staff": persona.role is None,
            },
        )
        if created:
            user.set_password(PASSWORD)
            user.save()
        EmailAddress.objects.update_or_create(
            user=user, email=persona.email, defaults={"verified": True, "primary": True}
        )
        if persona.role:
            venue = Venue.objects.get(edition=edition, code=persona.venue) if persona.venue else None
            appoint(user, persona.role, edition, venue, is_sample=True)
    give_organisation("exhibitor@everhall.example")


def give_organisation(email: str) -> None:
    """The exhibitor belongs to the organisation of the first exhibit."""
    exhibit = Exhibit.objects.filter(organisation__isnull=False).order_by("code").first()
    if exhibit is not None:
        organisation = Organisation.objects.get(exhibits=exhibit)
        user = User.objects.get(email=email)
        Membership.objects.get_or_create(
            user=user, organisation=organisation, defaults={"role": Membership.Role.OWNER}
        )
