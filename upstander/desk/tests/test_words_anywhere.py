"""Words about a colleague, on every form of a tip that keeps some: asked about before it does."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models import F
from django.http import Http404

from conftest import Cast
from upstander.desk.tests.tips import a_tip
from upstander.mandated.tests.test_who_of_staff import rename
from upstander.matters.models import Exclusion
from upstander.people.scope import viewing
from upstander.tips.actions.not_see import dismiss_not_see
from upstander.tips.actions.writing import drafts_of, save_draft
from upstander.tips.models import Draft, Note, Subject, Tip
from upstander.tips.opening import open_tip, read_contents
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import claim_tip, release_tip, take_over
from upstander.triage.models import Assessment

pytestmark = pytest.mark.django_db

ABUSE = {"tile": "adult", "answers": {"who": "someone"}}
WORDS = "He says that Ms. Calloway knows of it"
BRIEF = "A student needs help today. Cedar, library."


def of_center(cast: Cast, claimed_by: str = "alice", **more: Any) -> UUID:
    rename(cast, "bea", "Beatrix Calloway")
    tip = a_tip(cast, **{**ABUSE, **more}).tip_id
    claim_tip(cast.viewer(claimed_by), tip)
    return tip


def of_team(cast: Cast, **more: Any) -> UUID:
    rename(cast, "uma", "Una Calloway")
    tip = of_center(cast, **more)
    if Tip.objects.get(pk=tip).not_see:
        dismiss_not_see(open_tip(cast.viewer("alice"), tip), "Somebody of another town.")
    everybody = [person.pk for person in cast.people.values()]
    teams = [cast.teams["cedar"].pk]
    hand_off(open_tip(cast.viewer("alice"), tip), teams, BRIEF, mentioned=everybody)
    return tip


def answer(cast: Cast, meant: str, name: str) -> dict[str, Any]:
    person = cast.people[name].pk
    return {"meant": meant, "meant_people": [person], "asked_about": str(person)}


@pytest.mark.parametrize(
    ("act", "sent"),
    [
        ("note", {"text": WORDS}),
        ("subjects", {"name": "Ms. Calloway", "text": "teacher"}),
        ("subjects", {"name": "A teacher", "text": WORDS}),
        ("assess", {"priority": "urgent", "category": "", "reason": WORDS}),
        ("assess", {"priority": "urgent", "category": "", "must_not_see": "Ms. Calloway"}),
    ],
)
def test_the_centers_words_of_abuse_are_asked_about_and_their_reader_is_out_first(
    cast: Cast, act: str, sent: dict[str, Any]
) -> None:
    tip, alice = of_center(cast), cast.client("alice")
    at = f"/tips/{tip}/{act}"
    kept = _kept(tip)
    asked = alice.post(at, sent)
    assert asked.status_code == 422
    assert "Beatrix Calloway (" in asked.content.decode()
    assert _kept(tip) == kept
    alice.post(at, {**sent, **answer(cast, "out", "bea")})
    assert Exclusion.objects.count() == 1
    assert _kept(tip) != kept
    with pytest.raises(Http404):
        open_tip(cast.viewer("bea"), tip)


def a_second_ago() -> None:
    """Have drafts written before what happens now: times are whole seconds."""
    Draft.objects.update(at=F("at") - timedelta(seconds=1))


def _kept(tip: UUID) -> tuple[object, ...]:
    counts = [one.objects.filter(tip_id=tip).count() for one in (Note, Subject, Assessment, Draft)]
    return (*counts, Tip.objects.get(pk=tip).state)


def test_the_reason_to_take_over_is_asked_about(cast: Cast) -> None:
    tip = of_center(cast, claimed_by="bea")
    sam = cast.client("sam")
    assert sam.post(f"/tips/{tip}/take", {"text": WORDS}).status_code == 422
    assert not Note.objects.filter(tip_id=tip).exists()
    sam.post(f"/tips/{tip}/take", {"text": WORDS, **answer(cast, "not", "bea")})
    assert Note.objects.filter(tip_id=tip).count() == 1


def test_why_it_is_closed_is_asked_about(cast: Cast) -> None:
    tip, alice = of_center(cast, tile="bullying"), cast.client("alice")
    sent = {"disposition": "welfare_check", "words": WORDS}
    assert alice.post(f"/tips/{tip}/close", sent).status_code == 422
    assert Tip.objects.get(pk=tip).state == "claimed"
    alice.post(f"/tips/{tip}/close", {**sent, **answer(cast, "out", "bea")})
    assert Exclusion.objects.count() == 1


def test_why_nobody_has_to_be_kept_out_is_asked_about(cast: Cast) -> None:
    tip = of_center(cast, answers={"not_see": "my aunt"}, tile="bullying")
    sent = {"did": "dismiss", "reason": WORDS, "sure": "yes"}
    assert cast.client("alice").post(f"/tips/{tip}/keep-out", sent).status_code == 422


def test_a_reply_waits_for_no_question(cast: Cast) -> None:
    tip = of_center(cast)
    sent = cast.client("alice").post(f"/tips/{tip}/reply", {"text": WORDS})
    assert sent.status_code == 302


def test_a_draft_is_its_writers_alone_until_the_tip_is_taken_over(cast: Cast) -> None:
    tip = of_center(cast, claimed_by="bea", tile="bullying")
    alice, words = cast.client("alice"), "I begin to write this down"
    kept = alice.post(f"/tips/{tip}/draft", {"kind": "note", "text": words})
    assert json.loads(kept.content) == {"kept": True}
    assert words in alice.get(f"/tips/{tip}").content.decode()
    for name in ("bea", "sam"):
        assert words not in cast.client(name).get(f"/tips/{tip}").content.decode()
        with viewing(cast.viewer(name)):
            assert not Draft.objects.exists()
    a_second_ago()
    take_over(open_tip(cast.viewer("sam"), tip), "Bea goes home")
    assert words in cast.client("sam").get(f"/tips/{tip}").content.decode()
    assert words not in cast.client("bea").get(f"/tips/{tip}").content.decode()


def test_whoever_takes_over_reads_no_draft_that_names_them(cast: Cast) -> None:
    tip = of_center(cast)
    alice = cast.client("alice")
    alice.post(f"/tips/{tip}/draft", {"kind": "note", "text": WORDS})
    a_second_ago()
    release_tip(cast.viewer("alice"), tip)
    claim_tip(cast.viewer("bea"), tip)
    assert "knows of it" not in cast.client("bea").get(f"/tips/{tip}").content.decode()
    take_over(open_tip(cast.viewer("sam"), tip), "It is late")
    assert "knows of it" in cast.client("sam").get(f"/tips/{tip}").content.decode()


def test_a_teams_draft_is_its_writers_alone(cast: Cast) -> None:
    tip = of_team(cast, tile="bullying")
    tom = open_tip(cast.viewer("tom"), tip)
    save_draft(tom, "note", "I begin")
    assert drafts_of(tom) == {"note": [(cast.people["tom"].pk, "I begin")]}
    assert drafts_of(open_tip(cast.viewer("uma"), tip)) == {}


@pytest.mark.parametrize(
    "more",
    [ABUSE, {"tile": "bullying", "answers": {"not_see": "my aunt"}}, {"tile": "bullying"}],
    ids=["abuse", "not_see", "neither"],
)
@pytest.mark.parametrize("act", ["note", "words", "back", "next"])
def test_a_teams_words_of_any_tip_that_name_a_reader_are_asked_about(
    cast: Cast, more: dict[str, Any], act: str
) -> None:
    tip, client = of_team(cast, **more), cast.client("tom")
    before = Note.objects.filter(tip_id=tip).count()
    sent = {"text": "Una Calloway did this, the pupil told me.", "step": "wait"}
    asked = client.post(f"/team/{tip}/{act}", sent)
    assert asked.status_code == 422
    assert "Una Calloway (" in asked.content.decode()
    assert Note.objects.filter(tip_id=tip).count() == before
    out = client.post(f"/team/{tip}/{act}", {**sent, **answer(cast, "out", "uma")})
    assert out.status_code == 302
    assert Note.objects.filter(tip_id=tip).count() == before + 1
    assert cast.client("uma").get(f"/team/{tip}").status_code == 404


def test_a_mere_office_is_asked_about_in_matters_of_abuse_alone(cast: Cast) -> None:
    tip = of_team(cast, tile="bullying")
    sent = {"text": "I told the principal and the designee."}
    assert cast.client("tom").post(f"/team/{tip}/note", sent).status_code == 302
    note = {"text": "Beatrix phones the principal."}
    assert cast.client("alice").post(f"/tips/{tip}/note", note).status_code == 422
    note = {"text": "Phoned the principal."}
    assert cast.client("alice").post(f"/tips/{tip}/note", note).status_code == 302


def test_the_reason_for_own_words_is_compared_before_a_hand_off(cast: Cast) -> None:
    rename(cast, "uma", "Una Calloway")
    tip = of_center(cast, tile="bullying", text="Help")
    sent = {
        "teams": [cast.teams["cedar"].pk],
        "brief": BRIEF,
        "confirmed": "yes",
        "with_words": "on",
        "words_reason": "So that Una Calloway reads who did it",
    }
    read_first = {key: value for key, value in sent.items() if key != "confirmed"}
    shown = cast.client("alice").post(f"/tips/{tip}/handoff", read_first)
    assert shown.context["whom"].people == (cast.people["uma"].pk,)
    done = cast.client("alice").post(f"/tips/{tip}/handoff", {**sent, **answer(cast, "not", "uma")})
    assert done.status_code == 302
    assert read_contents(open_tip(cast.viewer("tom"), tip)).notes
