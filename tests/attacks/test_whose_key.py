"""Whoever writes the database says whose a key is, and is granted nothing by it.

Each attack is one that a review walked: another team made the center, a renewed key's row deleted,
a member planted before a matter is restricted. Also what would undo the mend: statements deleted,
put back, swapped, and the site's own pins lost. A tip comes in during all of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.conf import settings

from conftest import Cast
from conftest import LoginRole as Role
from upstander.audit.tests.owner import SignIn
from upstander.matters.folders import holders_for
from upstander.people import keys, public
from upstander.people.actions.leaving import remove_member, renew_key
from upstander.people.models import Team
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import exclude_people, hand_off
from upstander.triage.actions.work import claim_tip
from upstander.vault.grants import open_grant
from upstander.vault.models import Grant
from upstander.vault.pins import Pins
from upstander.vault.seeds import Audience

type Owner = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture
def owner(committed_cast: Cast, real_database: SignIn) -> Owner:
    """Sign in as the attacker: the tables' owner, without any key file. Both sites have looked."""
    public.public_places(fresh=True)
    return real_database(Role.OWNER)


def a_tip(cast: Cast, *, school: str = "cedar", fresh: bool = True) -> UUID:
    if fresh:
        public._kept.clear()
    new = reporter.NewTip(
        token=reporter.new_form_token(),
        text="A tip.",
        language="en",
        school_id=getattr(cast, school).pk,
    )
    return reporter.file_tip(new).tip_id


def sealed_to(tip: UUID) -> set[tuple[str, int]]:
    return set(Grant.objects.filter(tip_id=tip).values_list("holder", "key_version"))


def opens(tip: UUID, holder: str, version: int, private: bytes) -> bool:
    row = Grant.objects.get(tip_id=tip, holder=holder, audience=Audience.DIALOG)
    return bool(
        open_grant(
            bytes(row.blob),
            tip=tip,
            audience=Audience.DIALOG,
            holder=holder,
            version=version,
            private=private,
        )
    )


# --- Another team is made the center --------------------------------------------------------------
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE places_district SET center_id = %(northern)s",
        "UPDATE places_school SET district_id = %(harbor)s",
        "UPDATE people_team SET kind = 'center', center_id = %(lakeside)s, school_id = NULL,"
        " district_id = NULL WHERE id = %(quay_team)s",
        "UPDATE people_team SET center_id = %(lakeside)s WHERE id = %(northern_team)s",
        "UPDATE people_team SET center_id = %(northern)s WHERE id = %(lakeside_team)s",
        "UPDATE places_district SET catch_all = true WHERE id = %(harbor)s",
        "UPDATE places_school SET slug = slug || '-1', name = 'Elsewhere'",
        "DELETE FROM vault_signedstatement",
        "DELETE FROM vault_holderkey WHERE holder = 'team:' || %(lakeside_team)s",
        "UPDATE vault_signedstatement SET counter = counter + 1,"
        " text = replace(text, '\"center\":%(lakeside)s', '\"center\":%(northern)s')",
        "UPDATE vault_signedstatement a SET counter = b.counter + 1, text = b.text,"
        " signature = b.signature FROM vault_signedstatement b"
        " WHERE a.subject LIKE 'district:%%' AND b.subject = 'district:' || %(harbor)s",
        "UPDATE vault_signedstatement a SET text = b.text, signature = b.signature"
        " FROM vault_signedstatement b WHERE a.subject LIKE 'school:%%' AND b.subject ="
        " 'school:' || %(quay)s",
    ],
)
def test_a_tip_is_sealed_to_the_center_that_was_signed_whatever_the_rows_say(
    sql: str, committed_cast: Cast, owner: Owner
) -> None:
    cast = committed_cast
    numbers = {
        "lakeside": cast.center.pk,
        "northern": cast.harbor.center_id,
        "harbor": cast.harbor.pk,
        "quay": cast.quay.pk,
        **{f"{name}_team": team.pk for name, team in cast.teams.items()},
    }
    owner.execute(psycopg.sql.SQL(sql % numbers if "replace" in sql else sql), numbers)
    tip = a_tip(cast)
    lakeside = cast.teams["lakeside"]
    assert sealed_to(tip) == {(lakeside.holder, 1)}
    assert opens(tip, lakeside.holder, 1, cast.keys.teams[lakeside.pk])


def test_a_place_that_nobody_signed_takes_no_tip(committed_cast: Cast, owner: Owner) -> None:
    owner.execute(
        "INSERT INTO places_school (district_id, name, slug, grades, address, town, time_zone,"
        " languages, psap_name, psap_phone, emergency_contact) SELECT district_id, name,"
        " 'twin', grades, address, town, time_zone, languages, psap_name, psap_phone,"
        " emergency_contact FROM places_school WHERE id = %s",
        [committed_cast.quay.pk],
    )
    places = public.public_places(fresh=True)
    assert places.school_named("twin") is None
    assert places.school_named("cedar") is not None


# --- A renewed key's row is deleted ---------------------------------------------------------------
def test_the_key_that_a_leaver_holds_takes_no_new_tip(committed_cast: Cast, owner: Owner) -> None:
    cast, lakeside = committed_cast, committed_cast.teams["lakeside"]
    sam = cast.viewer("sam")
    remove_member(sam, lakeside.pk, cast.people["bea"].pk)
    assert sealed_to(a_tip(cast)) == {(lakeside.holder, 2)}
    owner.execute(
        "DELETE FROM vault_holderkey WHERE holder = %s AND version = 2", [lakeside.holder]
    )
    tip = a_tip(cast)
    assert sealed_to(tip) == {(lakeside.holder, 2)}, "the leaver's key takes tips again"
    with viewing(sam):
        private = keys.team_private(sam, lakeside.holder, 2)
    assert opens(tip, lakeside.holder, 2, private)


def test_the_desk_too_seals_to_no_key_that_was_renewed(committed_cast: Cast, owner: Owner) -> None:
    cast, cedar = committed_cast, committed_cast.teams["cedar"]
    renew_key(cast.viewer("tara"), cedar.pk)
    assert keys.public_key_of(cedar.holder).version == 2
    owner.execute("DELETE FROM vault_holderkey WHERE holder = %s AND version = 2", [cedar.holder])
    alice, tip = cast.viewer("alice"), a_tip(cast)
    claim_tip(alice, tip)
    hand_off(open_tip(alice, tip), [cedar.pk], "A brief.")
    assert (cedar.holder, 2) in sealed_to(tip)
    # And the next renewal is the third, not the second again.
    assert renew_key(cast.viewer("tara"), cedar.pk).version == 3


def test_what_one_site_has_seen_the_other_goes_by(committed_cast: Cast, owner: Owner) -> None:
    cast, lakeside = committed_cast, committed_cast.teams["lakeside"]
    renew_key(cast.viewer("sam"), lakeside.pk)
    assert keys.public_key_of(lakeside.holder).version == 2  # the desk looked, the site did not
    owner.execute(
        "DELETE FROM vault_holderkey WHERE holder = %s AND version = 2", [lakeside.holder]
    )
    assert sealed_to(a_tip(cast)) == {(lakeside.holder, 2)}


# --- A member is planted --------------------------------------------------------------------------
def plant(owner: Owner, person: int, team: int, role: str) -> None:
    owner.execute(
        "INSERT INTO people_membership (team_id, person_id, role, reachable_at_night)"
        " VALUES (%s, %s, %s, false)",
        [team, person, role],
    )


def names_on(tip: UUID, cast: Cast) -> set[str]:
    macs = {keys.name_in(person.pk, tip): name for name, person in cast.people.items()}
    return {macs[holder] for holder, _ in sealed_to(tip) if holder in macs}


def test_who_is_planted_in_the_center_reads_no_restricted_matter(
    committed_cast: Cast, owner: Owner
) -> None:
    cast = committed_cast
    plant(owner, cast.people["charlie"].pk, cast.teams["lakeside"].pk, "counselor")
    alice, tip = cast.viewer("alice"), a_tip(cast)
    claim_tip(alice, tip)
    exclude_people(open_tip(alice, tip), [cast.people["bea"].pk])
    assert names_on(tip, cast) == {"alice", "sam"}


def test_who_is_planted_in_a_schools_team_reads_no_restricted_matter(
    committed_cast: Cast, owner: Owner
) -> None:
    cast = committed_cast
    plant(owner, cast.people["charlie"].pk, cast.teams["cedar"].pk, "team_member")
    alice, tip = cast.viewer("alice"), a_tip(cast)
    claim_tip(alice, tip)
    exclude_people(open_tip(alice, tip), [cast.people["tom"].pk])
    hand_off(open_tip(alice, tip), [cast.teams["cedar"].pk], "A brief.")
    assert {"tara", "uma"} <= names_on(tip, cast)
    assert "charlie" not in names_on(tip, cast)


def test_who_left_is_not_brought_back_by_a_row(committed_cast: Cast, owner: Owner) -> None:
    cast, cedar = committed_cast, committed_cast.teams["cedar"]
    remove_member(cast.viewer("tara"), cedar.pk, cast.people["uma"].pk)
    plant(owner, cast.people["uma"].pk, cedar.pk, "team_member")
    alice, tip = cast.viewer("alice"), a_tip(cast)
    claim_tip(alice, tip)
    exclude_people(open_tip(alice, tip), [cast.people["tom"].pk])
    hand_off(open_tip(alice, tip), [cedar.pk], "A brief.")
    assert "uma" not in names_on(tip, cast)


@pytest.mark.parametrize("taken", ["rows", "files", "both"])
def test_members_stay_known_by_whatever_is_left(
    taken: str, committed_cast: Cast, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Statements or pins lost: the other says it. Both lost: nobody is granted, and it is said."""
    cast = committed_cast
    alice, tip = cast.viewer("alice"), a_tip(cast)
    claim_tip(alice, tip)
    with viewing(alice):
        assert holders_for(None, [cast.teams["cedar"]])
    if taken != "files":
        owner.execute("DELETE FROM vault_signedstatement")
    if taken != "rows":
        monkeypatch.setattr(settings, "PINS", Pins(settings.PINS.folder / "none"))
    with viewing(alice):
        assert bool(holders_for(None, [cast.teams["cedar"]])) is (taken != "both")


def test_a_team_that_was_moved_by_a_row_is_handed_nothing(
    committed_cast: Cast, owner: Owner
) -> None:
    cast, quay = committed_cast, committed_cast.teams["quay"]
    with viewing(cast.viewer("charlie")):
        assert holders_for(None, [Team.objects.get(pk=quay.pk)])
    owner.execute(
        "UPDATE people_team SET kind = 'district', district_id = %s, school_id = NULL"
        " WHERE id = %s",
        [cast.maple.pk, quay.pk],
    )
    alice, tip = cast.viewer("alice"), a_tip(cast)
    claim_tip(alice, tip)
    # The district's office gets each hand-off without being chosen.
    hand_off(open_tip(alice, tip), [cast.teams["cedar"].pk], "A brief.")
    assert quay.holder not in {holder for holder, _ in sealed_to(tip)}
    assert cast.teams["maple"].holder in {holder for holder, _ in sealed_to(tip)}


# --- What is signed is put back -------------------------------------------------------------------
def test_an_older_statement_that_is_put_back_counts_for_nothing(
    committed_cast: Cast, owner: Owner
) -> None:
    cast, cedar = committed_cast, committed_cast.teams["cedar"]
    subject = f"team:{cedar.pk}"
    select = "SELECT counter, text, signature FROM vault_signedstatement WHERE subject = %s"
    before = owner.execute(select, [subject]).fetchone()
    assert before is not None
    remove_member(cast.viewer("tara"), cedar.pk, cast.people["uma"].pk)
    alice, tip = cast.viewer("alice"), a_tip(cast)
    claim_tip(alice, tip)
    with viewing(alice):
        holders_for(None, [cedar])  # the desk has seen the newer one
    owner.execute(
        "UPDATE vault_signedstatement SET counter = %s, text = %s, signature = %s"
        " WHERE subject = %s",
        [*before, subject],
    )
    plant(owner, cast.people["uma"].pk, cedar.pk, "team_member")
    exclude_people(open_tip(alice, tip), [cast.people["tom"].pk])
    hand_off(open_tip(alice, tip), [cedar.pk], "A brief.")
    assert "uma" not in names_on(tip, cast)


def test_a_lost_or_damaged_pin_stops_no_tip(
    committed_cast: Cast, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, holder = committed_cast, committed_cast.teams["lakeside"].holder
    folder = settings.PINS.folder
    assert (folder / f"key:{holder}").exists()
    for spoil in (_cut, _forge, _remove):
        for file in folder.iterdir():
            spoil(file)
        assert sealed_to(a_tip(cast)) == {(holder, 1)}
    # A folder that can't be made: it lies under a file.
    monkeypatch.setattr(settings, "PINS", Pins(folder / f"key:{holder}" / "pins"))
    assert sealed_to(a_tip(cast)) == {(holder, 1)}


def _cut(file: Path) -> None:
    file.write_bytes(b"{")


def _forge(file: Path) -> None:
    file.write_bytes(b'{"counter": 99, "text": "00", "signature": "00"}')


def _remove(file: Path) -> None:
    file.unlink()
