"""What the desk lets whom do with which row: Wagtail's permission policies, asked of appointments.

In: a user, an action (`rules.ALLOWS`), a row or a model. Out: yes or no, or the rows. Must stay true: where
a row stands is read from the database, never from the object in hand, which may be a draft with another
venue written into it; a role at one place never opens a row at another.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, cast

from django.db.models import Model, Q, QuerySet
from wagtail.models import Collection as Drawer
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy

from everhall.accounts.models import Organisation, User
from everhall.editions import queries, rules
from everhall.editions.models import Appointment, Edition, Hall, Stage, Venue, Zone
from everhall.media.models import Attachment, Picture

#: Any of these lets a row be seen in the desk.
VIEWING: Final = frozenset({"view", "add", "change", "delete", "publish", "lock", "unlock"})
#: What stands at a venue but goes to the public without a draft asks for the right to publish.
AS_PUBLISHING: Final = {"add": "publish", "change": "publish", "delete": "publish"}

#: Not `Q()`: joined by "or", an empty Q gives way to the other side.
EVERYTHING: Final = Q(pk__isnull=False)

Own = Callable[[Any], Q]


class ReachPolicy(BasePermissionPolicy):
    """Rows at a venue: a role reaches those at its venue and below.

    `venue` and `edition` are the lookups from the row; `own` finds rows of the user's organisations, for
    roles that reach no others; `needs` names the action that stands for another one; whoever may do one of
    `attach` may put a row into a form.
    """

    def __init__(
        self,
        model: type[Model],
        *,
        venue: str = "venue",
        edition: str = "edition",
        own: Own | None = None,
        needs: Mapping[str, str] | None = None,
        attach: Collection[str] = ("add",),
    ) -> None:
        super().__init__(model)
        self.venue, self.edition, self.own = venue, edition, own
        self.needs, self.attach = dict(needs or {}), tuple(attach)

    def reach(self, user: Any, actions: Collection[str]) -> Q:
        """Rows on which one of the actions is allowed."""
        if user.is_active and user.is_superuser:
            return EVERYTHING
        found = Q(pk__in=[])
        for action in actions:
            found |= self.reach_of(user, action)
        return found

    def reach_of(self, user: Any, action: str) -> Q:
        return self.here(user, self.needs.get(action, action))

    def here(self, user: Any, action: str) -> Q:
        own = self.own(user) if self.own else None
        return queries.within_reach(
            user, [action], venue=self.venue, edition=self.edition, own=own
        )

    def workable(self, user: Any) -> QuerySet[Any]:
        """Rows to which the user may attach something: those at places where they may add (or `attach` says)."""
        found = Q(pk__in=[])
        for action in self.attach:
            found |= self.here(user, action) or EVERYTHING
        return self.model._default_manager.filter(found)

    def user_has_permission(self, user: Any, action: str) -> bool:
        return queries.may_somewhere(user, self.needs.get(action, action))

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_any_permission_for_instance(user, [action], instance)

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Collection[str], instance: Any
    ) -> bool:
        if instance.pk is None:
            return self.user_has_any_permission(user, actions)
        return self.instances_user_has_any_permission_for(user, actions).filter(
            pk=instance.pk
        ).exists()

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Collection[str]
    ) -> QuerySet[Any]:
        if not user.is_authenticated or not user.is_active:
            return self.model._default_manager.none()
        return self.model._default_manager.filter(self.reach(user, actions))

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[User]:
        wanted = {self.needs.get(action, action) for action in actions}
        roles = [role for role, allowed in rules.ALLOWS.items() if wanted & allowed]
        return User.objects.filter(
            Q(is_superuser=True) | Q(appointments__role__in=roles), is_active=True
        ).distinct()


class LiveAware(ReachPolicy):
    """Parts of something with drafts that have none themselves (sessions, placements): while the whole is
    public, changing a part changes what the public sees, and asks for the right to publish."""

    def __init__(self, model: type[Model], *, live: str, **kwargs: Any) -> None:
        super().__init__(model, **kwargs)
        self.live = live

    def reach_of(self, user: Any, action: str) -> Q:
        if action not in AS_PUBLISHING:
            return super().reach_of(user, action)
        return (self.here(user, action) & Q(**{self.live: False})) | self.here(user, "publish")


class VenuePolicy(ReachPolicy):
    """Venues themselves. One may be taken away only by who holds a role above it."""

    def reach_of(self, user: Any, action: str) -> Q:
        if action != "delete":
            return super().reach_of(user, action)
        return queries.within_reach(user, ["publish"], venue="parent", edition="edition")


class EditionPolicy(BasePermissionPolicy):
    """Editions: changed by their national organisers, begun by superusers (or as a clone), seen by all staff
    of them."""

    def editions(self, user: Any, actions: Collection[str]) -> QuerySet[Edition]:
        if not user.is_active:
            return Edition.objects.none()
        if user.is_superuser:
            return Edition.objects.all()
        changing = {"change", "publish"} & set(actions)
        looking = {"view", "choose"} & set(actions)
        ids = [
            grant.edition_id
            for grant in queries.grants_of(user)
            if (looking and "view" in rules.ALLOWS[grant.role])
            or (changing and grant.role == rules.NATIONAL_ORGANISER)
        ]
        return Edition.objects.filter(pk__in=ids)

    def user_has_permission(self, user: Any, action: str) -> bool:
        return self.editions(user, [action]).exists() or (user.is_active and user.is_superuser)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.editions(user, [action]).filter(pk=instance.pk).exists()

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Collection[str]
    ) -> QuerySet[Edition]:
        return self.editions(user, actions)

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[User]:
        return User.objects.filter(
            Q(is_superuser=True) | Q(appointments__role=rules.NATIONAL_ORGANISER), is_active=True
        ).distinct()


class AppointmentPolicy(ReachPolicy):
    """Appointments: given and taken back by who may appoint that role there; never changed."""

    def reach_of(self, user: Any, action: str) -> Q:
        if action == "view":
            return self.here(user, "publish")
        if action not in {"add", "delete"}:
            return Q(pk__in=[])
        found = Q(pk__in=[])
        for grant in queries.grants_of(user):
            here = Q(edition_id=grant.edition_id, role__in=rules.APPOINTS.get(grant.role, ()))
            if grant.venue_path is not None:
                here &= Q(venue__path__startswith=grant.venue_path)
            found |= here
        return found

    def user_has_permission(self, user: Any, action: str) -> bool:
        if user.is_active and user.is_superuser:
            return True
        if action not in {"view", "add", "delete"}:
            return False
        return any(rules.APPOINTS.get(grant.role) for grant in queries.grants_of(user))


class SharedPolicy(BasePermissionPolicy):
    """Rows of no venue that many use (organisations, people): whoever may add somewhere may choose and add
    them; they are changed by whoever reaches every place where they are used.

    `places` are lookups from the row to venues where it is used.
    """

    def __init__(
        self, model: type[Model], *, places: Collection[str], own: Own | None = None
    ) -> None:
        super().__init__(model)
        self.places, self.own = tuple(places), own

    def reach_of(self, user: Any, action: str) -> Q:
        if user.is_active and user.is_superuser:
            return EVERYTHING
        nothing = Q(pk__in=[])
        own = self.own(user) if self.own else nothing
        if action in {"view", "choose", "add"}:
            return EVERYTHING if queries.may_somewhere(user, "add") else own
        if action != "change" and action != "delete":
            return nothing
        mine = own if action == "change" else nothing
        if not queries.may_somewhere(user, "add"):
            return mine
        outside = Venue.objects.exclude(
            queries.within_reach(user, ["add"], venue="", edition="edition")
        ).values("pk")
        here = Q()
        for place in self.places:
            used_outside = self.model._default_manager.filter(**{f"{place}__in": outside})
            here &= ~Q(pk__in=used_outside.values("pk"))
        return (here or EVERYTHING) | mine

    def user_has_permission(self, user: Any, action: str) -> bool:
        if user.is_active and user.is_superuser:
            return True
        if action in {"view", "choose", "change"}:
            return queries.may_somewhere(user, action)
        return action in {"add", "delete"} and queries.may_somewhere(user, "add")

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.instances_user_has_any_permission_for(user, [action]).filter(
            pk=instance.pk
        ).exists()

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Collection[str]
    ) -> QuerySet[Any]:
        found = Q(pk__in=[])
        for action in actions:
            found |= self.reach_of(user, action)
        return self.model._default_manager.filter(found)

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[User]:
        return User.objects.filter(
            Q(is_superuser=True) | Q(appointments__role__in=rules.STAFF), is_active=True
        ).distinct()


class NationalPolicy(BasePermissionPolicy):
    """Rows common to all editions (fields): chosen by everybody with a desk, changed by nationals."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        if user.is_active and user.is_superuser:
            return True
        if action in {"view", "choose"}:
            return queries.is_staff(user)
        return any(grant.role == rules.NATIONAL_ORGANISER for grant in queries.grants_of(user))

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[User]:
        return User.objects.filter(
            Q(is_superuser=True) | Q(appointments__role=rules.NATIONAL_ORGANISER), is_active=True
        ).distinct()


class DrawerPolicy(CollectionOwnershipPermissionPolicy):
    """Pictures and attachments: those in the drawers of venues within reach, and one's own uploads.

    Groups work as ever beside it. Everything else of Wagtail's policy derives from the two questions
    answered here.
    """

    def drawers(self, user: Any, actions: Collection[str]) -> QuerySet[Drawer]:
        """Drawers of venues where a role allows one of the actions, with everything in them."""
        wanted = set(actions)
        found = Q(pk__in=[])
        for grant in queries.grants_of(user):
            allowed = rules.ALLOWS[grant.role]
            if grant.role in rules.OWN_ONLY:
                # Exhibitors bring pictures of their own; what others brought is not theirs to see.
                allowed = frozenset({"add"}) if "change" in allowed else frozenset()
            if not wanted & allowed:
                continue
            path = self.drawer_path(grant)
            if path:
                found |= Q(path__startswith=path)
        return Drawer.objects.filter(found)

    def drawer_path(self, grant: rules.Grant) -> str | None:
        if grant.venue_path is None:
            edition = Edition.objects.filter(pk=grant.edition_id).values_list("code", flat=True)
            found = Drawer.objects.filter(depth=2, name__in=edition).values_list("path", flat=True)
            return found.first()
        venue_id = int(grant.venue_path.rstrip("/").rsplit("/", 1)[-1])
        paths = Venue.objects.filter(pk=venue_id).values_list("collection__path", flat=True)
        return paths.first()

    def _check_perm(self, user: Any, actions: Collection[str], collection: Any = None) -> bool:
        if super()._check_perm(user, actions, collection=collection):
            return True
        if not (user.is_active and user.is_authenticated):
            return False
        found = self.drawers(user, actions)
        return (found.filter(pk=collection.pk) if collection else found).exists()

    def _collections_with_perm(self, user: Any, actions: Collection[str]) -> QuerySet[Drawer]:
        groups = super()._collections_with_perm(user, actions).values("pk")
        mine = self.drawers(user, actions).values("pk")
        return Drawer.objects.filter(Q(pk__in=groups) | Q(pk__in=mine))

    def user_has_permission(self, user: Any, action: str) -> bool:
        return super().user_has_permission(user, action) or (
            action == "choose" and self._check_perm(user, ["add"])
        )

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Collection[str]
    ) -> QuerySet[Any]:
        found = super().instances_user_has_any_permission_for(user, actions)
        if "choose" in actions and user.is_authenticated and not user.is_superuser:
            own = self.model._default_manager.filter(uploaded_by_user=user).values("pk")
            found = self.model._default_manager.filter(Q(pk__in=found.values("pk")) | Q(pk__in=own))
        return found


class Bound:
    """A policy that answers questions about a model for one row. Wagtail's views ask "may this user
    publish?" where they mean "publish this"; handed this, they are told about this."""

    def __init__(self, policy: Any, row: Model) -> None:
        self.policy, self.row = policy, row

    def __getattr__(self, name: str) -> Any:
        return getattr(self.policy, name)

    def user_has_permission(self, user: Any, action: str) -> bool:
        return bool(self.policy.user_has_permission_for_instance(user, action, self.row))

    def user_has_any_permission(self, user: Any, actions: Collection[str]) -> bool:
        return bool(self.policy.user_has_any_permission_for_instance(user, actions, self.row))


def policy_of(model: type[Model]) -> Any:
    return policy_registry.get_by_type(model)


def own_organisations(user: Any) -> Q:
    return Q(pk__in=queries.organisation_ids(user))


def choosable(model: type[Model], user: Any) -> QuerySet[Any]:
    """Rows that the user may put into a form: at places where they may add for what stands at a venue,
    everything they may choose otherwise."""
    policy = policy_registry.get_by_type(model, fallback=False)
    if isinstance(policy, ReachPolicy):
        return policy.workable(user)
    if policy is None:
        return model._default_manager.all()
    return cast("QuerySet[Any]", policy.instances_user_has_any_permission_for(user, ["choose"]))


def register() -> None:
    """At start-up, before anything asks: Wagtail would make placeless policies of its own."""
    places: dict[type[Model], tuple[str, str]] = {
        Hall: ("venue", "venue__edition"),
        Zone: ("hall__venue", "hall__venue__edition"),
        Stage: ("venue", "venue__edition"),
    }
    register_permission_policy(Edition, EditionPolicy(Edition))
    register_permission_policy(
        Venue, VenuePolicy(Venue, venue="", edition="edition", needs=AS_PUBLISHING)
    )
    for model, (venue, edition) in places.items():
        register_permission_policy(
            model, ReachPolicy(model, venue=venue, edition=edition, needs=AS_PUBLISHING)
        )
    register_permission_policy(Appointment, AppointmentPolicy(Appointment))
    register_permission_policy(
        Organisation,
        SharedPolicy(
            Organisation, own=own_organisations,
            # By name: exhibits and activities stand a storey higher.
            places=("hosted_venues", "exhibits__steward", "hosted_activities__activity__venue"),
        ),
    )
    for model, groups in ((Picture, "wagtailimages.Image"), (Attachment, "wagtaildocs.Document")):
        policy = DrawerPolicy(model, auth_model=groups, owner_field_name="uploaded_by_user")
        # Exactly these classes: Wagtail registers its own, later, for them and their heirs.
        register_permission_policy(model, policy, exact_class=True)
