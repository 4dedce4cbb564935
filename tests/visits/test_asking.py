"""Questions to exhibitors: confirmed by letter, passed on, answered by letter, public only by both sides' wish."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from everhall.accounts.models import Membership
from everhall.editions import services as editions
from everhall.visits import queries, services, wording
from everhall.visits.models import Consent, ExhibitQuestion, PostWish, WordList

pytestmark = pytest.mark.django_db
ASK = "/2021/exhibits/open-drone/ask/"


@pytest.fixture
def member(world):
    user = world.user("member@skylark.example", name="云雀的人")
    Membership.objects.create(user=user, organisation=world.organisations["skylark"])
    return user


def form(visits, address=ASK, **values):
    page = visits.client.get(address).content.decode()
    mark = page.split('name="agreed" value="')[1].split('"')[0]
    told = {"text": "电池能飞多久？", "name": "小李", "email": "li@example.org", "agree": "yes", "agreed": mark, "public": "yes"}
    return visits.post(address, **{**told, **values})


def link_in(letter, part):
    return next(line for line in letter.body.splitlines() if part in line).split()[-1].removeprefix("http://localhost:8000")


def confirmed(visits, letters, **values):
    form(visits, **values)
    letter = next(letter for letter in letters() if "/visit/c/" in letter.body)
    visits.post(link_in(letter, "/visit/c/"))
    return ExhibitQuestion.objects.latest("pk")


def test_from_question_to_answer_by_two_letters(world, visits, letters, member, client):
    answer = form(visits)
    assert answer.status_code == 302
    assert answer["Location"].endswith("/sent/question/?waits=yes")
    assert "查收邮件" in visits.client.get(answer["Location"]).content.decode()
    question = ExhibitQuestion.objects.get()
    assert question.state == "unconfirmed"
    assert not queries.questions_to(world.organisations["skylark"].pk, world.editions["2021"])
    (letter,) = letters()
    assert letter.to == ["li@example.org"]
    assert "电池能飞多久？" in letter.body
    assert question.consent.text in letter.body
    link = link_in(letter, "/visit/c/")
    assert "请转交" in visits.client.get(link).content.decode()
    question.refresh_from_db()
    assert question.state == "unconfirmed", "what looks at links in advance confirms nothing"
    assert visits.post(link).status_code == 302
    assert visits.post(link).status_code == 302
    question.refresh_from_db()
    assert question.state == "open"
    assert question.consent.confirmed_at is not None
    (told,) = letters()
    assert told.to == [member.email]
    assert "小李" in told.body
    assert "li@example.org" not in f"{told.subject}{told.body}{told.recipients()}", "the exhibitor never gets the address"
    page = link_in(told, "/visit/answer/")
    client.force_login(member)
    assert "电池能飞多久？" in client.get(page).content.decode()
    client.post(page, {"answer": "四十分钟。", "public": "yes"})
    question.refresh_from_db()
    assert question.state == "answered"
    assert question.public
    assert question.answered_by == member
    (reply,) = letters()
    assert reply.to == ["li@example.org"]
    assert "四十分钟。" in reply.body
    assert "/visit/m/" in reply.body
    public = client.get("/2021/exhibits/open-drone/").content.decode()
    assert "电池能飞多久？" in public
    assert "四十分钟。" in public
    assert "小李" not in public
    assert "acceptedAnswer" in public


def test_an_address_known_to_be_theirs_needs_no_confirmation(world, visits, letters, member):
    user = world.user("known@example.org", name="小王")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    visits.client.force_login(user)
    assert 'value="known@example.org"' in visits.client.get(ASK).content.decode()
    assert form(visits, email=user.email)["Location"].endswith("/sent/question/")
    assert ExhibitQuestion.objects.get().state == "open"
    form(visits, email="somebody.else@example.org")
    assert ExhibitQuestion.objects.latest("pk").state == "unconfirmed", "another address is still another's"


@pytest.mark.parametrize(("values", "code"), [
    ({"text": " "}, "text"), ({"text": "问" * 2001}, "text"), ({"name": ""}, "name"), ({"email": "li@"}, "email"),
    ({"email": "a@b.example\nBcc: c@d.example"}, "email"), ({"agree": ""}, "agree"), ({"agreed": "0" * 16}, "changed"),
])  # fmt: skip
def test_what_does_not_fit_is_told_and_the_form_keeps_what_was_typed(world, visits, letters, values, code):
    answer = form(visits, **{"text": "留着我", **values})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert services.Refused(code).words in page
    assert 'role="alert"' in page
    assert ("留着我" in page) == ("text" not in values)
    assert not ExhibitQuestion.objects.exists()
    assert letters() == []


def test_nobody_fills_another_ones_mailbox(world, visits, letters):
    for _ in range(3):
        assert form(visits).status_code == 302
    assert services.Refused("too_many_letters").words in form(visits).content.decode()
    assert len(letters()) == 3


def test_another_site_asks_nothing(world, client):
    mark = wording.mark_of("x")
    answer = client.post(ASK, {"text": "?", "name": "x", "email": "a@b.example", "agree": "yes", "agreed": mark}, HTTP_SEC_FETCH_SITE="cross-site")
    assert answer.status_code == 409
    assert not ExhibitQuestion.objects.exists()


@pytest.mark.parametrize("path", ["draft-bj", "embargoed", "planned", "other-edition"])
def test_nobody_can_be_asked_about_what_visitors_may_not_see(world, client, path):
    assert client.get(f"/2021/exhibits/{path}/ask/").status_code == 404
    assert client.get(f"/2021/exhibits/{path}/contact/").status_code == 404


def test_a_word_of_the_list_holds_a_question_back_and_the_author_hears_of_the_refusal(world, visits, letters, member):
    WordList.objects.create(edition=world.editions["2021"], words="加微信\n代开")
    team = world.user("team@example.org")
    editions.appoint(team, "venue_organiser", world.editions["2021"], venue=world.venues["beijing"])
    question = confirmed(visits, letters, text="加 微 信聊聊")
    assert question.state == "held"
    (told,) = letters()
    assert told.to == [team.email]
    assert "/admin/visits/" in told.body
    services.decide(question, False, timezone.now())
    (reply,) = letters()
    assert reply.to == ["li@example.org"]
    assert "没有转交" in reply.body
    again = confirmed(visits, letters, text="一 二 https://a.example http://b.example www.c.example")
    assert again.state == "held"
    letters()
    services.decide(again, True, timezone.now())
    assert [letter.to for letter in letters()] == [[member.email]]


def test_only_the_organisation_that_is_asked_answers(world, visits, letters, member, client):
    question = confirmed(visits, letters)
    stranger = world.user("other@example.org")
    Membership.objects.create(user=stranger, organisation=world.organisations["hidden"])
    page = f"/visit/answer/{question.pk}/"
    assert client.get(page).status_code == 302
    client.force_login(stranger)
    assert client.get(page).status_code == 404
    assert client.post(page, {"answer": "我来答"}).status_code == 404
    assert not queries.may_answer(stranger, question)
    assert queries.may_answer(member, question)


def test_an_answer_is_public_only_if_both_wish_it(world, visits, letters, member):
    question = confirmed(visits, letters, public="")
    services.answer_question(question, "好的", member, timezone.now(), public=True)
    assert not question.public
    wished = confirmed(visits, letters)
    services.answer_question(wished, "好的", member, timezone.now())
    assert not wished.public


def test_a_corrected_answer_goes_out_again_and_the_same_does_not(world, visits, letters, member):
    question = confirmed(visits, letters)
    letters()
    now = timezone.now()
    services.answer_question(question, "三十分钟", member, now)
    assert len(letters()) == 1
    services.answer_question(question, "三十分钟", member, now, public=True)
    assert letters() == []
    assert question.public
    services.answer_question(question, "四十分钟", member, now, public=True)
    assert "四十分钟" in letters()[0].body
    with pytest.raises(services.Refused):
        services.answer_question(question, " ", member, now)


def test_a_reported_question_leaves_the_list_until_somebody_has_looked(world, visits, letters, member):
    question = confirmed(visits, letters)
    skylark, edition = world.organisations["skylark"].pk, world.editions["2021"]
    assert list(queries.questions_to(skylark, edition)) == [question]
    services.report_question(question, timezone.now())
    assert not queries.questions_to(skylark, edition)
    with pytest.raises(services.Refused):
        services.answer_question(question, "答", member, timezone.now())


def test_who_wants_letters_once_a_day_gets_one_with_all(world, visits, letters, member):
    PostWish.objects.create(user=member, rhythm="daily", language="en")
    for n in range(2):
        confirmed(visits, letters, text=f"第{n}问", email=f"v{n}@example.org")
    assert letters() == []
    zone, now = timezone.get_default_timezone(), timezone.now()
    assert services.write_digests(now, zone) == 1
    (letter,) = letters()
    assert "第0问" in letter.body
    assert "第1问" in letter.body
    assert "Visitors have asked" in letter.body
    assert services.write_digests(now + dt.timedelta(minutes=1), zone) == 0
    assert services.write_digests(now + dt.timedelta(days=1), zone) == 0, "nothing new"


def test_letters_are_in_the_language_of_who_gets_them(world, visits, letters, member):
    form(visits, address="/en/2021/exhibits/open-drone/ask/")
    (letter,) = letters()
    assert "Please confirm" in letter.subject
    assert "/en/visit/c/" in letter.body
    visits.post(link_in(letter, "/visit/c/"))
    (told,) = letters()
    assert "有观众询问" in told.subject, "members hear in Chinese until they say otherwise"


class AwayBackend:
    """A mail server that is away."""

    def __init__(self, **_options):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError

    def close(self):
        pass


def test_the_desk_shows_what_is_within_reach(world, visits, letters, client, settings):
    settings.STAFF_2FA = False
    question = confirmed(visits, letters)
    near, far = world.user("near@example.org"), world.user("far@example.org")
    editions.appoint(near, "venue_editor", world.editions["2021"], venue=world.venues["beijing"])
    editions.appoint(far, "venue_editor", world.editions["2021"], venue=world.venues["zhengzhou"])
    client.force_login(near)
    assert "电池能飞多久？" in client.get("/admin/visits/").content.decode()
    assert client.get(f"/admin/visits/{question.pk}/").status_code == 200
    assert client.get("/admin/visits/words/2021/").status_code == 404
    client.force_login(far)
    assert "电池能飞多久？" not in client.get("/admin/visits/").content.decode()
    assert client.get(f"/admin/visits/{question.pk}/").status_code == 404


def test_figures_count_what_was_asked_and_what_waits(world, visits, letters, member):
    first = confirmed(visits, letters)
    confirmed(visits, letters, email="b@example.org")
    form(visits, email="c@example.org")
    services.answer_question(first, "好", member, timezone.now())
    rows = {one.exhibit_id: one for one in queries.figures_for(world.organisations["skylark"].pk, world.editions["2021"], timezone.now())}
    one = rows[world.exhibits["open-drone"].pk]
    assert (one.questions, one.unanswered) == (2, 1)
    assert Consent.objects.filter(kind="question").count() == 3
