"""The session of somebody who has left, in the hands of whoever has the desk's password.

They may take on any of the staff's roles and ask any table: under each there is nobody behind the
session but as `upstander_former`, and there it has its own reports alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors

from conftest import Cast, LoginRole
from upstander.mandated.leaving.actions import agree_shutting, ask_shutting
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.matters.models import Folder
from upstander.people import factories
from upstander.people.actions import way_in
from upstander.people.keys import person_mac
from upstander.people.roles import Role
from upstander.people.scope import DATABASE_ROLE
from upstander.people.tests.cast import PASSWORD, with_password

SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]
NEW = "five quiet herons over the marsh"
#: Where they see rows at all, and which: nothing of anybody's but of their own reports.
OWN = {
    "mandated_duty",
    "mandated_dutyevent",
    "places_district",
    "places_school",
    "people_team",
    "people_membership",
    "people_person",
    "matters_folder",
    "matters_foldergrant",
    "vault_shredkey",
    # Public keys, the record of their own report, the law as it was confirmed.
    "vault_holderkey",
    # What is signed of the offices and the district that they see.
    "vault_signedstatement",
    "audit_entry",
    "audit_checkpoint",
    "mandated_confirmation",
    "written_agencypdf",
}


def test_under_no_role_is_there_anything_else(committed_cast: Cast, real_database: SignIn) -> None:
    cast = committed_cast
    offices(cast)
    abe = factories.make_person("Abe", cast.keys)
    factories.join(abe, cast.teams["administration"], Role.ADMINISTRATOR, cast.keys)
    tess = with_password(cast, "tess")
    own, other = suspect(cast), suspect(cast, who="tom")
    held = suspect(cast, who="hana")
    asked = ask_shutting(cast.viewer("ada"), tess.pk, "Suspended.")
    staff = real_database(LoginRole.STAFF)
    second = agree_shutting(factories.viewer(abe, cast.keys), asked)
    assert second is not None
    way_in.take_up(second.secret, old=PASSWORD, new=NEW)
    tess.refresh_from_db()
    viewer = factories.viewer(tess, cast.keys)
    with staff.cursor() as cursor:
        cursor.execute("SELECT set_config('upstander.token', %s, false)", [viewer.scope])
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall()]
        for role in sorted(set(DATABASE_ROLE.values())):
            cursor.execute(f"SET ROLE {role}")
            seen = set()
            for table in tables:
                try:
                    cursor.execute(f"SELECT count(*) FROM {table}")
                except errors.InsufficientPrivilege:
                    continue
                if (cursor.fetchone() or (0,))[0]:
                    seen.add(table)
            if role != "upstander_former":
                assert seen == set(), role
                continue
            assert seen <= OWN, seen - OWN
            cursor.execute("SELECT id FROM mandated_duty")
            assert cursor.fetchall() == [(own,)]
            cursor.execute("SELECT DISTINCT kind FROM matters_folder")
            assert cursor.fetchall() == [("duty",)]
            cursor.execute("SELECT DISTINCT kind FROM people_team")
            assert cursor.fetchall() == [("office",)]
            cursor.execute("SELECT DISTINCT holder FROM matters_foldergrant")
            assert cursor.fetchall() == [(f"person:{tess.pk}",)]
            theirs = {Folder.objects.get(opened_by=tess.pk).pk}
            cursor.execute("SELECT subject_id FROM audit_entry")
            assert {one for (one,) in cursor.fetchall()} <= {str(own), *map(str, theirs)}
            for duty in (other, held):
                with pytest.raises((errors.NoDataFound, errors.InsufficientPrivilege)):
                    cursor.execute(
                        "SELECT api.add_to_duty(p_duty => %s, p_event => %s, p_kind => 'said',"
                        " p_happened => NULL, p_way => '', p_flag => NULL, p_remind => NULL,"
                        " p_sealed => 'x')",
                        [duty, uuid4()],
                    )
            for forbidden in (
                "SELECT api.new_folder(p_folder => NULL, p_kind => 'duty', p_district => 1,"
                " p_school => NULL, p_matter => NULL, p_shred => '', p_shred_version => 1,"
                " p_shred_mark => '', p_holders => '{}', p_versions => '{}', p_blobs => '{}')",
                "SELECT * FROM api.people_near(1)",
                "SELECT api.lock_out(1, '')",
                "UPDATE people_wayin SET ends_at = NULL",
                "SELECT * FROM api.shuttings()",
                "UPDATE mandated_shutting SET agreed_by = 1",
            ):
                with pytest.raises(psycopg.Error):
                    cursor.execute(forbidden)
            with pytest.raises(errors.InsufficientPrivilege):
                cursor.execute(
                    "SELECT api.share_folder(p_folder => %s, p_holder => %s, p_version => 1,"
                    " p_blob => 'x', p_until => NULL)",
                    [Folder.objects.filter(opened_by=cast.people["tom"].pk).get().pk, "mac:00"],
                )
        # The other way round: nobody who has not left is somebody as that.
        cursor.execute("SET ROLE upstander_former")
        tara = cast.viewer("tara")
        cursor.execute("SELECT set_config('upstander.token', %s, false)", [tara.scope])
        cursor.execute("SELECT api.scope_person()")
        assert cursor.fetchone() == (None,)
        # An administrator alone, by SQL, and agreeing with themselves.
        tom, ada = cast.people["tom"].pk, cast.viewer("ada")
        cursor.execute("SET ROLE upstander_admin")
        cursor.execute("SELECT set_config('upstander.token', %s, false)", [ada.scope])
        asked_again = uuid4()
        cursor.execute(
            "SELECT api.ask_shutting(p_id => %s, p_person => %s, p_reason => 'x')",
            [asked_again, tom],
        )
        for attack, values in (
            ("UPDATE people_person SET is_active = false WHERE id = %s", [tom]),
            ("SELECT api.lock_out(%s, %s)", [tom, person_mac(tom)]),
            (
                "SELECT * FROM api.agree_shutting(p_id => %s, p_mac => %s)",
                [asked_again, person_mac(tom)],
            ),
            ("DELETE FROM people_membership WHERE person_id = %s", [tom]),
            ("UPDATE mandated_shutting SET agreed_by = 1 WHERE person_id = %s", [tom]),
        ):
            with pytest.raises(psycopg.Error):
                cursor.execute(attack, values)
