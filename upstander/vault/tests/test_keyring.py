"""Key files: made once, closed to others, and each process reads only its own."""

import os
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from upstander.vault.errors import KeyDamaged, KeyExposed, KeyMissing, KeyNotForProcess
from upstander.vault.keyring import READERS, Keyring

PROCESSES = ("public", "desk", "worker", "command", "test")


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    keyring = Keyring(tmp_path / "keys")
    keyring.ensure()
    return keyring


def test_ensure_makes_every_key_closed_to_others(keyring: Keyring) -> None:
    made = [file for file in keyring.path.rglob("*") if file.is_file()]
    assert {str(file.relative_to(keyring.path)) for file in made} == {*READERS, "shred/1"}
    for folder in (keyring.path, keyring.path / "shred"):
        assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in made} == {0o600}
    assert len({keyring.read(name) for name in READERS}) == len(READERS)


def test_ensure_keeps_what_is_there(keyring: Keyring) -> None:
    before = {name: keyring.read(name) for name in READERS}
    (keyring.path / "field").unlink()

    assert keyring.ensure() == ("field",)

    after = {name: keyring.read(name) for name in READERS}
    assert {name for name in READERS if before[name] != after[name]} == {"field"}


def test_ensure_makes_no_second_shred_file(keyring: Keyring) -> None:
    (keyring.path / "shred" / "1").rename(keyring.path / "shred" / "7")
    keyring.ensure()
    assert [file.name for file in (keyring.path / "shred").iterdir()] == ["7"]


def test_the_shred_file_of_an_older_release_moves_to_its_place(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)
    (tmp_path / "keys" / "shred-1").write_bytes(b"k" * 32)
    Keyring(tmp_path / "keys").ensure()
    assert (tmp_path / "keys" / "shred" / "1").read_bytes() == b"k" * 32
    assert not (tmp_path / "keys" / "shred-1").exists()


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    keyring = Keyring(tmp_path / "keys")
    barrier = threading.Barrier(4)
    seen: list[bytes] = []

    def start() -> None:
        barrier.wait()
        keyring.ensure()
        seen.append(keyring.read("code") + keyring.read("verify"))

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(seen) == 4
    assert len(set(seen)) == 1


def test_both_halves_made_while_one_looked_are_not_a_lost_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring, other = Keyring(tmp_path / "keys"), Keyring(tmp_path / "keys")
    other.ensure()
    # As it looked when "signing" was not there yet and "verify", a moment later, was.
    monkeypatch.setattr(Keyring, "missing", lambda _: ("signing",))
    before = (keyring.path / "signing").read_bytes()
    keyring.ensure()
    assert (keyring.path / "signing").read_bytes() == before


def test_verify_is_the_public_half_of_signing(keyring: Keyring) -> None:
    for whole, half in (("signing", "verify"), ("checkpoint", "checkpoint-verify")):
        private = Ed25519PrivateKey.from_private_bytes(keyring.read(whole))
        assert private.public_key().public_bytes_raw() == keyring.read(half)


def test_a_lost_signing_key_is_not_replaced(keyring: Keyring) -> None:
    (keyring.path / "signing").unlink()
    with pytest.raises(KeyMissing, match="backup"):
        keyring.ensure()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_file_that_others_can_reach_is_refused(keyring: Keyring, mode: int) -> None:
    (keyring.path / "field").chmod(mode)
    with pytest.raises(KeyExposed, match="chmod 600"):
        keyring.read("field")


def test_a_missing_file_says_the_mend(keyring: Keyring) -> None:
    (keyring.path / "field").unlink()
    assert keyring.missing() == ("field",)
    with pytest.raises(KeyMissing, match="upstander init"):
        keyring.read("field")


@pytest.mark.parametrize("content", [b"", b"short", os.urandom(33)], ids=["empty", "short", "long"])
def test_a_damaged_file_is_refused(keyring: Keyring, content: bytes) -> None:
    (keyring.path / "field").write_bytes(content)
    with pytest.raises(KeyDamaged):
        keyring.read("field")


def test_a_name_is_no_path(keyring: Keyring) -> None:
    with pytest.raises(KeyMissing):
        keyring.read("../keys/field")


@pytest.mark.parametrize("process", PROCESSES)
def test_each_process_reads_its_own_keys_only(keyring: Keyring, process: str) -> None:
    own = Keyring(keyring.path, process)
    for name, readers in READERS.items():
        if process in readers:
            assert own.read(name) == keyring.read(name)
        else:
            with pytest.raises(KeyNotForProcess):
                own.read(name)


def test_the_process_that_faces_the_internet_holds_no_staff_key() -> None:
    public = {name for name, readers in READERS.items() if "public" in readers}
    assert not public & {"signing", "password-pepper", "person-pepper", "field", "django-desk"}


def test_only_the_public_process_can_make_return_codes() -> None:
    for name in ("code", "code-pepper"):
        assert not READERS[name] & {"desk", "worker"}
