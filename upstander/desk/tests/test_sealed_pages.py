"""What outsiders are handed: checkpoints, the sealed record, proofs; and how much each may know."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.test import Client

from conftest import Cast
from conftest import LoginRole as Role
from upstander.audit.actions import record
from upstander.audit.models import Checkpoint, Entry
from upstander.audit.proofs import prove
from upstander.audit.queries import last_before
from upstander.audit.sealing import seal
from upstander.audit.signing import public_key, signer
from upstander.audit.tickets import ticket_of
from upstander.audit.verifier.main import open_proof, read_parts
from upstander.audit.verifier.tree import Wrong
from upstander.desk.record import record_key
from upstander.desk.tests.story import handed_off
from upstander.people.scope import viewing
from upstander.vault.errors import KeyNotForProcess
from upstander.vault.keyring import Keyring

type SignIn = Callable[[Role], psycopg.Connection[tuple[Any, ...]]]


@pytest.fixture
def sealed(committed_cast: Cast, tmp_path: Path) -> Cast:
    """A tip handed off in Maple, and one in another center's district; all of it sealed, twice."""
    handed_off(committed_cast)
    seal(signer(), tmp_path / "checkpoint", datetime.now(UTC))
    handed_off(committed_cast, tile="bullying", teams=("birch",))
    seal(signer(), tmp_path / "checkpoint", datetime.now(UTC))
    return committed_cast


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


def ticket(entry: Entry) -> str:
    return ticket_of(record_key(), entry.pk)


def test_the_center_hands_a_monitor_all_that_proves_the_record(sealed: Cast) -> None:
    client = sealed.client("alice")
    key = public_key()
    assert text(client, "/record/key").strip() == str(key)
    assert "def main(" in text(client, "/record/verifier.py")
    newest = text(client, "/record/checkpoint")
    export = text(client, "/record/sealed.jsonl?from=0")
    kept = json.dumps({"checkpoint": newest})
    assert read_parts([("export", export), ("kept", kept)], [key]) == []
    assert Entry.objects.filter(action="sealed record exported").exists()
    assert str(key) in text(client, "/record/sealing")
    # Any change in the file is told.
    forged = export.replace('\\"action\\": \\"tip claimed', '\\"action\\": \\"tip ignored', 1)
    assert forged != export
    assert {f.kind for f in read_parts([("export", forged)], [key])} == {"changed"}


def test_an_entry_s_proof_is_one_file(sealed: Cast) -> None:
    client = sealed.client("alice")
    entry = Entry.objects.filter(action="tip claimed").earliest("pk")
    proof = text(client, f"/record/proof?entry={ticket(entry)}")
    canonical, place, signed = open_proof(proof, [public_key()])
    assert canonical == entry.canonical
    # Against the first checkpoint that seals it, which was the first of two.
    assert 0 <= place < signed.size < Checkpoint.objects.latest("id").size
    with pytest.raises(Wrong):
        open_proof(proof.replace(f"index {place}", f"index {place + 1}"), [public_key()])
    old, new = Checkpoint.objects.order_by("id").values_list("size", flat=True)
    assert text(client, f"/record/consistency?old={old}&new={new}").count("\n") > 0


def test_what_one_may_not_read_is_a_hash_in_the_export(sealed: Cast) -> None:
    """Cora's center serves another district: the same places and hashes, none of the texts."""
    alice = text(sealed.client("alice"), "/record/sealed.jsonl?from=0").splitlines()
    cora = text(sealed.client("cora"), "/record/sealed.jsonl?from=0")
    assert "canonical" in "".join(alice)
    assert "canonical" not in cora
    assert read_parts([("export", cora)], [public_key()]) == []
    entry = Entry.objects.filter(action="tip claimed").earliest("pk")
    assert "Location" in sealed.client("cora").get(f"/record/proof?entry={ticket(entry)}").headers


def test_schools_and_districts_are_told_of_nights_alone(sealed: Cast) -> None:
    """Counts by the minute, beside a network's log, would name a child."""
    night = Checkpoint.objects.get(day__isnull=False)
    entry = Entry.objects.filter(action="tip claimed").earliest("pk")
    for name in ("tom", "tara", "dee"):
        client = sealed.client(name)
        assert text(client, "/record/checkpoint") == night.note
        html = text(client, "/record/sealing")
        assert f"<dd>{night.size}</dd>" in html
        for path in ("/record/sealed.jsonl", "/record/consistency?old=1&new=2"):
            text(client, path, status=403)
        # Nor a place in the tree, of a tip's entry or of their own that they can make at will.
        for one in (entry, Entry.objects.filter(actor_id=sealed.people[name].pk).first()):
            if one is not None:
                assert client.get(f"/record/proof?entry={ticket(one)}").status_code == 302


@pytest.mark.parametrize(
    "active_role", ["upstander_school", "upstander_district", "upstander_center"]
)
def test_nor_by_a_query_that_was_tampered_with(
    sealed: Cast, real_database: SignIn, active_role: str
) -> None:
    staff = real_database(Role.STAFF)
    staff.execute(f"SET ROLE {active_role}".encode())
    token = sealed.viewer("tom").scope
    staff.execute("SELECT set_config('upstander.token', %s, false)", [token])
    sizes = staff.execute("SELECT size FROM audit_checkpoint").fetchall()
    assert sizes in ([], [(Checkpoint.objects.get(day__isnull=False).size,)])
    with suppress(psycopg.errors.InsufficientPrivilege):
        assert staff.execute("SELECT count(*) FROM audit_tile").fetchone() == (0,)
    for entry in Entry.objects.exclude(subject_kind="duty").values_list("pk", flat=True):
        assert staff.execute("SELECT api.record_place(%s)", [entry]).fetchone() == (None,)
        tiles = (
            "SELECT count(*) FROM api.record_tiles(p_entry => %s, p_levels => '{0}', "
            "p_numbers => '{0}')"
        )
        assert staff.execute(tiles.encode(), [entry]).fetchone() == (0,)


def test_a_duty_is_proved_by_whose_it_is(committed_cast: Cast, tmp_path: Path) -> None:
    tom, uma = committed_cast.viewer("tom"), committed_cast.viewer("uma")
    with viewing(tom):
        record(
            "duty: first",
            actor=tom,
            subject_kind="duty",
            subject_id="one",
            district_id=committed_cast.maple.pk,
        )
    seal(signer(), tmp_path / "checkpoint", datetime.now(UTC))
    entry = Entry.objects.get(action="duty: first")
    with viewing(tom):
        proof = prove(entry, nightly=True)
    assert proof is not None
    assert open_proof(proof.text, [public_key()])[0] == entry.canonical
    with viewing(uma):
        assert prove(entry, nightly=True) is None
    # Nor by whoever leads the district: it may be about them, or about whom they depend on.
    for name in ("dee", "pia"):
        with viewing(committed_cast.viewer(name)):
            assert prove(entry, nightly=True) is None


def test_before_the_first_sealing_pages_say_so(cast: Cast) -> None:
    for name in ("alice", "tom", "ada"):
        client = cast.client(name)
        assert "Nothing is sealed yet" in text(client, "/record/sealing")
        assert client.get("/record/checkpoint").status_code == 302
    assert text(cast.client("alice"), "/record/sealed.jsonl") == ""
    for query in ("old=1&new=2", "old=x", "old=²&new=1", "new=" + "9" * 40):
        assert cast.client("alice").get(f"/record/consistency?{query}").status_code == 302
    for start in ("x", "-1", "²", "9" * 30, "99999999999999999"):
        assert text(cast.client("alice"), f"/record/sealed.jsonl?from={start}") == ""


def test_the_desk_can_not_sign() -> None:
    for process in ("desk", "public"):
        with pytest.raises(KeyNotForProcess):
            Keyring(settings.HOME.keys, process).read("checkpoint")


def test_a_look_at_the_last_weeks_begins_where_they_do(sealed: Cast) -> None:
    first = Entry.objects.earliest("pk").pk
    night = Checkpoint.objects.get(day__isnull=False)
    assert night.day is not None
    bound = last_before(night.day)
    assert bound is not None
    assert bound < first
    assert last_before(night.day - timedelta(days=1)) is None
    assert "claimed by someone else" not in text(sealed.client("sam"), "/record/access")
