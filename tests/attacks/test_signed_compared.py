"""What was done to places, teams and keys past the desk is named, and mended without guessing."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.conf import settings

from conftest import Cast
from conftest import LoginRole as Role
from upstander.audit.models import Entry
from upstander.audit.tests.owner import SignIn
from upstander.people import keys, public
from upstander.people.actions.leaving import remove_member, renew_key
from upstander.people.actions.recovery import make_recovery
from upstander.people.actions.repinning import put_back, repin
from upstander.people.comparing import Difference, Differs, differences
from upstander.places.models import Center, District
from upstander.vault.errors import RecoveryBroken
from upstander.vault.recovery import split
from upstander.watch.look import look, signed_troubles, troubles_in, words_of
from upstander.watch.models import Trouble

type Owner = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture
def owner(committed_cast: Cast, real_database: SignIn) -> Owner:
    """Sign in as the tables' owner, after both sites have looked."""
    renew_key(committed_cast.viewer("sam"), committed_cast.teams["lakeside"].pk)
    public.public_places(fresh=True)
    keys.public_key_of(committed_cast.teams["cedar"].holder)
    return real_database(Role.OWNER)


@pytest.mark.parametrize(
    ("sql", "what", "subject"),
    [
        (
            "UPDATE places_district SET center_id = (SELECT max(id) FROM places_center)"
            " WHERE slug = 'maple-valley'",
            Differs.MOVED,
            "district:1",
        ),
        ("UPDATE people_team SET district_id = 2 WHERE id = 3", Differs.MOVED, "team:3"),
        ("UPDATE places_school SET district_id = 3 WHERE id = 1", Differs.MOVED, "school:1"),
        ("UPDATE places_district SET state = 'us-none' WHERE id = 2", Differs.MOVED, "district:2"),
        (
            "INSERT INTO people_membership (team_id, person_id, role, reachable_at_night)"
            " SELECT 1, person_id, 'counselor', false FROM people_membership WHERE team_id = 6",
            Differs.PLANTED,
            "team:1",
        ),
        (
            "UPDATE people_membership SET role = 'center_supervisor' WHERE team_id = 1"
            " AND role = 'counselor'",
            Differs.PLANTED,
            "team:1",
        ),
        (
            "DELETE FROM vault_holderkey WHERE holder = 'team:1' AND version = 2",
            Differs.OLDER,
            "key:team:1",
        ),
        (
            "DELETE FROM vault_signedstatement WHERE subject = 'school:1'",
            Differs.OLDER,
            "school:1",
        ),
        (
            "UPDATE vault_signedstatement SET text = replace(text, 'Cedar', 'Other')"
            " WHERE subject = 'school:1'",
            Differs.FORGED,
            "school:1",
        ),
        (
            "INSERT INTO people_team (kind, name, center_id) VALUES ('center', 'Mine', 1)",
            Differs.UNSIGNED,
            "team:",
        ),
    ],
)
def test_it_is_named(sql: str, what: Differs, subject: str, owner: Owner) -> None:
    assert differences() == []
    owner.execute(sql.encode())
    found = differences()
    assert [one.what for one in found] == [what] * len(found)
    assert found
    assert found[0].subject.startswith(subject)
    told = signed_troubles()
    assert told == (what.value,)
    assert (Trouble.Kind.SIGNED, what.value) in troubles_in(look(signed=told))
    assert "upstander doctor" in words_of("signed", what.value)


def test_what_was_seen_is_put_back(committed_cast: Cast, owner: Owner) -> None:
    owner.execute(b"DELETE FROM vault_signedstatement WHERE subject = 'district:1'")
    owner.execute(b"UPDATE vault_signedstatement SET counter = 99 WHERE subject = 'school:1'")
    owner.execute(b"DELETE FROM vault_holderkey WHERE holder = 'team:1' AND version = 2")
    owner.execute(b"UPDATE vault_holderkey SET version = 7 WHERE holder = 'team:1'")
    assert {one.subject for one in put_back()} == {"district:1", "school:1", "key:team:1"}
    assert differences() == []
    assert keys.newest_version("team:1") == 2
    # And the desk goes on from there.
    renew_key(committed_cast.viewer("sam"), committed_cast.teams["lakeside"].pk)
    assert differences() == []


def test_an_older_database_counts_again_by_both_shares_alone(
    committed_cast: Cast, owner: Owner
) -> None:
    cast = committed_cast
    shares = make_recovery([cast.center], {})
    remove_member(cast.viewer("sam"), cast.teams["lakeside"].pk, cast.people["bea"].pk)
    assert keys.newest_version("team:1") == 3
    owner.execute(b"DELETE FROM vault_holderkey WHERE holder = 'team:1' AND version = 3")
    older = Difference(Differs.OLDER, "key:team:1")
    for wrong in (split(b"w" * 32), (shares[0], split(b"w" * 32)[1])):
        with pytest.raises(RecoveryBroken):
            repin(*wrong)
    assert differences() == [older]
    assert keys.newest_version("team:1") == 3
    assert repin(*shares) == [older]
    assert keys.newest_version("team:1") == 2
    assert Entry.objects.filter(action="pin given up", subject_id="key:team:1").exists()


def test_shares_that_nobody_signed_give_nothing_up(committed_cast: Cast, owner: Owner) -> None:
    """Whoever writes the database can add a recovery key of their own, and has its shares."""
    pair = keys.pair_of(b"a" * 32)
    owner.execute(
        "INSERT INTO vault_holderkey (holder, version, public, signature, created_at)"
        " VALUES ('recovery:center:1', 9, %s, %s, now())",
        [pair.public, b"s" * 64],
    )
    owner.execute(b"DELETE FROM vault_holderkey WHERE holder = 'team:1' AND version = 2")
    with pytest.raises(RecoveryBroken):
        repin(*split(pair.private))
    assert (pin := settings.PINS.of("key:team:1")) is not None
    assert pin.counter == 2


def test_a_place_that_the_desk_made_is_signed(committed_cast: Cast, owner: Owner) -> None:
    assert Center.objects.count() == 2
    assert District.objects.count() == 3
    assert differences() == []
