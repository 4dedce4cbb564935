"""Nobody gets into an office who does not belong: every address, another organisation's things, and who was removed."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from everhall.accounts.models import Membership
from everhall.calls.models import Call, CallVenue
from everhall.editions.models import Appointment
from everhall.media.models import FileUpload
from everhall.media.templatetags.pictures import rendition_url
from everhall.office import services
from everhall.office.models import Material
from everhall.office.urls import urlpatterns
from tests.office.conftest import Office
from tests.world import picture

pytestmark = pytest.mark.django_db

#: Addresses that name no organisation, or whose rows are their own tests.
ALONE = {"organisations", "found", "apply", "upload", "submission", "answer"}


def addresses(office: Office) -> list[str]:
    """Every address of the office of mine."""
    exhibit = office.at_venue()
    member = Membership.objects.filter(organisation=office.mine).first()
    values = {
        "organisation": office.mine.code, "code": exhibit.code, "step": "what", "pk": member.pk, "edition": "2021", "ending": "csv",
        "upload": "00000000-0000-0000-0000-000000000000",
    }
    found = []
    for one in urlpatterns:
        if one.name not in ALONE:
            names = one.pattern.converters
            found.append(reverse(f"office:{one.name}", kwargs={name: values[name] for name in names}))
    assert len(found) > 15
    return found


def test_nobody_else_gets_in_anywhere(office: Office) -> None:
    for address in addresses(office):
        for who in ("stranger", "nobody"):
            for ask in (office.client(who).get, office.client(who).post):
                assert ask(address).status_code == 404, (who, address)
        answer = Client().get(address)
        assert (answer.status_code, "/accounts/login/" in answer["Location"]) == (302, True), address


def test_a_desk_of_another_kind_does_not_open_an_office(office: Office) -> None:
    """A superuser is not a member: what they do they do in the desk, under their own name."""
    client = office.week.client("root")
    assert client.get(reverse("office:home", args=[office.mine.code])).status_code == 404


def test_another_organisations_exhibit_is_not_there(office: Office) -> None:
    theirs = office.week.rows["exhibit", "zhengzhou"]
    for name, more in (("exhibit", []), ("preview", []), ("step", ["what"]), ("step", ["check"]), ("files", []), ("send", []), ("drop", [])):
        address = reverse(f"office:{name}", args=[office.mine.code, theirs.code, *more])
        assert office.client("owner").get(address).status_code in (404, 405)
        assert office.client("owner").post(address).status_code == 404, address


def test_who_was_removed_is_out_at_once(office: Office) -> None:
    client = office.client("member")
    home = reverse("office:home", args=[office.mine.code])
    assert client.get(home).status_code == 200
    held = Membership.objects.get(user=office.users["member"])
    services_of_accounts = office.client("owner").post(reverse("office:member", args=[office.mine.code, held.pk]), {"do": "remove"})
    assert services_of_accounts.status_code == 302
    assert client.get(home).status_code == 404


def test_an_unreleased_picture_is_seen_by_its_organisation_only(office: Office) -> None:
    shown = picture("secret")
    Material.objects.create(organisation=office.mine, picture=shown, brought_at=timezone.now())
    address = rendition_url(shown, "width-320|format-webp")
    assert office.client("member").get(address).status_code == 200
    assert office.client("member").get(address)["Cache-Control"] == "private, no-store"
    for who in ("stranger", "nobody"):
        assert office.client(who).get(address).status_code == 404
    assert Client().get(address).status_code == 404
    Membership.objects.filter(user=office.users["member"]).delete()
    assert office.client("member").get(address).status_code == 404


def test_an_upload_belongs_to_who_began_it_as_long_as_they_belong(office: Office) -> None:
    exhibit = office.draft()
    upload = FileUpload.objects.create(
        owner=office.users["member"], name="a.png", size=5, kind="picture", purpose=services.purpose_of(exhibit),
        created_at=timezone.now(), expires_at=timezone.now(),
    )
    upload.folder.mkdir(parents=True, exist_ok=True)
    upload.path.touch()
    address = reverse("office:upload", args=[upload.code])
    tus = {"HTTP_TUS_RESUMABLE": "1.0.0"}
    assert office.client("member").head(address, **tus).status_code == 200
    for who in ("owner", "stranger", "nobody"):
        assert office.client(who).head(address, **tus).status_code == 404
        assert office.client(who).delete(address, **tus).status_code == 404
    Membership.objects.filter(user=office.users["member"]).delete()
    assert office.client("member").head(address, **tus).status_code == 404


def test_forged_forms_are_refused(office: Office) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.users["owner"], "allauth.account.auth_backends.AuthenticationBackend")
    for address in (reverse("office:exhibits", args=[office.mine.code]), reverse("office:members", args=[office.mine.code])):
        assert client.post(address, {"name_zh": "x", "email": "a@b.example", "role": "owner"}).status_code == 403


def test_a_member_changes_no_members(office: Office) -> None:
    client, owner = office.client("member"), Membership.objects.get(user=office.users["owner"])
    for post in ({"do": "remove"}, {"role": "member"}):
        assert client.post(reverse("office:member", args=[office.mine.code, owner.pk]), post).status_code == 403
    assert client.post(reverse("office:members", args=[office.mine.code]), {"email": "x@firm.example", "role": "owner"}).status_code == 403
    mine = Membership.objects.get(user=office.users["member"])
    assert client.post(reverse("office:member", args=[office.mine.code, mine.pk]), {"role": "owner"}).status_code == 403
    assert Membership.objects.get(pk=mine.pk).role == "member"


def test_pages_are_kept_by_nobody(office: Office) -> None:
    for name in ("home", "exhibits", "members", "profile", "visitors"):
        answer = office.client("owner").get(reverse(f"office:{name}", args=[office.mine.code]))
        assert answer["Cache-Control"] == "private, no-store"
        assert "Everhall-Tags" not in answer.headers


def test_an_appointment_is_not_needed_for_an_office(office: Office) -> None:
    assert not Appointment.objects.filter(user=office.users["owner"]).exists()
    assert office.client("owner").get(reverse("office:organisations")).status_code == 302


def call(office: Office, **more) -> Call:
    now = timezone.now()
    made = Call(
        edition=office.week.edition, code="late", state="announced", name_zh="补充征集", name_en="Late call",
        opens_at=now - timezone.timedelta(days=1), closes_at=now + timezone.timedelta(days=1), **more,
    )
    made.save()
    CallVenue.objects.create(call=made, venue=office.week.venues["beijing"])
    return made


def test_a_call_is_applied_to_for_ones_own_organisation(office: Office) -> None:
    call(office)
    address = reverse("office:apply", args=["2021", "late"])
    assert "补充征集" in office.client("owner").get(address).content.decode()
    assert "归属" not in office.client("nobody").get(address).content.decode()
    assert office.client("owner").get(reverse("office:apply", args=["2021", "none"])).status_code == 404
    # Another's organisation in the address is not taken for one's own.
    asked = office.client("stranger").get(f"{address}?organisation={office.mine.code}").content.decode()
    assert office.mine.name_zh not in asked
