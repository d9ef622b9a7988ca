"""One tip from form to desk to team and back, through the real roles."""

from __future__ import annotations

import pytest
from django.http import Http404

from conftest import Cast
from upstander.cases.tests.story import read_and_agree
from upstander.decisions.actions import close_tip
from upstander.decisions.models import SecondOpinion
from upstander.escalations.actions.alerts import acknowledge
from upstander.escalations.models import Acknowledgement, Alert
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.actions.writing import add_note, add_reply
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip, read_contents
from upstander.tips.states import TipState
from upstander.triage.actions.handoff import ask_for_words, hand_off, record_next_step, send_back
from upstander.triage.actions.work import claim_tip


def a_tip(cast: Cast, text: str = "My friend says she wants to disappear.") -> reporter.Filed:
    return reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text=text,
            language="en",
            tile="suicide",
            answers={"who": "someone", "when": "soon"},
            school_id=cast.cedar.pk,
        )
    )


def test_a_tip_goes_from_form_to_desk_to_team_and_back(cast: Cast) -> None:
    filed = a_tip(cast)
    assert not filed.repeat
    alice, tom = cast.viewer("alice"), cast.viewer("tom")

    with pytest.raises(Http404):
        open_tip(tom, filed.tip_id)

    claim_tip(alice, filed.tip_id)
    opened = open_tip(alice, filed.tip_id)
    contents = read_contents(opened)
    assert contents.turns[0].text == "My friend says she wants to disappear."
    assert contents.answers["when"] == "soon"
    add_reply(opened, "Thank you for telling us. Where is she now?")
    add_note(opened, "Second tip about the same child this month.")

    dialog = reporter.dialog_for(filed.session_token)
    assert [said.text for said in dialog.messages][-1].endswith("Where is she now?")
    reporter.add_message(filed.session_token, "In the library.")

    hand_off(opened, [cast.teams["cedar"].pk], "A student may be in danger; library.")
    team_view = open_tip(tom, filed.tip_id)
    seen = read_contents(team_view)
    assert seen.notes[0].text == "A student may be in danger; library."
    assert [turn.text for turn in seen.turns] == []

    with viewing(tom):
        alert = Alert.objects.get(subject_id=filed.tip_id, state=Alert.State.OPEN)
    acknowledge(tom, alert.pk, Acknowledgement.Answer.HAVE_IT)
    record_next_step(team_view, "visit", "")
    ask_for_words(team_view, "To find the right student.")
    assert len(read_contents(open_tip(tom, filed.tip_id)).turns) == 3
    ended = close_tip(open_tip(tom, filed.tip_id), "support_given", "Met with her and her mother.")
    assert isinstance(ended, SecondOpinion)
    read_and_agree(cast.viewer("tara"), ended.pk)

    token = reporter.open_with_code(str(filed.code))
    assert token is not None
    assert reporter.dialog_for(token).state == TipState.CLOSED


def test_a_retry_is_the_same_tip_with_the_same_code(cast: Cast) -> None:
    new = reporter.NewTip(token="t" * 24, text="Twice.", language="es", school_id=cast.cedar.pk)
    first, second = reporter.file_tip(new), reporter.file_tip(new)
    assert (first.code, first.tip_id) == (second.code, second.tip_id)
    assert second.repeat
    assert Tip.objects.count() == 1
    assert reporter.dialog_for(second.session_token).messages[0].text == "Twice."


def test_edited_text_from_the_same_page_is_linked_to_the_first(cast: Cast) -> None:
    first = reporter.file_tip(
        reporter.NewTip(token="t" * 24, text="One.", language="en", school_id=cast.cedar.pk)
    )
    second = reporter.file_tip(
        reporter.NewTip(
            token="t" * 24, text="One, and more.", language="en", school_id=cast.cedar.pk
        )
    )
    assert first.code != second.code
    row = Tip.objects.get(pk=second.tip_id)
    assert row.resent_from_id == first.tip_id
    assert row.matter_id == Tip.objects.get(pk=first.tip_id).matter_id


def test_not_our_student_goes_back_with_its_reason(cast: Cast) -> None:
    filed = a_tip(cast)
    alice, tom = cast.viewer("alice"), cast.viewer("tom")
    claim_tip(alice, filed.tip_id)
    hand_off(open_tip(alice, filed.tip_id), [cast.teams["cedar"].pk], "Brief.")
    send_back(open_tip(tom, filed.tip_id), "She goes to Birch.")
    with pytest.raises(Http404):
        open_tip(tom, filed.tip_id)
    notes = read_contents(open_tip(alice, filed.tip_id)).notes
    assert notes[-1].text == "She goes to Birch."
    hand_off(open_tip(alice, filed.tip_id), [cast.teams["birch"].pk], "Brief for Birch.")
    bob = cast.viewer("bob")
    assert read_contents(open_tip(bob, filed.tip_id)).notes[0].text == "Brief for Birch."
