"""What a letter rests on: nobody changes it alone, whatever they try, in whatever order."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import Error, connection
from django.http import Http404
from psycopg import errors

from conftest import Cast, LoginRole
from upstander.audit.models import Entry as RecordEntry
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.escalations.tests.alerts import Clock, clock
from upstander.mandated.register.actions import changing, deciding, disclosing
from upstander.mandated.register.actions import entries as actions
from upstander.mandated.register.models import BlindIndex, Entry, Event, Proposal
from upstander.mandated.register.tests.test_left_out import text_of
from upstander.mandated.register.tests.test_register import (
    accuse,
    agree,
    as_change,
    change,
    hand,
    opened,
    sees,
)
from upstander.mandated.register.tests.test_register_pages import question
from upstander.mandated.register.tests.test_walls import PROPOSE, SignIn
from upstander.mandated.tests.test_duties import offices
from upstander.matters.folders import FolderShut
from upstander.people.models import Membership
from upstander.people.scope import Viewer, viewing

__all__ = ["clock"]

NAME = "Rey Marlow"
CLEAN: dict[str, Any] = {
    "outcome": Entry.Outcome.UNSUBSTANTIATED,
    "outcome_on": date(2021, 3, 9),
}


def filed(cast: Cast, **more: Any) -> Entry:
    entry_id = actions.file_by_hand(cast.viewer("cleo"), hand(cast, **{"name": NAME, **more}))
    return Entry.objects.get(pk=entry_id)


def propose(cast: Cast, who: str, entry: Entry, name: str = "", **more: Any) -> None:
    found = opened(cast, who, entry)
    changing.propose_change(found, as_change(found, name, **more), why="It is known now.")


def letter_of(cast: Cast, who: str, name: str, **more: Any) -> str:
    asked = question(cast, name, **more)
    found = disclosing.look(cast.viewer(who), asked)
    return text_of(
        cast, who, disclosing.answer(cast.viewer(who), asked, [one.entry_id for one in found])
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "said",
    [
        CLEAN,
        {"name": "Nora Quill"},
        {"happened_on": date(2019, 1, 1)},
        {"kind": Entry.Kind.OTHER},
        {"words": {"name": NAME, "told": "Left of their own accord."}},
    ],
)
def test_nothing_that_a_letter_rests_on_changes_by_one_person(
    cast: Cast, said: dict[str, Any]
) -> None:
    offices(cast)
    entry = filed(cast)
    letter = disclosing.look(cast.viewer("bo"), question(cast, NAME))
    propose(cast, "cleo", entry, **said)
    told = set(Notice.objects.filter(kind="register_change").values_list("person_id", flat=True))
    assert told == {cast.people[name].pk for name in ("sol", "bo")}
    with pytest.raises(Refused, match="yourself"):
        agree(cast, "cleo", entry)
    with pytest.raises(Refused, match="already waiting"):
        propose(cast, "sol", entry, name="Somebody Else")
    assert disclosing.look(cast.viewer("bo"), question(cast, NAME)) == letter
    agree(cast, "sol", entry)
    assert disclosing.look(cast.viewer("bo"), question(cast, NAME)) != letter


@pytest.mark.django_db
def test_to_name_somebody_takes_two_for_it_clears_everybody_else(cast: Cast) -> None:
    offices(cast)
    entry = filed(cast, name="", school_id=cast.cedar.pk)
    assert "nothing" not in letter_of(cast, "cleo", "Nora Quill", school_id=cast.cedar.pk).lower()
    propose(cast, "cleo", entry, name="Ima Phantom")
    assert "nothing" not in letter_of(cast, "cleo", "Nora Quill", school_id=cast.cedar.pk).lower()
    agree(cast, "bo", entry)
    assert "Nothing." in letter_of(cast, "cleo", "Nora Quill", school_id=cast.cedar.pk)


@pytest.mark.django_db
def test_while_a_change_waits_no_letter_says_nothing(cast: Cast) -> None:
    offices(cast)
    entry = filed(cast, school_id=cast.cedar.pk)
    change(cast, opened(cast, "cleo", entry), **CLEAN)
    entry.refresh_from_db()
    assert "Nothing." in letter_of(cast, "cleo", NAME)
    # Found again, but not agreed yet: not theirs to be told, and not nothing.
    propose(cast, "cleo", entry, outcome=Entry.Outcome.SUBSTANTIATED)
    assert "nothing" not in letter_of(cast, "cleo", NAME).lower()
    # Somebody else's outcome leaves others clear; their name doesn't.
    assert "Nothing." in letter_of(cast, "cleo", "Nora Quill", school_id=cast.cedar.pk)
    agree(cast, "sol", entry, agrees=False)
    propose(cast, "cleo", entry, name="Nora Quill")
    for name in (NAME, "Nora Quill", "Uma Third"):
        assert "nothing" not in letter_of(cast, "cleo", name, school_id=cast.cedar.pk).lower(), name


@pytest.mark.django_db
def test_a_letter_that_was_kept_before_a_change_is_answered_anew(cast: Cast) -> None:
    offices(cast)
    entry = filed(cast)
    before = disclosing.answer(cast.viewer("cleo"), question(cast, NAME), [entry.pk])
    change(cast, opened(cast, "cleo", entry), **CLEAN)
    with pytest.raises(Refused, match="answer again"):
        deciding.letter(cast.viewer("cleo"), before)


@pytest.mark.django_db
def test_whoever_is_named_is_out_before_anybody_agrees(cast: Cast) -> None:
    made = offices(cast)
    made["sol"].name = "Sol Hartwell"
    made["sol"].save()
    entry = filed(cast, name="")
    assert sees(cast, "sol") == {entry.pk}
    with pytest.raises(Refused, match="your own name"):
        propose(cast, "sol", entry, name="Hartwell, Sol")
    propose(cast, "bo", entry, words={"name": "Rey Marlow", "others": "Ray M., Sol Hartwell"})
    assert sees(cast, "sol") == sees(cast, "cleo") == set()
    for name in ("sol", "cleo"):
        with pytest.raises((Http404, FolderShut)):
            opened(cast, name, entry)


@pytest.mark.django_db
def test_other_names_find_them_too(cast: Cast) -> None:
    offices(cast)
    entry = filed(cast, name="Delia Marsh", words={"others": "Delia Stone; Dee Quarry"})
    cleo = cast.viewer("cleo")
    for asked in (
        question(cast, "Stone, Delia"),
        question(cast, "Dee Quarry"),
        question(cast, "Delia Fourth", others="Delia Third, Delia Marsh"),
    ):
        assert [one.entry_id for one in disclosing.look(cleo, asked)] == [entry.pk]


@pytest.mark.django_db
def test_who_left_has_proposed_nothing_that_counts(cast: Cast, clock: Clock) -> None:
    offices(cast)
    entry = filed(cast)
    propose(cast, "sol", entry, **CLEAN)
    Membership.objects.filter(person=cast.people["sol"]).delete()
    with pytest.raises(Refused, match="no longer keeps this entry"):
        agree(cast, "cleo", entry)
    # Nor does it stand in anybody's way.
    propose(cast, "cleo", entry, kind=Entry.Kind.OTHER)
    assert set(Proposal.objects.values_list("state", flat=True)) == {"lapsed", "waits"}
    clock.move(timedelta(days=30).total_seconds())
    with pytest.raises(Refused, match="has expired"):
        agree(cast, "bo", entry)
    propose(cast, "bo", entry, kind=Entry.Kind.NEGLECT)
    agree(cast, "cleo", entry)
    entry.refresh_from_db()
    assert (entry.kind, entry.change_number) == ("neglect", 3)


@pytest.mark.django_db
def test_alone_in_the_office_nothing_changes_and_the_page_says_why(cast: Cast) -> None:
    offices(cast)
    entry = filed(cast)
    for name in ("sol", "bo"):
        Membership.objects.filter(person=cast.people[name]).delete()
    client = cast.client("cleo")
    client.post(f"/register/{entry.pk}", {"reason": "outcome"})
    sent = {
        "name": NAME,
        "happened_on": "2021-03-02",
        "kind": "physical",
        "outcome": "unsubstantiated",
        "outcome_on": "2021-03-09",
        "why": "Not found.",
    }
    page = client.post(f"/register/{entry.pk}/change", sent, follow=True).content.decode()
    assert "have a seat there filled" in page
    entry.refresh_from_db()
    assert entry.outcome == "unproven"


@pytest.mark.django_db
def test_each_step_is_in_the_record(cast: Cast) -> None:
    offices(cast)
    entry = filed(cast)
    propose(cast, "cleo", entry, **CLEAN)
    agree(cast, "cleo", entry, agrees=False)
    propose(cast, "cleo", entry, **CLEAN)
    agree(cast, "sol", entry, agrees=False)
    propose(cast, "sol", entry, **CLEAN)
    agree(cast, "bo", entry)
    said = RecordEntry.objects.filter(action__startswith="register change").order_by("id")
    people = {person.pk: name for name, person in cast.people.items()}
    assert [(people[one.actor_id or 0], one.action) for one in said] == [
        ("cleo", "register change proposed"),
        ("cleo", "register change taken back"),
        ("cleo", "register change proposed"),
        ("sol", "register change not agreed"),
        ("sol", "register change proposed"),
        ("bo", "register change agreed"),
    ]
    kinds = Event.objects.filter(entry=entry).exclude(kind="opened").order_by("number")
    assert list(kinds.values_list("kind", flat=True)) == [
        "filed",
        "asked",
        "back",
        "asked",
        "refused",
        "asked",
        "agreed",
    ]


# Past the page: as one of the named roles, by SQL, and as the tables' owner.

OWNER_ATTACKS = (
    "UPDATE register_entry SET outcome = 'unproven', outcome_on = NULL, keep_until = NULL",
    "UPDATE register_entry SET happened_on = '2019-01-01'",
    "UPDATE register_entry SET kind = 'other'",
    "UPDATE register_entry SET sealed = 'x'",
    "UPDATE register_entry SET change_number = 2",
    "UPDATE register_entry SET change_number = 0",
    "UPDATE register_entry SET disposed_at = now()",
    "UPDATE register_proposal SET state = 'agreed', decided_at = now(), decided_by = "
    "(SELECT max(decided_by) FROM register_proposal) WHERE state = 'waits'",
    "UPDATE register_proposal SET outcome = 'same' WHERE state = 'agreed'",
    "UPDATE register_proposal SET state = 'waits', decided_by = NULL, decided_at = NULL",
    "UPDATE register_proposal SET sealed = '', blind_indexes = '{}', strengths = '{}'",
    "INSERT INTO register_proposal SELECT (jsonb_populate_record(p, jsonb_build_object("
    "'id', gen_random_uuid(), 'number', 9))).* FROM register_proposal p WHERE state = 'agreed'",
    "INSERT INTO register_proposal SELECT (jsonb_populate_record(p, jsonb_build_object("
    "'id', gen_random_uuid(), 'number', 9, 'state', 'lapsed'))).* FROM register_proposal p",
    "DELETE FROM register_proposal",
    "TRUNCATE register_proposal",
    "DELETE FROM register_blindindex",
    "UPDATE register_blindindex SET strength = 1",
    "TRUNCATE register_blindindex",
    "INSERT INTO register_blindindex (entry_id, district_id, strength, blind_index)"
    " SELECT id, district_id, 3, 'somebody else' FROM register_entry",
)
DECIDE = (
    "SELECT api.decide_change(p_proposal => %s, p_event => %s, p_agree => true, "
    "p_sealed_event => 'x', p_indexes => '{}', p_tell => '{}')"
)


def by_sql(viewer: Viewer, statement: str, *values: Any) -> bool:
    """Tell whether the database lets somebody do it."""
    try:
        with viewing(viewer), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except Error:
        return False
    return True


@pytest.mark.django_db
def test_past_the_page_nobody_agrees_to_their_own(cast: Cast) -> None:
    offices(cast)
    entry = filed(cast)
    cleo, proposal = cast.viewer("cleo"), uuid4()
    assert by_sql(cleo, PROPOSE, proposal, entry.pk, uuid4())
    assert not by_sql(cleo, DECIDE, proposal, uuid4())
    for attack in (
        "UPDATE register_proposal SET state = 'agreed', decided_by = 1, decided_at = now()",
        "INSERT INTO register_proposal SELECT * FROM register_proposal",
        "DELETE FROM register_proposal",
        "UPDATE register_entry SET outcome = 'unsubstantiated'",
        "UPDATE register_blindindex SET strength = 3",
        "DELETE FROM register_blindindex",
    ):
        assert not by_sql(cleo, attack), attack
    for who in ("tess", "hana", "dee", "alice"):
        assert not by_sql(cast.viewer(who), DECIDE, proposal, uuid4()), who
    # Whoever the matter is kept from agrees to nothing, nor who keeps no register any more.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    left = cast.viewer("sol")
    Membership.objects.filter(person=cast.people["sol"]).delete()
    assert not by_sql(left, DECIDE, proposal, uuid4())
    assert not by_sql(cast.viewer("bo"), DECIDE, proposal, uuid4()), "unread"
    opened(cast, "bo", entry)
    assert by_sql(cast.viewer("bo"), DECIDE, proposal, uuid4())
    assert not by_sql(cast.viewer("bo"), DECIDE, proposal, uuid4()), "once"
    entry.refresh_from_db()
    assert (entry.outcome, entry.change_number) == ("unsubstantiated", 1)


@pytest.mark.django_db
def test_a_name_is_agreed_to_with_its_own_blind_indexes(cast: Cast) -> None:
    offices(cast)
    entry = filed(cast)
    propose(cast, "cleo", entry, name="Nora Quill")
    proposal = Proposal.objects.get()
    assert not by_sql(cast.viewer("sol"), DECIDE, proposal.pk, uuid4()), "none, and none is told"
    agree(cast, "sol", entry)
    found = {row.strength: bytes(row.blind_index) for row in BlindIndex.objects.filter(entry=entry)}
    assert found == {3: bytes(proposal.blind_indexes[0])}


@pytest.mark.django_db
def test_the_accused_agrees_to_nothing(cast: Cast) -> None:
    offices(cast)
    duty = accuse(cast, "bo")
    entry, proposal = Entry.objects.get(duty_id=duty), uuid4()
    assert by_sql(cast.viewer("cleo"), PROPOSE, proposal, entry.pk, uuid4())
    assert not by_sql(cast.viewer("bo"), DECIDE, proposal, uuid4())
    assert not by_sql(cast.viewer("bo"), PROPOSE, uuid4(), entry.pk, uuid4())
    entry.refresh_from_db()
    assert entry.outcome == "unproven"


def test_the_owner_makes_no_change_without_two(committed_cast: Cast, real_database: SignIn) -> None:
    cast = committed_cast
    offices(cast)
    entry = filed(cast)
    propose(cast, "cleo", entry, **CLEAN)
    agree(cast, "sol", entry)
    propose(cast, "cleo", entry, name="Nora Quill")
    owner = real_database(LoginRole.OWNER)
    for attack in OWNER_ATTACKS:
        with pytest.raises(errors.InsufficientPrivilege):
            owner.execute(attack.encode())
    entry.refresh_from_db()
    assert (entry.outcome, entry.change_number) == ("unsubstantiated", 1)
    assert BlindIndex.objects.filter(entry=entry, strength=3).exists()
