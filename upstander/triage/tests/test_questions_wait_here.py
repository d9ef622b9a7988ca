"""What somebody was asked about abuse waits for the report in the center's own words too."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from conftest import Cast
from upstander.desk.tests.tips import a_tip
from upstander.mandated.actions import duties
from upstander.mandated.tests.test_duties import offices, right_now, suspect
from upstander.tips.models import Message, Note, Tip
from upstander.tips.opening import open_tip, read_contents
from upstander.triage.actions.work import claim_tip

pytestmark = pytest.mark.django_db

ASKED = "I asked him on the phone who did it, and he answered: his uncle."


def claimed(cast: Cast, tile: str = "home") -> UUID:
    tip = a_tip(cast, tile=tile).tip_id
    claim_tip(cast.viewer("alice"), tip)
    cast.client("alice").get(f"/tips/{tip}")
    return tip


def press(cast: Cast, tip: UUID, act: str, /, who: str = "alice", **sent: str) -> Any:
    return cast.client(who).post(f"/tips/{tip}/{act}", sent)


def notes(cast: Cast, tip: UUID) -> list[str]:
    return [one.text for one in read_contents(open_tip(cast.viewer("alice"), tip)).notes]


def test_a_counselors_note_is_asked_about_while_nobody_has_reported(cast: Cast) -> None:
    tip = claimed(cast)
    asked = press(cast, tip, "note", text=ASKED)
    assert asked.status_code == 422
    assert ASKED in asked.content.decode()
    assert press(cast, tip, "note", text=ASKED, questioned="yes").status_code == 422
    assert not Note.objects.exists()
    assert press(cast, tip, "note", text=ASKED, questioned="no").status_code == 302
    assert notes(cast, tip) == [ASKED]


def test_what_couldnt_wait_is_kept_with_its_reason_first(cast: Cast) -> None:
    tip = claimed(cast)
    why = {"questioned": "yes", "questioned_why": "He was bleeding."}
    assert press(cast, tip, "note", text=ASKED, **why).status_code == 302
    reason, note = notes(cast, tip)
    assert reason == "Asked before the report. Why it couldn’t wait: He was bleeding."
    assert note == ASKED


def test_under_no_other_name_is_it_kept_unasked(cast: Cast) -> None:
    tip = claimed(cast)
    assert press(cast, tip, "take", who="bea", text=ASKED).status_code == 422
    closing = {"disposition": "not_enough", "words": ASKED}
    assert press(cast, tip, "close", **closing).status_code == 422
    assert not Note.objects.exists()
    assert Tip.objects.get(pk=tip).claimed_by == cast.people["alice"].pk


def test_talking_with_the_reporter_plain_words_and_other_matters_wait_for_nothing(
    cast: Cast,
) -> None:
    tip = claimed(cast)
    assert press(cast, tip, "reply", text="Who did it? Can you say where?").status_code == 302
    assert Message.objects.filter(tip_id=tip, author="center").exists()
    assert press(cast, tip, "note", text="Call the supervisor.").status_code == 302
    other = claimed(cast, tile="sad")
    assert press(cast, other, "note", text=ASKED).status_code == 302


def test_after_the_report_nobody_is_asked(cast: Cast) -> None:
    offices(cast)
    tip = claimed(cast)
    row = Tip.objects.get(pk=tip)
    duty = suspect(cast, "alice", tip_id=tip, matter_id=row.matter_id)
    assert press(cast, tip, "note", text=ASKED).status_code == 422
    words = {"worker": "M. Example", "reference": "R-7"}
    duties.report_first(cast.viewer("alice"), duty, way="careline", at=right_now(), words=words)
    assert press(cast, tip, "note", text=ASKED).status_code == 302
