"""The record attacked by the database's owner, who can switch every guard off: found, and named.

The owner holds no signing key and no file that lies outside the database; that is all there is
against them. Each way of changing the past is tried, and what was done is called by its name.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from upstander.audit.sealing import SealRefused, seal
from upstander.audit.signing import Signer
from upstander.audit.tests.owner import SIGNER, Database, SignIn, findings, ids, write
from upstander.audit.verifier.single import as_one_file
from upstander.audit.verifier.whole import Finding
from upstander.config.database import Role

REFUSED = (
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.CheckViolation,
    psycopg.errors.UndefinedTable,
)
#: An entry by its own canonical form, made anew: what an owner does who knows how it is made.
REFORGE = (
    "UPDATE audit_entry SET canonical = (canonical::jsonb || jsonb_build_object({0}))::text {1};"
    "UPDATE audit_entry SET leaf = sha256('\\x00'::bytea || convert_to(canonical, 'UTF8')) {1};"
)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "record" / "checkpoint"


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Clock:
    """This machine's time, which the worker signs."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=20)
        return self.now


@pytest.fixture
def owner(real_database: SignIn, kept: Path) -> Database:
    """Three batches of entries, each sealed; guards are off from now on."""
    owner = real_database(Role.OWNER)
    start = datetime.now(UTC)
    for number in range(3):
        write(owner, 3)
        # Checkpoints close to each other in time, as they are.
        assert seal(SIGNER, kept, start + timedelta(seconds=number)) == 3
    for table in ("audit_entry", "audit_tile", "audit_checkpoint", "audit_head"):
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
    return owner


def named(found: list[Finding]) -> set[tuple[str, int | None]]:
    return {(finding.kind, finding.entry) for finding in found}


def test_an_untouched_record_is_whole(owner: Database, kept: Path) -> None:
    assert findings(kept.read_text()) == []


CHANGES = [
    ("UPDATE audit_entry SET actor_id = 8 WHERE id = {0}", "actor_id is 8, was sealed as 7"),
    ("UPDATE audit_entry SET action = 'slept' WHERE id = {0}", "'slept', was sealed as 'tip"),
    ("UPDATE audit_entry SET detail = '{{\"a\": 1}}' WHERE id = {0}", "detail is"),
    (
        "UPDATE audit_entry SET district_id = 1, matter_id = gen_random_uuid() WHERE id = {0}",
        "district_id is 1, was sealed as None",
    ),
    ("UPDATE audit_entry SET at = at - interval '3 days' WHERE id = {0}", "at is"),
    ("UPDATE audit_entry SET canonical = canonical || ' ' WHERE id = {0}", "its text"),
    ("UPDATE audit_entry SET leaf = sha256('x') WHERE id = {0}", "its hash is another"),
    (REFORGE.format("'actor_id', 8", "WHERE id = {0}"), "its text"),
    (REFORGE.format("'at', '2020-01-01T00:00:00Z'", "WHERE id = {0}"), "its text"),
]


def test_a_changed_entry_is_named_with_what_was_changed(owner: Database) -> None:
    victim = ids(owner)[4]
    owner.execute("CREATE TABLE before AS SELECT * FROM audit_entry")
    for change, says in CHANGES:
        owner.execute(change.format(victim).encode())
        found = findings()
        assert named(found) == {("changed", victim)}, change
        assert says in found[0].says
        owner.execute("DELETE FROM audit_entry")
        owner.execute("INSERT INTO audit_entry SELECT * FROM before")
    assert findings() == []


def test_deleted_entries_are_named(owner: Database) -> None:
    first, *_, last = ids(owner)
    owner.execute("DELETE FROM audit_entry WHERE id IN (%s, %s)", [first, last])
    assert named(findings()) == {("deleted", first), ("deleted", last)}


@pytest.mark.parametrize("xid", ["xid", "1", "xid + 1"])
def test_an_entry_that_is_slipped_in_is_named(owner: Database, xid: str) -> None:
    """With a free number, an old transaction, an old time and a right hash."""
    owner.execute(
        "INSERT INTO audit_entry (id, xid, at, actor_kind, actor_id, action, subject_kind,"
        f" subject_id, detail, canonical, leaf) SELECT 1000000, {xid}, at, actor_kind, actor_id,"
        " action, subject_kind, subject_id, detail, c,"
        " sha256('\\x00'::bytea || convert_to(c, 'UTF8')) FROM (SELECT *,"
        " (canonical::jsonb || '{\"id\": 1000000}')::text AS c FROM audit_entry"
        f" WHERE id = {ids(owner)[1]}) e".encode()
    )
    assert named(findings()) == {("inserted", 1_000_000)}


def test_two_entries_that_changed_places_are_named(owner: Database) -> None:
    one, other = ids(owner)[2:4]
    for old, new in ((one, -1), (other, one), (-1, other)):
        owner.execute("UPDATE audit_entry SET id = %s WHERE id = %s", [new, old])
    assert named(findings()) == {("changed", one), ("changed", other)}


def test_with_their_places_in_the_tree_changed_too(owner: Database) -> None:
    """Numbers in the tile swapped as well: the text still says which entry it is of."""
    one, other = ids(owner)[2:4]
    owner.execute(
        "UPDATE audit_tile SET entries[3] = entries[4], entries[4] = entries[3] WHERE level = 0"
    )
    assert {(f.kind, f.entry) for f in findings()} == {("changed", one), ("changed", other)}


def test_the_tree_rewritten_to_fit_is_named_to_the_batch(owner: Database, kept: Path) -> None:
    """Entry, text, hash and tiles all fit each other: only the signatures don't."""
    before, victim, after = ids(owner)[3:6]
    owner.execute(REFORGE.format("'at', '2020-01-01T00:00:00Z'", f"WHERE id = {victim}").encode())
    owner.execute("UPDATE audit_entry SET at = '2020-01-01' WHERE id = %s", [victim])
    rebuild(owner)
    found = [f for f in findings() if f.kind == "rewritten"]
    assert len(found) == 1
    for entry in (before, victim, after):
        assert str(entry) in found[0].says
    assert ("back-dated", victim) in named(findings())
    # And nothing more is signed.
    write_enabled(owner)
    with pytest.raises(SealRefused, match="not those of then"):
        seal(SIGNER, kept, datetime.now(UTC))


def test_a_rewriter_who_also_removes_the_checkpoints_is_found_by_the_kept_one(
    owner: Database, kept: Path
) -> None:
    owner.execute(REFORGE.format("'action', 'slept'", f"WHERE id = {ids(owner)[4]}").encode())
    owner.execute("UPDATE audit_entry SET action = 'slept' WHERE id = %s", [ids(owner)[4]])
    rebuild(owner)
    owner.execute("DELETE FROM audit_checkpoint")
    found = findings(kept.read_text())
    assert "rewritten" in {f.kind for f in found}
    with pytest.raises(SealRefused):
        seal(SIGNER, kept, datetime.now(UTC))


def test_an_end_that_was_cut_off_is_found_by_the_kept_one(owner: Database, kept: Path) -> None:
    gone = ids(owner)[-3:]
    owner.execute("DELETE FROM audit_entry WHERE id = ANY(%s)", [gone])
    owner.execute("DELETE FROM audit_checkpoint WHERE size = 9")
    owner.execute("UPDATE audit_head SET size = 6")
    rebuild(owner)
    found = findings(kept.read_text())
    assert "9 entries, 6 are here" in " ".join(f.says for f in found if f.kind == "deleted")
    with pytest.raises(SealRefused, match="taken away"):
        seal(SIGNER, kept, datetime.now(UTC))


def test_a_checkpoint_of_another_key_is_none(owner: Database) -> None:
    forger = Signer(SIGNER.name, b"f" * 32)
    note = forger.sign(9, b"x" * 32, 1_800_000_000)
    owner.execute("UPDATE audit_checkpoint SET note = %s WHERE size = 9", [note])
    found = findings()
    assert "forged" in {f.kind for f in found}
    assert "unsigned" in {f.kind for f in found}


def test_a_back_dated_entry_is_named_though_it_was_sealed_in_due_form(
    owner: Database, kept: Path, clock: Clock
) -> None:
    """Written today by an owner who sets the database's clock back to last week."""
    write_enabled(owner)
    write(owner)
    seal(SIGNER, kept, clock())
    owner.execute(
        "CREATE OR REPLACE FUNCTION api.clock_now() RETURNS timestamptz LANGUAGE sql STABLE"
        " AS $$SELECT now() - interval '7 days'$$"
    )
    write(owner)
    seal(SIGNER, kept, clock())
    assert named(findings(kept.read_text())) == {("back-dated", ids(owner)[-1])}


def test_an_upper_tile_that_does_not_follow_is_named(real_database: SignIn, kept: Path) -> None:
    owner = real_database(Role.OWNER)
    write(owner, 600)
    assert seal(SIGNER, kept, datetime.now(UTC)) == 600
    assert findings() == []
    owner.execute("ALTER TABLE audit_tile DISABLE TRIGGER USER")
    owner.execute("UPDATE audit_tile SET hashes = sha256('a') || sha256('b') WHERE level = 1")
    assert [f.says for f in findings()] == ["tile 1/0 does not follow from those below it"]


GUARDED = [
    "UPDATE audit_tile SET hashes = substr(hashes, 33)",
    "UPDATE audit_tile SET hashes = sha256('a') || substr(hashes, 33)",
    "UPDATE audit_tile SET entries[1] = 5",
    "UPDATE audit_tile SET number = 7",
    "DELETE FROM audit_tile",
    "TRUNCATE audit_tile",
    "UPDATE audit_checkpoint SET size = 5",
    "UPDATE audit_checkpoint SET note = 'x'",
    "UPDATE audit_checkpoint SET at = now()",
    "DELETE FROM audit_checkpoint",
    "UPDATE audit_head SET size = 0",
    "DELETE FROM audit_head",
]


@pytest.mark.parametrize("role", list(Role))
def test_while_the_guards_stand_nothing_sealed_is_changed(
    real_database: SignIn, kept: Path, role: Role
) -> None:
    write(real_database(Role.OWNER), 3)
    seal(SIGNER, kept, datetime.now(UTC))
    attacker = real_database(role)
    for change in GUARDED:
        with pytest.raises(REFUSED):
            attacker.execute(change.encode())
    assert findings(kept.read_text()) == []


# --- The monitor's own machine -------------------------------------------------------------------
def test_the_single_file_runs_with_only_python(owner: Database, kept: Path, tmp_path: Path) -> None:
    program = tmp_path / "verifier.py"
    program.write_text(as_one_file())
    export = tmp_path / "sealed.jsonl"
    export.write_text(exported(owner))

    def run(*arguments: object) -> tuple[int, str]:
        # -I -S: no environment, no site-packages. Only Python.
        done = subprocess.run(
            [sys.executable, "-I", "-S", program, *map(str, arguments), "--key", str(SIGNER.key)],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
        assert done.stderr == ""
        return done.returncode, done.stdout

    assert run("checkpoint", kept) == (0, run("checkpoint", kept)[1])
    assert run("record", export, "--kept", kept) == (0, "the record is whole\n")
    victim = ids(owner)[4]
    owner.execute(REFORGE.format("'actor_id', 8", f"WHERE id = {victim}").encode())
    rebuild(owner)
    later = tmp_path / "later.jsonl"
    later.write_text(exported(owner))
    status, said = run("record", later, "--kept", kept)
    assert status == 1
    assert "REWRITTEN" in said
    # Who kept the earlier file as well is told the very entry.
    status, said = run("record", export, later)
    assert f"CHANGED: entry {victim} (place 4) is another than in an earlier file" in said


def exported(owner: Database) -> str:
    """The export's lines, made here: the pages that hand it out have tests of their own."""
    lines = [
        {"place": place, "entry": number, "leaf": bytes(leaf).hex(), "canonical": text}
        for place, (number, leaf, text) in enumerate(
            owner.execute("SELECT id, leaf, canonical FROM audit_entry ORDER BY xid, id")
        )
    ]
    notes = owner.execute("SELECT note FROM audit_checkpoint ORDER BY id").fetchall()
    return "".join(
        json.dumps(line) + "\n" for line in (*lines, *({"checkpoint": note} for (note,) in notes))
    )


def rebuild(owner: Database) -> None:
    """Make the tiles fit the entries as they stand now (fewer than 256)."""
    owner.execute(
        "UPDATE audit_tile SET hashes = s.hashes, entries = s.entries FROM (SELECT"
        " string_agg(leaf, ''::bytea ORDER BY xid, id) AS hashes,"
        " array_agg(id ORDER BY xid, id) AS entries FROM audit_entry) s WHERE level = 0"
    )


def write_enabled(owner: Database) -> None:
    owner.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")
