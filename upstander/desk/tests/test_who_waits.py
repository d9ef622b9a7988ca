"""Who waits for whom, as a row of the queue and the tip's page say it: one truth, not two."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from conftest import Cast
from upstander.base.moment import database_now
from upstander.desk.tests.story import handed_off
from upstander.desk.tests.tips import a_life_safety_tip, a_tip
from upstander.escalations.models import Alert
from upstander.escalations.sweeps import sweep_next_steps
from upstander.people.scope import viewing
from upstander.tips.models import Tip
from upstander.triage.actions.work import claim_tip
from upstander.triage.load import only_words


def test_one_row_and_its_page_say_one_truth_about_who_waits_for_whom(cast: Cast) -> None:
    filed, alice = a_life_safety_tip(cast), cast.viewer("alice")
    claim_tip(alice, filed.tip_id)
    Alert.objects.update(next_step_due_at=database_now() - timedelta(seconds=1))
    sweep_next_steps()
    nobody, client = "Nobody has said “I have it” yet", cast.client("bea")
    for address in ("/queue", f"/tips/{filed.tip_id}"):
        page = client.get(address).content.decode()
        assert "Alice has it" in page
        assert "No next step in time: others are asked" in page
        assert nobody not in page
    handed = handed_off(cast)
    again = Alert.objects.get(subject_id=handed.tip_id, stage=Alert.Stage.SCHOOL).steps
    again.filter(target="district").update(state="done")
    for address in ("/queue", f"/tips/{handed.tip_id}"):
        page = client.get(address).content.decode()
        assert "Team: nobody has said “I have it” yet" in page
        assert nobody not in page


def test_of_what_somebody_has_who_waits_for_an_answer_stands_first_and_is_counted(
    cast: Cast,
) -> None:
    answered, waits, alone = (a_tip(cast, text=f"Tip {n}.").tip_id for n in range(3))
    words = a_tip(cast, tile="", answers={}).tip_id
    for tip in (answered, waits):
        claim_tip(cast.viewer("bea"), tip)
    Tip.objects.filter(pk=answered).update(waiting_since=None, happening_now=True, soon=True)
    client = cast.client("alice")

    def shown(address: str) -> list[UUID]:
        rows = client.get(address).context["rows"]
        assert [row.place for row in rows] == sorted(row.place for row in rows)
        return [row.id for row in rows]

    assert shown("/queue")[-2:] == [waits, answered], "however urgent it was"
    assert shown("/queue?state=unanswered") == [waits]
    assert shown("/queue?state=no_topic") == [words]
    assert alone in shown("/queue")
    counts = client.get("/queue").context["counts"]
    assert (counts.unanswered, counts.no_topic) == (1, 1)
    with viewing(alice := cast.viewer("alice")):
        assert only_words(alice)[0] == 1, "the supervisor's figure is the same"
    client.get(f"/tips/{words}")
    assert shown("/queue?state=no_topic") == []
    assert client.get("/queue").context["counts"].no_topic == 0
