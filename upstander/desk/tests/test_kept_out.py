"""Kept out of a case, or accused in a duty: of none of its tips anything stays with them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.http import Http404

from conftest import Cast
from upstander.base.moment import database_now
from upstander.cases.actions.opening import open_the_case
from upstander.cases.actions.sharing import keep_out_of
from upstander.cases.actions.together import add_tip
from upstander.cases.models import Case
from upstander.cases.sweeps import sweep_excluded_claims
from upstander.cases.tests.story import begin
from upstander.escalations.actions.alerts import acknowledge, progress
from upstander.escalations.models import Acknowledgement, Alert
from upstander.escalations.sweeps import sweep_news
from upstander.escalations.tests.alerts import as_worker
from upstander.mandated.actions.duties import start_duty
from upstander.mandated.suspicion import Suspicion
from upstander.matters.exclusions import Exclusions
from upstander.matters.models import FolderGrant, Matter
from upstander.people.keys import name_in, person_mac
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip, read_contents
from upstander.tips.states import TipState
from upstander.triage.actions.handoff import exclude_people, hand_off
from upstander.triage.actions.work import claim_tip, link_tips
from upstander.vault.models import Grant

pytestmark = pytest.mark.django_db


def a_tip(cast: Cast) -> UUID:
    return reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="It is about a teacher.",
            language="en",
            school_id=cast.cedar.pk,
        )
    ).tip_id


def handed(cast: Cast, *, had_by: str = "") -> UUID:
    """A tip with Cedar's team; somebody has it and has recorded a next step: no clock runs."""
    alice, tip = cast.viewer("alice"), a_tip(cast)
    claim_tip(alice, tip)
    hand_off(open_tip(alice, tip), [cast.teams["cedar"].pk], "A brief.")
    if had_by:
        viewer = cast.viewer(had_by)
        with viewing(viewer):
            alert = Alert.objects.exclude(state="ended").get(subject_id=tip)
        acknowledge(viewer, alert.pk, Acknowledgement.Answer.HAVE_IT)
        progress(tip)
    return tip


def sweep() -> None:
    with as_worker():
        sweep_excluded_claims()
        sweep_news()


def sees(cast: Cast, who: str, tip: UUID) -> bool:
    try:
        return bool(open_tip(cast.viewer(who), tip))
    except Http404:
        return False


def holder_of(tip: UUID) -> tuple[str, int | None]:
    return (
        Alert.objects.exclude(state="ended")
        .values_list("state", "acknowledged_by")
        .get(subject_id=tip)
    )


def excluded(cast: Cast, tip: UUID) -> set[str]:
    exclusions = Exclusions.on([Tip.objects.get(pk=tip).matter_id])
    return {name for name, person in cast.people.items() if person_mac(person.pk) in exclusions}


def suspect(cast: Cast, who: str, accused: str, **more: object) -> None:
    start_duty(
        cast.viewer(who),
        Suspicion(
            "us-ct",
            "employee",
            cast.maple.pk,
            database_now() - timedelta(hours=1),
            cast.cedar.pk,
            accused=(cast.people[accused].pk,),
            **more,  # type: ignore[arg-type]
        ),
    )


@pytest.mark.parametrize("road", ["opening", "later", "duty of the tip", "duty of the case"])
def test_who_is_kept_out_has_none_of_its_tips(cast: Cast, road: str) -> None:
    first, second = handed(cast, had_by="uma"), handed(cast, had_by="uma")
    tara, uma = cast.viewer("tara"), cast.people["uma"].pk
    tips = [open_tip(tara, tip) for tip in (first, second)]
    case = begin(cast, tips=tips, keep_out=(uma,) if road == "opening" else ())
    if road == "later":
        keep_out_of(open_the_case(tara, case), [uma], "It is about her.")
    elif road == "duty of the tip":
        matter = Tip.objects.get(pk=second).matter_id
        suspect(cast, "tara", "uma", tip_id=second, matter_id=matter)
    elif road == "duty of the case":
        suspect(cast, "tara", "uma", case_id=case, matter_id=Case.objects.get(pk=case).matter_id)
    for tip in (first, second):
        assert not sees(cast, "uma", tip)
        assert sees(cast, "tom", tip)
        assert Matter.objects.get(pk=Tip.objects.get(pk=tip).matter_id).restricted
    sweep()
    for tip in (first, second):
        assert holder_of(tip) == ("open", None)
        alert = Alert.objects.exclude(state="ended").get(subject_id=tip)
        assert alert.steps.filter(state="due", due_at__lte=database_now()).exists()
    assert not sees(cast, "uma", first)


def test_a_tip_that_comes_later_excludes_them_too(cast: Cast) -> None:
    case, tara = begin(cast), cast.viewer("tara")
    keep_out_of(open_the_case(tara, case), [cast.people["uma"].pk], "It is about her.")
    later, apart = handed(cast, had_by="uma"), handed(cast, had_by="uma")
    add_tip(open_the_case(tara, case), open_tip(tara, later))
    assert not sees(cast, "uma", later)
    assert sees(cast, "uma", apart), "what is in no case of hers stays hers"
    sweep()
    assert holder_of(later) == ("open", None)
    assert holder_of(apart) == ("acknowledged", cast.people["uma"].pk)


def test_what_was_linked_to_one_of_the_tips_is_kept_from_them_too(cast: Cast) -> None:
    first, second, linked = handed(cast), handed(cast), handed(cast)
    tara = cast.viewer("tara")
    case = begin(cast, tips=[open_tip(tara, tip) for tip in (first, second)])
    link_tips(cast.viewer("alice"), linked, second)
    keep_out_of(open_the_case(tara, case), [cast.people["uma"].pk], "It is about her.")
    assert not any(sees(cast, "uma", tip) for tip in (first, second, linked))
    # And one that moves into an excluded matter's case.
    moved = handed(cast)
    link_tips(cast.viewer("alice"), moved, first)
    assert not sees(cast, "uma", moved)


def test_two_cases_that_share_a_tip_end_the_carrying(cast: Cast) -> None:
    tips = [handed(cast) for _ in range(3)]
    tara, uma = cast.viewer("tara"), cast.people["uma"].pk
    begin(cast, tips=[open_tip(tara, tip) for tip in tips[:2]])
    other = begin(cast, tips=[open_tip(tara, tip) for tip in tips[1:]])
    keep_out_of(open_the_case(tara, other), [uma], "It is about her.")
    for tip in tips:
        assert excluded(cast, tip) == {"uma"}


def test_what_was_granted_by_name_in_another_folder_goes_with_it(cast: Cast) -> None:
    first, second = handed(cast), handed(cast)
    tara = cast.viewer("tara")
    case = begin(cast, tips=[open_tip(tara, tip) for tip in (first, second)])
    other = begin(cast, tips=[open_tip(tara, second)], keep_out=(cast.people["tom"].pk,))
    name = name_in(cast.people["uma"].pk, other)
    grants = FolderGrant.objects.filter(folder_id=other, holder=name)
    assert grants.exists()
    keep_out_of(open_the_case(tara, case), [cast.people["uma"].pk], "It is about her.")
    assert not grants.exists()


def test_a_tip_that_a_excluded_counselor_claimed_waits_on_the_queue(cast: Cast) -> None:
    tip, bea = a_tip(cast), cast.viewer("bea")
    claim_tip(bea, tip)
    matter = Tip.objects.get(pk=tip).matter_id
    suspect(cast, "alice", "bea", tip_id=tip, matter_id=matter)
    sweep()
    again = Tip.objects.get(pk=tip)
    assert (again.state, again.claimed_by) == (TipState.NEW, None)
    assert again.waiting_since is not None
    assert holder_of(tip) == ("open", None)
    claim_tip(cast.viewer("alice"), tip)
    assert cast.teams["lakeside"].holder not in keys_of(tip)
    sweep()
    assert Tip.objects.get(pk=tip).claimed_by == cast.people["alice"].pk


def keys_of(tip: UUID) -> set[str]:
    return set(Grant.objects.filter(tip_id=tip).values_list("holder", flat=True))


def test_a_claimed_tip_leaves_the_key_of_the_center_when_it_is_next_opened(cast: Cast) -> None:
    tip, alice = a_tip(cast), cast.viewer("alice")
    claim_tip(alice, tip)
    matter = Tip.objects.get(pk=tip).matter_id
    suspect(cast, "sam", "bea", tip_id=tip, matter_id=matter)
    assert cast.teams["lakeside"].holder in keys_of(tip), "who suspects may hold no key of it"
    assert not sees(cast, "bea", tip)
    assert cast.client("alice").get(f"/tips/{tip}").status_code == 200
    assert cast.teams["lakeside"].holder not in keys_of(tip)
    for name in ("alice", "sam"):
        assert "about a teacher" in str(read_contents(open_tip(cast.viewer(name), tip)).turns)
    assert Tip.objects.get(pk=tip).claimed_by == alice.person_id


def test_the_worker_puts_back_nothing_else(cast: Cast) -> None:
    tip, alice = a_tip(cast), cast.viewer("alice")
    claim_tip(alice, tip)
    exclude_people(open_tip(alice, tip), [cast.people["bea"].pk])
    sweep()
    assert Tip.objects.get(pk=tip).claimed_by == alice.person_id
