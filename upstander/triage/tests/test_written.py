"""A counselor's own report takes over what the tip's assessment says, and overwrites nothing."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.intake.priority import Priority
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.mandated.written.actions import keep_draft, open_writing
from upstander.mandated.written.models import Draft
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.work import assess_tip, claim_tip

pytestmark = pytest.mark.django_db


def test_gaps_are_filled_from_the_assessment(cast: Cast) -> None:
    offices(cast)
    filed = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="Please help my friend.",
            language="en",
            tile="home",
            answers={"subject": "Somebody in my class", "place": "Her house"},
            school_id=cast.cedar.pk,
        )
    )
    alice = cast.viewer("alice")
    claim_tip(alice, filed.tip_id)
    assess_tip(
        open_tip(alice, filed.tip_id),
        {
            "subject": "Ana Vega, grade 7",
            "exact_words": "He hits me.",
            "condition": "hurt",
            "place_now": "unknown",
        },
        Priority.URGENT,
    )
    with viewing(alice):
        matter = Tip.objects.get(pk=filed.tip_id).matter_id
    duty_id = suspect(cast, "alice", tip_id=filed.tip_id, matter_id=matter, words={})
    writing = open_writing(alice, duty_id)
    # What the reporter wrote is known to whoever may read it, before any assessment.
    circumstances, place = writing.values["circumstances"], writing.values["child_now"]
    assert circumstances.startswith("In the words of a tip of ")
    assert circumstances.endswith(": Please help my friend.")
    assert place.startswith("In the words of a tip of ")
    assert place.endswith(": Her house")
    keep_draft(writing, {"circumstances": "My own words."})
    client = cast.client("alice")
    assert "Copy what the tip’s assessment says" in (
        client.get(f"/duties/{duty_id}/written").content.decode()
    )
    sent = client.post(f"/duties/{duty_id}/written/assessment")
    assert sent.status_code == 302
    values = open_writing(alice, duty_id).values
    # Whom a tip is about may be who is suspected: it is told so, and fills in no child's name.
    assert "child_name" not in values
    assert "Who it is about: Ana Vega, grade 7" in values["nature"]
    assert values["circumstances"] == "My own words."
    assert "hurt" in values["nature"].lower()
    assert "child_now" not in values


def test_nobody_takes_it_into_a_report_that_is_not_theirs(cast: Cast) -> None:
    offices(cast)
    duty_id = suspect(cast)
    for name, status in (("alice", 404), ("hana", 404), ("tess", 302), ("ada", 403)):
        answer = cast.client(name).post(f"/duties/{duty_id}/written/assessment")
        assert answer.status_code == status, name
    assert not Draft.objects.exists()
