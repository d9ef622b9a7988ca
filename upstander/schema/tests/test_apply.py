"""`upstander migrate` puts in force what changed, all or nothing, and leaves the rest alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from django.db.utils import OperationalError, ProgrammingError

from conftest import LoginRole
from upstander.schema import apply, shipped
from upstander.schema.tests.test_standing import SignIn
from upstander.schema.texts import Definition, definitions

_HERE = Path(__file__)


def _with(monkeypatch: pytest.MonkeyPatch, *changed: Definition, without: str = "") -> None:
    texts = {key: one for key, one in definitions().items() if one.name != without}
    texts.update({one.key: one for one in changed})
    monkeypatch.setattr(apply, "definitions", lambda: texts)


def _function(name: str, arguments: str, result: str, body: str) -> Definition:
    text = (
        f"CREATE OR REPLACE FUNCTION {name}({arguments}) RETURNS {result} LANGUAGE sql AS '{body}'"
    )
    return Definition("function", name, "tips", (text,), _HERE)


def _ask(query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        [value] = cursor.fetchone() or [None]
    return value


def test_nothing_to_do_is_nothing_done(real_database: SignIn) -> None:
    """A second run changes not even a row number of the catalogs."""
    apply.migrate()
    assert apply.pending() == []
    before = _ask("SELECT max(xmin::text::bigint) FROM pg_policy")
    apply.migrate()
    assert _ask("SELECT max(xmin::text::bigint) FROM pg_policy") == before


def test_new_changed_and_gone(real_database: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function is made, replaced (also by one with other arguments) and dropped."""
    name = "public.tips_example"
    _with(monkeypatch, _function(name, "", "integer", "SELECT 1"))
    assert apply.pending() == [f"function {name}"]
    apply.migrate()
    assert _ask("SELECT tips_example()") == 1
    _with(monkeypatch, _function(name, "", "text", "SELECT 1::text"))
    apply.migrate()
    assert _ask("SELECT tips_example()") == "1"
    _with(monkeypatch, _function(name, "p_one integer", "integer", "SELECT p_one"))
    apply.migrate()
    assert _ask("SELECT count(*) FROM pg_proc WHERE proname = 'tips_example'") == 1
    assert _ask("SELECT tips_example(p_one => 7)") == 7
    monkeypatch.undo()
    apply.migrate()
    assert _ask("SELECT count(*) FROM pg_proc WHERE proname = 'tips_example'") == 0
    assert shipped.differences() == []


def test_what_depends_on_a_function_that_goes_is_made_anew(
    real_database: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A policy names its function: with another result, both are made anew."""
    name = "api.excluded_matters"
    one = definitions()["function", name]
    other = one.statements[0].replace("RETURNS uuid[]", "RETURNS SETOF uuid")
    other = other.replace("coalesce(array_agg(b.matter_id), '{}')", "b.matter_id")
    assert other != one.statements[0]
    _with(monkeypatch, replace(one, statements=(other, *one.statements[1:])))
    with pytest.raises(ProgrammingError):
        apply.migrate()  # the policies don't fit it, and so nothing was done
    monkeypatch.undo()
    assert shipped.differences() == []
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION api.excluded_matters CASCADE")
    assert any("policy tips_tip.center: missing" in str(d) for d in shipped.differences())
    apply.migrate()
    assert shipped.differences() == []


def test_a_policy_that_changed_and_one_that_is_missing(
    real_database: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is gone is made again, also where the digest says that it was made."""
    with connection.cursor() as cursor:
        cursor.execute("DROP POLICY center ON tips_note")
        cursor.execute("DROP TRIGGER audit_entry_refuse ON audit_entry")
    apply.migrate()
    assert shipped.differences() == []
    policy = definitions()["policy", "tips_note.center"]
    _with(monkeypatch, without="tips_note.center")
    apply.migrate()
    assert [str(d) for d in shipped.differences()] == ["policy tips_note.center: missing"]
    _with(monkeypatch, policy)
    apply.migrate()
    assert shipped.differences() == []


def test_anew_puts_back_what_somebody_changed_by_hand(real_database: SignIn) -> None:
    """An ordinary update leaves it, so that it is not hidden before anybody has looked."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER POLICY center ON tips_tip USING (true)")
        cursor.execute("CREATE POLICY more ON tips_tip FOR SELECT TO upstander_school USING (true)")
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_refuse")
        cursor.execute("GRANT SELECT ON tips_message TO upstander_public")
        cursor.execute(
            "CREATE FUNCTION api.way_in() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
            " AS 'SELECT count(*) FROM tips_tip'"
        )
    apply.migrate()
    assert len(shipped.differences()) == 5
    apply.migrate(anew=True)
    assert shipped.differences() == []
    assert apply.pending() == []


def test_all_or_nothing(real_database: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """One text that PostgreSQL refuses: none of the others is in force."""
    broken = Definition(
        "trigger", "tips_tip.none", "tips", ("CREATE TRIGGER none ON tips_tip",), _HERE
    )
    _with(monkeypatch, _function("public.tips_example", "", "integer", "SELECT 1"), broken)
    with pytest.raises(ProgrammingError):
        apply.migrate()
    assert _ask("SELECT count(*) FROM pg_proc WHERE proname = 'tips_example'") == 0


def test_it_waits_for_no_lock_for_long(
    real_database: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who works on the table is not kept waiting behind an update that waits itself."""
    monkeypatch.setattr(apply, "LOCK_TIMEOUT", "200ms")
    _with(monkeypatch, without="tips_note.center")
    busy = real_database(LoginRole.OWNER)
    with busy.transaction():
        busy.execute("SELECT count(*) FROM tips_note")
        with pytest.raises(OperationalError, match="lock timeout"):
            apply.migrate()
    monkeypatch.undo()
    assert shipped.differences() == []
