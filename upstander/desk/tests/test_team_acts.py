"""What a team member does: answer, next step, talk, own words, notes, back, aside, close."""

from __future__ import annotations

from html import unescape
from uuid import uuid4

import pytest
from django.test import Client

from conftest import Cast
from upstander.base.moment import database_now
from upstander.cases.tests.story import read_and_agree
from upstander.decisions.models import Closing, SecondOpinion
from upstander.desk.tests.story import TICKED, Handed, close_by_two, handed_off
from upstander.escalations.models import Acknowledgement, Alert
from upstander.escalations.tests.alerts import hear
from upstander.matters.models import MatterHold
from upstander.tips import reporter
from upstander.tips.models import Draft, Note, Tip
from upstander.tips.states import TipState


@pytest.fixture
def handed(cast: Cast) -> Handed:
    return handed_off(cast)


def alert_of(tip: Handed) -> Alert:
    return Alert.objects.exclude(state=Alert.State.ENDED).get(subject_id=tip.tip_id)


def read(client: Client, tip: Handed) -> str:
    response = client.get(f"/team/{tip.tip_id}")
    assert response.status_code == 200
    return unescape(response.content.decode())


def act(client: Client, tip: Handed, what: str, **sent: str) -> str:
    """Press a button and read the page on which one ends up."""
    ticked = TICKED if what == "close" else {}
    response = client.post(f"/team/{tip.tip_id}/{what}", sent | ticked, follow=True)
    assert response.status_code == 200
    return unescape(response.content.decode())


def have_it(cast: Cast, tip: Handed, name: str = "tom") -> Client:
    client = cast.client(name)
    client.post(f"/alerts/{alert_of(tip).pk}/answer", {"answer": "have_it"})
    return client


def test_having_it_asks_for_the_next_step(cast: Cast, handed: Handed) -> None:
    assert "What will you do next?" not in read(cast.client("tom"), handed)
    html = read(have_it(cast, handed), handed)
    assert "You have it" in html
    assert "What will you do next?" in html
    assert "Next step due in" in html
    assert "tel:911" in html
    assert "Tom has it" in read(cast.client("uma"), handed)


@pytest.mark.parametrize("step", ["call_911", "visit", "mobile_crisis", "colleague"])
def test_one_press_is_a_next_step(cast: Cast, handed: Handed, step: str) -> None:
    client = have_it(cast, handed)
    html = act(client, handed, "next", step=step)
    assert "Next step due in" not in html
    assert alert_of(handed).next_step_due_at is None


def test_who_acts_without_saying_so_has_it(cast: Cast, handed: Handed) -> None:
    act(cast.client("tom"), handed, "next", step="visit")
    assert alert_of(handed).acknowledged_by == cast.people["tom"].pk


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("no", "Home may not be safe"),
        ("unknown", "Is home safe?"),
        ("", "Is home safe?"),
        ("yes", "safe to call home"),
    ],
)
def test_whether_home_is_safe_comes_along(cast: Cast, said: str, words: str) -> None:
    """Also where the reporter's own words stayed at the center."""
    tip = handed_off(cast, home_safe=said)
    client = have_it(cast, tip)
    assert words in read(client, tip)
    html = act(client, tip, "next", step="family")
    assert ("we don't know if home is safe" in html) == (said != "yes")
    assert (alert_of(tip).next_step_due_at is None) == (said == "yes")
    act(client, tip, "next", step="family", sure="yes")
    assert alert_of(tip).next_step_due_at is None


def test_waiting_needs_its_reason(cast: Cast, handed: Handed) -> None:
    client = have_it(cast, handed)
    assert "Say why you are waiting" in act(client, handed, "next", step="wait", text="  ")
    html = act(client, handed, "next", step="wait", text="His mother is with him until six.")
    assert "Waiting, because: His mother is with him until six." in html


@pytest.mark.parametrize("step", ["", "shout", "family\0"])
def test_another_step_is_refused(cast: Cast, handed: Handed, step: str) -> None:
    assert "Choose the next step from the list" in act(
        cast.client("tom"), handed, "next", step=step
    )


def test_talking_with_the_reporter(cast: Cast, handed: Handed) -> None:
    client = cast.client("tom")
    act(client, handed, "reply", text="Are you safe to write?")
    dialog = reporter.dialog_for(handed.session_token)
    assert dialog is not None
    assert dialog.messages[-1].text == "Are you safe to write?"
    reporter.add_message(handed.session_token, "Yes, from my room.")
    html = read(client, handed)
    assert "Yes, from my room." in html
    assert handed.text not in html


def test_an_empty_or_endless_reply_is_not_sent(cast: Cast, handed: Handed) -> None:
    client = cast.client("tom")
    assert "There is nothing to send" in act(client, handed, "reply", text=" \n")
    assert "longer than" in act(client, handed, "reply", text="x" * 20_001)
    dialog = reporter.dialog_for(handed.session_token)
    assert dialog is not None
    assert len(dialog.messages) == 1


def test_what_can_t_be_sent_is_kept(cast: Cast, handed: Handed) -> None:
    client = cast.client("tom")
    close_by_two(cast, "tom", "uma", handed.tip_id)
    html = act(client, handed, "reply", text="One thing more.")
    assert "Reopen it" in html
    assert Draft.objects.get(tip_id=handed.tip_id).kind == "reply"
    assert "One thing more." in act(client, handed, "reopen")


def test_their_own_words_only_for_a_reason(cast: Cast, handed: Handed) -> None:
    client = cast.client("tom")
    assert handed.text not in act(client, handed, "words", text=" ")
    html = act(client, handed, "words", text="The street may stand in them.")
    assert handed.text in html
    assert "Asked for the reporter's own words: The street may stand in them." in html
    assert "Asked for the reporter's own words" in html
    # The whole team then reads them; another school's never does.
    assert handed.text in read(cast.client("uma"), handed)


def test_a_note_is_the_team_s_alone(cast: Cast, handed: Handed) -> None:
    act(cast.client("tom"), handed, "note", text="Spoke with the nurse.")
    assert "Spoke with the nurse." in read(cast.client("uma"), handed)
    center = cast.client("alice").get(f"/tips/{handed.tip_id}").content.decode()
    assert "Spoke with the nurse." not in center
    dialog = reporter.dialog_for(handed.session_token)
    assert dialog is not None
    assert len(dialog.messages) == 1


def test_not_our_student_goes_back_and_the_center_is_asked(cast: Cast, handed: Handed) -> None:
    client = cast.client("tom")
    assert "Say why you are sending it back" in act(client, handed, "back", text="")
    html = act(client, handed, "back", text="He goes to Birch.")
    assert "Sent back to the center" in html
    assert client.get(f"/team/{handed.tip_id}").status_code == 404
    assert Tip.objects.get(pk=handed.tip_id).state == TipState.RETURNED
    live = alert_of(handed)
    assert live.state == Alert.State.OPEN
    assert live.holders == [cast.teams["lakeside"].holder]
    hear()
    assert live.steps.filter(state="due").exists()


def test_what_a_reporter_adds_after_closing_is_the_center_s(cast: Cast, handed: Handed) -> None:
    close_by_two(cast, "tom", "uma", handed.tip_id)
    assert not Alert.objects.filter(subject_id=handed.tip_id).exclude(state="ended").exists()
    reporter.add_message(handed.session_token, "It happened again.")
    live = alert_of(handed)
    assert (live.state, live.holders) == (Alert.State.OPEN, [cast.teams["lakeside"].holder])


class TestStepAside:
    def test_it_needs_a_second_thought(self, cast: Cast, handed: Handed) -> None:
        assert "Tick the box" in act(cast.client("tom"), handed, "aside")
        assert "I have it" in read(cast.client("tom"), handed)

    def test_then_one_sees_nothing_and_the_others_have_it(self, cast: Cast, handed: Handed) -> None:
        client = have_it(cast, handed)
        act(client, handed, "aside", sure="yes")
        assert client.get(f"/team/{handed.tip_id}").status_code == 404
        for path in ("/team", "/record"):
            assert handed.reference not in client.get(path).content.decode()
        assert alert_of(handed).state == Alert.State.OPEN
        assert "Nobody has it yet" in read(cast.client("uma"), handed)

    def test_a_district_s_lead_may_too(self, cast: Cast, handed: Handed) -> None:
        client = cast.client("dee")
        act(client, handed, "aside", sure="yes")
        assert client.get(f"/team/{handed.tip_id}").status_code == 404
        assert handed.reference not in client.get("/district").content.decode()


class TestClosing:
    def test_a_reason_and_an_ending(self, cast: Cast, handed: Handed) -> None:
        client = cast.client("tom")
        html = act(client, handed, "close", disposition="", text="Met with him.")
        assert "Not closed" in html
        assert "Met with him." in html, "what was typed is kept"
        assert "Not closed" in act(client, handed, "close", disposition="police", text="")
        html = act(client, handed, "close", disposition="support_given", text="Met with him.")
        assert "a second person on your team must agree" in html
        read_and_agree(cast.viewer("uma"), SecondOpinion.objects.get().pk)
        html = read(client, handed)
        assert "Support given" in html
        assert "Met with him." in html
        dialog = reporter.dialog_for(handed.session_token)
        assert dialog is not None
        assert dialog.state == TipState.CLOSED
        assert "Met with him." not in str(dialog)
        assert handed.reference in client.get("/team?closed=1").content.decode()
        assert handed.reference not in client.get("/team").content.decode()

    def test_opened_again_it_is_somebody_s(self, cast: Cast, handed: Handed) -> None:
        close_by_two(cast, "tom", "tara", handed.tip_id)
        html = act(cast.client("uma"), handed, "reopen")
        assert "You have it" in html
        assert "reopened since" in html
        assert alert_of(handed).acknowledged_by == cast.people["uma"].pk

    @pytest.mark.parametrize("ending", ["unfounded", "false_harm", "not_enough", "police"])
    def test_nobody_alone_closes_life_safety(self, cast: Cast, handed: Handed, ending: str) -> None:
        tom = have_it(cast, handed)
        html = act(tom, handed, "close", disposition=ending, text="It was a joke.")
        assert "a second person on your team must agree" in html
        assert Tip.objects.get(pk=handed.tip_id).state == TipState.HANDED_OFF
        assert not Closing.objects.exists()
        opinion = SecondOpinion.objects.get()
        own = act(tom, handed, f"opinions/{opinion.pk}", agree="yes")
        assert "A second person must agree" in own
        uma = cast.client("uma")
        html = read(uma, handed)
        assert "It was a joke." in html
        assert "I agree: close it" in html
        html = act(uma, handed, f"opinions/{opinion.pk}", agree="yes")
        assert Tip.objects.get(pk=handed.tip_id).disposition == ending
        assert "and Uma agreed" in html
        assert "It was a joke." in html

    def test_refused_it_stands(self, cast: Cast, handed: Handed) -> None:
        act(cast.client("tom"), handed, "close", disposition="unfounded", text="A joke.")
        opinion = SecondOpinion.objects.get()
        html = act(cast.client("uma"), handed, f"opinions/{opinion.pk}", agree="no")
        assert "The tip stays open" in html
        assert Tip.objects.get(pk=handed.tip_id).state == TipState.HANDED_OFF

    @pytest.mark.parametrize("name", ["bob", "charlie", "paul"])
    def test_a_stranger_can_t_be_the_second(self, cast: Cast, handed: Handed, name: str) -> None:
        act(cast.client("tom"), handed, "close", disposition="unfounded", text="A joke.")
        opinion = SecondOpinion.objects.get()
        response = cast.client(name).post(
            f"/team/{handed.tip_id}/opinions/{opinion.pk}", {"agree": "yes"}
        )
        assert response.status_code == 404

    def test_the_center_can_t_decide_what_it_can_t_read(self, cast: Cast, handed: Handed) -> None:
        act(cast.client("tom"), handed, "close", disposition="unfounded", text="A joke.")
        opinion = SecondOpinion.objects.get()
        response = cast.client("alice").post(
            f"/tips/{handed.tip_id}/opinions/{opinion.pk}", {"agree": "yes"}
        )
        assert response.status_code == 404


def test_the_history_names_who_did_what(cast: Cast, handed: Handed) -> None:
    client = have_it(cast, handed)
    html = act(client, handed, "next", step="visit")
    for said in ("Received", "Handed off", "Said “I have it”", "Noted the next step"):
        assert said in html
    assert "Alice" in html
    assert "Tom" in html


def test_every_press_needs_the_form_s_token(cast: Cast, handed: Handed) -> None:
    client = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    client.cookies = cast.client("tom").cookies
    for what in ("next", "reply", "note", "words", "back", "aside", "close", "reopen"):
        assert client.post(f"/team/{handed.tip_id}/{what}").status_code == 403, what
    assert not Acknowledgement.objects.exists()


def test_a_get_of_a_press_only_shows_the_tip(cast: Cast, handed: Handed) -> None:
    for what in ("next", "reply", "note", "words", "back", "aside", "close", "reopen"):
        response = cast.client("tom").get(f"/team/{handed.tip_id}/{what}")
        assert response["Location"] == f"/team/{handed.tip_id}"


@pytest.mark.django_db
def test_questions_and_answers_wait_for_the_report_in_a_teams_note_too(
    cast: Cast, handed: Handed
) -> None:
    matter = Tip.objects.get(pk=handed.tip_id).matter_id
    MatterHold.objects.create(matter_id=matter, by=uuid4(), since=database_now())
    before = Note.objects.count()
    words = "I asked him who did it. His uncle."
    for answer in ({}, {"questioned": "yes", "questioned_why": "It was urgent."}):
        sent = {"text": words} | answer
        asked = cast.client("tara").post(f"/team/{handed.tip_id}/note", sent)
        assert asked.status_code == 422
        assert words in asked.content.decode()
    assert Note.objects.count() == before
    sent = {"text": words, "questioned": "no"}
    cast.client("tara").post(f"/team/{handed.tip_id}/note", sent)
    assert Note.objects.count() == before + 1
