"""The assessment's form and the second person it may need."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conftest import Cast
from upstander.carriers.models import Notice
from upstander.decisions.models import SecondOpinion
from upstander.desk.tests.tips import a_life_safety_tip, a_tip
from upstander.intake.priority import Priority
from upstander.tips.models import Draft, Tip
from upstander.triage.assessment_fields import FIELDS
from upstander.triage.forms import PARTS, AssessForm
from upstander.triage.models import Assessment


def test_the_form_has_every_field_once() -> None:
    keys = [key for _, part in PARTS for key in part]
    assert sorted(keys) == sorted(field.key for field in FIELDS)
    form = AssessForm(tile="suicide")
    for field in FIELDS:
        assert field.key in form.fields
        assert "unknown" in str(form[field.key]) or f"{field.key}_unknown" in form.fields


def test_an_assessment_is_kept_sealed_and_shown_in_words(cast: Cast) -> None:
    filed, alice = a_tip(cast), cast.client("alice")
    done = alice.post(
        f"/tips/{filed.tip_id}/assess",
        {
            "category": "suicide_ideation",
            "priority": "life_safety",
            "means": "at_hand",
            "imminence": "day",
            "place_now_unknown": "on",
            "exact_words": "everybody said goodbye",
            "protective": ["adult_present", "willing"],
            "next_check": "10",
            "reason": "Pills near.",
        },
    )
    assert done.status_code == 302
    row = Assessment.objects.get(tip_id=filed.tip_id)
    assert (row.priority, row.suggested) == ("life_safety", "life_safety")
    assert row.next_check_at is not None
    assert b"goodbye" not in bytes(row.sealed)
    shown = alice.get(f"/tips/{filed.tip_id}").content.decode()
    for wanted in (
        "At hand",
        "Within 24 hours",
        "A safe adult is with them, Willing",
        "Pills near.",
    ):
        assert wanted in shown, wanted
    assert Tip.objects.get(pk=filed.tip_id).priority == Priority.LIFE_SAFETY


def test_a_preview_suggests_and_keeps_nothing(cast: Cast) -> None:
    filed = a_tip(cast)
    page = cast.client("alice").post(
        f"/tips/{filed.tip_id}/assess",
        {
            "category": "suicide_ideation",
            "priority": "urgent",
            "means": "at_hand",
            "preview": "yes",
        },
    )
    assert "Means of harm are within reach." in page.content.decode()
    assert not Assessment.objects.exists()


def test_the_suggestion_alone_reads_no_tip(cast: Cast) -> None:
    answer = cast.client("alice").post(
        "/tips/suggest", {"tile": "suicide", "floor": "urgent", "call_911": "now"}
    )
    assert "911 now." in answer.content.decode()
    assert cast.client("tom").post("/tips/suggest", {}).status_code == 403


def test_going_below_the_suggestion_needs_a_reason(cast: Cast) -> None:
    filed = a_tip(cast)
    given = {"category": "suicide_ideation", "priority": "routine", "means": "no"}
    page = cast.client("alice").post(f"/tips/{filed.tip_id}/assess", given)
    assert "Say why this is less urgent" in page.content.decode()
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("agree", [True, False])
def test_below_life_safety_a_second_person_decides(cast: Cast, agree: bool) -> None:
    filed, alice, bea = a_life_safety_tip(cast), cast.client("alice"), cast.client("bea")
    alice.post(
        f"/tips/{filed.tip_id}/assess", {"priority": "urgent", "reason": "She is home and safe."}
    )
    assert Tip.objects.get(pk=filed.tip_id).priority == Priority.LIFE_SAFETY
    opinion = SecondOpinion.objects.get(tip_id=filed.tip_id)
    decide = f"/tips/{filed.tip_id}/opinions/{opinion.pk}"

    told = set(Notice.objects.filter(kind="second_opinion").values_list("person_id", flat=True))
    assert told == {cast.people[name].pk for name in ("bea", "sam")}
    assert "second person asked" in bea.get("/queue").content.decode()

    own = alice.get(f"/tips/{filed.tip_id}").content.decode()
    assert "You asked, so someone else must agree" in own
    refused = alice.post(decide, {"agree": "yes"}, follow=True)
    assert "not the one who proposed it" in refused.content.decode()

    shown = bea.get(f"/tips/{filed.tip_id}").content.decode()
    assert "Alice proposes to lower this tip from life safety to urgent" in shown
    assert "She is home and safe." in shown
    assert "Proposed only: it stays life safety" in shown
    bea.post(decide, {"agree": "yes" if agree else "no"})
    expected = Priority.URGENT if agree else Priority.LIFE_SAFETY
    assert Tip.objects.get(pk=filed.tip_id).priority == expected


def test_what_nobody_seconded_in_time_is_gone_from_the_page(cast: Cast) -> None:
    filed, alice = a_life_safety_tip(cast), cast.client("alice")
    alice.post(f"/tips/{filed.tip_id}/assess", {"priority": "routine", "reason": "A joke."})
    SecondOpinion.objects.update(expires_at=_earlier())
    shown = cast.client("bea").get(f"/tips/{filed.tip_id}").content.decode()
    assert "proposes to lower" not in shown


def _earlier() -> object:
    from django.db.models.functions import Now  # noqa: PLC0415

    return Now() - timedelta(minutes=1)


def test_a_half_filled_form_is_there_again(cast: Cast) -> None:
    filed, alice = a_tip(cast), cast.client("alice")
    alice.post(
        f"/tips/{filed.tip_id}/draft",
        {"kind": "assessment", "text": '{"imminence": "day", "vulnerability": ["age"]}'},
    )
    shown = alice.get(f"/tips/{filed.tip_id}/assess").content.decode()
    assert '<option value="day" selected>' in shown
    address, nothing = f"/tips/{filed.tip_id}/assess", {"priority": "urgent", "category": ""}
    assert "Nothing is recorded yet" in alice.post(address, nothing).content.decode()
    assert Draft.objects.filter(kind="assessment").exists()
    alice.post(address, nothing | {"imminence": "day"})
    assert not Draft.objects.filter(kind="assessment").exists()


def test_a_form_that_was_left_shows_what_a_colleague_judged_since(cast: Cast) -> None:
    filed, alice = a_tip(cast), cast.client("alice")
    address = f"/tips/{filed.tip_id}/assess"
    begun = '{"imminence": "days", "reason": "As I read it."}'
    alice.post(f"/tips/{filed.tip_id}/draft", {"kind": "assessment", "text": begun})
    Draft.objects.update(at=_earlier())
    given = {"priority": "urgent", "category": "", "imminence": "now", "reason": "She is there."}
    cast.client("bea").post(address, given)
    assert Assessment.objects.count() == 1
    shown = alice.get(address).content.decode()
    assert '<option value="now" selected>' in shown
    assert "As I read it." in shown, "their own reason stays"
