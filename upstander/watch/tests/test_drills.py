"""A drill: begun by a lead, told to be a test, answered by any way, shown as a report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection
from django.http import Http404

from conftest import Cast
from upstander.base.moment import database_second
from upstander.base.refused import Refused
from upstander.carriers.models import ContactMethod, Inbound
from upstander.carriers.sending import Outcome, Outgoing
from upstander.people import factories
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import viewing
from upstander.watch import sweeps as clock
from upstander.watch.actions.drills import answer_drill, begin_drill, overdue, set_rhythm
from upstander.watch.models import Drill, DrillAnswer, DrillCall
from upstander.watch.queries import report_of, team_drills
from upstander.watch.sweeps import sweep_drill_answers, sweep_drill_calls, sweep_drills


class Carried:
    """What would have gone out, and how it went."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, str, Outgoing]] = []
        self.outcome = Outcome("accepted", "", False, uuid4())

    def __call__(self, method: ContactMethod, said: Outgoing) -> Outcome:
        self.sent.append((method.person_id, method.kind, said))
        return self.outcome


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> Carried:
    made = Carried()
    monkeypatch.setattr(clock, "deliver", made)
    return made


def as_worker(*sweeps: Callable[[], int]) -> int:
    """Run sweeps with the worker's own rights."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE upstander_worker")
        try:
            return sum(sweep() for sweep in sweeps)
        finally:
            cursor.execute("RESET ROLE")


def text_to(cast: Cast, name: str) -> None:
    ContactMethod.objects.create(
        person=cast.people[name],
        kind="sms",
        address=f"+1860555{cast.people[name].pk:04}",
        address_mac=uuid4().bytes,
        verified_at=database_second(),
        created_at=database_second(),
    )


def begun(cast: Cast, name: str = "tara", team: str = "cedar") -> Drill:
    drill = begin_drill(cast.viewer(name), cast.teams[team].pk)
    assert as_worker(sweep_drills) == 1
    return drill


def reply(drill: Drill, person: int, answer: str = "have_it", **how: Any) -> None:
    Inbound.objects.create(
        **{
            "kind": "sms",
            "person_id": person,
            "for_id": drill.pk,
            "answer": answer,
            "at": database_second() + timedelta(seconds=40),
            "provider": "north",
            "ref": uuid4().hex,
            **how,
        }
    )


def test_each_member_is_asked_by_their_ways_and_told_that_it_is_a_test(
    cast: Cast, carried: Carried
) -> None:
    text_to(cast, "tom")
    drill = begun(cast)
    by_person = {
        name: set(
            DrillCall.objects.filter(drill=drill, person_id=cast.people[name].pk).values_list(
                "channel", flat=True
            )
        )
        for name in ("tara", "tom", "uma", "bob")
    }
    assert by_person == {"tara": {"email"}, "tom": {"email", "sms"}, "uma": {"email"}, "bob": set()}
    assert as_worker(sweep_drill_calls) == 4
    assert set(DrillCall.objects.values_list("state", flat=True)) == {"sent"}
    for _person, _kind, said in carried.sent:
        assert (said.purpose, said.for_id, said.ask) == ("drill", drill.pk, True)
        for words in (said.title, said.short, said.spoken, said.long):
            assert "TEST" in words
        assert f"/drills/{drill.pk}" in said.long
        assert "/tips/" not in said.long
    assert as_worker(sweep_drill_calls) == 0


def test_what_fails_is_tried_again_and_then_said(cast: Cast, carried: Carried) -> None:
    carried.outcome = Outcome("failed", "the mail server said 451", False, uuid4())
    begun(cast)
    for _ in range(clock.MOST_ATTEMPTS):
        assert as_worker(sweep_drill_calls) == 3
        DrillCall.objects.filter(state="due").update(due_at=database_second())
    assert as_worker(sweep_drill_calls) == 0
    assert set(DrillCall.objects.values_list("state", "reason")) == {
        ("failed", "the mail server said 451")
    }


def test_a_claim_that_ran_out_is_sent_by_whoever_finds_it(cast: Cast, carried: Carried) -> None:
    begun(cast)
    held = {"lease_token": uuid4(), "lease_until": database_second() + timedelta(seconds=60)}
    DrillCall.objects.update(**held)
    assert as_worker(sweep_drill_calls) == 0
    DrillCall.objects.update(lease_until=database_second() - timedelta(seconds=1))
    assert as_worker(sweep_drill_calls) == 3


def test_the_first_answer_counts_and_what_was_still_to_come_is_not_sent(
    cast: Cast, carried: Carried
) -> None:
    drill, tom = begun(cast), cast.people["tom"].pk
    reply(drill, tom, "unclear")
    reply(drill, tom, "cannot")
    reply(drill, tom, "have_it")
    assert as_worker(sweep_drill_answers) == 3
    assert not Inbound.objects.filter(done=False).exists()
    [answer] = DrillAnswer.objects.all()
    assert (answer.person_id, answer.answer, answer.channel) == (tom, "cannot", "sms")
    assert DrillCall.objects.get(person_id=tom).state == "cancelled"
    assert as_worker(sweep_drill_calls) == 2


def test_answers_to_real_alerts_are_not_touched_and_those_to_nothing_are_put_away(
    cast: Cast,
) -> None:
    drill = begun(cast)
    reply(drill, 1, for_id=uuid4())
    reply(drill, 1, for_id=uuid4(), at=database_second() - timedelta(minutes=6))
    assert as_worker(sweep_drill_answers) == 1
    assert Inbound.objects.filter(done=False).count() == 1


def test_it_ends_by_itself_and_another_can_begin(cast: Cast, carried: Carried) -> None:
    drill = begun(cast)
    with pytest.raises(Refused):
        begin_drill(cast.viewer("tara"), cast.teams["cedar"].pk)
    assert as_worker(sweep_drills) == 0
    Drill.objects.update(ends_at=database_second())
    assert as_worker(sweep_drills) == 1
    drill.refresh_from_db()
    assert drill.state == "ended"
    assert set(DrillCall.objects.values_list("state", flat=True)) == {"cancelled"}
    assert as_worker(sweep_drill_calls) == 0
    begin_drill(cast.viewer("tara"), cast.teams["cedar"].pk)


def test_the_report_says_who_answered_in_what_time_by_which_way_and_ranks_nobody(
    cast: Cast, carried: Carried
) -> None:
    drill = begun(cast)
    as_worker(sweep_drill_calls)
    reply(drill, cast.people["uma"].pk, kind="key")
    as_worker(sweep_drill_answers)
    DrillCall.objects.filter(person_id=cast.people["tom"].pk).delete()
    viewer = cast.viewer("tara")
    with viewing(viewer):
        report = report_of(viewer, Drill.objects.select_related("team").get())
    assert [one.name for one in report.people] == ["Tara", "Tom", "Uma"]
    tara, tom, uma = report.people
    assert (uma.answer, uma.by, uma.seconds) == ("I have it", "by key in a call", 40)
    assert tara.ways == ("email: sent",)
    assert tom.ways == ()
    assert (report.answered, report.median, report.asks_me) == (1, 40, True)


def test_somebody_answers_on_the_desk_for_themselves(cast: Cast) -> None:
    drill = begun(cast)
    assert answer_drill(cast.viewer("tom"), drill.pk)
    assert not answer_drill(cast.viewer("tom"), drill.pk)
    for name in ("dee", "sam"):
        with pytest.raises(Refused):
            answer_drill(cast.viewer(name), drill.pk)
    for name in ("bob", "charlie", "alice"):
        with pytest.raises(Http404):
            answer_drill(cast.viewer(name), drill.pk)


@pytest.mark.parametrize(
    ("name", "team"), [("tom", "cedar"), ("dee", "cedar"), ("tara", "birch"), ("sam", "cedar")]
)
def test_only_a_teams_own_lead_tests_it(cast: Cast, name: str, team: str) -> None:
    with pytest.raises(Http404):
        begin_drill(cast.viewer(name), cast.teams[team].pk)
    with pytest.raises(Http404):
        set_rhythm(cast.viewer(name), cast.teams[team].pk, 14)
    # The database refuses too, whatever the action forgot.
    viewer = cast.viewer(name)
    with pytest.raises(DatabaseError, match="row-level security"), viewing(viewer) as now:
        Drill.objects.create(
            team_id=cast.teams[team].pk, begun_by=viewer.person_id, begun_at=now, ends_at=now
        )


def test_nobody_answers_in_anothers_name(cast: Cast) -> None:
    drill = begun(cast)
    with pytest.raises(DatabaseError, match="row-level security"), viewing(cast.viewer("tom")):
        DrillAnswer.objects.bulk_create(
            [
                DrillAnswer(
                    drill=drill,
                    person_id=cast.people["uma"].pk,
                    channel="desk",
                    answer="have_it",
                    at=drill.begun_at,
                )
            ]
        )


def test_who_sees_which_drills(cast: Cast) -> None:
    drill = begun(cast)
    sees = {}
    for name in ("tara", "tom", "dee", "sam", "bob", "charlie", "pia", "cora", "ada"):
        viewer = cast.viewer(name)
        with viewing(viewer) as now:
            sees[name] = {
                "drill": Drill.objects.filter(pk=drill.pk).exists(),
                "team": any(t.name == "Cedar's team" for t in team_drills(viewer, now)),
            }
    nothing = {"drill": False, "team": False}
    everything = {"drill": True, "team": True}
    assert sees == {
        "tara": everything,
        "tom": everything,
        "dee": everything,
        "sam": everything,
        "bob": nothing,
        "charlie": nothing,
        "pia": nothing,
        "cora": nothing,
        "ada": nothing,
    }


def test_monthly_unless_the_lead_says_otherwise_and_overdue_after_that(cast: Cast) -> None:
    now = database_second()
    assert overdue(None, 30, now)
    assert not overdue(now - timedelta(days=29), 30, now)
    assert overdue(now - timedelta(days=31), 30, now)
    begun(cast)
    Drill.objects.update(begun_at=now - timedelta(days=20), state="ended")
    tara = cast.viewer("tara")

    def cedar() -> Any:
        with viewing(tara) as at:
            return team_drills(tara, at)[0]

    assert (cedar().every_days, cedar().overdue) == (30, False)
    set_rhythm(tara, cast.teams["cedar"].pk, 14)
    assert (cedar().every_days, cedar().overdue) == (14, True)
    set_rhythm(tara, cast.teams["cedar"].pk, 60)
    assert not cedar().overdue
    with pytest.raises(Refused):
        set_rhythm(tara, cast.teams["cedar"].pk, 3650)


def test_a_team_that_is_never_paged_is_never_tested(cast: Cast) -> None:
    police = factories.make_team(TeamKind.POLICE, "Police", cast.keys, district=cast.maple)
    officer = factories.make_person("Olive", cast.keys)
    factories.join(officer, police, Role.OFFICER, cast.keys)
    with pytest.raises(Http404):
        begin_drill(factories.viewer(officer, cast.keys), police.pk)


def test_the_pages_walk_through_a_drill(cast: Cast, carried: Carried) -> None:
    lead, member = cast.client("tara"), cast.client("tom")
    team = cast.teams["cedar"].pk
    assert "Overdue" in lead.get("/drills").content.decode()
    assert "Test this team now" not in member.get("/drills").content.decode()
    sent = lead.post("/drills/begin", {"team": team})
    address = sent.headers["Location"]
    assert Drill.objects.filter(pk=UUID(address.rsplit("/", 1)[1])).exists()
    as_worker(sweep_drills, sweep_drill_calls)
    assert "This is a test." in member.get(address).content.decode()
    assert member.post(f"{address}/answer").status_code == 302
    shown = lead.get(address).content.decode()
    assert "I have it, on the Upstander site" in shown
    assert "1 of 3" in shown
    assert "Running now" in lead.get("/drills").content.decode()
    assert lead.post("/drills/begin", {"team": team}).status_code == 302
    assert lead.post("/drills/begin", {"team": "x"}).status_code == 404
    assert member.post("/drills/begin", {"team": team}).status_code == 403
    lead.post("/drills/rhythm", {"team": team, "days": "90"})
    assert "90" in lead.get("/drills").content.decode()
