"""A case from tips: opened by the team, seen by nobody whom a tip excludes, told of plainly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.http import Http404
from psycopg import errors

from conftest import Cast, LoginRole
from upstander.audit.models import Entry
from upstander.base.moment import database_now
from upstander.cases.access import case_for
from upstander.cases.actions.ending import close_case, reopen_case
from upstander.cases.actions.opening import NewCase, open_case, open_the_case
from upstander.cases.actions.sharing import share_case
from upstander.cases.actions.timeline import add_item
from upstander.cases.actions.together import add_tip
from upstander.cases.models import Case
from upstander.cases.tests.story import begin
from upstander.decisions.actions import close_tip
from upstander.decisions.dispositions import OF_CASES
from upstander.desk.tests.story import Handed, handed_off
from upstander.doors.web.told import told
from upstander.matters.exclusions import Exclusions
from upstander.matters.models import Exclusion, FolderGrant
from upstander.people.keys import person_mac
from upstander.people.models import Person
from upstander.people.scope import Viewer, viewing
from upstander.tips import reporter
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip

SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]


def form(tip: Handed | None = None, **more: Any) -> dict[str, Any]:
    return {
        "concern": "self_harm",
        "why": "The team wants to keep an eye on it.",
        "tips": [str(tip.tip_id)] if tip else [],
    } | more


def from_tip(cast: Cast, tip: Handed, who: str = "tom", **more: Any) -> UUID:
    client = cast.client(who)
    sent = form(tip, team=cast.teams["cedar"].pk, **more)
    response = client.post("/cases/new", sent)
    assert response.status_code == 302, response.content.decode()
    return UUID(response.headers["Location"].rsplit("/", 1)[1])


def sees(viewer: Viewer, case: UUID) -> bool:
    with viewing(viewer):
        try:
            case_for(viewer, case)
        except Http404:
            return False
    return True


@pytest.mark.django_db
def test_a_team_opens_a_case_from_a_tip(cast: Cast) -> None:
    tip = handed_off(cast)
    tom = cast.client("tom")
    page = unescape(tom.get(f"/team/{tip.tip_id}").content.decode())
    assert f"/cases/new?tip={tip.tip_id}" in page
    offered = unescape(tom.get(f"/cases/new?tip={tip.tip_id}").content.decode())
    assert tip.reference in offered
    case = from_tip(cast, tip)
    row = Case.objects.get(pk=case)
    assert row.matter_id == Tip.objects.get(pk=tip.tip_id).matter_id
    shown = unescape(tom.get(f"/cases/{case}").content.decode())
    assert tip.reference in shown
    assert tip.text not in shown
    assert row.reference in unescape(tom.get(f"/team/{tip.tip_id}").content.decode())
    assert all(sees(cast.viewer(name), case) for name in ("tom", "uma", "tara"))
    assert not any(sees(cast.viewer(name), case) for name in ("bob", "dee", "charlie", "paul"))


def told_to_reporter(tip: Handed) -> str:
    return told(reporter.dialog_for(tip.session_token)).words


@pytest.mark.django_db
def test_center_and_reporter_learn_that_it_is_worked_on_and_nothing_else(cast: Cast) -> None:
    tip = handed_off(cast, tile="bullying")
    assert "contacting your school" in told_to_reporter(tip)
    case = from_tip(cast, tip, concern="bullying")
    assert told_to_reporter(tip) == "Your school’s team is working on it."
    assert Tip.objects.get(pk=tip.tip_id).in_case == "open"
    alice = cast.client("alice")
    center = unescape(alice.get(f"/tips/{tip.tip_id}").content.decode())
    assert str(OF_CASES["open"]) in center
    assert Case.objects.get(pk=case).reference not in center
    assert alice.get(f"/cases/{case}").status_code == 403
    with viewing(cast.viewer("alice")):
        assert not Entry.objects.filter(subject_kind="case").exists()
    opened = open_the_case(cast.viewer("tom"), case)
    close_case(opened, "resolved", "They talked.")
    assert (
        told_to_reporter(tip) == "Your school’s team has worked on it and is keeping an eye on it."
    )
    assert Tip.objects.get(pk=tip.tip_id).in_case == "done"
    assert reporter.dialog_for(tip.session_token).over
    reopen_case(opened, "It began again.")
    assert not reporter.dialog_for(tip.session_token).over
    assert told_to_reporter(tip) == "Your school’s team is working on it."
    # Sent back, it is the center's again and nothing is said of a case; handed on again, it is.
    Tip.objects.filter(pk=tip.tip_id).update(state="returned")
    assert Tip.objects.get(pk=tip.tip_id).disposition == ""
    Tip.objects.filter(pk=tip.tip_id).update(state="handed_off")
    assert Tip.objects.get(pk=tip.tip_id).in_case == "open"


@pytest.mark.django_db
def test_a_tips_exclusions_hold_for_its_case_whenever_they_are_set(cast: Cast) -> None:
    first, second = handed_off(cast), handed_off(cast)
    case = from_tip(cast, first, "tara")
    assert sees(cast.viewer("uma"), case)
    # A second tip, of another matter, is added; then the center excludes somebody from that one.
    tara = open_the_case(cast.viewer("tara"), case)
    add_tip(tara, open_tip(cast.viewer("tara"), second.tip_id))
    matter = Tip.objects.get(pk=second.tip_id).matter_id
    Exclusion.objects.create(
        matter_id=matter, district_id=cast.maple.pk, person_mac=person_mac(cast.people["uma"].pk)
    )
    assert not sees(cast.viewer("uma"), case)
    assert cast.client("uma").get(f"/cases/{case}").status_code == 404
    # Whoever of the team opens it next takes its key from the team, too.
    team = cast.teams["cedar"].holder
    assert FolderGrant.objects.filter(folder_id=case, holder=team).exists()
    assert cast.client("tom").get(f"/cases/{case}").status_code == 200
    assert not FolderGrant.objects.filter(folder_id=case, holder=team).exists()
    assert all(sees(cast.viewer(name), case) for name in ("tara", "tom"))
    add_item(open_the_case(cast.viewer("tom"), case), "note", {"words": "Still ours."})


@pytest.mark.django_db
def test_a_tip_that_excludes_somebody_excludes_them_from_the_case_it_joins(cast: Cast) -> None:
    tip, case = handed_off(cast), begin(cast, "tara")
    Exclusion.objects.create(
        matter_id=Tip.objects.get(pk=tip.tip_id).matter_id,
        district_id=cast.maple.pk,
        person_mac=person_mac(cast.people["uma"].pk),
    )
    assert sees(cast.viewer("uma"), case)
    opened = open_the_case(cast.viewer("tara"), case)
    add_tip(opened, open_tip(cast.viewer("tara"), tip.tip_id))
    assert not sees(cast.viewer("uma"), case)
    assert Case.objects.get(pk=case).life_safety == (
        Tip.objects.get(pk=tip.tip_id).priority == "life_safety"
    )


@pytest.mark.django_db
def test_a_tip_that_is_linked_later_brings_its_exclusions(cast: Cast) -> None:
    tip, other = handed_off(cast), handed_off(cast)
    case = from_tip(cast, tip, "tara")
    excluded = Tip.objects.get(pk=other.tip_id).matter_id
    Exclusion.objects.create(
        matter_id=excluded, district_id=cast.maple.pk, person_mac=person_mac(cast.people["tom"].pk)
    )
    Tip.objects.filter(pk=tip.tip_id).update(matter_id=excluded)  # as the center links two tips
    assert not sees(cast.viewer("tom"), case)
    assert sees(cast.viewer("uma"), case)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "shown"), [("no", "not safe"), ("yes", "safe to call home"), ("", "")]
)
def test_what_the_reporter_said_of_home_comes_along_and_answers_nothing(
    cast: Cast, said: str, shown: str
) -> None:
    tip = handed_off(cast, home_safe=said) if said else handed_off(cast)
    case = from_tip(cast, tip)
    page = unescape(cast.client("tom").get(f"/cases/{case}").content.decode())
    assert ("The reporter said that it is" in page) == bool(said)
    assert shown in page
    assert 'value="parents"' not in page, "a person answers the question first"


@pytest.mark.django_db
def test_a_tip_of_others_opens_no_case(cast: Cast) -> None:
    tip = handed_off(cast, teams=("birch",))
    assert cast.client("tom").get(f"/cases/new?tip={tip.tip_id}").status_code == 404
    refused = cast.client("tom").post("/cases/new", form(tip, team=cast.teams["cedar"].pk))
    assert refused.status_code == 422
    with pytest.raises(Http404):
        open_tip(cast.viewer("tom"), tip.tip_id)
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_what_is_done_is_in_the_record_without_a_word(cast: Cast) -> None:
    case = from_tip(cast, handed_off(cast))
    opened = open_the_case(cast.viewer("tom"), case, purpose="note")
    add_item(opened, "note", {"words": "Somebody Named was in the library."})
    entries = Entry.objects.filter(subject_kind="case", subject_id=str(case))
    assert {"case begun", "case opened", "case note added"} <= {e.action for e in entries}
    assert "Somebody" not in "".join(str(e.detail) for e in entries)
    with viewing(cast.viewer("uma")):
        assert Entry.objects.filter(subject_kind="case", subject_id=str(case)).exists()
    for name in ("bob", "dee", "pia"):
        with viewing(cast.viewer(name)):
            assert not Entry.objects.filter(subject_kind="case").exists()


def as_staff(
    staff: psycopg.Connection[tuple[Any, ...]], role: str, viewer: Viewer, query: str
) -> Any:
    """Ask as the desk's own login role, in a viewer's active role; taken back after."""
    with staff.transaction(force_rollback=True):
        staff.execute("SELECT set_config('role', %s, true)", [role])
        staff.execute("SELECT set_config('upstander.token', %s, true)", [viewer.scope])
        return staff.execute(query.encode()).fetchall()


COUNTS = (
    "SELECT count(*) FROM cases_case",
    "SELECT count(*) FROM cases_caseitem",
    "SELECT count(*) FROM cases_caseaction",
    "SELECT count(*) FROM cases_caseclosing",
    "SELECT count(*) FROM cases_casetip",
    "SELECT count(*) FROM cases_caselink",
)


def test_over_the_real_connection_nobody_else_sees_or_writes_one(
    committed_cast: Cast, real_database: SignIn
) -> None:
    cast = committed_cast
    tip = handed_off(cast)
    viewer = cast.viewer("tara")
    case = open_case(
        viewer,
        NewCase(
            Case.Concern.SELF_HARM,
            "A reason.",
            cast.teams["cedar"].pk,
            tips=[open_tip(viewer, tip.tip_id)],
            keep_out=(cast.people["uma"].pk,),
        ),
    )
    share_case(
        open_the_case(viewer, case),
        cast.people["bob"].pk,
        "Why.",
        database_now() + timedelta(days=1),
    )
    owner, staff = real_database(LoginRole.OWNER), real_database(LoginRole.STAFF)
    count = f"SELECT {', '.join(f'({one})' for one in COUNTS)}"

    def counts(name: str, role: str = "upstander_school") -> tuple[int, ...]:
        (row,) = as_staff(staff, role, cast.viewer(name), count)
        return tuple(row)

    assert counts("tara") == (1, 2, 0, 0, 1, 0)
    assert counts("bob") == (1, 2, 0, 0, 1, 0)
    nothing = (0,) * len(COUNTS)
    assert counts("uma") == nothing, "excluded"
    assert counts("charlie") == nothing, "another district"
    assert counts("dee", "upstander_district") == nothing, "the district's lead, to whom it is not"
    owner.execute(
        "UPDATE matters_foldergrant SET until = now() - interval '1 s' WHERE until IS NOT NULL"
    )
    assert counts("bob") == nothing, "the share is over"
    for role, name in (
        ("upstander_center", "alice"),
        ("upstander_admin", "ada"),
        ("upstander_staff", "alice"),
    ):
        for one in COUNTS:
            with pytest.raises(errors.InsufficientPrivilege):
                as_staff(staff, role, cast.viewer(name), one)
    for attack in (
        "UPDATE cases_case SET reference = 'x' RETURNING 1",
        "DELETE FROM cases_caseitem RETURNING 1",
        "UPDATE cases_caseitem SET kind = 'x' RETURNING 1",
        "UPDATE cases_caseaction SET due_at = now() RETURNING 1",
        "UPDATE cases_case SET state = 'closed', disposition = 'resolved', closed_at = now()"
        " RETURNING 1",
        # In the name of a colleague.
        "INSERT INTO cases_caseitem (id, case_id, district_id, folder_id, number, kind, person_id,"
        " at, sealed) SELECT gen_random_uuid(), id, district_id, id, 9, 'note', opened_by + 1,"
        " now(), '' FROM cases_case RETURNING 1",
        "SELECT * FROM api.case_reminders(1)",
    ):
        with pytest.raises((errors.InsufficientPrivilege, errors.CheckViolation)):
            as_staff(staff, "upstander_school", cast.viewer("tara"), attack)
    worker = real_database(LoginRole.WORKER)
    for attack in (
        "SELECT * FROM cases_case",
        "SELECT sealed FROM cases_caseaction",
        "UPDATE cases_caseaction SET ended_at = now()",
        "SELECT * FROM cases_caseitem",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            worker.execute(attack.encode())


@pytest.mark.django_db
def test_lists_ask_the_same_whatever_there_is(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    tom = cast.client("tom")
    for _ in range(3):
        begin(cast, "tom")
    with django_assert_max_num_queries(40) as few:
        tom.get("/cases")
    asked = len(few.captured_queries)
    for _ in range(6):
        begin(cast, "tom")
    with django_assert_max_num_queries(asked):
        tom.get("/cases")


@pytest.mark.django_db
def test_the_words_of_a_cases_tips_are_compared_with_whom_it_is_shared(cast: Cast) -> None:
    tip = handed_off(cast, brief="A student says that Otis Bell of Birch hit him.")
    Person.objects.filter(pk=cast.people["bob"].pk).update(name="Otis Bell")
    case, bob = from_tip(cast, tip, "tara"), cast.people["bob"].pk
    until = (database_now() + timedelta(days=2)).date().isoformat()
    sent = {"person": bob, "until": until, "words": "He asked."}
    asked = cast.client("tara").post(f"/cases/{case}/share", sent)
    assert asked.status_code == 422
    said = {"meant": "out", "meant_people": [bob], "asked_about": str(bob)}
    cast.client("tara").post(f"/cases/{case}/share", sent | said)
    assert person_mac(bob) in Exclusions.on([Tip.objects.get(pk=tip.tip_id).matter_id])
    assert cast.client("bob").get(f"/cases/{case}").status_code == 404


def test_whoever_closes_a_case_reads_that_its_tip_is_still_open(cast: Cast) -> None:
    tip = handed_off(cast, tile="bullying", when="past")
    case = from_tip(cast, tip, concern="bullying")
    says = f'<a href="/tips/{tip.tip_id}">{tip.reference}</a> is still open'

    def shown() -> str:
        html = cast.client("tom").get(f"/cases/{case}").content.decode()
        return " ".join(html.split('id="ending"')[1].split("</section>")[0].split())

    assert says in shown()
    close_case(open_the_case(cast.viewer("tom"), case), "resolved", "Calm for two weeks.")
    assert says in shown(), "also afterwards, until somebody closes it"
    close_tip(open_tip(cast.viewer("tom"), tip.tip_id), "support_given", "Seen to.")
    assert Tip.objects.get(pk=tip.tip_id).state == "closed"
    assert says not in shown()
