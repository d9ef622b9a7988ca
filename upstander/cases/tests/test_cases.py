"""A case: who sees it, what stands in it for good, and what no one person can end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import Error, ProgrammingError, connection
from django.http import Http404
from psycopg import errors

from conftest import Cast
from upstander.carriers.models import Notice
from upstander.cases import clock
from upstander.cases.ending import close_case, endings, reopen_case, review_closing
from upstander.cases.models import Case, CaseAction, CaseClosing, CaseItem
from upstander.cases.opening import NewCase, OpenCase, open_case, open_the_case
from upstander.cases.people import add_person, change_person, involved, near, seers
from upstander.cases.sharing import (
    begin_inner,
    hand_over,
    keep_out_of,
    name_inner,
    raise_to_life_safety,
    share_case,
    withdraw_share,
)
from upstander.cases.support import ACTIONS, add_action, answer_home, finish_action, hand_action
from upstander.cases.timeline import QuestionsWait, add_item, read_items
from upstander.cases.together import link_case, links_of
from upstander.escalations.queries import database_now
from upstander.places import factories
from upstander.places.models import MatterHold
from upstander.places.roles import Role, TeamKind
from upstander.places.scope import Viewer, viewing
from upstander.tips.actions import NotAllowedNow


def begin(cast: Cast, who: str = "tara", **more: Any) -> UUID:
    """Open a case for Cedar's team."""
    values: dict[str, Any] = {
        "concern": Case.Concern.WELLBEING, "why": "A teacher is worried.",
        "team_id": cast.teams["cedar"].pk,
    } | more  # fmt: skip
    return open_case(cast.viewer(who), NewCase(**values))


def sees(viewer: Viewer, case: UUID) -> bool:
    try:
        with viewing(viewer):
            return Case.objects.filter(pk=case).exists()
    except ProgrammingError:  # no right on the table at all
        return False


def who_sees(cast: Cast, case: UUID) -> set[str]:
    return {name for name in cast.people if sees(cast.viewer(name), case)}


def opened(cast: Cast, who: str, case: UUID) -> OpenCase:
    return open_the_case(cast.viewer(who), case)


def pass_time(monkeypatch: pytest.MonkeyPatch, **by: float) -> datetime:
    """Let the database's clock run ahead, for this test's transaction."""
    seconds = int(timedelta(**by).total_seconds())
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION api.clock_now() RETURNS timestamptz LANGUAGE sql STABLE"
            f" AS $$ SELECT now() + interval '{seconds} seconds' $$"
        )
        # Nobody is signed out by it.
        cursor.execute("UPDATE places_staffsession SET used_at = api.clock_now(),"
                       " started_at = api.clock_now()")  # fmt: skip
    return database_now()


def teacher(cast: Cast) -> int:
    """Give Cedar a member of staff who is in no team that works cases."""
    staff = factories.make_team(
        TeamKind.STAFF, "Cedar's staff", cast.keys, district=cast.maple, school=cast.cedar
    )
    cast.people["tess"] = factories.make_person("Tess", cast.keys)
    factories.join(cast.people["tess"], staff, Role.STAFF_MEMBER, cast.keys)
    return cast.people["tess"].pk


@pytest.mark.django_db
def test_its_team_sees_it_and_nobody_else(cast: Cast) -> None:
    case = begin(cast)
    assert who_sees(cast, case) == {"tara", "tom", "uma"}
    for name in ("tom", "uma"):
        one = opened(cast, name, case)
        add_item(one, "note", {"words": f"From {name}."})
        with viewing(one.viewer):
            assert read_items(one)[-1].words == {"words": f"From {name}."}
    with pytest.raises(Http404):
        opened(cast, "bob", case)
    assert CaseItem.objects.filter(case_id=case).count() == 3


@pytest.mark.django_db
def test_nobody_opens_one_for_a_team_of_others(cast: Cast) -> None:
    with pytest.raises(Http404):
        begin(cast, "bob")
    with pytest.raises(Http404):
        begin(cast, "alice")


@pytest.mark.django_db
def test_whoever_it_is_about_never_sees_it(cast: Cast) -> None:
    case = begin(cast, keep_out=(cast.people["uma"].pk,))
    assert who_sees(cast, case) == {"tara", "tom"}
    with pytest.raises(Http404):
        opened(cast, "uma", case)
    # Not even a key of the team's that she holds opens it: it was sealed to the others one by one.
    one = opened(cast, "tom", case)
    with viewing(one.viewer):
        assert {seer.name for seer in seers(one, near(one))} == {"Tara", "Tom"}
    with pytest.raises(NotAllowedNow):
        begin(cast, keep_out=(cast.people["tara"].pk,))


@pytest.mark.django_db
def test_kept_out_later_and_at_once(cast: Cast) -> None:
    case = begin(cast)
    keep_out_of(opened(cast, "tara", case), [cast.people["uma"].pk], "It is about her.")
    assert who_sees(cast, case) == {"tara", "tom"}
    add_item(opened(cast, "tom", case), "note", {"words": "Still mine."})
    with pytest.raises(NotAllowedNow):
        keep_out_of(opened(cast, "tom", case), [cast.people["tara"].pk], "They lead it.")


@pytest.mark.django_db
def test_not_even_who_opened_it_sees_it_once_kept_out(cast: Cast) -> None:
    case = begin(cast, "tara")
    hand_over(opened(cast, "tara", case), cast.people["tom"].pk)
    keep_out_of(opened(cast, "tom", case), [cast.people["tara"].pk], "It turned out so.")
    assert who_sees(cast, case) == {"tom", "uma"}
    client = cast.client("tara")
    assert client.get(f"/cases/{case}").status_code == 404
    assert str(case) not in client.get("/cases?list=mine").content.decode()


@pytest.mark.django_db
def test_shared_for_a_reason_and_a_time(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    case, tess = begin(cast), teacher(cast)
    one, now = opened(cast, "tom", case), database_now()
    for reason, until in (("", now + timedelta(days=1)), ("Why", now - timedelta(days=1)),
                          ("Why", now + timedelta(days=400))):  # fmt: skip
        with pytest.raises(NotAllowedNow):
            share_case(one, tess, reason, until)
    with pytest.raises(NotAllowedNow):  # the center's staff see its state on the tip, no more
        share_case(one, cast.people["alice"].pk, "A reason.", now + timedelta(days=1))
    share_case(one, tess, "Teaches the class.", now + timedelta(days=2))
    assert sees(cast.viewer("tess"), case)
    assert Notice.objects.filter(person_id=tess, kind="case_shared").count() == 1
    theirs = opened(cast, "tess", case)
    add_item(theirs, "note", {"words": "Seen in class today."})
    # They add to it and decide nothing about it.
    for act in (
        lambda: share_case(theirs, cast.people["bob"].pk, "Why", now + timedelta(days=1)),
        lambda: close_case(theirs, "resolved", "Over."),
        lambda: hand_over(theirs, tess),
        lambda: raise_to_life_safety(theirs, "Why"),
    ):
        with pytest.raises(NotAllowedNow):
            act()
    pass_time(monkeypatch, days=2, seconds=1)
    assert who_sees(cast, case) == {"tara", "tom", "uma"}
    with pytest.raises(Http404):
        add_item(theirs, "note", {"words": "Too late."})


@pytest.mark.django_db
def test_a_share_is_taken_back_at_once(cast: Cast) -> None:
    case, tess = begin(cast), teacher(cast)
    share_case(opened(cast, "tom", case), tess, "Why.", database_now() + timedelta(days=30))
    withdraw_share(opened(cast, "uma", case), tess, "No more needed.")
    assert who_sees(cast, case) == {"tara", "tom", "uma"}
    with pytest.raises(NotAllowedNow):
        withdraw_share(opened(cast, "uma", case), cast.people["tom"].pk)


@pytest.mark.django_db
def test_some_things_only_the_lead_and_those_they_name_see(cast: Cast) -> None:
    case = begin(cast, "tara")
    with pytest.raises(NotAllowedNow):
        begin_inner(opened(cast, "tom", case))
    tara = begin_inner(opened(cast, "tara", case))
    person = add_person(
        tara, "Somebody Named", role="harmed", sure="said", words="In confidence.", inner=True
    )

    def reads(name: str) -> bool:
        one = opened(cast, name, case)
        with viewing(one.viewer):
            return any("In confidence." in entry.words.values() for entry in read_items(one))

    assert [reads(name) for name in ("tara", "tom", "uma")] == [True, False, False]
    name_inner(tara, cast.people["uma"].pk)
    assert [reads(name) for name in ("tara", "tom", "uma")] == [True, False, True]
    uma = opened(cast, "uma", case)
    with viewing(uma.viewer):
        entries = read_items(uma)
    change_person(uma, entries, person, role="harmed", sure="sure")
    with viewing(uma.viewer):
        (known,) = involved(read_items(uma))
    assert (known.name, known.sure, known.inner) == ("Somebody Named", "sure", True)
    # What is done about it is as narrow, and nobody outside can be given it.
    with pytest.raises(NotAllowedNow):
        add_action(uma, "check_in", owner_id=cast.people["tom"].pk, inner=True)
    add_action(uma, "check_in", "With the door shut.", inner=True)
    assert b"With the door shut." not in cast.client("tom").get(f"/cases/{case}").content
    assert b"With the door shut." in cast.client("uma").get(f"/cases/{case}").content


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
            case_id=case, district_id=row.district_id, folder_id=case, number=99,
            kind="questioning", person_id=tom.viewer.person_id, at=database_now(), sealed=b"",
        )  # fmt: skip
    assert isinstance(refused.value.__cause__, errors.CheckViolation)
    MatterHold.objects.update(lifted_at=database_now())
    add_item(tom, "questioning", {"words": "I asked what happened."})


@pytest.mark.django_db
def test_parents_only_after_the_question_about_home(cast: Cast) -> None:
    case = begin(cast)
    tom = opened(cast, "tom", case)
    with pytest.raises(NotAllowedNow, match="home is safe"):
        add_action(tom, "parents")
    with pytest.raises(Error) as refused, viewing(tom.viewer) as now:  # nor past the page
        CaseAction.objects.create(
            case_id=case, district_id=tom.case.district_id, folder_id=case, kind="parents",
            owner_id=tom.viewer.person_id, made_by=tom.viewer.person_id, from_at=now, within=1,
            due_at=now, remind_at=now, sealed=b"",
        )  # fmt: skip
    assert isinstance(refused.value.__cause__, errors.CheckViolation)
    answer_home(tom, "no", "She said so.")
    with pytest.raises(NotAllowedNow, match="not safe"):
        add_action(tom, "parents", sure=True)
    assert b'value="parents"' not in cast.client("tom").get(f"/cases/{case}").content
    answer_home(tom, "unknown")
    with pytest.raises(NotAllowedNow):
        add_action(tom, "parents")
    add_action(tom, "parents", sure=True)
    answer_home(tom, "yes", "The aunt lives there.")
    add_action(tom, "parents")
    assert not Notice.objects.filter(kind__startswith="parents").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["check_in", "mobile_crisis", "discipline"])
def test_when_it_is_due_is_computed_and_stays(cast: Cast, kind: str) -> None:
    tom = opened(cast, "tom", begin(cast))
    action = add_action(tom, kind, owner_id=cast.people["uma"].pk)
    action.refresh_from_db()
    assert action.due_at - action.from_at == timedelta(hours=ACTIONS[kind].within)
    uma = opened(cast, "uma", action.case_id)
    with pytest.raises(NotAllowedNow):
        finish_action(uma, action.pk, "  ")
    finish_action(uma, action.pk, "We talked.")
    with pytest.raises(NotAllowedNow):
        finish_action(uma, action.pk, "Twice.")


@pytest.mark.django_db
def test_closed_with_nothing_left_to_do_and_looked_at_again(cast: Cast) -> None:
    case = begin(cast)
    tom = opened(cast, "tom", case)
    action = add_action(tom, "check_in")
    for disposition, outcome in (("", "Over."), ("resolved", " "), ("no such", "Over.")):
        with pytest.raises(NotAllowedNow):
            close_case(tom, disposition, outcome)
    with pytest.raises(NotAllowedNow, match="still on the list"):
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
    with pytest.raises(NotAllowedNow):
        add_item_to_closed(tom)
    finish_action(opened(cast, "tara", case), follow_ups[0].pk, "All well.")
    reopen_case(opened(cast, "uma", case), "It began again.")
    with viewing(tom.viewer):
        assert [one.closing.state for one in endings(tom)] == ["reopened"]
    assert not CaseAction.objects.filter(closing_id=closing.pk, ended_at__isnull=True).exists()
    close_case(opened(cast, "tom", case), "plan_kept", "With a plan now.")
    assert CaseClosing.objects.filter(case_id=case).count() == 2


def add_item_to_closed(one: OpenCase) -> None:
    add_action(one, "check_in")


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
        with pytest.raises(NotAllowedNow):
            review_closing(opened(cast, name, case), closing.pk, agree=True)
    with pytest.raises(NotAllowedNow):
        hand_over(opened(cast, "tara", case), cast.people["tom"].pk)
    uma = opened(cast, "uma", case)
    with pytest.raises(NotAllowedNow):
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
def test_reminders_reach_whose_it_is_then_who_leads(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = begin(cast, "tara")
    add_action(opened(cast, "tara", case), "check_in", owner_id=cast.people["tom"].pk)
    assert clock.sweep_case_actions() == 0

    def told() -> list[int]:
        found = list(Notice.objects.order_by("pk").values_list("person_id", flat=True))
        Notice.objects.all().delete()
        return found

    told()
    pass_time(monkeypatch, days=1)
    assert (clock.sweep_case_actions(), told()) == (1, [cast.people["tom"].pk])
    assert clock.sweep_case_actions() == 0
    pass_time(monkeypatch, days=2)
    assert clock.sweep_case_actions() == 1
    assert set(told()) == {cast.people["tom"].pk, cast.people["tara"].pk}
    # Who must not see it hears nothing of it; the lead does.
    keep_out_of(opened(cast, "tara", case), [cast.people["tom"].pk], "A reason.")
    pass_time(monkeypatch, days=3)
    assert (clock.sweep_case_actions(), told()) == (1, [cast.people["tara"].pk])


@pytest.mark.django_db
def test_an_ended_share_is_reminded_of_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    case, tess = begin(cast, "tara"), teacher(cast)
    share_case(opened(cast, "tara", case), tess, "Why.", database_now() + timedelta(hours=2))
    add_action(opened(cast, "tara", case), "check_in", owner_id=tess)
    Notice.objects.all().delete()
    pass_time(monkeypatch, days=1)
    assert clock.sweep_case_actions() == 1
    assert [one.person_id for one in Notice.objects.all()] == [cast.people["tara"].pk]


@pytest.mark.django_db
def test_given_on_only_to_who_sees_it(cast: Cast) -> None:
    case = begin(cast)
    action = add_action(opened(cast, "tom", case), "check_in")
    tom = opened(cast, "tom", case)
    for stranger in ("bob", "dee", "alice", "charlie"):
        with pytest.raises(NotAllowedNow):
            hand_action(tom, action.pk, cast.people[stranger].pk)
    hand_action(tom, action.pk, cast.people["uma"].pk)
    assert b"Check in" in cast.client("uma").get("/cases?list=due").content


@pytest.mark.django_db
def test_a_link_is_seen_by_who_sees_both(cast: Cast) -> None:
    first = begin(cast)
    second = begin(cast, keep_out=(cast.people["uma"].pk,))
    other = Case.objects.get(pk=second).reference
    link_case(opened(cast, "tom", first), other.lower())
    for name, seen in (("tom", [second]), ("uma", [])):
        one = opened(cast, name, first)
        with viewing(one.viewer):
            assert [case.pk for case in links_of(one)] == seen
    page = cast.client("uma").get(f"/cases/{first}").content.decode()
    assert other not in page
    with pytest.raises(NotAllowedNow):
        link_case(opened(cast, "uma", first), other)


@pytest.mark.django_db
def test_its_page_shows_what_stands_in_it(cast: Cast) -> None:
    case, tom = begin(cast), cast.client("tom")
    page = tom.get(f"/cases/{case}")
    assert page.status_code == 200
    assert b"A teacher is worried." in page.content
    for address, sent in (
        ("note", {"kind": "facts", "words": "By the gym, at noon."}),
        ("person", {"name": "A student of grade 7", "role": "in_need", "sure": "said"}),
        ("action", {"kind": "check_in", "words": "After lunch.", "owner": ""}),
    ):
        assert tom.post(f"/cases/{case}/{address}", sent).status_code == 302, address
    page = tom.get(f"/cases/{case}")
    for words in (b"By the gym", b"A student of grade 7", b"After lunch."):
        assert words in page.content
    assert str(case) in tom.get("/cases?list=team").content.decode()
    assert b"Check in with the student" in tom.get("/cases?list=due").content
    assert cast.client("bob").get(f"/cases/{case}").status_code == 404
    assert str(case) not in cast.client("bob").get("/cases").content.decode()
