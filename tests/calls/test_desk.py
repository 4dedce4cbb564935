"""The desk's pages of calls: who reaches what, what is shown to whom, and that a refusal is told."""

import io

import openpyxl
import pytest

from everhall.accounts.models import Membership
from everhall.calls import services
from everhall.calls.models import Call, Mailing, MailingRow, MailTemplate, Review, Submission
from tests.calls.round import Round

TABLE = "/admin/calls/in/2021/cloud/"


def page(calls: Round, name: str, address: str, **kwargs):
    return calls.client(name).get(address, **kwargs)


@pytest.mark.parametrize(
    ("name", "table", "edit"),
    [
        ("national", 200, 200), ("bj-organiser", 200, 200), ("bj-editor", 200, 404), ("zz-organiser", 404, 404),
        ("bj-reviewer", 404, 404), ("bj-exhibitor", 404, 404), ("park-editor", 200, 404),
    ],
)
def test_who_sees_a_call_and_who_changes_it(calls: Round, name, table, edit):
    assert page(calls, name, TABLE).status_code == table
    for part in ("edit/", "assign/", "line/", "letters/", "letters/new/"):
        assert page(calls, name, TABLE + part).status_code == edit, part


def test_who_edits_a_part_of_the_venue_sees_that_part_only(calls: Round):
    assert page(calls, "park-editor", TABLE).context["every"] == 0
    assert page(calls, "bj-editor", TABLE).context["every"] == 3
    address = f"/admin/calls/s/{calls.submissions['alpha'].public_id}/"
    assert page(calls, "park-editor", address).status_code == 404
    assert page(calls, "bj-editor", address).status_code == 200


def test_a_draft_is_nobodys_business(calls: Round):
    Submission.objects.filter(pk=calls.submissions["alpha"].pk).update(state="draft")
    assert page(calls, "national", f"/admin/calls/s/{calls.submissions['alpha'].public_id}/").status_code == 404
    assert page(calls, "national", TABLE).context["every"] == 2


def test_a_reviewer_sees_what_they_were_asked_and_scores_of_others_after_their_own(calls: Round):
    row, organiser = calls.submissions["alpha"], calls.week.users["bj-organiser"]
    first, second = calls.week.users["bj-reviewer"], calls.week.users["bj-reviewer-2"]
    address = f"/admin/calls/reviews/{row.public_id}/"
    assert page(calls, "bj-reviewer", address).status_code == 404
    services.assign(row, first, organiser, calls.now)
    services.assign(row, second, organiser, calls.now)
    services.save_review(row, second, calls.found(3, 2, comment="他人的秘密意见"), calls.now, done=True)
    assert "他人的秘密意见" not in page(calls, "bj-reviewer", address).content.decode()
    assert "他人的秘密意见" not in page(calls, "bj-reviewer", f"/admin/calls/s/{row.public_id}/").content.decode()
    criteria = {f"c{one.pk}": "4" for one in calls.criteria()}
    answer = calls.client("bj-reviewer").post(address, {**criteria, "comment": "好", "hand_in": "1"})
    assert answer.status_code == 302
    assert Review.objects.get(reviewer=first).done_at is not None
    assert "他人的秘密意见" in page(calls, "bj-reviewer", address).content.decode()
    # The desk's remarks are not the reviewers'.
    services.write_remark(row, "工作台内部备注", organiser, calls.now, from_desk=True, internal=True)
    assert "工作台内部备注" not in page(calls, "bj-reviewer", f"/admin/calls/s/{row.public_id}/").content.decode()
    assert "工作台内部备注" in page(calls, "bj-organiser", f"/admin/calls/s/{row.public_id}/").content.decode()


def test_what_is_typed_is_saved_and_an_incomplete_review_is_not_handed_in(calls: Round):
    row = calls.submissions["alpha"]
    services.assign(row, calls.week.users["bj-reviewer"], calls.week.users["bj-organiser"], calls.now)
    client, address = calls.client("bj-reviewer"), f"/admin/calls/reviews/{row.public_id}/"
    first = calls.criteria()[0]
    kept = client.post(f"{address}save/", {f"c{first.pk}": "3", "comment": "写到一半"}).json()
    assert kept == {"ok": True, "words": "", "done": False}
    shown = client.post(address, {f"c{first.pk}": "3", "hand_in": "1"})
    assert shown.status_code == 200
    assert "成熟度" in shown.content.decode()
    review = Review.objects.get()
    assert (review.done_at, review.scores.get().value) == (None, 3)
    assert client.post(f"{address}save/", {f"c{first.pk}": "77"}).json()["ok"] is False


def test_with_a_conflict_neither_texts_nor_scores_are_seen(calls: Round):
    row = calls.submissions["alpha"]
    Membership.objects.create(organisation=row.organisation, user=calls.week.users["bj-organiser"])
    address = f"/admin/calls/s/{row.public_id}/"
    shown = page(calls, "bj-organiser", address).content.decode()
    assert "因为它能用" not in shown
    assert "利益冲突" in shown
    assert calls.client("bj-organiser").post(f"{address}decide/", {"state": "accepted"}).status_code == 404
    preview = f"/admin/exhibition/submitted/{row.subject_id}/{row.subject_version}/{row.venue_id}/"
    assert page(calls, "bj-organiser", preview).status_code == 404
    table = page(calls, "bj-organiser", TABLE)
    assert [one.figures for one in table.context["page"] if one.submission.pk == row.pk] == [None]
    book = page(calls, "bj-organiser", f"{TABLE}submissions.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert {cells[2].value for cells in sheet.iter_rows(min_row=2)} == {"beta 公司", "gamma 公司"}


def test_who_decides_reads_why_a_reviewer_must_not_judge_and_others_do_not(calls: Round):
    row = calls.submissions["alpha"]
    services.assign(row, calls.week.users["bj-reviewer"], calls.week.users["bj-organiser"], calls.now)
    answer = calls.client("bj-reviewer").post(f"/admin/calls/reviews/{row.public_id}/conflict/", {"why": "同一课题组"})
    assert answer.status_code == 302
    assert page(calls, "bj-reviewer", f"/admin/calls/reviews/{row.public_id}/").status_code == 404
    assert "同一课题组" in page(calls, "bj-organiser", f"/admin/calls/s/{row.public_id}/").content.decode()
    assert "同一课题组" not in page(calls, "bj-editor", f"/admin/calls/s/{row.public_id}/").content.decode()


@pytest.mark.parametrize(("name", "status"), [("bj-organiser", 200), ("bj-editor", 200), ("bj-reviewer", 404), ("zz-organiser", 404), ("bj-exhibitor", 404)])
def test_the_preview_is_for_those_who_may_see_the_texts(calls: Round, name, status):
    row = calls.submissions["alpha"]
    address = f"/admin/exhibition/submitted/{row.subject_id}/{row.subject_version}/{row.venue_id}/"
    answer = page(calls, name, address)
    assert answer.status_code == status
    if status == 200:
        assert "alpha 新展项" in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
    # Another revision of the same exhibit was never handed in.
    calls.exhibits["alpha"].save_revision()
    calls.exhibits["alpha"].refresh_from_db()
    newer = calls.exhibits["alpha"].latest_revision_id
    assert page(calls, name, f"/admin/exhibition/submitted/{row.subject_id}/{newer}/{row.venue_id}/").status_code == 404


def test_deciding_on_an_old_page_is_refused_in_words(calls: Round):
    row = calls.submissions["alpha"]
    client, address = calls.client("bj-organiser"), f"/admin/calls/s/{row.public_id}/decide/"
    client.post(address, {"state": "waitlisted", "version": row.version})
    answer = calls.client("national").post(address, {"state": "declined", "version": row.version}, follow=True)
    assert "bj-organiser" in " ".join(str(one) for one in answer.context["messages"])
    assert calls.again("alpha").state == "waitlisted"


def test_many_are_decided_from_the_table_and_each_refusal_is_told(calls: Round):
    chosen = [f"{row.public_id}:{row.version}" for row in calls.submissions.values()]
    answer = calls.client("bj-organiser").post(f"{TABLE}decide/", {"chosen": chosen, "state": "accepted"}, follow=True)
    levels = [one.level_tag for one in answer.context["messages"]]
    assert (levels.count("success"), levels.count("error")) == (1, 1)
    assert Submission.objects.filter(state="accepted").count() == 2
    editor = calls.client("bj-editor").post(f"{TABLE}decide/", {"chosen": chosen, "state": "declined"}, follow=True)
    assert {one.level_tag for one in editor.context["messages"]} == {"error"}
    assert Submission.objects.filter(state="accepted").count() == 2


def call_data(calls: Round, **more):
    start = {
        "name_zh": "新征集", "name_en": "New", "code": "another", "kind": "exhibit", "state": "draft", "opens_at": "2026-01-01T09:00",
        "closes_at": "2026-02-01T09:00", "reviews_wanted": "2", "most_per_organisation": "0",
        f"at-{calls.week.venues['beijing'].pk}": "on", f"places-{calls.week.venues['beijing'].pk}": "7",
    }
    for prefix in ("criteria", "questions"):
        start |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0", f"{prefix}-MIN_NUM_FORMS": "0", f"{prefix}-MAX_NUM_FORMS": "60"}
    return start | more


def test_an_organiser_makes_a_call_for_their_venue_and_for_no_other(calls: Round):
    client = calls.client("bj-organiser")
    assert client.post("/admin/calls/in/2021/new/", call_data(calls)).status_code == 302
    call = Call.objects.get(code="another")
    assert [(row.venue.code, row.places) for row in call.at.all()] == [("beijing", 7)]
    zhengzhou = calls.week.venues["zhengzhou"].pk
    forged = call_data(calls, code="forged", **{f"at-{zhengzhou}": "on"})
    client.post("/admin/calls/in/2021/new/", forged)
    assert [row.venue.code for row in Call.objects.get(code="forged").at.all()] == ["beijing"]


@pytest.mark.parametrize(("field", "value"), [("code", "cloud"), ("code", "new"), ("closes_at", "2025-01-01T09:00"), ("name_zh", "")])
def test_a_call_that_cannot_be_is_told_beside_its_field(calls: Round, field, value):
    answer = calls.client("bj-organiser").post("/admin/calls/in/2021/new/", call_data(calls, **{field: value}))
    assert answer.status_code == 200
    assert answer.context["form"].errors[field]
    assert Call.objects.count() == 1


def test_a_copy_brings_criteria_questions_and_letters_along(calls: Round):
    MailTemplate.objects.create(call=calls.call, name="结果", subject_zh="x", text_zh="y", changed_at=calls.now)
    client = calls.client("bj-organiser")
    shown = client.get(f"/admin/calls/in/2021/new/?source={calls.call.pk}")
    assert shown.context["form"]["name_zh"].value() == "云上展项征集"
    client.post(f"/admin/calls/in/2021/new/?source={calls.call.pk}", call_data(calls))
    made = Call.objects.get(code="another")
    assert (made.criteria.count(), made.questions.count(), made.templates.count()) == (2, 2, 1)
    assert calls.call.criteria.count() == 2


def test_a_venue_with_submissions_goes_on_taking_part_and_scored_criteria_stay(calls: Round):
    row, organiser = calls.submissions["alpha"], calls.week.users["bj-organiser"]
    services.assign(row, calls.week.users["bj-reviewer"], organiser, calls.now)
    services.save_review(row, calls.week.users["bj-reviewer"], calls.found(1, 1), calls.now)
    one = calls.criteria()[0]
    data = call_data(
        calls, code="cloud", **{
            "criteria-TOTAL_FORMS": "1", "criteria-INITIAL_FORMS": "1", "criteria-0-id": str(one.pk), "criteria-0-text_zh": "创新性",
            "criteria-0-weight": "2", "criteria-0-scale": "5", "criteria-0-order": "1", "criteria-0-DELETE": "on",
        },
    )
    del data[f"at-{calls.week.venues['beijing'].pk}"]
    data[f"at-{calls.week.venues['park-haidian'].pk}"] = "on"
    answer = calls.client("bj-organiser").post(f"{TABLE}edit/", data)
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert answer.context["criteria"].non_form_errors()
    assert calls.call.criteria.count() == 2


def test_a_letter_is_sent_only_to_as_many_as_were_seen(calls: Round):
    template = MailTemplate.objects.create(call=calls.call, name="结果", subject_zh="{title}", text_zh="{state}", changed_at=calls.now)
    client, address = calls.client("bj-organiser"), f"{TABLE}letters/{template.pk}/send/"
    shown = client.get(address)
    assert shown.context["count"] == 3
    assert "alpha" in shown.content.decode()
    client.post(address, {"count": "2"})
    assert not Mailing.objects.exists()
    client.post(address, {"count": "3"})
    assert MailingRow.objects.count() == 3
    mailing = Mailing.objects.get()
    assert client.get(f"{TABLE}sent/{mailing.pk}/state/").json()["left"] == 3
    client.post(f"{TABLE}sent/{mailing.pk}/stop/")
    assert client.get(f"{TABLE}sent/{mailing.pk}/state/").json()["stopped"] is True
    assert calls.client("zz-organiser").get(f"{TABLE}sent/{mailing.pk}/").status_code == 404


@pytest.mark.parametrize("address", ["", "edit/", "assign/", "line/", "letters/", "letters/new/", "submissions.xlsx", "?sort=score&state=submitted&mine=on&topic=ai", "?sort=spread", "?sort=reviews", "?sort=title&q=alpha"])
def test_every_page_opens(calls: Round, address):
    row = calls.submissions["alpha"]
    services.assign(row, calls.week.users["bj-reviewer"], calls.week.users["bj-organiser"], calls.now)
    services.save_review(row, calls.week.users["bj-reviewer"], calls.found(4, 4), calls.now, done=True)
    assert page(calls, "bj-organiser", TABLE + address).status_code == 200
    assert page(calls, "bj-organiser", "/admin/calls/in/2021/").status_code == 200
    assert page(calls, "bj-organiser", f"/admin/calls/s/{row.public_id}/").status_code == 200
    assert page(calls, "bj-reviewer", "/admin/calls/reviews/").status_code == 200
    assert page(calls, "bj-reviewer", f"/admin/calls/reviews/wishes/{calls.call.pk}/").status_code == 200
