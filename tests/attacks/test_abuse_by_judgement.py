"""What a counselor judges makes a tip one of abuse: it ends as one, and home is asked about."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import Error, connection, transaction
from django.test import Client

from conftest import Cast
from tests.attacks.test_ends_unseen import new_tip, no_by, state
from upstander.base.refused import Refused
from upstander.decisions.actions import close_tip, need_asked, reopen_tip
from upstander.decisions.models import SecondOpinion
from upstander.intake.priority import Priority
from upstander.mandated.actions.answers import standings
from upstander.mandated.models import Asked
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.tips.states import TipState
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import assess_tip, claim_tip, mark_junk
from upstander.triage.models import Assessment

pytestmark = pytest.mark.django_db


def assessed(cast: Cast, tip: UUID, category: str = "", **fields: str) -> None:
    assess_tip(open_tip(cast.viewer("alice"), tip), fields, Priority.URGENT, category=category)


def about(tip: UUID) -> str:
    """Return by which schedule a tip is kept."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT retention_about(p_subject => id, p_matter => matter_id) FROM tips_tip"
            " WHERE id = %s",
            [tip],
        )
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("tile", "category", "fields"),
    [
        ("other", "child_abuse", {"home_unsafe": "yes", "mr_trigger": "unknown"}),
        ("sad", "child_abuse", {"home_unsafe": "yes"}),
        ("other", "neglect", {}),
        ("bullying", "sexual_assault", {"mr_trigger": "no"}),
        ("sad", "domestic_violence", {"home_unsafe": "yes"}),
        ("sad", "", {"home_unsafe": "yes"}),
    ],
)
def test_what_is_judged_as_abuse_ends_with_answers_and_is_kept_as_abuse(
    cast: Cast, tile: str, category: str, fields: dict[str, str]
) -> None:
    tip = new_tip(cast, tile=tile)
    assert not Tip.objects.get(pk=tip).mandated
    assessed(cast, tip, category, **fields)
    assert Tip.objects.get(pk=tip).mandated
    assert Asked.objects.filter(tip_id=tip, person_id=cast.people["alice"].pk).exists()
    page = cast.client("alice").post(
        f"/tips/{tip}/close", {"disposition": "unfounded", "words": "No.", "unanswered": "yes"}
    )
    assert "not everyone who opened it has answered" in page.content.decode()
    assert state(tip) == TipState.CLAIMED
    with pytest.raises(Refused):
        mark_junk(cast.viewer("alice"), tip, junk=True)
    assert about(tip) in ("abuse", "sexual")


def test_nothing_said_of_abuse_asks_nobody(cast: Cast) -> None:
    tip = new_tip(cast, tile="other")
    assessed(cast, tip, "bullying", home_unsafe="unknown", mr_trigger="unknown")
    assert not Tip.objects.get(pk=tip).mandated
    close_tip(open_tip(cast.viewer("alice"), tip), "support_given", "Done.")
    assert about(tip) == "none"


def test_a_report_makes_its_whole_matter_one_of_abuse(cast: Cast) -> None:
    offices(cast)
    tip = new_tip(cast, tile="sad")
    open_tip(cast.viewer("bea"), tip)
    suspect(cast, who="tess", tip_id=None, matter_id=Tip.objects.get(pk=tip).matter_id)
    assert Tip.objects.get(pk=tip).mandated
    asked = Asked.objects.filter(tip_id=tip).values_list("pk", flat=True)
    assert set(standings(asked).values()) == {"silent"}
    assert about(tip) == "abuse"


def test_a_closed_tip_is_opened_again_before_it_is_judged(cast: Cast) -> None:
    tip = new_tip(cast, tile="other")
    alice = cast.viewer("alice")
    close_tip(open_tip(alice, tip), "support_given", "Done.")
    with pytest.raises(Refused, match="Reopen it first"):
        assessed(cast, tip, mr_trigger="yes")
    row = {"tip_id": tip, "district_id": cast.maple.pk, "person_id": alice.person_id}
    with viewing(alice) as now, pytest.raises(Error), transaction.atomic():
        Assessment.objects.create(**row, priority="urgent", suggested="urgent", sealed=b"", at=now)
    assert not Tip.objects.get(pk=tip).mandated
    reopen_tip(alice, tip)
    assessed(cast, tip, mr_trigger="yes")
    assert Asked.objects.filter(tip_id=tip).exists()


# --- Home -----------------------------------------------------------------------------------------


def handed(cast: Cast, *, home: str, judged: str = "", safe: str = "") -> UUID:
    """File a tip as somebody who is sad, judge it as abuse, hand it to Cedar and answer there."""
    filed = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="Words.",
            language="en",
            tile="sad",
            school_id=cast.cedar.pk,
            answers={"who": "me"} | ({"home_safe": home} if home else {}),
        )
    )
    claim_tip(cast.viewer("alice"), filed.tip_id)
    fields = {"home_unsafe": judged} if judged else {}
    assessed(cast, filed.tip_id, "child_abuse", **fields)
    alice = open_tip(cast.viewer("alice"), filed.tip_id)
    hand_off(alice, [cast.teams["cedar"].pk], "A brief.")
    no_by(cast, filed.tip_id, "alice", "bea")
    no_by(cast, filed.tip_id, "tom", "tara")
    return filed.tip_id


def told_parents(client: Client, tip: UUID, **more: str) -> str:
    said: dict[str, Any] = {"disposition": "parents_told", "text": "Told.", "unanswered": "yes"}
    return client.post(f"/team/{tip}/close", said | more, follow=True).content.decode()


@pytest.mark.parametrize(("home", "judged"), [("no", ""), ("", "yes"), ("yes", "yes"), ("", "")])
def test_parents_told_is_no_end_while_home_may_not_be_safe(
    cast: Cast, home: str, judged: str
) -> None:
    tip = handed(cast, home=home, judged=judged)
    client = cast.client("tom")
    # On top of the page, before anybody says "I have it".
    page = client.get(f"/team/{tip}").content.decode()
    warned = "Home may not be safe" if "no" in home or judged else "know if home is safe"
    assert warned in page
    assert page.index(warned) < page.index("What you need to know")
    assert "don’t know if home is safe" in told_parents(client, tip)
    assert state(tip) == TipState.HANDED_OFF
    told_parents(client, tip, sure="yes")
    assert state(tip) == TipState.CLOSED


def test_the_center_is_asked_too(cast: Cast) -> None:
    tip = new_tip(cast, tile="bullying")
    client = cast.client("alice")
    said = {"disposition": "parents_told", "words": "Told.", "unanswered": "yes"}
    page = client.post(f"/tips/{tip}/close", said).content.decode()
    assert "don’t know if home is safe" in page
    assert 'name="sure"' in page
    assert state(tip) == TipState.CLAIMED
    client.post(f"/tips/{tip}/close", said | {"sure": "yes"})
    assert state(tip) == TipState.CLOSED


# --- A life that nobody has judged ----------------------------------------------------------------


@pytest.mark.parametrize("how", ["unfounded", "not_enough", "false_harm", "junk"])
def test_that_there_was_nothing_is_asked_before_a_second_person_is(cast: Cast, how: str) -> None:
    tip = new_tip(cast, tile="attack")
    Tip.objects.filter(pk=tip).update(priority="life_safety", rank=0)
    client = cast.client("alice")
    said = {"disposition": how, "words": "A game.", "unanswered": "yes"}
    page = client.post(f"/tips/{tip}/close", said).content.decode()
    assert "nobody at the center has assessed this tip" in page
    assert 'name="unassessed"' in page
    assert not SecondOpinion.objects.filter(tip_id=tip).exists()
    client.post(f"/tips/{tip}/close", said | {"unassessed": "yes"})
    assert SecondOpinion.objects.filter(tip_id=tip, state="open").exists()
    # No tick stands in for an assessment where something was done.
    done = said | {"disposition": "police", "unassessed": "yes"}
    page = client.post(f"/tips/{tip}/close", done).content.decode()
    assert "Assess it first" in page
    with pytest.raises(Refused, match="nobody at the center"):
        need_asked(open_tip(cast.viewer("alice"), tip), {"unanswered"})
