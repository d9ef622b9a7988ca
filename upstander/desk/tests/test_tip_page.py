"""The tip's page at the center: what it shows, to whom, and what can be pressed on it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db.models import F

from conftest import Cast
from upstander.audit.models import Entry
from upstander.desk.tests.tips import WORDS, a_life_safety_tip, a_tip
from upstander.people.scope import Viewer
from upstander.tips import reporter
from upstander.tips.models import Draft, Message, Note, Tip
from upstander.tips.opening import OpenTip, open_tip
from upstander.tips.states import TipState
from upstander.triage import views
from upstander.triage.actions.work import claim_tip


def test_it_shows_the_dialog_the_answers_in_words_and_the_prompts(cast: Cast) -> None:
    filed = a_tip(cast, answers={"who": "someone", "when": "soon", "place": "Room 12, gym side"})
    page = cast.client("alice").get(f"/tips/{filed.tip_id}")
    shown = page.content.decode()
    assert page.status_code == 200
    for wanted in (
        WORDS,
        "Is it happening now?",
        "Soon: today or tonight",
        "Room 12, gym side",
        "Are you safe to write?",
        "Nobody has assessed this tip yet",
        filed.reference,
    ):
        assert wanted in shown, wanted


def test_a_floor_is_named_only_where_the_tip_stands_at_it(cast: Cast) -> None:
    client = cast.client("alice")
    at_it = client.get(f"/tips/{a_tip(cast).tip_id}").content.decode()
    assert "Its floor is urgent" in " ".join(at_it.split())
    above = client.get(f"/tips/{a_tip(cast, tile='', answers={}).tip_id}").content.decode()
    assert "Its floor is" not in above
    assert "It stands as urgent until somebody does" in above


@pytest.mark.parametrize("name", ["cora", "tom", "dee", "charlie"])
def test_a_strangers_tip_is_404_and_an_unknown_one_too(cast: Cast, name: str) -> None:
    filed = a_tip(cast)
    client = cast.client(name)
    assert client.get(f"/tips/{filed.tip_id}").status_code in (302, 404)
    assert client.get(f"/tips/{uuid4()}").status_code in (302, 404)
    for action in ("claim", "reply", "note", "junk", "release", "take", "link", "reopen", "draft"):
        answer = client.post(f"/tips/{filed.tip_id}/{action}", {"text": "x"})
        assert answer.status_code in ((404,) if name == "cora" else (403,)), action
    assert Tip.objects.get(pk=filed.tip_id).state == TipState.NEW


def test_reading_is_recorded_before_anything_is_shown(cast: Cast) -> None:
    filed = a_tip(cast)
    cast.client("alice").get(f"/tips/{filed.tip_id}")
    entry = Entry.objects.get(action="tip opened", subject_id=str(filed.tip_id))
    assert (entry.actor_id, entry.detail) == (cast.people["alice"].pk, {"purpose": "read"})


def test_one_press_claims_and_the_second_to_press_reads_who_was_first(cast: Cast) -> None:
    filed = a_tip(cast)
    cast.client("alice").post(f"/tips/{filed.tip_id}/claim")
    late = cast.client("bea").post(f"/tips/{filed.tip_id}/claim", {"from": "queue"}, follow=True)
    assert "Alice already took this tip" in late.content.decode()
    assert Tip.objects.get(pk=filed.tip_id).claimed_by == cast.people["alice"].pk


def test_a_reply_reaches_the_reporter_and_claims_a_free_tip(cast: Cast) -> None:
    filed = a_tip(cast)
    cast.client("alice").post(f"/tips/{filed.tip_id}/reply", {"text": "Are you safe to write?"})
    assert reporter.dialog_for(filed.session_token).messages[-1].text == "Are you safe to write?"
    assert Tip.objects.get(pk=filed.tip_id).claimed_by == cast.people["alice"].pk


def test_a_note_never_reaches_the_reporter(cast: Cast) -> None:
    filed = a_tip(cast)
    cast.client("alice").post(f"/tips/{filed.tip_id}/note", {"text": "Ask the supervisor."})
    assert len(reporter.dialog_for(filed.session_token).messages) == 1
    shown = cast.client("bea").get(f"/tips/{filed.tip_id}").content.decode()
    note = shown[shown.index("bubble-note") :]
    assert "Internal note: the reporter never sees this" in note
    assert "Ask the supervisor." in note


def test_a_prompt_goes_into_the_box_and_nothing_is_sent(cast: Cast) -> None:
    filed = a_tip(cast, language="es")
    cast.client("alice").post(
        f"/tips/{filed.tip_id}/reply", {"text": "Hola.", "insert": "general.first.2"}
    )
    assert Message.objects.filter(tip_id=filed.tip_id, author="center").count() == 0
    shown = cast.client("alice").get(f"/tips/{filed.tip_id}").content.decode()
    box = shown[shown.index('id="reply-text"') :].split("</textarea>")[0]
    assert "Hola.\n¿Puedes escribir sin peligro?" in box


def test_while_a_colleague_has_it_nothing_is_sent_and_the_words_are_kept(cast: Cast) -> None:
    filed = a_tip(cast)
    claim_tip(cast.viewer("bea"), filed.tip_id)
    alice = cast.client("alice")
    told = alice.post(f"/tips/{filed.tip_id}/reply", {"text": "Half a thought"}, follow=True)
    assert "Bea has this tip. Nothing was sent" in told.content.decode()
    assert len(reporter.dialog_for(filed.session_token).messages) == 1
    assert Draft.objects.filter(tip_id=filed.tip_id, person_id=cast.people["alice"].pk).exists()


def test_a_draft_outlives_a_reload_and_a_change_of_owner(cast: Cast) -> None:
    filed = a_tip(cast)
    bea = cast.client("bea")
    bea.post(f"/tips/{filed.tip_id}/claim")
    kept = bea.post(f"/tips/{filed.tip_id}/draft", {"kind": "reply", "text": "We are here and"})
    assert kept.json() == {"kept": True}
    assert "We are here and" in bea.get(f"/tips/{filed.tip_id}").content.decode()

    Draft.objects.update(at=F("at") - timedelta(seconds=1))
    alice = cast.client("alice")
    alice.post(f"/tips/{filed.tip_id}/take", {"text": "Bea's shift ended."})
    shown = alice.get(f"/tips/{filed.tip_id}").content.decode()
    draft = shown[shown.index("Bea started a reply") :]
    assert "We are here and" in draft
    assert b"We are here" not in bytes(Draft.objects.get(tip_id=filed.tip_id).sealed)
    assert Tip.objects.get(pk=filed.tip_id).claimed_by == cast.people["alice"].pk
    assert Note.objects.get(tip_id=filed.tip_id).person_id == cast.people["alice"].pk


def test_taking_over_needs_a_reason(cast: Cast) -> None:
    filed = a_tip(cast)
    claim_tip(cast.viewer("bea"), filed.tip_id)
    told = cast.client("alice").post(f"/tips/{filed.tip_id}/take", {"text": " "}, follow=True)
    assert "Say briefly why" in told.content.decode()
    assert Tip.objects.get(pk=filed.tip_id).claimed_by == cast.people["bea"].pk


def test_a_life_safety_tip_is_never_junk_by_one_person(cast: Cast) -> None:
    filed = a_life_safety_tip(cast)
    told = cast.client("alice").post(f"/tips/{filed.tip_id}/junk", {"junk": "yes"}, follow=True)
    assert "set aside a life-safety tip" in told.content.decode()
    assert not Tip.objects.get(pk=filed.tip_id).junk


def test_tips_are_linked_by_reference_and_each_shows_the_other(cast: Cast) -> None:
    one, two = a_tip(cast), a_tip(cast)
    alice = cast.client("alice")
    alice.post(f"/tips/{one.tip_id}/link", {"reference": two.reference.lower()})
    assert two.reference in alice.get(f"/tips/{one.tip_id}").content.decode()
    assert one.reference in alice.get(f"/tips/{two.tip_id}").content.decode()


def test_the_panels_alone_hold_no_form_field_that_a_refresh_could_empty(cast: Cast) -> None:
    filed = a_tip(cast)
    shown = cast.client("alice").get(f"/tips/{filed.tip_id}/parts").content.decode()
    assert WORDS in shown
    assert "<textarea" not in shown


def test_somebody_without_a_key_is_sent_to_unlock(cast: Cast) -> None:
    filed = a_tip(cast)
    answer = cast.client("alice", unlocked=False).get(f"/tips/{filed.tip_id}")
    assert answer["Location"].startswith("/people/unlock/?next=")


def test_hidden_by_the_reporter_is_marked_and_still_there(cast: Cast) -> None:
    filed = a_tip(cast)
    message = reporter.dialog_for(filed.session_token).messages[0]
    reporter.hide_message(filed.session_token, message.id)
    shown = cast.client("alice").get(f"/tips/{filed.tip_id}").content.decode()
    assert WORDS in shown
    assert "The reporter hid this on their side" in shown


def test_hostile_words_stay_words(cast: Cast) -> None:
    text = "<script>alert(1)</script> {{ 7|add:7 }} \u202e\x07"
    filed = a_tip(cast, text=text, answers={"who": "me", "place": "<b>x</b>"})
    alice = cast.client("alice")
    alice.post(f"/tips/{filed.tip_id}/note", {"text": text})
    shown = alice.get(f"/tips/{filed.tip_id}").content.decode()
    assert "<script>alert" not in shown
    assert "<b>x</b>" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_what_was_sent_does_not_come_back_as_a_draft(cast: Cast) -> None:
    filed, alice = a_tip(cast), cast.client("alice")
    page = int(alice.get(f"/tips/{filed.tip_id}").context["now"].timestamp()) - 5
    alice.post(f"/tips/{filed.tip_id}/reply", {"text": "We are here."})
    late = {"kind": "reply", "text": "We are here.", "since": str(page)}
    alice.post(f"/tips/{filed.tip_id}/draft", late)
    assert not Draft.objects.exists()
    # What is begun on the page that came after is one, also within the same second.
    new = int(alice.get(f"/tips/{filed.tip_id}").context["now"].timestamp())
    alice.post(f"/tips/{filed.tip_id}/draft", {**late, "text": "And", "since": str(new)})
    assert Draft.objects.count() == 1


def test_a_save_that_was_under_way_as_it_was_sent_does_not_bring_it_back(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed, alice = a_tip(cast), cast.client("alice")
    page = int(alice.get(f"/tips/{filed.tip_id}").context["now"].timestamp()) - 5

    def sent_first(viewer: Viewer, tip_id: UUID, purpose: str) -> OpenTip:
        """The save has come; before it is written, the reply is."""
        if purpose == "draft":
            alice.post(f"/tips/{tip_id}/reply", {"text": "We are here."})
        return open_tip(viewer, tip_id, purpose=purpose)

    monkeypatch.setattr(views, "open_tip", sent_first)
    late = {"kind": "reply", "text": "We are here.", "since": str(page)}
    alice.post(f"/tips/{filed.tip_id}/draft", late)
    assert Message.objects.filter(author="center").count() == 1
    assert not Draft.objects.exists()


def test_enter_on_a_list_of_prompts_cannot_send_the_reply(cast: Cast) -> None:
    filed = a_tip(cast)
    shown = cast.client("alice").get(f"/tips/{filed.tip_id}").content.decode()
    form = shown[shown.index('id="reply-form"') :].split("</form>")[0]
    assert 'type="radio"' not in form
    # Besides the prompts, only how far the conversation on the page goes.
    assert shown.count('name="insert"') == shown.count('form="reply-form"') - 1
