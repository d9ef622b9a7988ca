"""A counselor who steps aside or is excluded: what they had waits again, under no key of theirs."""

from __future__ import annotations

from html import unescape
from uuid import UUID

import pytest
from django.http import Http404

from conftest import Cast
from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.escalations.actions.alerts import acknowledge
from upstander.escalations.models import Acknowledgement, Alert
from upstander.people.models import Membership
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip, read_contents
from upstander.tips.states import TipState
from upstander.triage.actions.handoff import exclude_people, hand_off, recuse
from upstander.triage.actions.work import claim_tip, link_tips
from upstander.vault.models import Grant


def a_tip(cast: Cast, text: str = "A counselor writes to me at night.", token: str = "") -> UUID:
    return reporter.file_tip(
        reporter.NewTip(
            token=token or reporter.new_form_token(),
            text=text,
            language="en",
            school_id=cast.cedar.pk,
        )
    ).tip_id


def holders(tip: UUID) -> set[str]:
    return set(Grant.objects.filter(tip_id=tip).values_list("holder", flat=True))


def test_a_counselor_steps_aside_and_what_they_had_waits_again(cast: Cast) -> None:
    tip, bea = a_tip(cast), cast.viewer("bea")
    claim_tip(bea, tip)
    page = cast.client("bea").get(f"/tips/{tip}/keep-out").content.decode()
    assert "Conflict of interest: reassign" in page
    client = cast.client("bea")
    client.post(f"/tips/{tip}/aside")
    assert Tip.objects.get(pk=tip).claimed_by == bea.person_id, "not without the tick"
    client.post(f"/tips/{tip}/aside", {"sure": "yes"})
    again = Tip.objects.get(pk=tip)
    assert (again.state, again.claimed_by) == (TipState.NEW, None)
    assert again.waiting_since is not None
    assert client.get(f"/tips/{tip}").status_code == 404
    assert cast.teams["lakeside"].holder not in holders(tip)
    claim_tip(cast.viewer("alice"), tip)


def test_who_is_excluded_has_it_no_more(cast: Cast) -> None:
    tip, bea = a_tip(cast), cast.viewer("bea")
    claim_tip(bea, tip)
    exclude_people(open_tip(cast.viewer("alice"), tip), [bea.person_id])
    again = Tip.objects.get(pk=tip)
    assert (again.state, again.claimed_by) == (TipState.NEW, None)


def test_whoever_steps_aside_at_a_school_leaves_all_the_matters_tips(cast: Cast) -> None:
    alice, tom = cast.viewer("alice"), cast.viewer("tom")
    tips = [a_tip(cast) for _ in range(3)]
    for tip in tips:
        claim_tip(alice, tip)
        hand_off(open_tip(alice, tip), [cast.teams["cedar"].pk], "A brief.")
        with viewing(tom):
            alert = Alert.objects.exclude(state="ended").get(subject_id=tip)
        acknowledge(tom, alert.pk, Acknowledgement.Answer.HAVE_IT)
    link_tips(alice, tips[0], tips[1])
    recuse(tom, tips[0])
    alerts = Alert.objects.exclude(state="ended")
    had = {one.subject_id: one.acknowledged_by for one in alerts}
    assert had == {tips[0]: None, tips[1]: None, tips[2]: tom.person_id}
    for alert in alerts.filter(state="open"):
        assert alert.steps.filter(state="due", due_at__lte=database_now()).exists()


def test_the_last_who_can_read_it_stays(cast: Cast) -> None:
    tip, alice = a_tip(cast), cast.viewer("alice")
    Membership.objects.filter(team=cast.teams["lakeside"]).exclude(person=alice.person_id).delete()
    with pytest.raises(Refused):
        recuse(alice, tip)
    assert open_tip(alice, tip).seeds


def test_what_is_sent_again_after_a_exclusion_leaves_the_teams_key(cast: Cast) -> None:
    token, bea = reporter.new_form_token(), cast.people["bea"].pk
    first = a_tip(cast, token=token)
    exclude_people(open_tip(cast.viewer("alice"), first), [bea])
    later = a_tip(cast, "It was Bea. She wrote again.", token=token)
    with pytest.raises(Http404):
        open_tip(cast.viewer("bea"), later)
    alice = cast.viewer("alice")
    claim_tip(alice, later)
    assert cast.teams["lakeside"].holder not in holders(later)
    for name in ("alice", "sam"):
        contents = read_contents(open_tip(cast.viewer(name), later))
        assert "She wrote again." in str(contents.turns)


@pytest.mark.parametrize("where", ["center", "team"])
def test_a_page_that_is_older_than_the_reporters_words_closes_nothing(
    cast: Cast, where: str
) -> None:
    filed = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(), text="x", language="en", school_id=cast.cedar.pk
        )
    )
    alice = cast.viewer("alice")
    claim_tip(alice, filed.tip_id)
    if where == "team":
        hand_off(open_tip(alice, filed.tip_id), [cast.teams["cedar"].pk], "A brief.")
    client = cast.client("alice" if where == "center" else "tom")
    shown = f"/tips/{filed.tip_id}/close" if where == "center" else f"/team/{filed.tip_id}"
    page = client.get(shown).content.decode()
    turns = page.split('name="turns" value="')[1].split('"')[0]
    reporter.add_message(filed.session_token, "Wait, there is more.")
    sent = {"disposition": "support_given", "words": "All well.", "text": "All well."}
    to = f"{'/tips' if where == 'center' else '/team'}/{filed.tip_id}/close"
    refused = client.post(to, sent | {"turns": turns}, follow=True)
    said = unescape(refused.content.decode())
    assert "The reporter wrote in the meantime" in said
    assert "All well." in said, "what was typed is kept"
    assert "Wait, there is more." in said
    assert Tip.objects.get(pk=filed.tip_id).state != TipState.CLOSED
    turns = said.split('name="turns" value="')[1].split('"')[0]
    # Read, it is asked whether they stay without an answer.
    client.post(to, sent | {"turns": turns, "unanswered": "yes"})
    assert Tip.objects.get(pk=filed.tip_id).state == TipState.CLOSED
