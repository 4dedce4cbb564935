"""Who: users who log in by e-mail, and the organisations (单位) they belong to.

`Organisation` lives here so that exhibition and programme stay strangers. Roles are not here: a role is
held at a venue or an edition, and those stand a storey higher (`editions.Appointment`).
"""

from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from everhall.engines.bilingual import Bilingual
from everhall.engines.personal import ACCOUNT, INVITATION, NotPersonal, Personal
from everhall.realtime.models import Told

#: Codes stand in URLs, on labels and in sheets.
code_validator = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*$", _("Use lower-case letters, digits and single hyphens.")
)


class UserManager(BaseUserManager["User"]):
    """Users are made by e-mail address; the name is optional."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody with a login. The public visits without one."""

    PERSONAL: ClassVar[Personal] = {
        "email": ("to let you in and to write to you", ACCOUNT),
        "name": ("to call you by it", ACCOUNT),
        "password": ("so that nobody else gets in (only its digest is kept)", ACCOUNT),
        "last_login": ("to find accounts that nobody uses any more", ACCOUNT),
    }

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    is_staff = models.BooleanField(_("Django staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_sample = models.BooleanField(_("sample"), default=False)
    date_joined = models.DateTimeField(_("date joined"), default=timezone.now)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.email.partition("@")[0]

    # Wagtail's user admin reads and sorts by these two.
    @property
    def first_name(self) -> str:
        return self.name

    @property
    def last_name(self) -> str:
        return ""


class Organisation(Told):
    """A lasting body: exhibitor, host, investor."""

    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "about an organisation, in public"}

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", _("enterprise")
        UNIVERSITY = "university", _("university")
        INSTITUTE = "institute", _("research institute")
        GOVERNMENT = "government", _("government body")
        PARK = "park", _("park or incubator")
        INVESTOR = "investor", _("investor")
        MEDIA = "media", _("media")
        ASSOCIATION = "association", _("association")

    code = models.SlugField(_("code"), max_length=80, unique=True, validators=[code_validator])
    name_zh = models.CharField(_("name (Chinese)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.ENTERPRISE)
    summary_zh = models.TextField(_("summary (Chinese)"), blank=True, max_length=600)
    summary_en = models.TextField(_("summary (English)"), blank=True, max_length=1000)
    website = models.URLField(_("website"), blank=True)
    is_sample = models.BooleanField(_("sample"), default=False)
    members: "models.ManyToManyField[User, Membership]" = models.ManyToManyField(
        User, through="Membership", related_name="organisations"
    )

    name = Bilingual("name", get_language)
    summary = Bilingual("summary", get_language)

    class Meta:
        ordering = ["code"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user's part in an organisation: owners may invite and remove members."""

    PERSONAL: ClassVar[Personal] = {
        "user": ("to let you act for your organisation", ACCOUNT),
    }

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        MEMBER = "member", _("member")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.MEMBER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="one_membership"),
        ]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")

    def __str__(self) -> str:
        return f"{self.user} – {self.organisation}"


class Invitation(models.Model):
    """Somebody is asked by e-mail to belong to an organisation. The mail carries a token; here is its hash only.

    Personal data: an address that somebody of the organisation or of a venue's team gave. Purpose: to let exactly this person in,
    once, and to show who was asked. Deleted 30 days after it was used, taken back or ran out (`services.forget_invitations`).
    """

    PERSONAL: ClassVar[Personal] = {
        "email": ("to let in exactly whom the organisation asked", INVITATION),
        "token_hash": ("to let in exactly whom the organisation asked", INVITATION),
        "invited_by": ("to say who asked", INVITATION),
        "accepted_by": ("to say who came", INVITATION),
    }

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(
        _("role"), max_length=10, choices=Membership.Role, default=Membership.Role.MEMBER
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(_("sent"), db_index=True)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"{self.email} – {self.organisation}"
