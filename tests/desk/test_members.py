"""Who belongs to an organisation, and what is public at once asks for the right to publish."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from everhall.accounts.models import Membership, Organisation, User
from everhall.editions import services as editions
from everhall.editions.models import Appointment, Edition, Hall
from everhall.exhibition.models import Placement
from everhall.programme.models import Session
from tests.desk.places import Week


def url(model, name: str, row=None) -> str:
    return reverse(model.snippet_viewset.get_url_name(name), args=[row.pk] if row else [])


def organisation_data(organisation: Organisation, **changes):
    return {
        "code": organisation.code, "kind": organisation.kind, "name_zh": organisation.name_zh,
        "owners": "", "members": "", **changes,
    }


def roles_in(organisation: Organisation) -> dict[str, str]:
    return dict(organisation.memberships.values_list("user__email", "role"))


def test_a_team_brings_people_into_an_organisation_by_their_addresses(week: Week) -> None:
    row = week.rows["organisation", "beijing"]
    client = week.client("bj-editor")
    data = organisation_data(row, owners="bj-exhibitor@example.org", members="Nobody@example.org")
    assert client.post(url(Organisation, "edit", row), data).status_code == 302
    assert roles_in(row) == {"bj-exhibitor@example.org": "owner", "nobody@example.org": "member"}
    shown = client.get(url(Organisation, "edit", row)).content.decode()
    assert "nobody@example.org" in shown
    client.post(url(Organisation, "edit", row), organisation_data(row, owners="bj-exhibitor@example.org"))
    assert roles_in(row) == {"bj-exhibitor@example.org": "owner"}
    answer = client.post(url(Organisation, "edit", row), organisation_data(row, owners="who@example.org"))
    assert "who@example.org" in answer.context["form"].errors["owners"][0]


def test_an_owner_brings_others_in_and_a_plain_member_does_not(week: Week) -> None:
    row, user = week.rows["organisation", "beijing"], week.users["bj-exhibitor"]
    mine = Membership.objects.create(organisation=row, user=user, role="member")
    data = organisation_data(row, owners=user.email, members="nobody@example.org")
    client = week.client("bj-exhibitor")
    assert "owners" not in client.get(url(Organisation, "edit", row)).context["form"].fields
    client.post(url(Organisation, "edit", row), data)
    assert roles_in(row) == {user.email: "member"}
    mine.role = "owner"
    mine.save()
    client.post(url(Organisation, "edit", row), data)
    assert roles_in(row) == {user.email: "owner", "nobody@example.org": "member"}


def test_people_of_another_venues_organisation_are_out_of_reach(week: Week) -> None:
    row = week.rows["organisation", "zhengzhou"]
    data = organisation_data(row, members="bj-editor@example.org")
    assert week.client("bj-editor").post(url(Organisation, "edit", row), data).status_code in {302, 403, 404}
    assert not roles_in(row)


def test_an_address_that_somebody_only_claims_is_not_appointed(week: Week) -> None:
    thief = User.objects.create_user("minister@example.org")
    claim = EmailAddress.objects.create(user=thief, email=thief.email, verified=False, primary=True)
    data = {
        "email": thief.email, "role": "venue_editor", "edition": week.edition.pk,
        "venue": week.venues["beijing"].pk,
    }
    week.client("bj-organiser").post(url(Appointment, "add"), data)
    assert not Appointment.objects.filter(user=thief).exists()
    claim.verified = True
    claim.save()
    week.client("bj-organiser").post(url(Appointment, "add"), data)
    assert Appointment.objects.filter(user=thief).exists()


# ---------------------------------------------------------------- what is seen at once
@pytest.mark.parametrize(("who", "may"), [("bj-editor", False), ("bj-organiser", True)])
def test_a_session_of_a_live_activity_is_added_by_who_may_publish(week: Week, who: str, may: bool) -> None:
    activity = week.rows["activity", "beijing"]
    activity.save_revision().publish()
    data = nested_form_data(
        {
            "activity": activity.pk, "code": "s-new", "status": "planned", "mode": "both",
            "starts_at": "2021-10-20 14:00", "ends_at": "2021-10-20 15:00", "stage": "",
            "speakers": inline_formset([]), "needs": inline_formset([]),
        }
    )
    week.client(who).post(url(Session, "add"), data)
    assert Session.objects.filter(code="s-new").exists() == may


@pytest.mark.parametrize(("who", "may"), [("bj-editor", False), ("bj-organiser", True)])
def test_a_live_exhibit_is_placed_in_another_edition_by_who_may_publish(
    week: Week, who: str, may: bool
) -> None:
    week.rows["exhibit", "beijing"].save_revision().publish()
    other = Edition.objects.create(
        code="2022", year=2022, name_zh="2022", starts_on="2022-09-15", state="open"
    )
    venue = week.venues["beijing"]
    there = type(venue).objects.create(edition=other, code="beijing", name_zh="北京")
    role = Appointment.objects.get(user=week.users[who]).role
    editions.appoint(week.users[who], role, other, there)
    data = {"exhibit": week.rows["exhibit", "beijing"].pk, "venue": there.pk, "order": 0, "booth": ""}
    week.client(who).post(url(Placement, "add"), data)
    assert Placement.objects.filter(edition=other).exists() == may


def test_who_organises_one_venue_builds_no_hall_at_another_that_they_only_edit(week: Week) -> None:
    editions.appoint(week.users["bj-organiser"], "venue_editor", week.edition, week.venues["zhengzhou"])
    client = week.client("bj-organiser")
    for code in ("zhengzhou", "beijing"):
        data = {"venue": week.venues[code].pk, "code": "new", "name_zh": "新馆", "order": 0}
        client.post(url(Hall, "add"), data)
    assert [h.venue.code for h in Hall.objects.filter(code="new")] == ["beijing"]


def test_a_clone_is_told_when_its_code_is_no_code_or_taken_by_the_site(week: Week) -> None:
    client = week.client("national")
    where = reverse("everhall_edition_clone", args=[week.edition.pk])
    for code in ("2022_x", "admin", "2021"):
        answer = client.post(where, {"code": code, "year": 2022, "starts_on": "2022-09-15"})
        assert answer.context["form"].errors["code"]
