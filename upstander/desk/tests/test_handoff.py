"""Handing a tip to a school's team: who is suggested, who would get it, who is kept out."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.cases.models import Closing, SecondOpinion
from upstander.cases.tests.story import read_and_agree
from upstander.desk.tests.story import TICKED
from upstander.desk.tests.tips import WORDS, a_life_safety_tip, a_tip
from upstander.places.priority import Priority
from upstander.tips import reporter
from upstander.tips.models import Recipient, Tip
from upstander.tips.opening import open_tip, read_contents
from upstander.tips.states import TipState
from upstander.triage.actions import assess_tip, claim_tip
from upstander.triage.handoff import hand_off
from upstander.triage.models import Handoff

BRIEF = "A student may be in danger tonight. Cedar, library. First: find her."


def claimed(cast: Cast, **more: object) -> reporter.Filed:
    filed = a_tip(cast, **more)  # type: ignore[arg-type]
    claim_tip(cast.viewer("alice"), filed.tip_id)
    return filed


def test_the_schools_own_team_is_suggested_and_no_other_districts_is_offered(cast: Cast) -> None:
    filed = claimed(cast)
    page = cast.client("alice").get(f"/tips/{filed.tip_id}/handoff")
    form = page.context["form"]
    assert form["teams"].value() == [str(cast.teams["cedar"].pk)]
    offered = {int(key) for key, _ in form.fields["teams"].choices}
    assert offered == {cast.teams[name].pk for name in ("cedar", "birch", "maple")}


def test_where_the_building_may_be_the_danger_the_districts_office_is_suggested(cast: Cast) -> None:
    filed = claimed(cast, tile="adult")
    page = cast.client("alice").get(f"/tips/{filed.tip_id}/handoff")
    assert page.context["form"]["teams"].value() == [str(cast.teams["maple"].pk)]
    assert "An adult inside may be the danger" in page.content.decode()


def test_it_shows_who_would_get_it_before_it_goes(cast: Cast) -> None:
    filed, alice = claimed(cast), cast.client("alice")
    given = {"teams": [cast.teams["cedar"].pk], "brief": BRIEF}
    check = alice.post(f"/tips/{filed.tip_id}/handoff", given)
    shown = check.content.decode()
    for name in ("Tara", "Tom", "Uma"):
        assert name in shown
    assert not Handoff.objects.exists()

    sent = alice.post(f"/tips/{filed.tip_id}/handoff", {**given, "confirmed": "yes"}, follow=True)
    assert "Handed off." in sent.content.decode()
    assert "Not yet acknowledged" in sent.content.decode()
    assert Tip.objects.get(pk=filed.tip_id).state == TipState.HANDED_OFF
    seen = read_contents(open_tip(cast.viewer("tom"), filed.tip_id))
    assert [note.text for note in seen.notes] == [BRIEF]
    assert WORDS not in str(seen)


def test_changing_it_goes_back_to_the_form_with_all_that_was_written(cast: Cast) -> None:
    filed = claimed(cast)
    back = cast.client("alice").post(
        f"/tips/{filed.tip_id}/handoff",
        {"teams": [cast.teams["birch"].pk], "brief": BRIEF, "change": "yes"},
    )
    assert back.context["form"]["brief"].value() == BRIEF
    assert "who" not in back.context


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"brief": ""}, "Write a brief"),
        ({"teams": []}, "Choose at least one team"),
        ({"with_words": "on"}, "Say why the school needs"),
    ],
)
def test_it_says_what_is_missing(cast: Cast, given: dict[str, object], told: str) -> None:
    filed = claimed(cast)
    page = cast.client("alice").post(
        f"/tips/{filed.tip_id}/handoff",
        {"teams": [cast.teams["cedar"].pk], "brief": BRIEF, "confirmed": "yes", **given},
    )
    assert told in page.content.decode()
    assert not Handoff.objects.exists()


def test_a_team_of_another_district_is_refused(cast: Cast) -> None:
    filed = claimed(cast)
    cast.client("alice").post(
        f"/tips/{filed.tip_id}/handoff",
        {"teams": [cast.teams["quay"].pk], "brief": BRIEF, "confirmed": "yes"},
    )
    assert not Handoff.objects.exists()


def test_who_must_not_see_it_is_named_marked_and_left_out(cast: Cast) -> None:
    filed, alice = claimed(cast, answers={"not_see": "Mr. T., who coaches"}), cast.client("alice")
    page = alice.get(f"/tips/{filed.tip_id}").content.decode()
    assert "Must not see it, the reporter says" in page
    meant = {"people": [cast.people["tom"].pk], "is_meant": "yes"}
    alice.post(f"/tips/{filed.tip_id}/keep-out", meant)
    alice.post(f"/tips/{filed.tip_id}/keep-out", meant | {"sure": str(cast.people["tom"].pk)})

    form = alice.get(f"/tips/{filed.tip_id}/handoff").content.decode()
    assert "without those who must not see it" in form
    given = {"teams": [cast.teams["cedar"].pk], "brief": BRIEF}
    check = alice.post(f"/tips/{filed.tip_id}/handoff", given).content.decode()
    assert "1 of the team is kept out" in check
    assert "Tara, Uma" in check
    # Her name begins so too.
    given |= {"confirmed": "yes", "meant": "not", "asked_about": str(cast.people["tara"].pk)}
    alice.post(f"/tips/{filed.tip_id}/handoff", given)
    holders = set(Recipient.objects.filter(tip_id=filed.tip_id).values_list("holder", flat=True))
    assert cast.teams["cedar"].holder not in holders
    assert cast.client("tom").get(f"/team/{filed.tip_id}").status_code == 404
    assert cast.client("uma").get(f"/team/{filed.tip_id}").status_code == 200


def test_it_is_closed_with_a_disposition_and_opened_again(cast: Cast) -> None:
    filed, alice = claimed(cast), cast.client("alice")
    assert (
        "Choose how it ended"
        in alice.post(f"/tips/{filed.tip_id}/close", {"words": "x"}).content.decode()
    )
    alice.post(
        f"/tips/{filed.tip_id}/close",
        TICKED | {"disposition": "support_given", "words": "Talked with her."},
    )
    closing = Closing.objects.get(tip_id=filed.tip_id)
    assert (closing.disposition, closing.reopened_at) == ("support_given", None)
    shown = alice.get(f"/tips/{filed.tip_id}").content.decode()
    assert "Support given, by Alice" in shown
    assert "Talked with her." in shown
    alice.post(f"/tips/{filed.tip_id}/reopen")
    assert Tip.objects.get(pk=filed.tip_id).state == TipState.CLAIMED


def test_nobody_alone_calls_a_life_safety_tip_false(cast: Cast) -> None:
    filed = a_life_safety_tip(cast)
    claim_tip(cast.viewer("alice"), filed.tip_id)
    told = cast.client("alice").post(
        f"/tips/{filed.tip_id}/close",
        {"disposition": "false_harm", "words": "A prank, she says."} | TICKED,
        follow=True,
    )
    assert "A second person is asked" in told.content.decode()
    assert SecondOpinion.objects.get(tip_id=filed.tip_id).state == SecondOpinion.State.OPEN
    assert Tip.objects.get(pk=filed.tip_id).state == TipState.CLAIMED


def test_nobody_ends_a_life_safety_tip_that_nobody_has_judged(cast: Cast) -> None:
    filed, alice = a_life_safety_tip(cast), cast.client("alice")
    claim_tip(cast.viewer("alice"), filed.tip_id)
    address = f"/tips/{filed.tip_id}/close"
    ended = {"disposition": "support_given", "words": "Talked with the family."} | TICKED
    told = alice.post(address, ended, follow=True).content.decode()
    assert "Nobody has assessed this tip" in told
    assert "Talked with the family." in told, "what was typed is there still"
    assert Tip.objects.get(pk=filed.tip_id).state == TipState.CLAIMED
    assess_tip(open_tip(cast.viewer("alice"), filed.tip_id), {}, Priority.LIFE_SAFETY)
    alice.post(address, ended)
    # However it ended, a second person agrees.
    assert Tip.objects.get(pk=filed.tip_id).state == TipState.CLAIMED
    read_and_agree(cast.viewer("bea"), SecondOpinion.objects.get(tip_id=filed.tip_id).pk)
    assert Tip.objects.get(pk=filed.tip_id).state == TipState.CLOSED


def test_handed_to_a_team_again_with_the_words_that_it_was_not_given_before(cast: Cast) -> None:
    filed, cedar = claimed(cast), [cast.teams["cedar"].pk]
    alice, tom = cast.viewer("alice"), cast.viewer("tom")
    hand_off(open_tip(alice, filed.tip_id), cedar, BRIEF)
    assert WORDS not in str(read_contents(open_tip(tom, filed.tip_id)))
    hand_off(
        open_tip(alice, filed.tip_id), cedar, BRIEF, with_words=True, words_reason="For police."
    )
    assert WORDS in str(read_contents(open_tip(tom, filed.tip_id)))
