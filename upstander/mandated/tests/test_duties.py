"""A duty is its owner's: others see it if they may, and end it never."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import Error, ProgrammingError, connection
from django.http import Http404
from django.utils import timezone
from psycopg import errors

from conftest import Cast, LoginRole
from upstander.base.moment import database_second
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.mandated.access import rules_of, times_of
from upstander.mandated.actions import duties as actions
from upstander.mandated.actions.confirming import confirm_fact, digest_of_law
from upstander.mandated.clocks import Standing, clock_at
from upstander.mandated.models import Duty, DutyEvent
from upstander.mandated.suspicion import Suspicion
from upstander.matters.folders import keep_out
from upstander.matters.holds import on_hold
from upstander.matters.models import MatterHold
from upstander.people import factories
from upstander.people.models import Person
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.people.tests.monitor import monitor
from upstander.states import law

SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]


def right_now() -> datetime:
    return database_second()


def typed_now() -> str:
    """Return the minute as a picker gives it, by the clock that pages go by.

    Not this machine's: in a test the database's stands still as long as its transaction is open, so
    that a minute that has begun meanwhile would lie in the future.
    """
    return timezone.localtime(database_second()).strftime("%Y-%m-%dT%H:%M")


def offices(cast: Cast) -> dict[str, Person]:
    """Give Cedar an office, Maple Valley one too, and Cedar a member of staff."""
    keys = cast.keys
    school = factories.make_team(
        TeamKind.OFFICE, "Cedar's office", keys, district=cast.maple, school=cast.cedar
    )
    district = factories.make_team(TeamKind.OFFICE, "Maple's office", keys, district=cast.maple)
    staff = factories.make_team(
        TeamKind.STAFF, "Cedar's staff", keys, district=cast.maple, school=cast.cedar
    )
    made = {}
    for name, team, role in (
        ("hana", school, Role.HEAD_OF_SCHOOL),
        ("dino", school, Role.DESIGNEE),
        ("cleo", district, Role.COMPLIANCE_LEAD),
        ("sol", district, Role.SUPERINTENDENT),
        ("bo", district, Role.BOARD_CHAIR),
        ("tess", staff, Role.STAFF_MEMBER),
    ):
        made[name] = factories.make_person(name.capitalize(), keys)
        factories.join(made[name], team, role, keys)
    cast.people.update(made)
    return made


def suspect(cast: Cast, who: str = "tess", **more: Any) -> UUID:
    said: dict[str, Any] = {
        "rule_set": "us-ct",
        "rule": "abuse",
        "district_id": cast.maple.pk,
        "school_id": cast.cedar.pk,
        "cause_at": right_now() - timedelta(hours=1),
        "words": {"first_words": "I don't want to go home."},
    }
    return actions.start_duty(cast.viewer(who), Suspicion(**said | more))


def electronic_may(cast: Cast, *, stands: bool = True) -> None:
    """Let Ada confirm that a first report may be electronic, or take that back."""
    digest = digest_of_law(law("us-ct").duties.ways["electronic"])
    confirm_fact(cast.viewer("ada"), "us-ct", "ways.electronic", digest, stands=stands)


def sees(viewer: Viewer, duty: UUID) -> bool:
    try:
        with viewing(viewer):
            return Duty.objects.filter(pk=duty).exists()
    except ProgrammingError:  # no right on the table at all
        return False


@pytest.mark.django_db
def test_both_clocks_from_suspicion_to_written_report(cast: Cast) -> None:
    offices(cast)
    duty_id, tess = suspect(cast), cast.viewer("tess")
    with viewing(tess) as now:
        duty = Duty.objects.get(pk=duty_id)
        _, rule = rules_of(duty)
        clock = clock_at(rule, times_of(duty), now)
    assert clock.standing is Standing.FIRST_DUE
    assert clock.first_due - duty.cause_at == timedelta(hours=12)
    actions.report_first(
        tess, duty_id, way="careline", at=now, words={"worker": "M."}, accepted=True
    )
    duty.refresh_from_db()
    clock = clock_at(rule, times_of(duty), now)
    assert clock.standing is Standing.WRITTEN_DUE
    assert clock.written_due == now + timedelta(hours=48)
    assert duty.remind_at is not None
    actions.send_written(tess, duty_id, at=now, words={"how": "fax"})
    duty.refresh_from_db()
    assert clock_at(rule, times_of(duty), now).standing is Standing.MET
    assert duty.remind_at is None


@pytest.mark.django_db
def test_offices_see_it_and_nobody_else(cast: Cast) -> None:
    offices(cast)
    duty_id = suspect(cast)
    assert [n for n in cast.people if sees(cast.viewer(n), duty_id)] == [
        "hana",
        "dino",
        "cleo",
        "sol",
        "tess",
    ]
    for name in ("hana", "cleo"):
        duty, folder = actions.open_duty(cast.viewer(name), duty_id)
        event = DutyEvent.objects.get(duty_id=duty.pk)
        assert event.sealed is not None
        assert "go home" in folder.read("event", event.pk, event.sealed)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accused", "seen_by"),
    [
        (["hana"], ["cleo", "sol", "tess"]),
        (["dino"], ["hana", "cleo", "sol", "tess"]),
        (["sol"], ["bo", "tess"]),
        (["cleo"], ["hana", "dino", "sol", "tess"]),
        (["hana", "sol"], ["bo", "tess"]),
        (["tom"], ["hana", "dino", "cleo", "sol", "tess"]),
    ],
)
def test_the_accused_and_those_under_them_never_see_it(
    cast: Cast, accused: list[str], seen_by: list[str]
) -> None:
    offices(cast)
    named = tuple(cast.people[name].pk for name in accused)
    duty_id = suspect(cast, accused=named)
    assert [n for n in cast.people if sees(cast.viewer(n), duty_id)] == seen_by
    for name in accused:
        with pytest.raises(Http404):
            actions.open_duty(cast.viewer(name), duty_id)


def monitors_told() -> list[int]:
    return [one.person_id for one in Notice.objects.filter(kind="duty_unseen")]


@pytest.mark.django_db
def test_where_all_are_accused_the_outside_monitor_is_told_that_there_is_one(cast: Cast) -> None:
    made = offices(cast)
    moni = monitor(cast)
    suspect(cast, accused=(made["hana"].pk, made["sol"].pk))
    assert monitors_told() == [], "the chair sees it"
    names = ("hana", "dino", "cleo", "sol", "bo")
    duty_id = suspect(cast, accused=tuple(made[name].pk for name in names))
    # A monitor sees its times, and neither whose it is nor a word of it.
    assert [n for n in cast.people if sees(cast.viewer(n), duty_id)] == ["tess", "moni"]
    assert monitors_told() == [moni.pk]
    assert Notice.objects.get(kind="duty_unseen").detail == {}


@pytest.mark.django_db
def test_an_accused_superintendent_without_a_chair_is_nobodys_below_them(cast: Cast) -> None:
    made = offices(cast)
    moni = monitor(cast)
    cast.people.pop("bo").memberships.all().delete()
    duty_id = suspect(cast, accused=(made["sol"].pk,))
    assert [n for n in cast.people if sees(cast.viewer(n), duty_id)] == ["tess", "moni"]
    assert monitors_told() == [moni.pk]


@pytest.mark.django_db
def test_when_the_last_of_the_offices_is_kept_out_later_the_monitor_is_told(cast: Cast) -> None:
    made = offices(cast)
    moni = monitor(cast)
    duty_id = suspect(cast)
    _duty, folder = actions.open_duty(cast.viewer("tess"), duty_id)
    for name in ("hana", "dino", "cleo", "sol"):
        assert monitors_told() == [], name
        with viewing(cast.viewer("tess")):
            keep_out(folder.id, [made[name].pk])
    assert monitors_told() == [moni.pk]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["hana", "dino", "cleo", "sol"])
def test_who_sees_a_duty_can_say_that_it_was_reported_and_end_nothing(
    cast: Cast, name: str
) -> None:
    offices(cast)
    duty_id, viewer = suspect(cast), cast.viewer(name)
    now = right_now()
    acts: tuple[Callable[[], object], ...] = (
        lambda: actions.report_first(viewer, duty_id, way="police", at=now, words={}),
        lambda: actions.answer_urgency(viewer, duty_id, {}),
        lambda: actions.add_event(viewer, duty_id, DutyEvent.Kind.NOTE, {}),
        lambda: actions.add_event(viewer, duty_id, DutyEvent.Kind.CONFIRMED, {}),
    )
    for act in acts:
        with pytest.raises(Error):
            act()
    assert actions.say_reported(viewer, duty_id, {"how": "They told me."}) == 2
    duty = Duty.objects.get(pk=duty_id)
    assert (duty.first_at, duty.written_at) == (None, None)
    assert duty.remind_at is not None


@pytest.mark.django_db
def test_the_phone_alone_will_do_until_nothing_is_urgent(cast: Cast) -> None:
    offices(cast)
    duty_id, tess = suspect(cast), cast.viewer("tess")
    now = right_now()
    with pytest.raises(Refused):
        actions.report_first(tess, duty_id, way="electronic", at=now, words={})
    no = dict.fromkeys(("immediate_harm", "urgent_care", "again_in_a_day"), False)
    # The fourth was left out: unanswered is no "no".
    assert actions.answer_urgency(tess, duty_id, no)
    assert not actions.answer_urgency(tess, duty_id, no | {"out_of_reach": False})
    assert not actions.report_first(tess, duty_id, way="electronic", at=now, words={})
    electronic_may(cast)
    assert actions.report_first(tess, duty_id, way="electronic", at=now, words={})


@pytest.mark.django_db
def test_questioning_waits_for_the_report_or_for_a_reason(cast: Cast) -> None:
    offices(cast)
    duty_id, tess = suspect(cast), cast.viewer("tess")
    matter = Duty.objects.get(pk=duty_id).matter_id
    hana = cast.viewer("hana")
    with viewing(hana):
        assert on_hold(matter)
    actions.add_event(tess, duty_id, DutyEvent.Kind.ASKED_WHY, {"why": "They began to tell."})
    with viewing(tess):
        assert not on_hold(matter)
    with viewing(hana):
        assert on_hold(matter)
    actions.report_first(tess, duty_id, way="careline", at=right_now(), words={})
    with viewing(hana):
        assert not on_hold(matter)
    assert MatterHold.objects.get(by=duty_id).lifted_at is not None


@pytest.mark.django_db
def test_nothing_is_written_down_before_it_happened(cast: Cast) -> None:
    offices(cast)
    soon = right_now() + timedelta(minutes=5)
    with pytest.raises(Refused):
        suspect(cast, cause_at=soon)
    duty_id, tess = suspect(cast), cast.viewer("tess")
    with pytest.raises(Refused):
        actions.report_first(tess, duty_id, way="careline", at=soon, words={})
    with pytest.raises(Refused):
        actions.send_written(tess, duty_id, at=right_now(), words={})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM mandated_duty",
        "UPDATE mandated_duty SET person_id = person_id + 1",
        "UPDATE mandated_duty SET cause_at = cause_at + interval '6 hours'",
        "UPDATE mandated_duty SET first_at = cause_at",
        "UPDATE mandated_duty SET first_at = cause_at, written_at = cause_at, remind_at = NULL",
        "UPDATE mandated_duty SET remind_at = NULL",
        "UPDATE mandated_duty SET opened_at = opened_at - interval '1 hour'",
        "DELETE FROM mandated_dutyevent",
        "UPDATE mandated_dutyevent SET at = at - interval '1 day'",
        "TRUNCATE mandated_duty CASCADE",
    ],
)
def test_not_even_the_databases_owner_ends_one_by_hand(cast: Cast, attack: str) -> None:
    offices(cast)
    suspect(cast)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(Error) as refused, connection.cursor() as cursor:
        cursor.execute(attack)
    assert isinstance(refused.value.__cause__, errors.InsufficientPrivilege)


def test_no_login_writes_a_duty_past_its_functions(
    committed_cast: Cast, real_database: SignIn
) -> None:
    offices(committed_cast)
    duty_id = suspect(committed_cast)
    hana = committed_cast.viewer("hana")
    staff, worker = real_database(LoginRole.STAFF), real_database(LoginRole.WORKER)
    with staff.transaction():
        staff.execute("SELECT set_config('role', 'upstander_school', true)")
        staff.execute("SELECT set_config('upstander.token', %s, true)", [hana.scope])
        assert staff.execute("SELECT count(*) FROM mandated_duty").fetchone() == (1,)
    for attack in (
        "UPDATE mandated_duty SET accepted = true",
        "INSERT INTO mandated_dutyevent DEFAULT VALUES",
        "DELETE FROM mandated_duty",
    ):
        staff.execute("BEGIN")
        staff.execute("SELECT set_config('role', 'upstander_school', true)")
        staff.execute("SELECT set_config('upstander.token', %s, true)", [hana.scope])
        with pytest.raises(errors.InsufficientPrivilege):
            staff.execute(attack.encode())
        staff.execute("ROLLBACK")
    # The worker may push a reminder on, and never take the last one away.
    worker.execute("UPDATE mandated_duty SET remind_at = remind_at + interval '1 minute'")
    with pytest.raises(errors.InsufficientPrivilege):
        worker.execute("UPDATE mandated_duty SET remind_at = NULL")
    with pytest.raises(errors.InsufficientPrivilege):
        worker.execute("SELECT * FROM mandated_dutyevent")
    with pytest.raises(errors.InsufficientPrivilege):
        worker.execute(
            "SELECT api.add_to_duty(p_duty => %s, p_event => %s, p_kind => 'first', "
            "p_happened => now(), p_way => '', p_flag => NULL, p_remind => NULL, p_sealed => '')",
            [duty_id, uuid4()],
        )


@pytest.mark.django_db
def test_how_long_a_beginning_is_doesnt_tell_whose_name_is_in_it(cast: Cast) -> None:
    made = offices(cast)
    made["dino"].name = "Bartholomew Featherstonehaugh-Cholmondeley"
    made["dino"].save()
    for accused in ((), (made["hana"].pk,), (made["dino"].pk,)):
        suspect(cast, accused=accused)
    sealed = DutyEvent.objects.filter(kind="started").values_list("sealed", flat=True)
    assert len({len(bytes(one or b"")) for one in sealed}) == 1
