"""An import that leaves less than 80 % of a roster: one person alone never does it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.test import Client

from conftest import Cast
from upstander.approvals.actions import decide
from upstander.approvals.models import Approval
from upstander.audit.models import Entry
from upstander.emergency.actions.roster_import import NeedsSecond, ask_second, import_roster
from upstander.emergency.models import Roster
from upstander.emergency.tests.export import ORGS, export
from upstander.people.importing.shrinking import shrinks
from upstander.people.scope import viewing
from upstander.standards.oneroster import Student, read_export

USERS = (
    "sourcedId,orgSourcedIds,role,givenName,familyName,agentSourcedIds\n"
    "s1,1,student,Mara,Lindqvist,\n"
    "s2,9,student,,Torres,g9\n"
)


@pytest.fixture
def few(cast: Cast) -> list[Student]:
    """Dee has put in a roster of four; this is one of them."""
    import_roster(cast.viewer("dee"), cast.maple.pk, read_export(export()))
    return read_export(export())[:1]


def ask(cast: Cast, students: list[Student], by: str = "dee") -> UUID:
    with pytest.raises(NeedsSecond) as asked:
        import_roster(cast.viewer(by), cast.maple.pk, students)
    ask_second(cast.viewer(by), cast.maple.pk, asked.value)
    return Approval.objects.get(outcome="").pk


def agree(cast: Cast, one: UUID) -> None:
    decide(cast.viewer("ada"), [one], Approval.Outcome.APPROVED)


def standing() -> int:
    return sum(Roster.objects.values_list("students", flat=True))


@pytest.mark.parametrize(
    ("before", "after", "asks"),
    [
        (0, 0, False),
        (5, 4, False),
        (5, 3, True),
        (1000, 800, False),
        (1000, 799, True),
        (4, 9, False),
    ],
)
def test_eighty_in_a_hundred_may_go_on(before: int, after: int, asks: bool) -> None:
    assert shrinks(before, after) is asks


def test_nothing_goes_until_somebody_else_agrees_and_then_once(
    cast: Cast, few: list[Student]
) -> None:
    row = ask(cast, few)
    with pytest.raises(NeedsSecond):
        import_roster(cast.viewer("dee"), cast.maple.pk, few)
    assert standing() == 4
    agree(cast, row)
    import_roster(cast.viewer("dee"), cast.maple.pk, few)
    assert standing() == 1
    (detail,) = Entry.objects.filter(action="roster imported", detail__has_key="agreed_by")
    ada, dee = cast.viewer("ada").person_id, cast.viewer("dee").person_id
    assert (detail.detail["asked_by"], detail.detail["agreed_by"]) == (dee, ada)
    import_roster(cast.viewer("dee"), cast.maple.pk, read_export(export()))
    with pytest.raises(NeedsSecond):
        import_roster(cast.viewer("dee"), cast.maple.pk, few)


def test_approval_forged_past_our_functions_is_refused(cast: Cast, few: list[Student]) -> None:
    row = Approval.objects.get(pk=ask(cast, few))
    dee, ada = cast.viewer("dee"), cast.viewer("ada")
    for name in (dee.person_id, ada.person_id):
        with pytest.raises(DatabaseError), viewing(dee):
            Approval.objects.filter(pk=row.pk).update(outcome="approved", decided_by=name)
    with pytest.raises(DatabaseError), viewing(ada):
        Approval.objects.filter(pk=row.pk).update(asked_by=ada.person_id)
    decide(dee, [row.pk], Approval.Outcome.WITHDRAWN)
    row.pk, row.asked_by = uuid4(), ada.person_id
    with pytest.raises(DatabaseError, match="row-level security"), viewing(dee):
        row.save(force_insert=True)
    # Nor may a district's lead ask for what a center's supervisor decides.
    row.asked_by, row.kind, row.center_id = dee.person_id, "school_name", cast.center.pk
    with pytest.raises(DatabaseError, match="row-level security"), viewing(dee):
        row.save(force_insert=True)


def test_the_yes_is_to_this_file_and_to_what_stood(cast: Cast, few: list[Student]) -> None:
    agree(cast, ask(cast, few))
    other = read_export(export())[1:2]
    with pytest.raises(NeedsSecond):
        import_roster(cast.viewer("dee"), cast.maple.pk, other)
    import_roster(cast.viewer("dee"), cast.maple.pk, read_export(export()) * 2)
    with pytest.raises(NeedsSecond):
        import_roster(cast.viewer("dee"), cast.maple.pk, few)


def test_a_yes_runs_out_or_gives_way_to_what_is_asked_later(cast: Cast, few: list[Student]) -> None:
    row = ask(cast, few)
    agree(cast, row)
    late = Approval.objects.get(pk=row)
    Approval.objects.filter(pk=row).update(lapses_at=late.lapses_at - timedelta(days=7, seconds=1))
    with pytest.raises(NeedsSecond):
        import_roster(cast.viewer("dee"), cast.maple.pk, few)
    Approval.objects.filter(pk=row).update(lapses_at=late.lapses_at)
    ask(cast, read_export(export())[1:2])
    with pytest.raises(NeedsSecond):
        import_roster(cast.viewer("dee"), cast.maple.pk, few)


def send(client: Client, cast: Cast, users: str, **more: str) -> str:
    files = [
        SimpleUploadedFile("orgs.csv", ORGS.encode()),
        SimpleUploadedFile("users.csv", users.encode()),
    ]
    data = {"district": str(cast.maple.pk), "export": files} | more
    return client.post("/roster", data, follow=True).content.decode()


def test_the_page_shows_first_asks_and_takes_the_yes(cast: Cast, few: list[Student]) -> None:
    dee, ada = cast.client("dee"), cast.client("ada")
    looked = send(dee, cast, USERS, look="yes")
    assert "Nothing is saved yet" in looked
    assert "2 students; the current roster has 4" in " ".join(looked.split())
    for mistake in ("line 3, givenName", "line 3, orgSourcedIds", "line 3, agentSourcedIds"):
        assert mistake in looked
    assert "Torres" not in looked
    assert not Approval.objects.exists()
    assert standing() == 4
    assert "Nothing was changed" in send(dee, cast, USERS)
    yes = {"approval": str(Approval.objects.get().pk), "outcome": "approved"}
    assert "Approve what is ticked" not in dee.get("/approvals").content.decode()
    assert "an import of 2 students to replace 4" in ada.get("/approvals").content.decode()
    dee.post("/approvals/decide", yes)
    assert "Nothing was changed" in send(dee, cast, USERS)
    assert standing() == 4
    ada.post("/approvals/decide", {**yes, "approval": str(Approval.objects.get(outcome="").pk)})
    assert "2 students were encrypted and imported" in send(dee, cast, USERS)
    assert standing() == 2
