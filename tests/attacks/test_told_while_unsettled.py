"""Until it is settled who must not see a tip, no office is told of it, and none answers for it."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.http import Http404

from conftest import Cast
from tests.attacks.test_ends_unseen import report
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.decisions.actions import close_tip
from upstander.desk.tests.test_must_not_see import COACH, claimed
from upstander.escalations.tests.alerts import Clock, clock
from upstander.mandated.actions import duties as actions
from upstander.mandated.actions.answers import standings
from upstander.mandated.actions.for_file import answer_for_file, owed
from upstander.mandated.leaving.actions import ask_shutting
from upstander.mandated.leaving.notices import sweep_leaving
from upstander.mandated.models import Asked, FileAnswer
from upstander.mandated.silence import sweep_silence
from upstander.mandated.tests.test_duties import offices, right_now, suspect
from upstander.mandated.tests.test_reminders import as_worker
from upstander.matters.models import MatterHold
from upstander.people.models import Membership, Person
from upstander.people.scope import viewing
from upstander.tips.actions.not_see import dismiss_not_see, settle_meant
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import exclude_people, recuse
from upstander.triage.actions.work import link_tips
from upstander.triage.tests.test_suspicion_answers import abuse_tip

__all__ = ["clock"]

pytestmark = pytest.mark.django_db
HOUR = 3600.0
OFFICE = ("hana", "dino", "cleo", "sol", "bo", "lena", "lou")


def named(cast: Cast) -> UUID:
    """File a tip about abuse whose reporter says who must not see it; Alice has opened it."""
    offices(cast)
    tip = claimed(cast, said="Cleo", tile="home")
    open_tip(cast.viewer("alice"), tip)
    return tip


def asked(cast: Cast, name: str, tip: UUID) -> Asked:
    return Asked.objects.get(tip_id=tip, person_id=cast.people[name].pk)


def climbs(clock: Clock, *hours: float) -> None:
    for one in hours:
        clock.move(one * HOUR)
        with as_worker():
            sweep_silence()


def heard(cast: Cast) -> dict[str, set[str]]:
    """Return who was told, by what."""
    names = {person.pk: name for name, person in cast.people.items()}
    found: dict[str, set[str]] = {}
    for row in Notice.objects.all():
        found.setdefault(row.kind, set()).add(names[row.person_id])
    return found


@pytest.mark.parametrize("gone", [False, True])
def test_a_silence_climbs_within_the_center_alone(cast: Cast, clock: Clock, *, gone: bool) -> None:
    tip = named(cast)
    if gone:
        Membership.objects.filter(person_id=cast.people["alice"].pk).delete()
        Person.objects.filter(pk=cast.people["alice"].pk).update(is_active=False)
    climbs(clock, 1, 3, 2, 19, 12)
    told = heard(cast)
    assert not {name for names in told.values() for name in names} & set(OFFICE), told
    assert {"sam"} == told["suspicion_silent_now"] | told.get("suspicion_silent", {"sam"})
    assert told["settle_asked"] == {"alice", "bea", "sam"} - ({"alice"} if gone else set())
    row = asked(cast, "alice", tip)
    assert row.for_file is None
    cleo = cast.client("cleo")
    assert Tip.objects.get(pk=tip).reference not in cleo.get("/answers").content.decode()
    assert cleo.get(f"/suspect?asked={row.pk}").status_code == 404
    # Settled: it goes on at once, to whom it is not kept from.
    dismiss_not_see(open_tip(cast.viewer("bea"), tip), "Another Cleo: her aunt.")
    climbs(clock, 0)
    assert asked(cast, "alice", tip).for_file == cast.people["cleo"].pk


def test_settled_that_it_is_the_lead_the_next_answers(cast: Cast, clock: Clock) -> None:
    tip = named(cast)
    climbs(clock, 25)
    opened = open_tip(cast.viewer("bea"), tip)
    exclude_people(opened, [cast.people["cleo"].pk])
    settle_meant(opened, [cast.people["cleo"].pk])
    climbs(clock, 0)
    assert asked(cast, "alice", tip).for_file == cast.people["sol"].pk
    assert "cleo" not in {name for names in heard(cast).values() for name in names}


def test_no_team_or_district_hears_of_its_own_members_silence(cast: Cast, clock: Clock) -> None:
    """A team had its tip before: linked to one that says who must not see it, it waits as that."""
    offices(cast)
    tip = abuse_tip(cast)
    open_tip(cast.viewer("tom"), tip)
    climbs(clock, 24)
    assert asked(cast, "tom", tip).for_file == cast.people["cleo"].pk
    before = Notice.objects.order_by("-pk").values_list("pk", flat=True)[0]
    link_tips(cast.viewer("alice"), tip, claimed(cast, said=COACH, tile="home"))
    row = asked(cast, "tom", tip)
    # It is not theirs to answer any more from this moment, whatever the worker has found before.
    viewer = cast.viewer("cleo")
    with viewing(viewer):
        assert owed(viewer) == []
    with pytest.raises(Http404):
        answer_for_file(viewer, row.pk, "reported")
    climbs(clock, 12, 12)
    told = set(Notice.objects.filter(pk__gt=before).values_list("person_id", flat=True))
    allowed = {cast.people[name].pk for name in ("alice", "bea", "sam", "tom")}
    assert told <= allowed
    assert cast.people["sam"].pk in told
    assert asked(cast, "tom", tip).for_file is None


def answered(cast: Cast, clock: Clock) -> tuple[UUID, UUID]:
    """Have Cleo answer for the file of Alice's silence, with a call that nobody can check."""
    offices(cast)
    tip = abuse_tip(cast)
    climbs(clock, 25)
    row = asked(cast, "alice", tip)
    duty = suspect(cast, who="cleo", matter_id=row.matter_id, cause_at=right_now())
    actions.report_first(
        cast.viewer("cleo"), duty, way="careline", at=right_now(), words={"worker": "Nobody"}
    )
    answer_for_file(cast.viewer("cleo"), row.pk, "own_report")
    assert not MatterHold.objects.filter(lifted_at=None).exists()
    return tip, duty


def test_an_answer_for_the_file_by_whom_it_is_kept_from_is_none(cast: Cast, clock: Clock) -> None:
    tip, _duty = answered(cast, clock)
    row = asked(cast, "alice", tip)
    exclude_people(open_tip(cast.viewer("bea"), tip), [cast.people["cleo"].pk])
    # At once: the worker finds afterwards whether it is theirs that was meant.
    assert standings([row.pk])[row.pk] == "silent"
    climbs(clock, 0)
    row.refresh_from_db()
    assert standings([row.pk])[row.pk] == "silent"
    assert row.for_file == cast.people["sol"].pk
    assert row.climb_at is not None
    # Questioning waits again, and nothing ends by what they wrote down.
    assert MatterHold.objects.filter(by=tip, lifted_at=None).exists()
    with pytest.raises(Refused, match="answered"):
        close_tip(open_tip(cast.viewer("bea"), tip), "child_protection", "Reported.")
    viewer = cast.viewer("sol")
    with viewing(viewer):
        assert [one.grounds for one in owed(viewer)] == [[]], "their report proves nothing"
    # The next one's own report answers, and lifts what waits.
    duty = suspect(cast, who="sol", matter_id=row.matter_id, cause_at=right_now())
    actions.report_first(
        cast.viewer("sol"), duty, way="careline", at=right_now(), words={"worker": "Ms. Reed"}
    )
    answer_for_file(cast.viewer("sol"), row.pk, "own_report")
    assert standings([row.pk])[row.pk] == "for_file"
    assert not MatterHold.objects.filter(lifted_at=None).exists()
    assert FileAnswer.objects.count() == 2


@pytest.mark.parametrize("how", ["another", "themselves"])
def test_one_who_is_not_meant_has_answered(cast: Cast, clock: Clock, how: str) -> None:
    tip, _duty = answered(cast, clock)
    row = asked(cast, "alice", tip)
    if how == "another":
        exclude_people(open_tip(cast.viewer("bea"), tip), [cast.people["tara"].pk])
    else:
        recuse(cast.viewer("tom"), tip)
    climbs(clock, 0)
    row.refresh_from_db()
    assert standings([row.pk])[row.pk] == "for_file"
    assert (row.for_file, row.climb_at, row.remind_at) == (cast.people["cleo"].pk, None, None)
    assert not MatterHold.objects.filter(lifted_at=None).exists()


def test_a_report_by_whom_it_is_kept_from_lifts_nothing(cast: Cast, clock: Clock) -> None:
    """Whoever is accused may have opened it and written down a call of their own."""
    offices(cast)
    tip = abuse_tip(cast)
    matter = Tip.objects.get(pk=tip).matter_id
    open_tip(cast.viewer("tom"), tip)
    duty = suspect(cast, who="tom", tip_id=tip, matter_id=matter, cause_at=right_now())
    actions.report_first(
        cast.viewer("tom"), duty, way="careline", at=right_now(), words={"worker": "Nobody"}
    )
    assert not MatterHold.objects.filter(lifted_at=None).exists()
    exclude_people(open_tip(cast.viewer("bea"), tip), [cast.people["tom"].pk])
    climbs(clock, 0)
    assert MatterHold.objects.filter(by=tip, lifted_at=None).exists()
    # Another's lifts it, also where somebody else is kept out after that.
    own = suspect(cast, who="alice", tip_id=tip, matter_id=matter, cause_at=right_now())
    actions.report_first(
        cast.viewer("alice"), own, way="careline", at=right_now(), words={"worker": "Ms. Reed"}
    )
    exclude_people(open_tip(cast.viewer("bea"), tip), [cast.people["uma"].pk])
    climbs(clock, 0)
    assert not MatterHold.objects.filter(lifted_at=None).exists()


def test_one_who_steps_aside_has_reported(cast: Cast, clock: Clock) -> None:
    offices(cast)
    tip = abuse_tip(cast)
    matter = Tip.objects.get(pk=tip).matter_id
    open_tip(cast.viewer("tom"), tip)
    duty = suspect(cast, who="tom", tip_id=tip, matter_id=matter, cause_at=right_now())
    actions.report_first(
        cast.viewer("tom"), duty, way="careline", at=right_now(), words={"worker": "Ms. Reed"}
    )
    recuse(cast.viewer("tom"), tip)
    exclude_people(open_tip(cast.viewer("bea"), tip), [cast.people["uma"].pk])
    climbs(clock, 0)
    assert not MatterHold.objects.filter(lifted_at=None).exists()


def test_a_report_is_sent_while_it_waits_and_nobody_new_gets_its_copy(
    cast: Cast, clock: Clock
) -> None:
    offices(cast)
    tip = abuse_tip(cast)
    matter = Tip.objects.get(pk=tip).matter_id
    duty = suspect(cast, who="tom", tip_id=tip, matter_id=matter, cause_at=right_now())
    link_tips(cast.viewer("alice"), tip, claimed(cast, said=COACH, tile="home"))
    before = Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    report(cast, "tom", duty)
    assert not Notice.objects.filter(pk__gt=before, kind="duty_copy").exists()


def test_no_office_hears_who_with_such_a_report_is_shut_out(cast: Cast) -> None:
    tip = named(cast)
    matter = Tip.objects.get(pk=tip).matter_id
    suspect(cast, who="alice", tip_id=tip, matter_id=matter, cause_at=right_now())
    ada = cast.viewer("ada")
    ask_shutting(ada, cast.people["alice"].pk, "They go.")
    with as_worker():
        sweep_leaving()
    told = heard(cast)
    assert "cleo" not in told.get("shutting_asked", set())
    page = cast.client("cleo").get(f"/leaving/{cast.people['alice'].pk}")
    assert page.status_code == 404
