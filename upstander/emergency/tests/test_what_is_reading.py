"""Which of the desk's pages count as having read the words, where somebody decides about 911."""

from __future__ import annotations

from uuid import UUID

import pytest

from conftest import Cast
from upstander.desk import emergency_page, tip_page
from upstander.emergency.tests.story import a_tip
from upstander.escalations.models import Task
from upstander.escalations.tests.alerts import Carrier, Clock, work
from upstander.tips.models import Tip
from upstander.triage.actions.work import claim_tip
from upstander.triage.models import Assessment


@pytest.fixture
def now_ticked(cast: Cast) -> UUID:
    """A tip that its reporter ticked as happening now."""
    return a_tip(cast, tile="attack", when="now")


def to_decide(tip_id: UUID) -> Task:
    return Task.objects.get(subject_id=tip_id, kind=Task.Kind.DECIDE_911)


@pytest.mark.parametrize("way", ["/911.pdf", "/911/sheet", "/911/call"])
def test_what_shows_no_word_is_no_reading(
    cast: Cast, carrier: Carrier, clock: Clock, now_ticked: UUID, way: str
) -> None:
    work()
    client = cast.client("alice")
    path = f"/tips/{now_ticked}{way}"
    said = client.get(path) if "." in way else client.post(path, {})
    assert said.status_code in (200, 302, 422)
    assert to_decide(now_ticked).state == "open", "phones go on ringing"
    client.post(f"/tips/{now_ticked}/911/decision", {"decision": "call"})
    assert not Task.objects.filter(kind=Task.Kind.CALL_911).exists()
    client.get(f"/tips/{now_ticked}")
    client.post(f"/tips/{now_ticked}/911/decision", {"decision": "call"})
    assert Task.objects.filter(kind=Task.Kind.CALL_911).exists()


def test_a_page_that_failed_showed_nobody_a_word(
    cast: Cast,
    carrier: Carrier,
    clock: Clock,
    now_ticked: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Its reporter would read "A counselor has read it", and the phones would stop ringing.
    work()
    client = cast.client("alice")
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(tip_page, "render", _broken)
        broken.setattr(emergency_page, "render", _broken)
        for path in ("", "/911"):
            assert client.get(f"/tips/{now_ticked}{path}").status_code == 500
    assert Tip.objects.get(pk=now_ticked).first_read_at is None
    assert to_decide(now_ticked).state == "open", "phones go on ringing"
    assert client.get(f"/tips/{now_ticked}").status_code == 200
    assert Tip.objects.get(pk=now_ticked).first_read_at is not None
    assert to_decide(now_ticked).state == "taken"


def _broken(*_: object, **__: object) -> None:
    raise RuntimeError("a panel that fails")


def assessment(decision: str) -> dict[str, str]:
    return {
        "priority": "life_safety",
        "category": "planned_attack",
        "reason": "As they say.",
        "call_911": decision,
        "call_911_why": "Where they are." if decision == "one_more_fact" else "",
    }


def test_a_form_beside_the_words_is_reading_and_a_press_alone_keeps_nothing(
    cast: Cast, carrier: Carrier, clock: Clock, now_ticked: UUID
) -> None:
    claim_tip(cast.viewer("alice"), now_ticked)
    work()
    client = cast.client("alice")
    path = f"/tips/{now_ticked}/assess"
    refused = client.post(path, assessment("now"))
    assert refused.status_code == 422
    assert "Nothing is saved yet" in refused.content.decode()
    assert not Assessment.objects.exists()
    client.get(path)
    assert to_decide(now_ticked).taken_by == cast.people["alice"].pk
    assert client.post(path, assessment("now")).status_code == 302
    assert Assessment.objects.count() == 1
    call = Task.objects.get(kind=Task.Kind.CALL_911)
    assert call.taken_by == cast.people["alice"].pk


def test_an_assessment_that_asks_for_a_third_fact_is_not_kept_and_says_so(
    cast: Cast, carrier: Carrier, clock: Clock, now_ticked: UUID
) -> None:
    claim_tip(cast.viewer("alice"), now_ticked)
    work()
    client = cast.client("alice")
    path = f"/tips/{now_ticked}/assess"
    client.get(path)
    kept = []
    for _ in range(4):
        said = client.post(path, assessment("one_more_fact"))
        kept.append(Assessment.objects.count())
    assert kept == [1, 2, 2, 2]
    assert "You have asked for a fact twice" in said.content.decode()


def test_who_merely_looks_takes_nothing_from_who_has_the_tip(
    cast: Cast, carrier: Carrier, clock: Clock, now_ticked: UUID
) -> None:
    claim_tip(cast.viewer("alice"), now_ticked)
    work()
    cast.client("alice").get(f"/tips/{now_ticked}")
    clock.move(61)
    work()
    shown = cast.client("bea").get(f"/tips/{now_ticked}").content.decode()
    assert "You have read it. You decide." not in shown
    task = to_decide(now_ticked)
    assert (task.state, task.taken_by) == ("open", None), "phones go on ringing"
    cast.client("bea").post(f"/tips/{now_ticked}/take", {"text": "Alice is away."})
    cast.client("bea").get(f"/tips/{now_ticked}")
    task.refresh_from_db()
    assert (task.state, task.taken_by) == ("taken", cast.people["bea"].pk)


def test_what_is_asked_later_is_given_to_who_has_the_tip_not_to_who_looked_last(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id = a_tip(cast, tile="attack", when="now")
    claim_tip(cast.viewer("alice"), tip_id)
    for name in ("alice", "bea"):
        cast.client(name).get(f"/tips/{tip_id}")
    work()
    task = to_decide(tip_id)
    assert (task.state, task.taken_by) == ("taken", cast.people["alice"].pk)
