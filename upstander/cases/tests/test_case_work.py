"""Work on a case: what waits, what is due and reminded of, and how it ends by two."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import Error, connection
from psycopg import errors

from conftest import Cast
from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.cases import sweeps
from upstander.cases.actions.ending import close_case, endings, reopen_case, review_closing
from upstander.cases.actions.homes import OTHER, answer_home
from upstander.cases.actions.sharing import (
    hand_over,
    keep_out_of,
    share_case,
)
from upstander.cases.actions.support import ACTIONS, add_action, finish_action, hand_action
from upstander.cases.actions.timeline import QuestionsWait, add_item
from upstander.cases.models import Case, CaseAction, CaseClosing, CaseItem
from upstander.cases.tests.story import begin, opened, pass_time, teacher
from upstander.matters.models import MatterHold
from upstander.people.scope import viewing


@pytest.mark.django_db
def test_questioning_waits_for_the_report_and_the_first_words_never(cast: Cast) -> None:
    case = begin(cast)
    row, tom = Case.objects.get(pk=case), opened(cast, "tom", case)
    MatterHold.objects.create(matter_id=row.matter_id, by=uuid4(), since=database_now())
    for kind in ("first_words", "facts", "note"):
        add_item(tom, kind, {"words": "As it was said."})
    with pytest.raises(QuestionsWait):
        add_item(tom, "questioning", {"words": "I asked what happened."})
    client = cast.client("tom")
    page = client.post(
        f"/cases/{case}/note", {"kind": "questioning", "words": "I asked. They said."}
    )
    text = page.content.decode()
    assert page.status_code == 422
    assert "I asked. They said." in text, "what was typed is not lost"
    assert f"/suspect?case={case}" in text
    with pytest.raises(Error) as refused, viewing(tom.viewer):  # nor past the page
        CaseItem.objects.create(
            case_id=case,
            district_id=row.district_id,
            folder_id=case,
            number=99,
            kind="questioning",
            person_id=tom.viewer.person_id,
            at=database_now(),
            sealed=b"",
        )
    assert isinstance(refused.value.__cause__, errors.CheckViolation)
    MatterHold.objects.update(lifted_at=database_now())
    add_item(tom, "questioning", {"words": "I asked what happened."})


@pytest.mark.django_db
def test_parents_only_after_the_question_about_home(cast: Cast) -> None:
    case = begin(cast)
    tom = opened(cast, "tom", case)
    with pytest.raises(Refused, match="home is safe"):
        add_action(tom, "parents")
    with pytest.raises(Error) as refused, viewing(tom.viewer) as now:  # nor past the page
        CaseAction.objects.create(
            case_id=case,
            district_id=tom.case.district_id,
            folder_id=case,
            kind="parents",
            owner_id=tom.viewer.person_id,
            made_by=tom.viewer.person_id,
            from_at=now,
            within=1,
            due_at=now,
            remind_at=now,
            sealed=b"",
        )
    assert isinstance(refused.value.__cause__, errors.CheckViolation)
    answer_home(tom, "no", "She said so.")
    with pytest.raises(Refused, match="not safe"):
        add_action(tom, "parents", sure=True)
    assert b'value="parents"' not in cast.client("tom").get(f"/cases/{case}").content
    answer_home(tom, "unknown")
    with pytest.raises(Refused):
        add_action(tom, "parents")
    add_action(tom, "parents", sure=True)
    answer_home(tom, "yes", "The aunt lives there.")
    add_action(tom, "parents")
    assert not Notice.objects.filter(kind__startswith="parents").exists()


@pytest.mark.django_db
def test_each_familys_home_is_asked_about_for_itself(cast: Cast) -> None:
    case = begin(cast)
    tom = opened(cast, "tom", case)
    answer_home(tom, "yes", "The aunt lives there.")
    with pytest.raises(Refused, match="home is safe"):
        add_action(tom, "their_parents", sure=True)
    with pytest.raises(Error) as refused, viewing(tom.viewer) as now:  # nor past the page
        CaseAction.objects.create(
            case_id=case,
            district_id=tom.case.district_id,
            folder_id=case,
            kind="their_parents",
            owner_id=tom.viewer.person_id,
            made_by=tom.viewer.person_id,
            from_at=now,
            within=1,
            due_at=now,
            remind_at=now,
            sealed=b"",
        )
    assert isinstance(refused.value.__cause__, errors.CheckViolation)
    client = cast.client("tom")
    page = client.get(f"/cases/{case}").content
    assert b'value="parents"' in page
    assert b'value="their_parents"' not in page
    client.post(f"/cases/{case}/home", {"home": "yes", "family": OTHER.key, "words": "Asked."})
    answer_home(tom, "no", "Heard more.")
    page = client.get(f"/cases/{case}").content
    assert b'value="parents"' not in page
    assert b'value="their_parents"' in page
    with pytest.raises(Refused, match="not safe"):
        add_action(tom, "parents", sure=True)
    add_action(tom, "their_parents")
    with pytest.raises(Refused, match="whose home"):
        answer_home(tom, "yes", family="nobody")
    with pytest.raises(Error), viewing(tom.viewer):  # that it was asked stays
        Case.objects.filter(pk=case).update(their_home_asked_at=None)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["check_in", "mobile_crisis", "discipline"])
def test_when_it_is_due_is_computed_and_stays(cast: Cast, kind: str) -> None:
    tom = opened(cast, "tom", begin(cast))
    action = add_action(tom, kind, owner_id=cast.people["uma"].pk)
    action.refresh_from_db()
    assert action.due_at - action.from_at == timedelta(hours=ACTIONS[kind].within)
    uma = opened(cast, "uma", action.case_id)
    with pytest.raises(Refused):
        finish_action(uma, action.pk, "  ")
    finish_action(uma, action.pk, "We talked.")
    with pytest.raises(Refused):
        finish_action(uma, action.pk, "Twice.")


@pytest.mark.django_db
def test_closed_with_nothing_left_to_do_and_looked_at_again(cast: Cast) -> None:
    case = begin(cast)
    tom = opened(cast, "tom", case)
    action = add_action(tom, "check_in")
    for disposition, outcome in (("", "Over."), ("resolved", " "), ("no such", "Over.")):
        with pytest.raises(Refused):
            close_case(tom, disposition, outcome)
    with pytest.raises(Refused, match="still on the list"):
        close_case(tom, "resolved", "Over.")
    finish_action(tom, action.pk, "Went well.")
    closing = close_case(tom, "resolved", "They made up.")
    row = Case.objects.get(pk=case)
    assert (row.state, row.disposition) == ("closed", "resolved")
    follow_ups = CaseAction.objects.filter(closing_id=closing.pk).order_by("due_at")
    assert [one.due_at - closing.at for one in follow_ups] == [
        timedelta(days=days) for days in (7, 30, 90)
    ]
    assert {one.owner_id for one in follow_ups} == {row.owner_id}
    with pytest.raises(Refused):
        add_action(tom, "check_in")
    finish_action(opened(cast, "tara", case), follow_ups[0].pk, "All well.")
    reopen_case(opened(cast, "uma", case), "It began again.")
    with viewing(tom.viewer):
        assert [one.closing.state for one in endings(tom)] == ["reopened"]
    assert not CaseAction.objects.filter(closing_id=closing.pk, ended_at__isnull=True).exists()
    close_case(opened(cast, "tom", case), "plan_kept", "With a plan now.")
    assert CaseClosing.objects.filter(case_id=case).count() == 2


@pytest.mark.django_db
def test_a_life_safety_case_is_closed_by_two(cast: Cast) -> None:
    case = begin(cast, "tara", life_safety=True)
    tom = opened(cast, "tom", case)
    closing = close_case(tom, "safe_supported", "With help outside.")
    assert closing.state == "waiting"
    assert Case.objects.get(pk=case).state == "review"
    told = Notice.objects.filter(kind="case_review").values_list("person_id", flat=True)
    assert list(told) == [cast.people["uma"].pk]
    for name in ("tara", "tom"):  # who leads it, and who asked
        with pytest.raises(Refused):
            review_closing(opened(cast, name, case), closing.pk, agree=True)
    with pytest.raises(Refused):
        hand_over(opened(cast, "tara", case), cast.people["tom"].pk)
    uma = opened(cast, "uma", case)
    with pytest.raises(Refused):
        review_closing(uma, closing.pk, agree=False)
    review_closing(uma, closing.pk, agree=False, words="Who looks in on Friday?")
    assert Case.objects.get(pk=case).state == "open"
    second = close_case(opened(cast, "tom", case), "safe_supported", "Uma looks in on Friday.")
    review_closing(opened(cast, "uma", case), second.pk, agree=True)
    row = Case.objects.get(pk=case)
    assert row.state == "closed"
    assert CaseAction.objects.filter(closing_id=second.pk).count() == 3


@pytest.mark.django_db
def test_a_team_of_one_is_reviewed_by_whom_it_was_shared_with(cast: Cast) -> None:
    case, tess = begin(cast, life_safety=True), teacher(cast)
    tara = opened(cast, "tara", case)
    share_case(tara, tess, "To review it.", database_now() + timedelta(days=1))
    closing = close_case(tara, "plan_kept", "A plan is kept.")
    review_closing(opened(cast, "tess", case), closing.pk, agree=True)
    assert Case.objects.get(pk=case).state == "closed"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE cases_case SET state = 'closed', disposition = 'resolved', closed_at = now()",
        "UPDATE cases_case SET life_safety = false",
        "UPDATE cases_case SET opened_by = opened_by + 1",
        "UPDATE cases_case SET matter_id = gen_random_uuid()",
        "UPDATE cases_case SET items = 0",
        "UPDATE cases_caseclosing SET state = 'standing'",
        "UPDATE cases_caseclosing SET state = 'standing', reviewed_by = proposed_by,"
        " reviewed_at = now()",
        "UPDATE cases_caseclosing SET state = 'standing', reviewed_by = owner_id,"
        " reviewed_at = now()",
        "UPDATE cases_caseclosing SET disposition = 'unfounded'",
        "UPDATE cases_caseaction SET due_at = due_at + interval '1 day'",
        "UPDATE cases_caseaction SET within = 900",
        "UPDATE cases_caseaction SET ended_at = now()",
        "UPDATE cases_caseaction SET remind_at = NULL, ended_at = now(), ending = 'x'",
        "UPDATE cases_caseaction SET made_by = 0",
        "UPDATE cases_caseitem SET at = at - interval '1 day'",
        "DELETE FROM cases_caseitem",
        "DELETE FROM cases_caseaction",
        "DELETE FROM cases_caseclosing",
        "TRUNCATE cases_case CASCADE",
    ],
)
def test_not_even_the_databases_owner_writes_a_case_anew(cast: Cast, attack: str) -> None:
    case = begin(cast, life_safety=True)
    add_action(opened(cast, "tom", case), "check_in")
    finish_action(opened(cast, "tom", case), CaseAction.objects.get(case_id=case).pk, "Done.")
    close_case(opened(cast, "tom", case), "resolved", "Over.")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(Error) as refused, connection.cursor() as cursor:
        cursor.execute(attack)
    assert isinstance(refused.value.__cause__, errors.InsufficientPrivilege | errors.CheckViolation)


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["cases_case", "cases_caseaction", "cases_caseclosing"])
def test_a_column_that_is_new_stays_as_it_was_written_too(cast: Cast, table: str) -> None:
    case = begin(cast)
    finish_action(
        opened(cast, "tom", case), add_action(opened(cast, "tom", case), "check_in").pk, "Done."
    )
    close_case(opened(cast, "tom", case), "resolved", "Over.")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ADD added date DEFAULT '2026-11-28'")
    with pytest.raises(Error) as refused, connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET added = '2026-11-29'")
    assert isinstance(refused.value.__cause__, errors.InsufficientPrivilege)


@pytest.mark.django_db
def test_reminders_reach_whose_it_is_then_who_leads(cast: Cast) -> None:
    case = begin(cast, "tara")
    add_action(opened(cast, "tara", case), "check_in", owner_id=cast.people["tom"].pk)
    assert sweeps.sweep_case_actions() == 0

    def told() -> list[int]:
        found = list(Notice.objects.order_by("pk").values_list("person_id", flat=True))
        Notice.objects.all().delete()
        return found

    told()
    pass_time(days=1)
    assert (sweeps.sweep_case_actions(), told()) == (1, [cast.people["tom"].pk])
    assert sweeps.sweep_case_actions() == 0
    pass_time(days=2)
    assert sweeps.sweep_case_actions() == 1
    assert set(told()) == {cast.people["tom"].pk, cast.people["tara"].pk}
    # Who must not see it hears nothing of it; the lead does.
    keep_out_of(opened(cast, "tara", case), [cast.people["tom"].pk], "A reason.")
    pass_time(days=3)
    assert (sweeps.sweep_case_actions(), told()) == (1, [cast.people["tara"].pk])


@pytest.mark.django_db
def test_an_ended_share_is_reminded_of_nothing(cast: Cast) -> None:
    case, tess = begin(cast, "tara"), teacher(cast)
    share_case(opened(cast, "tara", case), tess, "Why.", database_now() + timedelta(hours=2))
    add_action(opened(cast, "tara", case), "check_in", owner_id=tess)
    Notice.objects.all().delete()
    pass_time(days=1)
    assert sweeps.sweep_case_actions() == 1
    assert [one.person_id for one in Notice.objects.all()] == [cast.people["tara"].pk]


@pytest.mark.django_db
def test_given_on_only_to_who_sees_it(cast: Cast) -> None:
    case = begin(cast)
    action = add_action(opened(cast, "tom", case), "check_in")
    tom = opened(cast, "tom", case)
    for stranger in ("bob", "dee", "alice", "charlie"):
        with pytest.raises(Refused):
            hand_action(tom, action.pk, cast.people[stranger].pk)
    hand_action(tom, action.pk, cast.people["uma"].pk)
    assert b"Check in" in cast.client("uma").get("/cases?list=due").content
