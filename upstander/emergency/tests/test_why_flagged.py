"""A flagged call says why it is flagged, on each page that shows it, and hides nothing typed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from conftest import Cast
from upstander.base.moment import database_now
from upstander.emergency.actions.help import record_call
from upstander.emergency.flags import why_flagged
from upstander.emergency.models import Call
from upstander.emergency.tests.story import LINES, claimed

NOT_SAID = "what was asked for is not recorded"
NO_SECOND = "police were asked for, and no second person had agreed"
NO_WHY = "danger was now, but why is not recorded"
LATE = "it was recorded more than 12 hours later"
NO_TIME = "the time that was given could not be used"


def test_danger_with_its_reason_but_nothing_asked_for(cast: Cast) -> None:
    """As the walk found it: the typed reason stood nowhere, and three causes were guessed at."""
    opened = claimed(cast)
    path = f"/tips/{opened.tip.pk}/911/call"
    sent = {"line": "911", "danger_now": "on", "why": "She has the pills in her hand."}
    answer = cast.client("alice").post(path, sent, follow=True)
    page = " ".join(answer.content.decode().split())
    assert f"It is flagged for your supervisor: {NOT_SAID}." in page
    done = page[page.index('id="done"') :]
    assert f"Flagged for review: {NOT_SAID}" in done
    assert "Why the danger is now: She has the pills in her hand." in done
    for name, address in (("sam", "/supervisor"), ("bea", f"/tips/{opened.tip.pk}")):
        page = " ".join(cast.client(name).get(address).content.decode().split())
        flag = page.index("flagged: ")
        assert page[flag:].startswith(f"flagged: {NOT_SAID}"), address
        for cause in (NO_SECOND, NO_WHY, LATE, NO_TIME):
            assert cause not in page, address


@pytest.mark.parametrize(
    ("facts", "causes"),
    [
        ({"police": False}, []),
        ({"police": None}, [NOT_SAID]),
        ({"police": True}, [NO_SECOND]),
        ({"police": False, "line": Call.Line.POLICE}, [NO_SECOND]),
        ({"police": True, "danger_now": True}, [NO_WHY]),
        ({"police": True, "danger_now": True, "why": "Now."}, []),
        ({"police": False, "at_typed": "half past"}, [NO_TIME]),
        ({"police": None, "hours": 13}, [NOT_SAID, LATE]),
        ({"police": False, "hours": -1}, [NO_TIME]),
    ],
)
def test_each_cause_is_named_and_no_other(
    cast: Cast, facts: dict[str, Any], causes: list[str]
) -> None:
    hours = facts.pop("hours", 0)
    at = database_now() - timedelta(hours=hours) if hours else None
    given: dict[str, Any] = {"line": Call.Line.E911, "danger_now": False, "called_at": at}
    call = record_call(claimed(cast), LINES, **given | facts)
    call.refresh_from_db()
    assert call.flagged == bool(causes)
    assert why_flagged(call) == causes
