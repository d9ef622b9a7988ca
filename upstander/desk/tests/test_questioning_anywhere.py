"""Questions that were asked and answered wait for the report in every form that has words."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import Cast
from tests.attacks.test_ends_unseen import new_tip
from upstander.cases.models import Case, CaseItem
from upstander.cases.tests.story import begin
from upstander.intake.priority import Priority
from upstander.mandated.actions import duties as actions
from upstander.mandated.models import DutyEvent
from upstander.mandated.tests.test_duties import offices, right_now, suspect
from upstander.tips.models import Note, Recipient, Tip
from upstander.tips.states import TipState
from upstander.triage.tests.test_suspicion_answers import abuse_tip

pytestmark = pytest.mark.django_db

ASKED = "I asked him: did your uncle hit you? He answered: yes. Q: where? A:"


def is_asked(answer: Any) -> bool:
    return answer.status_code == 422 and b"questioned_why" in answer.content


@pytest.mark.parametrize("act", ["share", "lead", "unshare", "keep-out", "reopen", "let-in"])
@pytest.mark.parametrize("field", ["words", "why", "reason"])
def test_every_press_of_a_case_asks(cast: Cast, act: str, field: str) -> None:
    case = begin(cast, "tara", concern=Case.Concern.ABUSE)
    before = CaseItem.objects.filter(case_id=case).count()
    sent = {"person": str(cast.people["tom"].pk), "people": str(cast.people["tom"].pk)}
    answer = cast.client("tara").post(f"/cases/{case}/{act}", {**sent, field: ASKED})
    assert is_asked(answer), act
    assert CaseItem.objects.filter(case_id=case).count() == before


@pytest.mark.parametrize("of_tip", [True, False])
def test_a_case_is_not_opened_with_it_unasked(cast: Cast, *, of_tip: bool) -> None:
    offices(cast)
    tip = abuse_tip(cast)
    client = cast.client("tom")
    client.get(f"/team/{tip}")
    sent: dict[str, Any] = {"concern": "abuse", "why": ASKED, "team": cast.teams["cedar"].pk}
    if of_tip:
        sent |= {"tips": str(tip), "concern": "other"}
    assert is_asked(client.post("/cases/new", sent))
    why = {"questioned": "yes", "questioned_why": "He was bleeding."}
    assert is_asked(client.post("/cases/new", sent | why)), "the reason has no place yet"
    assert not Case.objects.exists()
    assert client.post("/cases/new", sent | {"questioned": "no"}).status_code == 302
    assert Case.objects.count() == 1


def test_a_case_of_what_is_reported_or_no_abuse_is_opened_as_before(cast: Cast) -> None:
    offices(cast)
    tip = abuse_tip(cast)
    client = cast.client("tom")
    client.get(f"/team/{tip}")
    duty = suspect(cast, "tom", tip_id=tip, matter_id=Tip.objects.get(pk=tip).matter_id)
    spoke = {"worker": "Ms. Reed"}
    actions.report_first(cast.viewer("tom"), duty, way="careline", at=right_now(), words=spoke)
    sent = {"concern": "abuse", "why": ASKED, "team": cast.teams["cedar"].pk}
    assert client.post("/cases/new", {**sent, "tips": str(tip)}).status_code == 302
    assert client.post("/cases/new", {**sent, "concern": "bullying"}).status_code == 302


@pytest.mark.parametrize("act", ["back", "words", "next", "note", "close"])
def test_every_press_of_a_team_asks(cast: Cast, act: str) -> None:
    tip = abuse_tip(cast)
    client = cast.client("tom")
    client.get(f"/team/{tip}")
    answer = client.post(f"/team/{tip}/{act}", {"text": ASKED})
    assert is_asked(answer), act
    assert Tip.objects.get(pk=tip).state == TipState.HANDED_OFF


def test_an_answer_to_the_reporter_waits_for_nothing(cast: Cast) -> None:
    tip = abuse_tip(cast)
    client = cast.client("tom")
    client.get(f"/team/{tip}")
    answer = client.post(f"/team/{tip}/reply", {"text": "Where are you? Who hurt you?"})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("911/place", {"street": ASKED}),
        ("911/decision", {"decision": "not_now", "words": ASKED}),
        ("911/sheet", {"what": ASKED}),
        ("911/ask", {"why": ASKED}),
        ("911/arrived", {"arrived": "no", "words": ASKED}),
    ],
)
def test_the_pages_about_911_ask_where_no_life_is_in_danger_now(
    cast: Cast, path: str, sent: dict[str, str]
) -> None:
    tip = new_tip(cast)
    client = cast.client("alice")
    client.get(f"/tips/{tip}/911")
    assert is_asked(client.post(f"/tips/{tip}/{path}", sent))
    assert client.post(f"/tips/{tip}/{path}", sent | {"questioned": "no"}).status_code != 422
    Tip.objects.filter(pk=tip).update(priority=Priority.LIFE_SAFETY, rank=0)
    again = client.post(f"/tips/{tip}/{path}", sent)
    assert not is_asked(again), "nothing about 911 waits there"


@pytest.mark.parametrize(("who", "page"), [("alice", "/tips/{}"), ("tom", "/team/{}")])
def test_why_somebody_suspects_nothing_is_asked_about(cast: Cast, who: str, page: str) -> None:
    tip = abuse_tip(cast)
    client = cast.client(who)
    client.get(page.format(tip))
    sent = {"suspects": "no", "why": ASKED}
    assert is_asked(client.post(f"/tips/{tip}/suspicion", sent))
    answer = client.post(f"/tips/{tip}/suspicion", sent | {"questioned": "no"})
    assert not is_asked(answer)


def test_a_hand_offs_brief_is_asked_about_and_the_reason_kept_first(cast: Cast) -> None:
    tip = new_tip(cast)
    client = cast.client("alice")
    page = client.get(f"/tips/{tip}/handoff")
    form = page.context["form"]
    sent = {
        "teams": [cast.teams["cedar"].pk],
        "brief": ASKED,
        "facts": form["facts"].value(),
        "facts_mark": form["facts_mark"].value(),
        "confirmed": "yes",
    }
    assert is_asked(client.post(f"/tips/{tip}/handoff", sent))
    assert not Recipient.objects.exists()
    why = {"questioned": "yes", "questioned_why": "He was bleeding."}
    assert client.post(f"/tips/{tip}/handoff", sent | why).status_code == 302
    assert Note.objects.filter(tip_id=tip).exists()
    assert Recipient.objects.exists()
    plain = new_tip(cast)
    form = client.get(f"/tips/{plain}/handoff").context["form"]
    sent |= {"facts": form["facts"].value(), "facts_mark": form["facts_mark"].value()}
    sent["brief"] = "A student needs help today."
    assert client.post(f"/tips/{plain}/handoff", sent).status_code == 302


def test_a_note_on_a_duty_is_asked_about(cast: Cast) -> None:
    offices(cast)
    duty = suspect(cast)
    client = cast.client("tess")
    events = DutyEvent.objects.filter(duty_id=duty)
    before = events.count()
    assert is_asked(client.post(f"/duties/{duty}/note", {"kind": "note", "words": ASKED}))
    assert events.count() == before
    why = {"questioned": "yes", "questioned_why": "He was bleeding."}
    sent = {"kind": "note", "words": ASKED}
    assert client.post(f"/duties/{duty}/note", sent | why).status_code == 302
    kinds = list(events.order_by("number").values_list("kind", flat=True))[before:]
    assert kinds == [DutyEvent.Kind.ASKED_WHY, DutyEvent.Kind.NOTE]
