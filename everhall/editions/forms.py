"""Forms of the desk. Must stay true: whatever a form lets be chosen lies within the reach of whoever fills it
in, also when the form is forged; what was there before may stay."""

import contextlib
import datetime as dt
from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput
from wagtail.log_actions import log

from everhall.accounts.models import Membership, User, code_validator
from everhall.accounts.services import Refused, invite, set_members
from everhall.editions import queries, rules
from everhall.editions.models import Appointment, Edition, Hall, Stage, Venue, Zone
from everhall.editions.policies import choosable

#: What a choice of these models fetches along, so that naming them costs no query each.
ALONG: dict[type[Model], tuple[str, ...]] = {
    Venue: ("edition",),
    Hall: ("venue__edition",),
    Zone: ("hall__venue__edition",),
    Stage: ("venue__edition",),
}


def label(row: Any) -> str:
    """How a row is named in a list to choose from: with where it belongs."""
    if isinstance(row, Venue):
        return f"{'　' * (row.depth - 1)}{row.name} · {row.edition.code}"
    if isinstance(row, Hall):
        return f"{row.venue.name} · {row.name}"
    if isinstance(row, Zone):
        return f"{row.hall.venue.name} · {row.hall.name} · {row.name}"
    return str(row)


def in_order(queryset: QuerySet[Any]) -> QuerySet[Any]:
    if queryset.model is Venue:
        return queryset.order_by("-edition__starts_on", "path")
    if queryset.model is Zone:
        return queryset.order_by("hall__venue__path", "hall__order", "order", "code")
    if queryset.model in {Hall, Stage}:
        return queryset.order_by("venue__path", "order", "code")
    return queryset


def narrow(form: Any, user: Any) -> None:
    """Let every choice of the form offer, and accept, only what the user reaches."""
    for name, field in form.fields.items():
        queryset = getattr(field, "queryset", None)
        if queryset is None:
            continue
        allowed = choosable(queryset.model, user)
        before = getattr(form.instance, f"{name}_id", None) if form.instance.pk else None
        if before:
            allowed = queryset.model._default_manager.filter(pk__in=[before]) | allowed
        field.queryset = in_order(allowed).select_related(*ALONG.get(queryset.model, ()))
        if queryset.model in ALONG:
            field.label_from_instance = label


class ReachForm(WagtailAdminModelForm):
    """A form that knows how far its user reaches; its inline forms too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.for_user is None:
            return
        narrow(self, self.for_user)
        for formset in self.formsets.values():
            for child in formset.forms:
                narrow(child, self.for_user)

    def only_in(self, name: str, edition_id: int | None) -> None:
        """A row that exists stays in its edition: its choices of `name` come from there."""
        if edition_id and name in self.fields:
            field = self.fields[name]
            field.queryset = field.queryset.filter(edition_id=edition_id)


class VenueForm(ReachForm):
    """Where a venue stands in the tree, and whether the nation looks over its shoulder, is decided above."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        venue, user = self.instance, self.for_user
        self.new = venue.pk is None
        nation = self.nation(user, venue)
        if not self.new:
            self.fields.pop("edition", None)
            self.fields.pop("code", None)
            self.only_in("parent", venue.edition_id)
            if not nation:
                self.fields.pop("parent", None)
        if not nation:
            self.fields.pop("needs_national_approval", None)

    def nation(self, user: Any, venue: Any) -> bool:
        if venue.pk is None:
            return queries.may_somewhere(user, "appoint")
        return queries.may_at(user, "appoint", venue.edition_id, None)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self.new:
            edition, parent = cleaned.get("edition"), cleaned.get("parent")
            path = parent.path if parent else None
            if edition and not queries.may_at(self.for_user, "publish", edition.pk, path):
                self.add_error("parent", _("Choose the venue within your reach that it is part of."))
        return cleaned


class PartForm(ReachForm):
    """Halls, zones, stages: what exists stays where it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("venue", "code") if "venue" in self.fields else ("hall", "code"):
                self.fields.pop(name, None)
            venue = getattr(self.instance, "venue", None)
            if venue and "hall" in self.fields:
                field: Any = self.fields["hall"]
                field.queryset = field.queryset.filter(venue=venue)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        hall, venue = cleaned.get("hall"), cleaned.get("venue") or getattr(self.instance, "venue", None)
        if hall and venue and hall.venue_id != venue.pk:
            self.add_error("hall", _("This hall belongs to another venue."))
        where = "venue" if "venue" in self.fields else "hall"
        place = venue or (hall.venue if hall else None)
        if self.instance.pk is None and place and not may_publish(self.for_user, place):
            # Offered is where one may add something; a part of a venue is seen by the public at once.
            self.add_error(where, _("Choose the venue within your reach that it is part of."))
        return cleaned


def may_publish(user: Any, venue: Venue) -> bool:
    """Without a user it is no form of the desk."""
    return user is None or queries.may_at(user, "publish", venue.edition_id, venue.path)


def no_right_to_publish() -> str:
    return _("This is public already: it takes the right to publish at the venue.")


class AppointmentForm(ReachForm):
    """Somebody is appointed by e-mail address: nobody sees the list of all users."""

    email = forms.EmailField(
        label=gettext_lazy("e-mail address"),
        help_text=gettext_lazy("Of somebody who has registered and confirmed the address."),
    )
    user_found: User | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = appointable(self.for_user)
        role: Any = self.fields["role"]
        role.choices = [choice for choice in Appointment.Role.choices if choice[0] in roles]

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        self.user_found = registered(email)
        if self.user_found is None:
            raise ValidationError(
                _("Nobody with this address has registered. Ask the person to register first.")
            )
        return email

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        role, edition, venue = (cleaned.get(n) for n in ("role", "edition", "venue"))
        if role and edition and not may_appoint(self.for_user, role, edition.pk, venue):
            self.add_error(
                "venue", _("You may appoint only at your own venue and below, and nobody above yourself.")
            )
        taken = Appointment.objects.filter(
            user=self.user_found, role=role, edition=edition, venue=venue
        )
        if self.user_found and taken.exists():
            self.add_error("email", _("This person already holds the role there."))
        return cleaned

    def _post_clean(self) -> None:
        if self.user_found:
            self.instance.user = self.user_found
        super()._post_clean()


def registered(email: str) -> User | None:
    """The user with this address, unless somebody only claims that it is theirs (never confirmed it)."""
    found = User.objects.filter(email__iexact=email, is_active=True).first()
    claims = EmailAddress.objects.filter(user=found, email__iexact=email, verified=False)
    return None if found is None or claims.exists() else found


def appointable(user: Any) -> frozenset[str]:
    """Roles that the user may give somewhere."""
    if user.is_superuser:
        return frozenset(rules.ALLOWS)
    found: set[str] = set()
    for grant in queries.grants_of(user):
        found |= rules.APPOINTS.get(grant.role, frozenset())
    return frozenset(found)


def may_appoint(user: Any, role: str, edition_id: int, venue: Venue | None) -> bool:
    if user.is_superuser:
        return True
    path = venue.path if venue else None
    return rules.may_appoint(queries.grants_of(user), role, edition_id, path)


class OrganisationForm(ReachForm):
    """With who belongs to it. A plain member may mend the texts but brings nobody in; an owner may."""

    owners = forms.CharField(
        label=gettext_lazy("owners"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("E-mail addresses, one on a line. Owners may bring others in."),
    )
    members = forms.CharField(
        label=gettext_lazy("members"), required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("E-mail addresses, one on a line, of people who have registered."),
    )

    invited = forms.CharField(
        label=gettext_lazy("invite by mail"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("E-mail addresses, one on a line. They become owners when they accept; an account is made on the way."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held: list[Membership] = []
        if not self.may_bring_in():
            del self.fields["owners"], self.fields["members"], self.fields["invited"]
            return
        if self.instance.pk:
            self.held = list(self.instance.memberships.select_related("user"))
        for name, role in (("owners", Membership.Role.OWNER), ("members", Membership.Role.MEMBER)):
            self.initial[name] = "\n".join(m.user.email for m in self.held if m.role == role)

    def may_bring_in(self) -> bool:
        """Teams of venues, and the owners."""
        user = self.for_user
        if user is None or queries.may_somewhere(user, "add"):
            return True
        return bool(
            self.instance.pk
            and self.instance.memberships.filter(user=user, role=Membership.Role.OWNER).exists()
        )

    def clean_invited(self) -> list[str]:
        """Addresses, each of which could be one; those who belong already are told before a mail is sent."""
        found = list(dict.fromkeys(str(self.cleaned_data["invited"]).lower().replace(",", " ").split()))
        for address in found:
            validate_email(address)
            if any(member.user.email.lower() == address for member in self.held):
                raise ValidationError(_("%(address)s belongs to it already.") % {"address": address})
        return found

    def clean_owners(self) -> list[User]:
        return self.people("owners")

    def clean_members(self) -> list[User]:
        return self.people("members")

    def people(self, name: str) -> list[User]:
        """Users by the addresses in a field; who belongs already may stay, whatever became of the account."""
        here = {m.user.email.lower(): m.user for m in self.held}
        addresses = dict.fromkeys(str(self.cleaned_data[name]).lower().replace(",", " ").split())
        found = {address: here.get(address) or registered(address) for address in addresses}
        unknown = [address for address, user in found.items() if user is None]
        if unknown:
            raise ValidationError(
                _("Nobody has registered with %(addresses)s. Ask them to register first.")
                % {"addresses": ", ".join(unknown)}
            )
        return [user for user in found.values() if user is not None]

    def save(self, commit: bool = True) -> Any:
        organisation = super().save(commit)
        if commit and "owners" in self.fields:
            roles = {user.pk: Membership.Role.MEMBER.value for user in self.cleaned_data["members"]}
            roles |= {user.pk: Membership.Role.OWNER.value for user in self.cleaned_data["owners"]}
            if set_members(organisation, roles):
                log(instance=organisation, action="everhall.members", user=self.for_user)
        if commit:
            self.send_invitations(organisation)
        return organisation

    def send_invitations(self, organisation: Any) -> None:
        """What was sent before the day's limit was reached stays sent; the form says nothing of the rest, the list of open ones does."""
        for address in self.cleaned_data.get("invited", ()):
            with contextlib.suppress(Refused):
                invite(organisation, address, Membership.Role.OWNER, by=self.for_user, now=timezone.now(), language=get_language() or "")


class StateForm(forms.Form):
    """The next state of an edition."""

    state = forms.ChoiceField(
        label=gettext_lazy("state"), choices=lazy(lambda: Edition.State.choices, list)(),
        widget=forms.RadioSelect,
    )


class CloneForm(forms.Form):
    """Code, year and days of the edition that begins as a copy."""

    code = forms.CharField(label=gettext_lazy("code"), max_length=20, validators=[code_validator])
    year = forms.IntegerField(label=gettext_lazy("year"), min_value=2000, max_value=2200)
    starts_on = forms.DateField(label=gettext_lazy("first day"), widget=AdminDateInput)
    ends_on = forms.DateField(label=gettext_lazy("last day"), widget=AdminDateInput, required=False)
    with_teams = forms.BooleanField(
        label=gettext_lazy("with its teams"), required=False, initial=True,
        help_text=gettext_lazy("Everybody keeps their role at the same venue."),
    )

    required_css_class: ClassVar[str] = "required"

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code in Edition.RESERVED:
            raise ValidationError(_("The site uses this word in its addresses; choose another code."))
        if Edition.objects.filter(code=code).exists():
            raise ValidationError(_("There is already an edition with this code."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if isinstance(first, dt.date) and isinstance(last, dt.date) and last < first:
            self.add_error("ends_on", _("The last day is before the first day."))
        return cleaned
