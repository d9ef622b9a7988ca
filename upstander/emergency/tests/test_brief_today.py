"""What a hand-off says is today's truth: facts that changed meanwhile don't go as they were."""

from __future__ import annotations

from uuid import UUID

import pytest

from conftest import Cast
from upstander.audit.models import Entry
from upstander.desk.tests.tips import a_tip
from upstander.escalations.tests.alerts import Carrier, Clock
from upstander.intake.priority import Priority
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip, read_contents
from upstander.tips.states import TipState
from upstander.triage.actions.work import assess_tip, claim_tip

OWN = "She sits alone. First: go to her."
LATER, NOW = "Not now, but within 24 hours", "yes"
PLACE = "At home, in her room"


def judged(cast: Cast, tip_id: UUID, imminence: str, place: str = "") -> None:
    fields = {"imminence": imminence} | ({"place_now": place} if place else {})
    assess_tip(open_tip(cast.viewer("alice"), tip_id), fields, Priority.LIFE_SAFETY)


def begun(cast: Cast, clock: Clock) -> UUID:
    """A claimed tip, judged "within 24 hours"."""
    filed = a_tip(cast)
    claim_tip(cast.viewer("alice"), filed.tip_id)
    judged(cast, filed.tip_id, "day")
    # Times are whole seconds: what is judged later is later.
    clock.move(8)
    return filed.tip_id


def form_of(cast: Cast, tip_id: UUID) -> dict[str, object]:
    """What a browser would send of the form as it is shown."""
    form = cast.client("alice").get(f"/tips/{tip_id}/handoff").context["form"]
    names = ("facts", "facts_mark", "brief")
    return {"teams": [cast.teams["cedar"].pk]} | {
        name: form[name].value() or "" for name in names if name in form.fields
    }


def sent_to(cast: Cast, tip_id: UUID) -> str:
    notes = read_contents(open_tip(cast.viewer("tom"), tip_id)).notes
    return "\n".join(note.text for note in notes)


def test_facts_that_changed_after_who_would_get_it_are_told_as_they_are_now(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, alice = begun(cast, clock), cast.client("alice")
    typed = form_of(cast, tip_id)
    typed["brief"] = f"{typed['brief']}\n{OWN}".strip()
    assert LATER in alice.post(f"/tips/{tip_id}/handoff", typed).content.decode()
    judged(cast, tip_id, "now", PLACE)
    again = alice.get(f"/tips/{tip_id}/handoff").content.decode()
    assert LATER not in again
    assert PLACE in again
    assert OWN in again
    alice.post(f"/tips/{tip_id}/handoff", form_of(cast, tip_id) | {"confirmed": "yes"})
    told = sent_to(cast, tip_id)
    assert PLACE in told
    assert OWN in told
    assert LATER not in told


def test_what_is_sent_is_todays_also_from_a_page_that_stood_open(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, alice = begun(cast, clock), cast.client("alice")
    typed = form_of(cast, tip_id)
    typed["brief"] = f"{typed['brief']}\n{OWN}".strip()
    judged(cast, tip_id, "now", PLACE)
    alice.post(f"/tips/{tip_id}/handoff", typed | {"confirmed": "yes"})
    told = sent_to(cast, tip_id)
    assert PLACE in told
    assert LATER not in told


@pytest.mark.parametrize("press", [{}, {"confirmed": "yes"}, {"change": "yes"}])
def test_lines_changed_by_hand_stay_and_wait_once_for_who_wrote_them(
    cast: Cast, carrier: Carrier, clock: Clock, press: dict[str, str]
) -> None:
    tip_id, alice = begun(cast, clock), cast.client("alice")
    typed = form_of(cast, tip_id) | {"brief": OWN}
    typed["facts"] = "WHERE: By the pond.\r\nWHAT: Ask me."
    judged(cast, tip_id, "now", PLACE)
    page = alice.post(f"/tips/{tip_id}/handoff", typed | press)
    shown = page.content.decode()
    assert "The facts have changed" in shown
    assert PLACE in shown
    assert "By the pond." in shown
    assert "who" not in page.context
    assert Tip.objects.get(pk=tip_id).state == TipState.CLAIMED
    # They have seen both now: what they leave standing is theirs.
    typed["facts_mark"] = page.context["form"]["facts_mark"].value()
    assert "The facts have changed" not in (
        alice.post(f"/tips/{tip_id}/handoff", typed).content.decode()
    )
    alice.post(f"/tips/{tip_id}/handoff", typed | {"confirmed": "yes"})
    assert "By the pond." in sent_to(cast, tip_id)
    assert PLACE not in sent_to(cast, tip_id)


def test_a_tip_that_nobody_has_is_claimed_with_its_hand_off(cast: Cast) -> None:
    filed = a_tip(cast)
    page = cast.client("alice").post(
        f"/tips/{filed.tip_id}/handoff",
        form_of(cast, filed.tip_id) | {"brief": OWN, "confirmed": "yes"},
        follow=True,
    )
    assert "Handed off." in page.content.decode()
    assert Tip.objects.get(pk=filed.tip_id).state == TipState.HANDED_OFF
    done = list(Entry.objects.order_by("pk").values_list("action", flat=True))
    assert done.index("tip claimed") < done.index("tip handed off")
