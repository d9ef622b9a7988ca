"""The conversation: reading, writing, answering, hiding, ending."""

from __future__ import annotations

import re
import time
from uuid import UUID

import pytest

from conftest import Cast
from upstander.decisions.actions import close_tip
from upstander.decisions.dispositions import DISPOSITIONS
from upstander.decisions.for_reporter import words_for_reporter
from upstander.doors.tests.site import WORDS, Site, code_in, hidden_in, text_of
from upstander.doors.web import live
from upstander.escalations.actions.alerts import acknowledge
from upstander.escalations.models import Acknowledgement, Alert
from upstander.tips import coming_back
from upstander.tips.actions.not_see import dismiss_not_see
from upstander.tips.actions.writing import add_note, add_reply
from upstander.tips.models import Message, Talk, Tip
from upstander.tips.opening import open_tip, read_contents, words_shown
from upstander.tips.reporter import MAX_TEXT, NotKept
from upstander.triage.actions.handoff import exclude_people, hand_off, send_back
from upstander.triage.actions.work import claim_tip


def sent(site: Site, text: str = WORDS, **answers: str) -> UUID:
    """A reporter has sent a tip to Maple Valley and holds its cookie."""
    site.send("/report?d=maple-valley", text=text, **answers)
    return Tip.objects.latest("received_at").pk


def shown(site: Site) -> str:
    """What the frame shows now."""
    return text_of(site.get("/talk/live"))


def test_the_frame_shows_the_message_and_looks_again_by_itself(site: Site) -> None:
    sent(site)
    response = site.get(f"/talk/live?since={int(time.time() // 60)}")
    assert WORDS in text_of(response)
    assert response["Refresh"] == "10"
    assert re.fullmatch(r"10; url=/talk/live\?since=\d+", site.get("/talk/live")["Refresh"])
    assert b"http-equiv" not in response.content, "a reload by header adds nothing to the history"


def test_looking_gets_slower_and_stops_so_that_a_forgotten_page_ends(site: Site) -> None:
    now = time.time()
    ages = [0, 9, 30, 100, 181]
    looks = [live.seconds_to_next_look(str(int(now // 60) - age), now) for age in ages]
    assert looks == [10, 10, 20, 60, None]
    sent(site)
    response = site.get(f"/talk/live?since={int(now // 60) - 181}")
    assert "Refresh" not in response
    assert "Look again" in text_of(response)


def test_the_reader_can_stop_the_looking(site: Site) -> None:
    sent(site)
    assert "Stop looking" in shown(site)
    still = site.get("/talk/live?still=1")
    assert "Refresh" not in still
    assert "Look now" in text_of(still)


@pytest.mark.parametrize("since", ["", "x", "-1", "9" * 40, "٣"])
def test_a_made_up_moment_in_the_address_breaks_nothing(site: Site, since: str) -> None:
    sent(site)
    assert site.get("/talk/live").status_code == 200
    assert site.get(f"/talk/live?since={since}").status_code == 200


def test_the_states_in_plain_words(site: Site, cast: Cast) -> None:
    tip = sent(site)
    assert "Waiting for a counselor." in shown(site)
    alice, tom = cast.viewer("alice"), cast.viewer("tom")
    claim_tip(alice, tip)
    assert "A counselor has your message." in shown(site)
    words_shown(opened := open_tip(alice, tip))
    assert "A counselor has read it." in shown(site)
    hand_off(opened, [cast.teams["cedar"].pk], "A brief for the team alone.")
    assert "We are contacting your school’s team." in shown(site)
    asked = Alert.objects.get(subject_id=tip, stage="school")
    acknowledge(tom, asked.pk, Acknowledgement.Answer.HAVE_IT)
    assert "Your school’s team has it." in shown(site)
    send_back(open_tip(tom, tip), "Goes to another school.")
    assert "It’s back with the crisis center." in shown(site)
    hand_off(open_tip(alice, tip), [cast.teams["cedar"].pk], "Once more.")
    close_tip(open_tip(tom, tip), "support_given", "Met with him and his mother.")
    page = shown(site)
    assert f"Closed: {words_for_reporter('support_given')}" in page
    for secret in ("brief", "another school", "his mother", "Tom"):
        assert secret not in page


@pytest.mark.parametrize(
    ("language", "asked", "had"),
    [
        ("en", "We are contacting your district’s office.", "Your district’s office has it."),
        (
            "es",
            "Nos estamos comunicando con la oficina de tu distrito.",
            "La oficina de tu distrito lo tiene.",
        ),
        (
            "ar",
            "نتواصل الآن مع مكتب منطقتك التعليمية.",
            "هي الآن عند مكتب منطقتك التعليمية.",
        ),
    ],
)
def test_an_office_that_has_it_is_not_called_the_school(
    site: Site, cast: Cast, language: str, asked: str, had: str
) -> None:
    tip, alice = sent(site), cast.viewer("alice")
    live_in = "/talk/live" if language == "en" else f"/{language}/talk/live"
    claim_tip(alice, tip)
    hand_off(open_tip(alice, tip), [cast.teams["maple"].pk], "The school is passed over.")
    assert asked in text_of(site.get(live_in))
    alert = Alert.objects.get(subject_id=tip, stage="school")
    acknowledge(cast.viewer("dee"), alert.pk, Acknowledgement.Answer.HAVE_IT)
    assert had in text_of(site.get(live_in))


def test_a_step_that_comes_to_the_office_is_told_as_its_own(site: Site, cast: Cast) -> None:
    tip, alice = sent(site), cast.viewer("alice")
    claim_tip(alice, tip)
    hand_off(open_tip(alice, tip), [cast.teams["cedar"].pk], "A brief for the team alone.")
    Alert.objects.filter(subject_id=tip, stage="school").update(
        state="acknowledged", acknowledged_by=cast.people["dee"].pk
    )
    assert "Your district’s office has it." in shown(site)


def test_a_single_person_who_is_asked_is_told_of_by_no_kind(site: Site, cast: Cast) -> None:
    tip, alice = sent(site), cast.viewer("alice")
    claim_tip(alice, tip)
    opened = open_tip(alice, tip)
    exclude_people(opened, [cast.people["uma"].pk])
    hand_off(open_tip(alice, tip), [cast.teams["cedar"].pk], "A brief for whoever is left.")
    page = shown(site)
    assert "We are contacting people whose job it is to help." in page
    alert = Alert.objects.get(subject_id=tip, stage="school")
    acknowledge(cast.viewer("tom"), alert.pk, Acknowledgement.Answer.HAVE_IT)
    assert "Your school’s team has it." in shown(site)


LEFT_OUT = "The people you told us to leave out"


@pytest.mark.parametrize(("not_see", "named"), [("", False), ("No.", False), ("my coach", True)])
def test_only_whoever_named_somebody_is_told_that_they_are_left_out(
    site: Site, cast: Cast, not_see: str, named: bool
) -> None:
    thanks = site.send("/report?d=maple-valley", not_see=not_see)
    assert (f"{LEFT_OUT} will not." in text_of(thanks)) == named
    tip = Tip.objects.get().pk
    alice = cast.viewer("alice")
    claim_tip(alice, tip)
    words_shown(opened := open_tip(alice, tip))
    if named:
        dismiss_not_see(opened, "He is of another town.")
    hand_off(opened, [cast.teams["cedar"].pk], "A brief for the team alone.")
    asked = Alert.objects.get(subject_id=tip, stage="school")
    acknowledge(cast.viewer("tom"), asked.pk, Acknowledgement.Answer.HAVE_IT)
    page = shown(site)
    assert "They can write to you here." in page
    assert (f"{LEFT_OUT} can’t see it." in page) == named


@pytest.mark.parametrize("disposition", [d.key for d in DISPOSITIONS])
def test_no_closing_tells_about_others(disposition: str) -> None:
    words = words_for_reporter(disposition).lower()
    for telling in ("suspend", "arrest", "parent", "dcf", "unfounded", "false", "junk", "prank"):
        assert telling not in words


def test_an_answer_stands_after_the_message_and_a_note_nowhere(site: Site, cast: Cast) -> None:
    tip = sent(site)
    alice = cast.viewer("alice")
    claim_tip(alice, tip)
    words_shown(opened := open_tip(alice, tip))
    add_reply(opened, "Are you safe to write?")
    add_note(opened, "Third tip about him this month.")
    page = shown(site)
    assert page.index(WORDS) < page.index("Are you safe to write?")
    assert "Third tip" not in page
    assert "Alice" not in page


def test_a_message_reaches_the_counselor_and_keeps_the_code_in_sight(
    site: Site, cast: Cast
) -> None:
    thanks = site.send("/report?d=maple-valley")
    fields = hidden_in(text_of(thanks))
    again = site.post("/talk/message", {**fields, "text": "It was at lunch."})
    assert again.status_code == 200
    assert code_in(again) == code_in(thanks)
    contents = read_contents(open_tip(cast.viewer("alice"), Tip.objects.get().pk))
    assert [turn.text for turn in contents.turns] == [WORDS, "It was at lunch."]


def test_a_message_sent_twice_is_one_message(site: Site) -> None:
    fields = hidden_in(text_of(site.send()))
    for _ in range(3):
        site.post("/talk/message", {**fields, "text": "Once."})
    assert shown(site).count("Once.") == 1
    assert Message.objects.filter(kind="text").count() == 2


@pytest.mark.parametrize("text", ["", " \n ", "z" * (MAX_TEXT + 1)])
def test_a_message_that_can_not_be_taken_stays_in_the_page(site: Site, text: str) -> None:
    fields = hidden_in(text_of(site.send()))
    response = site.post("/talk/message", {**fields, "text": text})
    assert response.status_code == 422
    assert text in text_of(response)
    assert code_in(response)


def test_a_message_while_the_database_is_away_stays_in_the_page(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = hidden_in(text_of(site.send()))

    def away(*_: object) -> None:
        raise NotKept

    monkeypatch.setattr(coming_back, "call", away)
    response = site.post("/talk/message", {**fields, "text": "He is in the gym."})
    assert response.status_code == 503
    page = text_of(response)
    assert "He is in the gym." in page
    assert "Nothing was sent." in page
    assert code_in(response) == fields["code"]
    monkeypatch.undo()
    assert (
        site.post("/talk/message", {**hidden_in(page), "text": "He is in the gym."}).status_code
        == 200
    )
    assert "He is in the gym." in shown(site)


def test_the_thank_you_page_writes_on_after_its_session_has_ended(site: Site) -> None:
    fields = hidden_in(text_of(site.send()))
    Talk.objects.all().delete()
    response = site.post("/talk/message", {**fields, "text": "Still here."})
    assert response.status_code == 200
    assert response.cookies["talk"].value
    assert "Still here." in shown(site)


def test_a_message_without_a_session_is_kept_until_the_code_is_typed(site: Site) -> None:
    code = code_in(site.send())
    Talk.objects.all().delete()
    response = site.post("/talk/message", {"once": "x", "text": "Not lost."})
    assert response.status_code == 403
    assert "Not lost." in text_of(response)
    assert site.post("/back", {"code": code, "text": "Not lost."}).status_code == 303
    assert "Not lost." in shown(site)


def test_follow_up_answers_raise_the_priority_and_are_not_asked_again(site: Site) -> None:
    page = text_of(site.send("/report?d=maple-valley", tile="suicide", when="past"))
    assert Tip.objects.get().priority == "urgent"
    again = site.post("/talk/answers", {**hidden_in(page), "hurt_today": "yes", "means": "no"})
    assert Tip.objects.get().priority == "life_safety"
    asked = re.findall(r'name="(\w+)"', text_of(again))
    assert "hurt_today" not in asked
    assert code_in(again)


def test_follow_up_answers_never_lower_and_never_change_what_was_said(site: Site) -> None:
    page = text_of(site.send("/report?d=maple-valley", tile="suicide", when="now"))
    site.post(
        "/talk/answers", {**hidden_in(page), "hurt_today": "no", "when": "past", "tile": "sad"}
    )
    tip = Tip.objects.get()
    assert (tip.priority, tip.tile, tip.happening_now) == ("life_safety", "suicide", True)


def test_nothing_answered_changes_nothing(site: Site) -> None:
    fields = hidden_in(text_of(site.send(tile="suicide")))
    assert site.post("/talk/answers", {**fields, "hurt_today": ""}).status_code == 200
    assert Message.objects.filter(kind="answers").count() == 1


def test_hiding_is_asked_first_and_staff_keep_their_copy(site: Site, cast: Cast) -> None:
    tip = sent(site)
    link = re.search(r'href="(/talk/hide\?message=[^"]+)"', shown(site))
    assert link is not None
    question = text_of(site.get(link[1]))
    assert "Staff still have it" in question
    assert WORDS in shown(site), "asking hides nothing"
    site.post("/talk/hide", hidden_in(question))
    page = shown(site)
    assert WORDS not in page
    assert "Hidden from this page. Staff still have it." in page
    contents = read_contents(open_tip(cast.viewer("alice"), tip))
    assert contents.turns[0].text == WORDS


@pytest.mark.parametrize("message", ["", "x", "0" * 32, "00000000-0000-0000-0000-000000000000"])
def test_hiding_what_is_not_there_changes_nothing(site: Site, message: str) -> None:
    sent(site)
    assert site.post("/talk/hide", {"message": message}).status_code == 303
    assert WORDS in shown(site)


def test_nobody_hides_a_strangers_message(site: Site) -> None:
    sent(site)
    theirs = Message.objects.get(kind="text").pk
    site.client.cookies.clear()
    sent(site, "Mine.")
    site.post("/talk/hide", {"message": str(theirs)})
    assert not Message.objects.get(pk=theirs).hidden


def test_ending_closes_the_page_and_says_that_staff_keep_the_words(site: Site) -> None:
    code = code_in(site.send())
    page = text_of(site.post("/talk/end", {}))
    assert "Staff keep what you wrote and still act on it." in page
    assert site.client.cookies["talk"].value == ""
    assert Tip.objects.get().ended_by_reporter
    assert site.get("/talk").status_code == 302
    site.post("/back", {"code": code})
    assert "You ended this conversation." in shown(site)
    site.post("/talk/message", {"text": "One more thing.", "once": "1"})
    assert "You ended this conversation." not in shown(site)


def test_without_a_session_nothing_is_told(site: Site) -> None:
    sent(site)
    site.client.cookies.clear()
    assert site.get("/talk")["Location"] == "/back"
    frame = site.get("/talk/live")
    assert frame.status_code == 403
    assert WORDS not in text_of(frame)
    assert 'target="_top"' in frame.content.decode()


@pytest.mark.parametrize("path", ["message", "answers", "hide", "end", "file"])
def test_what_another_site_makes_the_browser_send_is_refused(site: Site, path: str) -> None:
    sent(site)
    response = site.post(f"/talk/{path}", {"text": "Forged."}, **{"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    assert "Forged." not in shown(site)


@pytest.mark.parametrize("path", ["message", "answers", "end", "file"])
def test_a_link_changes_nothing(site: Site, path: str) -> None:
    sent(site)
    before = shown(site)
    for ask in (site.client.get, site.client.head):
        answer = ask(f"/talk/{path}")
        # Nor is it an empty page: the address stands in the bar of whoever sent something.
        assert (answer.status_code, answer.headers["Location"]) == (302, "/talk")
    assert site.client.put(f"/talk/{path}").status_code == 405
    assert shown(site) == before


def test_words_are_isolated_so_that_they_turn_nothing_around(site: Site) -> None:
    sent(site, "\u202eevil")
    assert re.search(r'class="bubble-text" dir="auto">\u202eevil<', shown(site))
