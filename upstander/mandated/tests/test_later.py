"""What falls due after the first report: from events, met by its owner, ended by no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import Error, connection, transaction
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Cast
from upstander.base.refused import Refused
from upstander.cases.actions.homes import AboutHome
from upstander.cases.actions.opening import NewCase, open_case
from upstander.cases.models import Case
from upstander.escalations.tests.alerts import clock, taken_back
from upstander.mandated.actions import deadlines as later
from upstander.mandated.actions import duties as actions
from upstander.mandated.models import Deadline, Duty, DutyEvent
from upstander.mandated.tests.test_duties import electronic_may, offices, right_now, suspect
from upstander.matters.holds import on_hold
from upstander.people.scope import viewing

__all__ = ["clock"]

pytestmark = pytest.mark.django_db

SUSPENDED, INQUIRY = DutyEvent.Kind.SUSPENDED, DutyEvent.Kind.INQUIRY_OVER


def electronic(cast: Cast, duty_id: UUID) -> None:
    electronic_may(cast)
    tess = cast.viewer("tess")
    no = ("immediate_harm", "urgent_care", "again_in_a_day", "out_of_reach")
    actions.answer_urgency(tess, duty_id, dict.fromkeys(no, False))
    actions.report_first(tess, duty_id, way="electronic", at=right_now(), words={})


def test_questions_after_an_electronic_report_are_due_in_a_day(cast: Cast) -> None:
    offices(cast)
    by_phone = suspect(cast)
    actions.report_first(cast.viewer("tess"), by_phone, way="careline", at=right_now(), words={})
    assert not Deadline.objects.exists()
    duty_id = suspect(cast)
    electronic(cast, duty_id)
    row = Deadline.objects.get(duty_id=duty_id)
    assert (row.key, row.owner) == ("answers", "reporter")
    assert row.due_at - row.since == timedelta(hours=24)
    for name in ("hana", "cleo", "sol"):
        with pytest.raises(Http404):
            later.meet_deadline(cast.viewer(name), duty_id, row.pk, at=right_now(), words={})
    later.meet_deadline(cast.viewer("tess"), duty_id, row.pk, at=right_now(), words={})
    with pytest.raises(Refused):
        later.meet_deadline(cast.viewer("tess"), duty_id, row.pk, at=right_now(), words={})
    row.refresh_from_db()
    assert row.met_by == cast.people["tess"].pk
    assert row.remind_at is None


def test_a_suspension_begins_72_hours_and_an_investigations_end_five_working_days(
    cast: Cast,
) -> None:
    offices(cast)
    duty_id = suspect(cast, rule="employee", accused=(cast.people["uma"].pk,))
    with pytest.raises(Http404):
        later.note_event(cast.viewer("tess"), duty_id, SUSPENDED, at=right_now(), words={})
    with pytest.raises(Http404):
        later.note_event(cast.viewer("hana"), duty_id, SUSPENDED, at=right_now(), words={})
    later.note_event(
        cast.viewer("cleo"), duty_id, SUSPENDED, at=right_now(), words={"words": "With pay."}
    )
    later.note_event(cast.viewer("sol"), duty_id, INQUIRY, at=right_now(), words={})
    board, result = Deadline.objects.order_by("key")
    assert (board.key, board.owner, board.due_at - board.since) == (
        "board_told",
        "superintendent",
        timedelta(hours=72),
    )
    assert (result.key, result.owner) == ("result_known", "agency")
    assert timedelta(days=5) < result.due_at - result.since < timedelta(days=10)
    # The first suspension counts: a second doesn't set the clock back.
    later.note_event(cast.viewer("sol"), duty_id, SUSPENDED, at=right_now(), words={})
    assert Deadline.objects.filter(key="board_told").count() == 1
    with pytest.raises(Http404):
        later.meet_deadline(cast.viewer("cleo"), duty_id, board.pk, at=right_now(), words={})
    later.meet_deadline(cast.viewer("sol"), duty_id, board.pk, at=right_now(), words={})
    later.meet_deadline(cast.viewer("cleo"), duty_id, result.pk, at=right_now(), words={})
    page = cast.client("cleo").get(f"/duties/{duty_id}").content.decode()
    assert page.count("Done on time") == 2
    assert "With pay." in page


def test_from_a_case_the_duty_takes_its_matter_and_a_stranger_finds_no_case(cast: Cast) -> None:
    offices(cast)
    tom = cast.viewer("tom")
    case_id = open_case(tom, NewCase(Case.Concern.ABUSE, "Words.", cast.teams["cedar"].pk))
    page = cast.client("tom").get(f"/suspect?case={case_id}")
    assert str(case_id) in page.content.decode()
    for name in ("charlie", "bob"):
        assert cast.client(name).get(f"/suspect?case={case_id}").status_code == 404
    cast.client("tom").post(
        "/suspect",
        {
            "rule": "abuse",
            "since": "now",
            "about": "nobody",
            "case": str(case_id),
            "school": cast.cedar.pk,
        },
    )
    duty = Duty.objects.get()
    assert duty.case_id == case_id
    assert duty.matter_id == Case.objects.get(pk=case_id).matter_id
    with viewing(cast.viewer("tom")):
        assert on_hold(duty.matter_id)


def test_where_the_superintendent_is_accused_the_chair_stands_in(cast: Cast) -> None:
    offices(cast)
    duty_id = suspect(cast, rule="employee", accused=(cast.people["sol"].pk,))
    for name in ("sol", "cleo"):
        with pytest.raises(Http404):
            later.note_event(cast.viewer(name), duty_id, SUSPENDED, at=right_now(), words={})
    later.note_event(cast.viewer("bo"), duty_id, SUSPENDED, at=right_now(), words={})
    row = Deadline.objects.get()
    later.meet_deadline(cast.viewer("bo"), duty_id, row.pk, at=right_now(), words={})


def test_bullying_runs_by_days_of_school_and_holds_up_no_question(cast: Cast) -> None:
    offices(cast)
    duty_id = suspect(cast, rule="bullying")
    duty = Duty.objects.get(pk=duty_id)
    assert duty.first_due > duty.cause_at
    with viewing(cast.viewer("hana")):
        assert not on_hold(duty.matter_id)
    actions.report_first(cast.viewer("tess"), duty_id, way="climate", at=right_now(), words={})
    duty.refresh_from_db()
    assert duty.written_due is not None
    local_end = duty.written_due.astimezone(ZoneInfo(cast.maple.time_zone))
    assert (local_end.hour, local_end.minute) == (0, 0)
    later.note_event(cast.viewer("hana"), duty_id, INQUIRY, at=right_now(), words={})
    row = Deadline.objects.get()
    assert (row.key, row.owner) == ("parents_told", "head_of_school")
    homes = {"student": AboutHome("yes"), "other": AboutHome("yes")}
    later.meet_deadline(cast.viewer("dino"), duty_id, row.pk, at=right_now(), words={}, homes=homes)
    page = cast.client("tess").get(f"/duties/{duty_id}").content.decode()
    assert "not yet confirmed" in page
    assert "by phone now" not in page


def test_a_corrected_time_moves_the_written_clock_and_both_stand(cast: Cast) -> None:
    offices(cast)
    duty_id = suspect(cast)
    tess, now = cast.viewer("tess"), right_now()
    actions.report_first(tess, duty_id, way="careline", at=now, words={})
    earlier = now - timedelta(minutes=50)
    actions.correct_first(tess, duty_id, at=earlier, words={"words": "By the phone's list."})
    duty = Duty.objects.get(pk=duty_id)
    assert (duty.first_at, duty.written_due) == (earlier, earlier + timedelta(hours=48))
    typed = DutyEvent.objects.filter(kind__in=("first", "corrected")).order_by("number")
    assert [one.happened_at for one in typed] == [now, earlier]
    with pytest.raises(Http404):
        actions.correct_first(cast.viewer("hana"), duty_id, at=now, words={})


def test_a_corrected_time_moves_the_reminders_with_the_clock(cast: Cast) -> None:
    offices(cast)
    tess, now = cast.viewer("tess"), right_now()
    duty_id = suspect(cast, cause_at=now - timedelta(hours=13))
    actions.report_first(tess, duty_id, way="careline", at=now, words={})
    before = Duty.objects.get(pk=duty_id)
    actions.correct_first(tess, duty_id, at=now - timedelta(hours=12), words={})
    duty = Duty.objects.get(pk=duty_id)
    assert before.remind_at is not None
    assert duty.remind_at is not None
    assert duty.written_due == now + timedelta(hours=36)
    assert duty.remind_at - before.remind_at == -timedelta(hours=12)
    # Corrected to a time by which it has been late for hours: there is no waiting for the old one.
    actions.correct_first(tess, duty_id, at=now - timedelta(hours=13), words={})
    duty.refresh_from_db()
    assert duty.remind_at == before.remind_at - timedelta(hours=13)


def test_what_is_due_after_the_report_follows_its_corrected_time(cast: Cast) -> None:
    offices(cast)
    tess, duty_id, now = cast.viewer("tess"), suspect(cast), right_now()
    electronic(cast, duty_id)
    row = Deadline.objects.get(duty_id=duty_id)
    earlier = now - timedelta(minutes=50)
    answered = now - timedelta(minutes=30)
    with pytest.raises(Refused):
        later.meet_deadline(tess, duty_id, row.pk, at=answered, words={})
    actions.correct_first(tess, duty_id, at=earlier, words={"words": "By the receipt."})
    moved = Deadline.objects.get(duty_id=duty_id)
    assert (moved.since, moved.due_at) == (earlier, earlier + timedelta(hours=24))
    assert row.remind_at is not None
    assert moved.remind_at is not None
    assert moved.remind_at <= row.remind_at
    later.meet_deadline(tess, duty_id, row.pk, at=answered, words={})
    # What is done stays as it was done.
    actions.correct_first(tess, duty_id, at=now - timedelta(minutes=40), words={})
    done = Deadline.objects.get(duty_id=duty_id)
    assert (done.since, done.met_at) == (earlier, answered)


def test_a_correction_moves_no_deadline_of_another_event(cast: Cast) -> None:
    offices(cast)
    duty_id = suspect(cast, rule="employee", accused=(cast.people["uma"].pk,))
    electronic(cast, duty_id)
    later.note_event(cast.viewer("sol"), duty_id, SUSPENDED, at=right_now(), words={})
    row = Deadline.objects.get(key="board_told")
    earlier = right_now() - timedelta(minutes=20)
    actions.correct_first(cast.viewer("tess"), duty_id, at=earlier, words={})
    assert Deadline.objects.get(key="board_told").since == row.since
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE mandated_deadline SET since = %s, due_at = %s WHERE key = 'board_told'",
            [earlier - timedelta(hours=1), earlier + timedelta(hours=71)],
        )


@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM mandated_deadline",
        "UPDATE mandated_deadline SET since = since - interval '1 hour',"
        " due_at = due_at - interval '1 hour'",
        "UPDATE mandated_deadline SET since = since + interval '1 hour',"
        " due_at = due_at + interval '1 hour'",
        "UPDATE mandated_deadline SET due_at = due_at + interval '1 day'",
        "UPDATE mandated_deadline SET met_at = since, met_by = 1, remind_at = NULL",
        "UPDATE mandated_deadline SET remind_at = NULL",
        "UPDATE mandated_duty SET first_due = first_due + interval '1 hour'",
        "UPDATE mandated_duty SET written_due = written_due + interval '1 hour'",
        "UPDATE mandated_duty SET month = month - 31",
    ],
)
def test_not_even_the_owner_of_the_tables_moves_a_due_time(cast: Cast, attack: str) -> None:
    offices(cast)
    electronic(cast, suspect(cast))
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


EARLIER = "2026-01-01T10:00"
#: What anybody may try who is not the owner: as many as there are actions on a duty.
ATTEMPTS: tuple[Callable[[Cast, str, UUID], object], ...] = (
    lambda c, n, d: actions.report_first(c.viewer(n), d, way="careline", at=right_now(), words={}),
    lambda c, n, d: actions.send_written(c.viewer(n), d, at=right_now(), words={}),
    lambda c, n, d: actions.correct_first(c.viewer(n), d, at=right_now(), words={}),
    lambda c, n, d: actions.answer_urgency(c.viewer(n), d, {}),
    lambda c, n, d: actions.say_reported(c.viewer(n), d, {"words": "It was."}),
    lambda c, n, d: actions.add_event(c.viewer(n), d, DutyEvent.Kind.ANSWER, {}, accepted=True),
    lambda c, n, d: actions.add_event(c.viewer(n), d, DutyEvent.Kind.CONFIRMED, {}),
    lambda c, n, d: later.note_event(c.viewer(n), d, INQUIRY, at=right_now(), words={}),
    lambda c, n, d: later.note_event(c.viewer(n), d, SUSPENDED, at=right_now(), words={}),
    lambda c, n, d: c.client(n).post(f"/duties/{d}/written", {"at": EARLIER}),
    lambda c, n, d: c.client(n).post(f"/duties/{d}/first", {"way": "police", "at": EARLIER}),
    lambda c, n, d: c.client(n).post(f"/duties/{d}/confirm", {"right": "yes"}),
)
OTHERS = (
    "hana",
    "dino",
    "cleo",
    "sol",
    "bo",
    "tom",
    "dee",
    "alice",
    "sam",
    "ada",
    "charlie",
    "otto",
)


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    tries=st.lists(
        st.tuples(st.sampled_from(OTHERS), st.integers(0, len(ATTEMPTS) - 1)),
        min_size=1,
        max_size=6,
    ),
    reported=st.booleans(),
)
def test_no_sequence_of_actions_by_any_other_ends_a_duty(
    cast: Cast, tries: list[tuple[str, int]], reported: bool
) -> None:
    with taken_back():
        offices(cast)
        duty_id = suspect(cast, rule="employee")
        if reported:
            actions.report_first(
                cast.viewer("tess"), duty_id, way="careline", at=right_now(), words={}
            )
        before = Duty.objects.get(pk=duty_id)
        for name, number in tries:
            # An error of the database ends its transaction: each stands in one of its own.
            block = transaction.atomic()
            block._from_testcase = True  # type: ignore[attr-defined]
            try:
                with block:
                    ATTEMPTS[number](cast, name, duty_id)
            except (Error, Http404, Refused):
                continue
        after = Duty.objects.get(pk=duty_id)
        for column in (
            "first_at",
            "written_at",
            "first_due",
            "written_due",
            "person_id",
            "accepted",
        ):
            assert getattr(after, column) == getattr(before, column), (column, tries)
        assert after.remind_at is not None
        assert after.emergent is None
