"""Registering over HTTP: with and without a script, with and without an account; nobody sees what is another's."""

import datetime as dt
import json
import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from everhall.post import services as post_service
from everhall.registration import passes, services
from everhall.registration.gate import Gate
from everhall.registration.models import Question, Registration
from everhall.registration.services.accounts import act_pass, letter_token, link_token, path_of
from tests.registration.places import admission_to, come, let_the_week_come, letters, states, taken

pytestmark = pytest.mark.django_db
FORM = "/2021/sessions/open-forum-1/register/"


def say(client, **body):
    body = {"request": "request-of-a-page-1", "name": "甲", "email": "a@example.org", "way": "onsite", **body}
    return client.post("/register/act", json.dumps(body), content_type="application/json")


def test_a_guest_is_told_what_became_of_it_and_the_letter_brings_the_pass(hall):
    answer = say(Client(), admission=hall.key)
    told = answer.json()
    assert (answer.status_code, told["state"], told["seats"]) == (200, "confirmed", 1)
    assert answer["Cache-Control"] == "private, no-store"
    page = Client().get(told["link"])
    text = page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert "报名成功" in text
    assert "a…@example.org" in text
    assert link_token(Registration.objects.get()) not in text
    assert say(Client(), admission=hall.key).json() == told


def test_a_guest_learns_nothing_of_an_address_that_is_known(hall):
    """Whatever is asked, in whatever order: the page says the same, letter by letter, and nobody is registered twice."""
    come(hall, "holder", email="known@example.org", now=timezone.now() - dt.timedelta(hours=1))
    for round_ in range(4):
        asked = {email: say(Client(), admission=hall.key, email=email, request=f"request-{email[:5]}-{round_:08}") for email in ("known@example.org", "kneww@example.org")}
        known, new = (asked[email] for email in asked)
        assert known.status_code == new.status_code == 200
        bodies = [{**one.json(), "link": ""} for one in (known, new)]
        assert bodies[0] == bodies[1]
        texts = [Client().get(one.json()["link"]).content.decode() for one in (known, new)]
        assert csrf_less(texts[0]) == csrf_less(texts[1])
        services.cancel(Registration.objects.get(email="kneww@example.org", state="confirmed"), timezone.now())
    assert Registration.objects.filter(email="known@example.org").count() == 1
    assert ("again", "known@example.org") in letters()


def csrf_less(text):
    return re.sub(r'(nonce|value)="[^"]*"', "", text)


def test_what_was_said_of_a_known_address_is_said_again_when_all_seats_are_gone(hall):
    come(hall, "holder", email="known@example.org")
    first = say(Client(), admission=hall.key, email="known@example.org").json()
    assert first["state"] == "confirmed"
    for name in "xyz":
        come(hall, name)
    assert say(Client(), admission=hall.key, email="known@example.org").json() == first
    assert say(Client(), admission=hall.key, email="other@example.org").json()["code"] == "malformed"
    later = say(Client(), admission=hall.key, email="known@example.org", request="request-of-a-page-9").json()
    assert later["state"] == "waiting"


def test_with_an_account_one_is_told_exactly(hall, world):
    come(hall, "holder", email="visitor@example.org")
    client = logged_in(world, "visitor@example.org")
    acts = {"pass": client.get(f"/register/{hall.key}/state/").json()["pass"]}
    assert say(client, admission=hall.key, **acts).json()["code"] == "already"


def test_a_site_without_a_mail_server_leads_to_the_pass_itself(hall, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    told = say(Client(), admission=hall.key).json()
    assert "<svg" in Client().get(told["link"]).content.decode()
    assert say(Client(), admission=hall.key, request="request-of-a-page-2").json()["code"] == "already"
    assert Client().post(FORM, {"request": "request-of-a-form-2", "name": "乙", "email": "a@example.org", "way": "online"}).status_code == 422


def test_what_is_told_after_registering_ends_and_cannot_be_made_up(hall):
    link = say(Client(), admission=hall.key).json()["link"]
    assert Client().get(link[:-4] + "xxx/").status_code == 404
    type(hall.session.activity).objects.filter(pk=hall.session.activity_id).update(live=False)
    assert Client().get(link).status_code == 404


def test_in_english_the_link_leads_to_the_english_page(hall):
    link = say(Client(), admission=hall.key, language="en").json()["link"]
    assert link.startswith("/en/registrations/")
    assert "Your pass comes by mail" in Client().get(link).content.decode()


@pytest.mark.parametrize("body", ["[]", "{", "7", '{"admission": 7}', '{"admission": "x"}', "[" * 100_000])
def test_what_is_no_wish_is_malformed(hall, body):
    answer = Client().post("/register/act", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_a_form_of_another_site_registers_nobody(hall):
    body = json.dumps({"admission": hall.key, "request": "request-of-a-page-1", "name": "a", "email": "a@example.org"})
    assert Client().post("/register/act", body, content_type="text/plain").status_code == 400
    assert not Registration.objects.exists()


def test_whoever_is_too_fast_is_told_how_long_to_wait(hall):
    client = Client()
    codes = [say(client, admission=hall.key).status_code for _ in range(8)]
    assert codes[:6] == [200] * 6
    assert codes[-1] == 429


def test_an_account_acts_with_its_pass_and_with_nothing_else(hall, world):
    user = world.user("visitor@example.org", name="访客")
    client = Client()
    client.force_login(user)
    state = client.get(f"/register/{hall.key}/state/").json()
    answer = say(client, admission=hall.key, **{"pass": state["pass"]})
    assert answer.status_code == 200
    assert Registration.objects.get().user == user
    assert say(client, admission=hall.key, request="request-of-a-page-2", **{"pass": "forged"}).status_code == 400
    mine = client.get(f"/register/{hall.key}/state/?lang=en").json()["mine"]
    assert (mine["state"], mine["words"]) == ("confirmed", "confirmed")


def test_what_a_page_asks_tells_nothing_of_others(hall, world):
    row = come(hall, "Secretperson")
    for client in (Client(), logged_in(world)):
        answer = client.get(f"/register/{hall.key}/state/")
        assert answer["Cache-Control"] == "private, no-store"
        assert "ecretperson" not in answer.content.decode()
        assert answer.json()["mine"] is None
        assert answer.json()["left"] == {"onsite": 2, "online": 2}
        assert row.key not in answer.content.decode()


def logged_in(world, email="other@example.org"):
    client = Client()
    client.force_login(world.user(email))
    return client


def test_what_is_not_public_has_no_registration(world, settings):
    for code in ("draft-forum", "embargoed-forum", "planned-forum"):
        hidden = admission_to(world.sessions[code])
        edition = hidden.edition.code
        assert Client().get(f"/register/{hidden.key}/state/").status_code == 404
        assert Client().get(f"/{edition}/sessions/{code}-1/register/").status_code == 404
        assert say(Client(), admission=hidden.key).status_code == 404


def test_the_sessions_page_shows_registration_and_nobody(hall):
    come(hall, "Secretperson")
    page = Client().get("/2021/sessions/open-forum-1/")
    text = page.content.decode()
    assert FORM in text
    assert "ecretperson" not in text
    assert "registration-2021" in page["Everhall-Tags"]
    assert "Everhall-Until" in page


def test_a_session_without_registration_says_nothing_of_it(world):
    assert "/register/" not in Client().get("/2021/sessions/open-forum-1/").content.decode()


# ---------------------------------------------------------------- without a script
def fields(page):
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))


def test_a_form_registers_and_tells_what_became_of_it(hall):
    client = Client(enforce_csrf_checks=True)
    page = client.get(FORM)
    assert page["Cache-Control"] == "private, no-store"
    sent = {**fields(page), "name": "乙", "email": "b@example.org", "way": "online"}
    answer = client.post(FORM, sent, follow=True)
    assert "报名成功" in answer.content.decode()
    assert Registration.objects.get().way == "online"
    client.post(FORM, sent)
    assert Registration.objects.count() == 1


def test_a_form_without_the_token_against_forgery_registers_nobody(hall):
    sent = {"request": "request-of-a-form-1", "name": "乙", "email": "b@example.org", "way": "online"}
    assert Client(enforce_csrf_checks=True).post(FORM, sent).status_code == 403


def test_a_form_with_a_fault_keeps_what_was_written(hall):
    client = Client()
    answer = client.post(FORM, {**fields(client.get(FORM)), "name": "乙<b>", "email": "nonsense", "way": "online"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写邮箱" in text
    assert "乙&lt;b&gt;" in text


def test_questions_are_asked_and_answers_kept(hall):
    question = Question.objects.create(admission=hall, text_zh="饮食", kind="choice", choices_zh="荤\n素", required=True)
    client = Client()
    sent = {**fields(client.get(FORM)), "name": "乙", "email": "b@example.org", "way": "onsite"}
    assert client.post(FORM, sent).status_code == 422
    client.post(FORM, {**sent, f"question-{question.pk}": "素"})
    assert [answer.text for answer in Registration.objects.get().answers.all()] == ["素"]


def test_real_names_are_kept_only_where_they_are_asked(world, hall):
    import datetime as dt

    asking = admission_to(world.sessions["zz-forum"], real_names="document", real_names_until=dt.date(2021, 11, 1))
    row = come(asking, "a", real_name="张三", document="11010119900101123x")
    assert (row.real_name.name, row.real_name.document) == ("张三", "11010119900101123X")
    other = come(hall, "a", real_name="张三", document="110101199001011234")
    assert not hasattr(Registration.objects.get(pk=other.pk), "real_name")


# ---------------------------------------------------------------- one's own
def test_a_link_opens_one_registration_and_no_other(hall):
    row, other = come(hall, "a"), come(hall, "b")
    token = link_token(row)
    assert Client().get(path_of(row)).status_code == 200
    forged = token[:-3] + ("aaa" if token[-3:] != "aaa" else "bbb")
    assert Client().get(f"/registrations/{forged}/").status_code == 404
    assert Client().get(f"/registrations/{other.key}/").status_code == 404
    assert Client().get(f"/registrations/{act_pass(type('U', (), {'pk': 1}), timezone.now())}/").status_code == 404


def test_one_gives_up_and_the_next_is_offered_the_seat_and_takes_it(hall):
    rows = {name: come(hall, name) for name in "abcd"}
    client = Client()
    client.post(f"{path_of(rows['a'])}cancel/")
    page = client.get(path_of(rows["d"])).content.decode()
    assert "为您保留席位至" in page
    client.post(f"{path_of(rows['d'])}confirm/")
    assert states(hall)["d"] == "confirmed"
    assert taken(hall) == 3


def test_a_place_that_was_handed_on_has_no_pass_any_more_and_the_giver_not_the_new_link(hall):
    row = come(hall, "a")
    answer = Client().post(f"{path_of(row)}transfer/", {"name": "新", "email": "new@example.org"}, follow=True)
    text = answer.content.decode()
    assert "<svg viewBox=\"0 0 4" not in text
    assert Client().get(f"{path_of(row)}pass.pdf").status_code == 404
    assert link_token(Registration.objects.get(email="new@example.org")) not in text


def test_a_new_pass_ends_the_old_link(hall):
    row = come(hall, "a")
    old, code = path_of(row), bytes(row.pass_code)
    issue = row.pass_issue
    answer = Client().post(f"{old}renew/", follow=True)
    row.refresh_from_db()
    assert answer.status_code == 200
    # A door tells by the code that it is the same place, and by the issue that the old pass is void.
    assert (bytes(row.pass_code), row.pass_issue) == (code, issue + 1)
    assert Client().get(old).status_code == 404


def test_what_cannot_be_done_is_told_on_the_page(hall):
    rows = [come(hall, name) for name in "abcd"]
    answer = Client().post(f"{path_of(rows[3])}confirm/")
    assert answer.status_code == 422
    assert "目前的状态不能这样操作" in answer.content.decode()
    assert Client().post(f"{path_of(rows[0])}explode/").status_code == 404
    assert Client().get(f"{path_of(rows[0])}cancel/").status_code == 405


def test_a_pass_is_printed_and_its_calendar_entry_has_the_link(hall):
    row = come(hall, "a")
    pdf = Client().get(f"{path_of(row)}pass.pdf")
    assert pdf.content.startswith(b"%PDF")
    ics = Client().get(f"{path_of(row)}calendar.ics").content.decode().replace("\r\n ", "")
    assert path_of(row) in ics
    assert "BEGIN:VEVENT" in ics


def test_the_text_of_a_pass_is_what_the_door_will_read(hall):
    from everhall.engines import passes as engine
    from everhall.registration import keys

    row = come(hall, "a")
    public = keys.key().public_key()
    facts = engine.read(passes.text_of(row), {engine.key_id(public): public})
    assert (facts.code, facts.seats, facts.way) == (bytes(row.pass_code), 1, "onsite")
    assert facts.until > services.ends_at(row).timestamp() - 61
    services.cancel(row, timezone.now())
    row.refresh_from_db()
    assert passes.text_of(row) == ""


def test_the_list_of_an_account_shows_its_own_only(hall, world):
    client = logged_in(world, "visitor@example.org")
    come(hall, "Secretperson")
    person = services.Person("访客", "visitor@example.org", client.get("/registrations/").wsgi_request.user.pk)
    services.register(services.Post(hall.key, {"request": "request-of-account", "way": "online"}, person), timezone.now())
    text = client.get("/registrations/").content.decode()
    assert "低空经济论坛" in text
    assert "ecretperson" not in text


# ---------------------------------------------------------------- without an account
def links_mailed():
    """Of the letter that brings the link to all registrations."""
    post_service.send_due(timezone.now())
    found = [re.search(r"https?://[^/]+(/\S*registrations/of/\S+)", one.body) for one in mail.outbox]
    return [one[1] for one in found if one]


def test_a_guest_finds_their_registrations_by_a_letter(hall, world):
    other = admission_to(world.sessions["zz-forum"], onsite=3)
    for admission in (hall, other):
        come(admission, "a")
    come(hall, "Secretperson")
    asked = Client(enforce_csrf_checks=True)
    token = fields(asked.get("/registrations/"))
    pages = [asked.post("/registrations/", {**token, "email": email}) for email in ("a@example.org", "nobody@example.org")]
    assert [one.status_code for one in pages] == [200, 200]
    assert csrf_less(pages[0].content.decode()).replace("a@example", "nobody@example") == csrf_less(pages[1].content.decode())
    links = links_mailed()
    assert len(links) == 1
    page = Client().get(links[0])
    text = page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert all(path_of(row) in text for row in Registration.objects.filter(email="a@example.org"))
    assert "ecretperson" not in text
    assert "a@example.org" not in links[0]


def test_the_link_to_all_registrations_ends_and_is_nothing_else(hall):
    row, now = come(hall, "a"), timezone.now()
    token = letter_token(row, int(now.timestamp()) - 1)
    page = Client().get(f"/registrations/of/{token}/")
    assert page.status_code == 404
    assert "两小时有效期已过" in page.content.decode()
    assert 'action="/registrations/"' in page.content.decode()
    assert Client().get(f"/registrations/of/{link_token(row)}/").status_code == 404
    assert Client().get(f"/registrations/{letter_token(row, int(now.timestamp()) + 60)}/").status_code == 404


def test_asking_for_letters_is_metered_and_tells_nothing(hall):
    come(hall, "a")
    client = Client()
    codes = [client.post("/registrations/", {"email": f"a{n // 2}@example.org"}).status_code for n in range(31)]
    assert codes == [200] * 30 + [429]
    assert client.post("/registrations/", {"email": "nonsense"}).status_code == 422


def test_one_address_gets_few_letters_whoever_asks(hall):
    come(hall, "a")
    now = timezone.now()
    gate = Gate()
    wanted = [gate.spend_letter("a@example.org", f"10.0.0.{n}", now.timestamp()) for n in range(6)]
    assert wanted == [True] * 3 + [False] * 3
    for _ in range(3):
        services.write_links("a@example.org", "en", now)
    post_service.send_due(now)
    assert len([one for one in mail.outbox if "/registrations/of/" in one.body]) == 1


def test_an_activity_has_one_registration_for_all_its_sessions(world, settings, hall):
    from everhall.registration.models import Admission

    activity = world.activities["zz-forum"]
    whole = Admission.objects.create(activity=activity)
    assert Client().get("/2021/activities/zz-forum/register/").status_code == 200
    assert "/2021/activities/zz-forum/register/" in Client().get("/2021/sessions/zz-forum-1/").content.decode()
    assert come(whole, "a").state == "confirmed"


def test_before_it_opens_the_form_can_be_filled_in_and_not_yet_sent(hall, settings):
    opens = hall.session.starts_at - dt.timedelta(hours=20)
    type(hall).objects.filter(pk=hall.pk).update(opens_at=opens)
    let_the_week_come(settings, opens - dt.timedelta(minutes=1))
    client = Client(enforce_csrf_checks=False)
    page = client.get(FORM).content.decode()
    wait = int(re.search(r'opens-in="(\d+)"', page)[1])
    assert 55 <= wait <= 60
    answer = client.post(FORM, {"request": "request-000000000001", "name": "甲", "email": "a@example.org", "way": "onsite"})
    assert answer.status_code == 422
    assert 'value="甲"' in answer.content.decode()
    let_the_week_come(settings, opens + dt.timedelta(seconds=1))
    assert "opens-in" not in client.get(FORM).content.decode()
