"""Drafts of the office: what is public never changes by them, two people lose nothing, and what is under review holds still."""

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from everhall.exhibition.models import Exhibit
from everhall.office import fields, queries, rules, services
from everhall.post.services import send_due
from tests.office.conftest import Office

pytestmark = pytest.mark.django_db


def address(office: Office, exhibit: Exhibit, step: str = "what") -> str:
    return reverse("office:step", args=[office.mine.code, exhibit.code, step])


def save(office: Office, exhibit: Exhibit, who: str = "owner", was: dict | None = None, **values):
    """As the page's script does; `was`: what the sender had before, where it is not what is kept now."""
    known = fields.fields_of(queries.draft_of(Exhibit.objects.get(pk=exhibit.pk)))
    sent = {f"was.{name}": rules.digest((was or {}).get(name, known[name].read() if name in known else "")) for name in values}
    return office.client(who).post(address(office, exhibit), {**values, **sent}, HTTP_ACCEPT="application/json")


def draft(exhibit: Exhibit) -> Exhibit:
    return queries.draft_of(Exhibit.objects.get(pk=exhibit.pk))


def test_a_new_exhibit_is_a_draft_of_the_organisation_and_nothing_else(office: Office) -> None:
    answer = office.client("owner").post(reverse("office:exhibits", args=[office.mine.code]), {"name_zh": " 折叠 飞行器 "})
    made = Exhibit.objects.get(name_zh="折叠 飞行器")
    assert answer["Location"] == address(office, made)
    assert (made.organisation, made.live, made.steward, made.placements.count()) == (office.mine, False, None, 0)
    assert answer["Cache-Control"] == "private, no-store"


def test_what_is_typed_is_kept_and_told_with_the_share_that_is_done(office: Office) -> None:
    exhibit = office.draft()
    answer = save(office, exhibit, name_en="Folding flyer", seeks=["partners", "talent"], text_zh="一段。\r\n\r\n- 甲")
    told = answer.json()
    assert answer.status_code == 200
    assert (told["wrong"], told["clashes"]) == ({}, {})
    kept = draft(exhibit)
    assert (kept.name_en, kept.seeks, kept.text_zh) == ("Folding flyer", ["partners", "talent"], "<p>一段。</p><ul><li>甲</li></ul>")
    assert told["share"] == rules.share_done(rules.missing(queries.facts_of(kept)))
    assert told["was"]["name_en"] == rules.digest("Folding flyer")


def test_an_emptied_list_is_kept_as_empty(office: Office) -> None:
    exhibit = office.draft()
    save(office, exhibit, seeks=["partners"])
    save(office, exhibit, seeks=[])
    assert draft(exhibit).seeks == []


def test_many_saves_of_one_person_are_one_draft_in_the_history(office: Office) -> None:
    exhibit = office.draft()
    for n in range(5):
        save(office, exhibit, name_en=f"Flyer {n}")
    assert Revision.objects.for_instance(exhibit).count() == 1
    save(office, exhibit, "member", name_en="Flyer of another")
    assert Revision.objects.for_instance(exhibit).count() == 2


def test_what_is_public_does_not_change_by_a_draft(office: Office) -> None:
    exhibit = office.at_venue()
    exhibit.latest_revision.publish()
    before = Exhibit.objects.get(pk=exhibit.pk)
    save(office, exhibit, name_zh="另一个名字", summary_en="Another sentence")
    after = Exhibit.objects.get(pk=exhibit.pk)
    assert (after.name_zh, after.summary_en, after.live) == (before.name_zh, "", True)
    assert after.has_unpublished_changes
    assert draft(exhibit).name_zh == "另一个名字"
    assert after.live_revision_id != after.latest_revision_id


def test_two_who_change_different_fields_both_have_them_kept(office: Office) -> None:
    exhibit = office.draft()
    save(office, exhibit, "owner", name_en="Flyer")
    answer = save(office, exhibit, "member", was={"name_en": "", "summary_en": ""}, name_en="", summary_en="It folds.")
    assert answer.json()["clashes"] == {}
    assert (draft(exhibit).name_en, draft(exhibit).summary_en) == ("Flyer", "It folds.")


def test_of_two_changes_to_one_field_the_second_is_told_and_neither_is_lost(office: Office) -> None:
    exhibit = office.draft()
    save(office, exhibit, "owner", name_en="Flyer")
    told = save(office, exhibit, "member", was={"name_en": ""}, name_en="Glider").json()
    assert told["clashes"]["name_en"] == {"theirs": "Flyer", "said": "Flyer", "was": rules.digest("Flyer"), "who": "Owner"}
    assert draft(exhibit).name_en == "Flyer"
    # Having seen it, they may keep theirs.
    assert save(office, exhibit, "member", was={"name_en": "Flyer"}, name_en="Glider").json()["clashes"] == {}
    assert draft(exhibit).name_en == "Glider"


def test_without_a_script_a_clash_shows_both(office: Office) -> None:
    exhibit = office.draft()
    save(office, exhibit, "owner", name_en="Flyer")
    page = office.client("member").post(address(office, exhibit), {"name_en": "Glider", "was.name_en": rules.digest("")})
    text = page.content.decode()
    assert page.status_code == 200
    assert 'value="Glider"' in text
    assert "Flyer" in text
    assert f'name="was.name_en" value="{rules.digest("Flyer")}"' in text


@pytest.mark.parametrize(
    ("values", "wrong"),
    [({"name_zh": ""}, "name_zh"), ({"name_en": "x" * 201}, "name_en"), ({"maturity": "eternal"}, "maturity"), ({"seeks": ["glory"]}, "seeks"), ({"fields": ["nope"]}, "fields"), ({"text_zh": "字" * 20_001}, "text_zh"), ({"p999.alt_zh": "x"}, "p999.alt_zh")],
)
def test_what_cannot_be_kept_is_told_and_the_rest_is_kept(office: Office, values: dict, wrong: str) -> None:
    exhibit = office.draft()
    told = save(office, exhibit, **values, summary_en="Kept.").json()
    assert list(told["wrong"]) == [wrong]
    assert told["wrong"][wrong]
    assert draft(exhibit).summary_en == "Kept."


def test_no_field_reaches_beyond_the_form(office: Office) -> None:
    exhibit = office.draft()
    names = {"organisation": str(office.theirs.pk), "live": "1", "steward": "1", "code": "mine", "embargo_until": "2020-01-01"}
    told = save(office, exhibit, **names).json()
    assert set(told["wrong"]) == set(names)
    after = Exhibit.objects.get(pk=exhibit.pk)
    assert (after.organisation, after.live, after.code) == (office.mine, False, exhibit.code)


def send(office: Office, exhibit: Exhibit, who: str = "owner", **post):
    return office.client(who).post(reverse("office:send", args=[office.mine.code, exhibit.code]), post, follow=True)


def complete(office: Office, exhibit: Exhibit) -> None:
    from everhall.exhibition.models import ExhibitPicture
    from tests.world import picture

    save(office, exhibit, name_en="Flyer", fields=["ai"], presentation=["object"], summary_zh="会折叠。", summary_en="It folds.")
    shown = picture("cover")
    shown.alt_zh, shown.alt_en, shown.licence = "一架飞行器", "A flyer", "CC BY 4.0"
    shown.save()
    with services.changing(exhibit, by=office.users["owner"], now=timezone.now()) as held:
        held.draft.pictures.add(ExhibitPicture(picture=shown, sort_order=0))


def test_it_is_sent_when_nothing_needed_is_missing_and_then_holds_still(office: Office, mailoutbox) -> None:
    exhibit = office.at_venue()
    send(office, exhibit)
    assert queries.state_of(exhibit) is None
    complete(office, exhibit)
    send(office, exhibit)
    assert queries.state_of(exhibit).status == "in_progress"
    assert "bj-organiser@example.org" in {to for mail in mailoutbox for to in mail.to}
    refused = save(office, exhibit, summary_zh="太晚了。")
    assert refused.status_code == 409
    assert refused.json()["refused"]
    assert draft(exhibit).summary_zh == "会折叠。"
    send(office, exhibit, back="1")
    assert queries.state_of(exhibit) is None
    assert save(office, exhibit, summary_zh="还来得及。").status_code == 200


def test_what_the_team_asks_for_is_read_answered_and_sent_again(office: Office, mailoutbox, django_capture_on_commit_callbacks) -> None:
    exhibit = office.at_venue()
    complete(office, exhibit)
    send(office, exhibit)
    state = queries.state_of(exhibit)
    state.current_task_state.task.specific.on_action(
        state.current_task_state, office.week.users["bj-organiser"], "reject", comment="请补充英文说明。"
    )
    page = office.client("member").get(address(office, exhibit, "check")).content.decode()
    assert "请补充英文说明。" in page
    # Who decided stays with the team.
    assert "bj-organiser" not in page
    mailoutbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        office.client("member").post(reverse("office:say", args=[office.mine.code, exhibit.code]), {"text": "已经补上了。"})
    send_due(timezone.now())
    assert "已经补上了。" in office.client("owner").get(address(office, exhibit, "check")).content.decode()
    assert all("已经补上了。" in mail.body and len(mail.to) == 1 for mail in mailoutbox)
    assert {to for mail in mailoutbox for to in mail.to} >= {"bj-organiser@example.org"}
    send(office, exhibit)
    state = queries.state_of(exhibit)
    assert state.status == "in_progress"
    state.current_task_state.task.specific.on_action(state.current_task_state, office.week.users["bj-organiser"], "approve")
    after = Exhibit.objects.get(pk=exhibit.pk)
    assert (after.live, after.name_en) == (True, "Flyer")


def test_a_draft_that_nobody_saw_may_be_deleted_and_no_other(office: Office) -> None:
    mine, placed = office.draft(), office.at_venue()
    for exhibit in (mine, placed):
        office.client("member").post(reverse("office:drop", args=[office.mine.code, exhibit.code]))
    assert not Exhibit.objects.filter(pk=mine.pk).exists()
    assert Exhibit.objects.filter(pk=placed.pk).exists()


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("step", rules.STEPS)
def test_each_step_is_there_in_both_languages(office: Office, language: str, step: str) -> None:
    exhibit = office.at_venue()
    complete(office, exhibit)
    answer = office.client("owner").get(language + address(office, exhibit, step))
    assert answer.status_code == 200
    assert "Everhall-Tags" not in answer.headers
    assert office.client("owner").get(f"{language}/office/{office.mine.code}/exhibits/{exhibit.code}/preview/").status_code == 200


def test_the_list_does_not_ask_more_questions_for_more_rows_than_two_each(office: Office, django_assert_max_num_queries) -> None:
    for n in range(6):
        office.draft(f"展项{n}")
    with django_assert_max_num_queries(16 + 7 * 6):
        answer = office.client("owner").get(reverse("office:exhibits", args=[office.mine.code]))
    assert "展项5" in answer.content.decode()
