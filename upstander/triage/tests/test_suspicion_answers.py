"""Whoever opens a tip about abuse says whether they suspect; until then they are asked again."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import Error, connection, transaction

from conftest import Cast
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.escalations.tests.alerts import Clock, clock
from upstander.intake.priority import Priority
from upstander.mandated import sweeps
from upstander.mandated.actions.answers import answer_suspicion, suspicion_panel, unanswered
from upstander.mandated.models import Answer, Asked, Duty
from upstander.mandated.tests.test_duties import offices
from upstander.mandated.tests.test_reminders import as_worker
from upstander.matters.factories import exclude
from upstander.matters.models import Exclusion
from upstander.people.keys import person_mac
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import assess_tip, claim_tip

__all__ = ["clock"]

pytestmark = pytest.mark.django_db


def abuse_tip(cast: Cast, tile: str = "home") -> UUID:
    """File a tip, and hand it to Cedar's team."""
    filed = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="Words.",
            language="en",
            tile=tile,
            school_id=cast.cedar.pk,
        )
    )
    alice = cast.viewer("alice")
    claim_tip(alice, filed.tip_id)
    hand_off(open_tip(alice, filed.tip_id), [cast.teams["cedar"].pk], "A brief.")
    return filed.tip_id


def test_the_page_asks_counselors_and_teams_and_a_no_needs_its_reason(cast: Cast) -> None:
    tip = abuse_tip(cast)
    for name, page in (("alice", f"/tips/{tip}"), ("tom", f"/team/{tip}")):
        client = cast.client(name)
        assert b"Yes, I suspect" in client.get(page).content
        client.post(f"/tips/{tip}/suspicion", {"suspects": "no", "why": " "})
        assert b"Yes, I suspect" in client.get(page).content
        client.post(f"/tips/{tip}/suspicion", {"suspects": "no", "why": f"Because of {name}."})
        shown = client.get(page).content.decode()
        assert "Yes, I suspect" not in shown
        assert f"Because of {name}." in shown
    # Sealed to each side: neither reads the other's reason.
    assert "Because of alice." not in cast.client("tom").get(f"/team/{tip}").content.decode()
    assert b"Because" not in b"".join(bytes(one.sealed) for one in Answer.objects.all())


def test_others_answers_are_shown_once_one_has_answered(cast: Cast) -> None:
    tip = abuse_tip(cast)
    tom, tara = cast.viewer("tom"), cast.viewer("tara")
    answer_suspicion(open_tip(tom, tip), suspects=False, why="A game, I saw it.", duty_id=None)
    panel = suspicion_panel(open_tip(tara, tip))
    assert panel is not None
    assert (panel.own, panel.others) == (None, ())
    answer_suspicion(open_tip(tara, tip), suspects=False, why="Same.", duty_id=None)
    panel = suspicion_panel(open_tip(tara, tip))
    assert panel is not None
    assert [one.why for one in panel.others] == ["A game, I saw it."]


def test_a_yes_is_a_report_that_was_begun(cast: Cast) -> None:
    offices(cast)
    tip = abuse_tip(cast)
    client = cast.client("tom")
    client.get(f"/team/{tip}")
    sent = client.post(f"/tips/{tip}/suspicion", {"suspects": "yes"})
    assert sent["Location"] == f"/suspect?tip={tip}"
    assert Asked.objects.get(person_id=cast.people["tom"].pk).answered_at is None
    client.post("/suspect", {"rule": "abuse", "since": "now", "about": "nobody", "tip": str(tip)})
    duty = Duty.objects.get()
    answer = Answer.objects.get()
    assert (answer.suspects, answer.duty_id) == (True, duty.pk)
    assert Asked.objects.get(person_id=cast.people["tom"].pk).answered_at == answer.at
    assert b"Your own report" in client.get(f"/team/{tip}").content
    with pytest.raises(Refused):
        answer_suspicion(open_tip(cast.viewer("tom"), tip), suspects=True, why="", duty_id=None)
    with pytest.raises(Refused):
        answer_suspicion(open_tip(cast.viewer("tara"), tip), suspects=True, why="", duty_id=duty.pk)


def test_no_other_tip_asks_until_a_counselor_judges_it_one_of_abuse(cast: Cast) -> None:
    tip = abuse_tip(cast, tile="sad")
    assert suspicion_panel(open_tip(cast.viewer("tom"), tip)) is None
    opened = open_tip(cast.viewer("alice"), tip)
    assess_tip(opened, {"mr_trigger": "yes"}, Priority.URGENT)
    assert Tip.objects.get(pk=tip).mandated
    assert suspicion_panel(open_tip(cast.viewer("tom"), tip)) is not None
    assert b"Do you suspect" in cast.client("alice").get(f"/tips/{tip}").content


def test_it_nags_until_it_is_answered_and_less_and_less_often(cast: Cast, clock: Clock) -> None:
    tip = abuse_tip(cast)
    cast.client("tom").get(f"/team/{tip}")
    gaps: list[int] = []
    with as_worker():
        assert sweeps.sweep_asked() == 0
        waited = 0
        while len(gaps) < 7:
            clock.move(600)
            waited += 600
            if sweeps.sweep_asked():
                gaps.append(waited)
                waited = 0
    assert gaps == [1200, 1200, 2400, 4800, 9600, 14400, 14400]
    # Tom has looked at it, and Alice opened it to hand it off.
    told = Notice.objects.filter(kind="suspicion_asked")
    for name in ("tom", "alice"):
        assert told.filter(person_id=cast.people[name].pk).count() == 7
    answer_suspicion(open_tip(cast.viewer("alice"), tip), suspects=False, why="No.", duty_id=None)
    answer_suspicion(open_tip(cast.viewer("tom"), tip), suspects=False, why="No.", duty_id=None)
    clock.move(10**6)
    with as_worker():
        assert sweeps.sweep_asked() == 0


def test_who_is_kept_out_is_asked_no_more(cast: Cast, clock: Clock) -> None:
    tip = abuse_tip(cast)
    cast.client("tom").get(f"/team/{tip}")
    Exclusion.objects.create(
        matter_id=Tip.objects.get(pk=tip).matter_id,
        district_id=cast.maple.pk,
        person_mac=person_mac(cast.people["tom"].pk),
    )
    clock.move(86400)
    with as_worker():
        sweeps.sweep_asked()
    told = Notice.objects.filter(kind="suspicion_asked")
    assert not told.filter(person_id=cast.people["tom"].pk).exists()


def counted(cast: Cast, name: str) -> list[tuple[str, int]]:
    with viewing(cast.viewer(name)):
        return [(one.where, one.people) for one in unanswered()]


def test_supervisor_and_compliance_lead_see_how_many_have_not_and_nobody_else(cast: Cast) -> None:
    offices(cast)
    tip = abuse_tip(cast)
    for name in ("alice", "bea"):
        cast.client(name).get(f"/tips/{tip}")
    for name in ("tom", "uma", "tara"):
        cast.client(name).get(f"/team/{tip}")
    assert counted(cast, "sam") == [("The center", 2), ("Cedar Middle School", 3)]
    assert counted(cast, "cleo") == [("Cedar Middle School", 3)]
    for name in ("alice", "tom", "tara", "dee", "hana", "sol", "pia", "charlie"):
        assert counted(cast, name) == [], name
    answer_suspicion(open_tip(cast.viewer("uma"), tip), suspects=False, why="No.", duty_id=None)
    assert counted(cast, "cleo") == [("Cedar Middle School", 2)]
    assert b"Opened a tip about abuse" in cast.client("sam").get("/supervisor").content
    # Of what is kept from somebody they count nothing.
    for name in ("cleo", "sam"):
        exclude(Tip.objects.get(pk=tip).matter_id, cast.maple.pk, cast.people[name].pk)
        assert counted(cast, name) == []


@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM mandated_asked",
        "UPDATE mandated_asked SET answered_at = asked_at, remind_at = NULL",
        "UPDATE mandated_asked SET remind_at = NULL",
        "UPDATE mandated_asked SET person_id = person_id + 1",
    ],
)
def test_only_their_own_answer_ends_the_question(cast: Cast, attack: str) -> None:
    tip = abuse_tip(cast)
    cast.client("tom").get(f"/team/{tip}")
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
