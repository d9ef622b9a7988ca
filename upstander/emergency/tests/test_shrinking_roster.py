"""An import that leaves less than 80 % of a roster: one person alone never does it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.http import Http404
from django.test import Client

from conftest import Cast
from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.emergency.actions.roster_import import import_roster
from upstander.emergency.models import Roster
from upstander.emergency.tests.export import ORGS, export
from upstander.people.importing import shrinking
from upstander.people.importing.models import ImportKind, ImportProposal
from upstander.people.importing.shrinking import NeedsSecond, agree, propose, shrinks, take_back
from upstander.people.models import Membership
from upstander.people.roles import Role
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


def ask(cast: Cast, students: list[Student], by: str = "dee") -> ImportProposal:
    with pytest.raises(NeedsSecond) as asked:
        import_roster(cast.viewer(by), cast.maple.pk, students)
    propose(cast.viewer(by), ImportKind.ROSTER, cast.maple.pk, asked.value)
    return ImportProposal.objects.get()


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
    agree(cast.viewer("ada"), ImportKind.ROSTER, row.pk)
    import_roster(cast.viewer("dee"), cast.maple.pk, few)
    assert standing() == 1
    assert not ImportProposal.objects.exists()
    (detail,) = Entry.objects.filter(action="roster imported", detail__has_key="agreed_by")
    ada, dee = cast.viewer("ada").person_id, cast.viewer("dee").person_id
    assert (detail.detail["proposed_by"], detail.detail["agreed_by"]) == (dee, ada)
    import_roster(cast.viewer("dee"), cast.maple.pk, read_export(export()))
    with pytest.raises(NeedsSecond):
        import_roster(cast.viewer("dee"), cast.maple.pk, few)


def test_who_asks_never_agrees_not_even_past_our_functions(cast: Cast, few: list[Student]) -> None:
    row = ask(cast, few)
    with pytest.raises(Refused):
        agree(cast.viewer("dee"), ImportKind.ROSTER, row.pk)
    dee, ada = cast.viewer("dee"), cast.viewer("ada")
    for name in (dee.person_id, ada.person_id):
        with pytest.raises(DatabaseError), viewing(dee) as now:
            ImportProposal.objects.filter(pk=row.pk).update(agreed_by=name, agreed_at=now)
    with pytest.raises(DatabaseError), viewing(ada):
        ImportProposal.objects.filter(pk=row.pk).update(proposed_by=ada.person_id)
    forged = ImportProposal(
        kind="roster",
        district_id=cast.maple.pk,
        digest=bytes(row.digest),
        standing=4,
        coming=1,
        proposed_by=ada.person_id,
        proposed_at=row.proposed_at,
        expires_at=row.expires_at,
    )
    take_back(dee, ImportKind.ROSTER, row.pk)
    with pytest.raises(DatabaseError, match="row-level security"), viewing(dee):
        forged.save(force_insert=True)


def test_of_two_who_agree_the_slower_is_told_and_one_is_recorded(
    cast: Cast, few: list[Student], monkeypatch: pytest.MonkeyPatch
) -> None:
    Membership.objects.create(
        team=cast.teams["maple"], person=cast.people["pia"], role=Role.DISTRICT_LEAD
    )
    row = ask(cast, few)
    ada, pia = cast.viewer("ada"), cast.viewer("pia")
    agree(ada, ImportKind.ROSTER, row.pk)
    # Pia had read it before Ada's yes was there.
    monkeypatch.setattr(shrinking, "_proposal", lambda kind, proposal_id: row)
    with pytest.raises(Refused, match="already approved"):
        agree(pia, ImportKind.ROSTER, row.pk)
    assert ImportProposal.objects.get().agreed_by == ada.person_id
    (entry,) = Entry.objects.filter(action="import agreed to")
    assert entry.actor_id == ada.person_id


def test_the_yes_is_to_this_file_and_to_what_stood(cast: Cast, few: list[Student]) -> None:
    row = ask(cast, few)
    agree(cast.viewer("ada"), ImportKind.ROSTER, row.pk)
    other = read_export(export())[1:2]
    with pytest.raises(NeedsSecond):
        import_roster(cast.viewer("dee"), cast.maple.pk, other)
    import_roster(cast.viewer("dee"), cast.maple.pk, read_export(export()) * 2)
    with pytest.raises(NeedsSecond):
        import_roster(cast.viewer("dee"), cast.maple.pk, few)


def test_a_yes_runs_out_and_can_be_taken_back(cast: Cast, few: list[Student]) -> None:
    row = ask(cast, few)
    agree(cast.viewer("ada"), ImportKind.ROSTER, row.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_importproposal SET expires_at = api.clock_now() - interval '1 s'"
        )
    with pytest.raises(NeedsSecond):
        import_roster(cast.viewer("dee"), cast.maple.pk, few)
    row = ask(cast, few)
    assert row.agreed_by is None
    take_back(cast.viewer("ada"), ImportKind.ROSTER, row.pk)
    with pytest.raises(Http404):
        agree(cast.viewer("ada"), ImportKind.ROSTER, row.pk)


@pytest.mark.parametrize("stranger", ["pia", "tara", "alice", "charlie"])
def test_strangers_see_and_change_nothing_of_it(
    cast: Cast, few: list[Student], stranger: str
) -> None:
    row = ask(cast, few)
    for act in (agree, take_back):
        with pytest.raises((Http404, DatabaseError)):
            act(cast.viewer(stranger), ImportKind.ROSTER, row.pk)
    row.refresh_from_db()
    assert row.agreed_by is None


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
    assert not ImportProposal.objects.exists()
    assert standing() == 4
    assert "Nothing was changed" in send(dee, cast, USERS)
    row = ImportProposal.objects.get()
    assert "I agree" not in dee.get("/roster").content.decode()
    assert "I agree" in ada.get("/roster").content.decode()
    dee.post("/roster", {"agree": str(row.pk)})
    assert standing() == 4
    assert "Nothing was changed" in send(dee, cast, USERS)
    ada.post("/roster", {"agree": str(row.pk)})
    assert "2 students were encrypted and imported" in send(dee, cast, USERS)
    assert standing() == 2
    for bad in ("no id", str(uuid4())):
        assert ada.post("/roster", {"agree": bad}).status_code == 404
