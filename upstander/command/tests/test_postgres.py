"""The embedded PostgreSQL: a real server, killed in all ways that happen."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.waiting import PATIENCE, until
from upstander.command.account import account_ids
from upstander.command.launch import dying_with_us
from upstander.command.postgres import EmbeddedPostgres, PostgresFailed, is_running
from upstander.config.home import Home

SOURCE = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.servers


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "home").ensure()
    yield home
    if home.socket != home.run:
        shutil.rmtree(home.socket, ignore_errors=True)


def postgres_processes(home: Home) -> list[int]:
    """Ids of the processes that work on this data folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
                if state != "Z" and os.readlink(entry / "cwd") == str(home.postgres):
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def wait_until_gone(home: Home) -> list[int]:
    until(lambda: not postgres_processes(home))
    return postgres_processes(home)


def test_it_starts_keeps_data_and_stops_without_a_trace(home: Home) -> None:
    with EmbeddedPostgres(home) as server:
        with psycopg.connect(server.superuser_conninfo(), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('here')")
            settings = connection.execute(
                "SELECT current_setting('data_checksums'), current_setting('server_encoding'),"
                " current_setting('listen_addresses'), current_setting('fsync'),"
                " datlocprovider, datlocale FROM pg_database WHERE datname = 'postgres'"
            ).fetchone()
        assert settings == ("on", "UTF8", "", "on", "b", "C.UTF-8")
        # This account's own, or, where root may enter no namespace, the other's that runs it.
        assert server.process is not None
        runs_as = Path(f"/proc/{server.process.pid}").stat().st_uid
        assert home.postgres.stat().st_uid == runs_as
        assert runs_as in {os.geteuid()} | (account_ids() if os.geteuid() == 0 else set())
        assert home.root.stat().st_mode & 0o077 == 0
        assert home.postgres.stat().st_mode & 0o077 == 0
    assert wait_until_gone(home) == []
    with (
        EmbeddedPostgres(home) as server,
        psycopg.connect(server.superuser_conninfo()) as connection,
    ):
        assert connection.execute("SELECT word FROM kept").fetchall() == [("here",)]


def test_nobody_gets_in_without_a_password(home: Home) -> None:
    with EmbeddedPostgres(home, durable=False) as server:
        for wrong in ("", "postgres"):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(server.superuser_conninfo(), password=wrong)


def test_no_word_of_a_failed_statement_reaches_the_log(home: Home) -> None:
    with (
        EmbeddedPostgres(home, durable=False) as server,
        psycopg.connect(server.superuser_conninfo(), autocommit=True) as connection,
    ):
        connection.execute("CREATE TABLE words (word text UNIQUE)")
        connection.execute("INSERT INTO words VALUES ('saltlamp')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO words VALUES (%s)", ["saltlamp"])
        with pytest.raises(psycopg.errors.SyntaxError):
            connection.execute("SELECT saltlamp FROM")
    assert "saltlamp" not in (home.run / "postgres.log").read_text()


def test_a_clock_that_is_set_for_a_rehearsal_is_the_databases_too(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKETIME_DONT_FAKE_MONOTONIC", "1")
    with EmbeddedPostgres(home, durable=False) as server:
        assert server.process is not None
        known = Path(f"/proc/{server.process.pid}/environ").read_bytes().split(b"\0")
    assert b"FAKETIME_DONT_FAKE_MONOTONIC=1" in known


def test_it_starts_again_after_being_killed(home: Home) -> None:
    with EmbeddedPostgres(home, durable=False) as server:
        with psycopg.connect(server.superuser_conninfo(), autocommit=True):
            assert server.process is not None
            os.kill(server.process.pid, signal.SIGKILL)
            server.process.wait()
            server.start()
        assert is_running(home)


def test_a_stale_pid_of_another_program_is_no_obstacle(home: Home) -> None:
    with EmbeddedPostgres(home, durable=False):
        pid_file = (home.postgres / "postmaster.pid").read_text()
    lines = pid_file.split("\n")
    lines[0] = str(os.getppid())
    (home.postgres / "postmaster.pid").write_text("\n".join(lines))
    with EmbeddedPostgres(home, durable=False):
        assert is_running(home)


def test_two_cannot_use_one_folder(home: Home) -> None:
    with (
        EmbeddedPostgres(home, durable=False),
        pytest.raises(PostgresFailed, match="another upstander"),
        EmbeddedPostgres(home),
    ):
        pass


def test_a_long_path_gets_a_short_private_socket_folder(tmp_path: Path) -> None:
    home = Home(tmp_path / ("long" * 25)).ensure()
    try:
        assert home.socket != home.run
        assert home.socket.stat().st_mode & 0o777 == 0o700
        with EmbeddedPostgres(home, durable=False):
            assert is_running(home)
        home.socket.rmdir()
        home.socket.symlink_to(tmp_path)
        with pytest.raises(PermissionError):
            home.ensure()
        home.socket.unlink()
    finally:
        shutil.rmtree(home.socket, ignore_errors=True)


RUN_AND_WAIT = """
import sys, time
from pathlib import Path
from upstander.command.postgres import EmbeddedPostgres
from upstander.config.home import Home
with EmbeddedPostgres(Home(Path(sys.argv[1])), durable=False):
    print("up", flush=True)
    time.sleep(60)
"""


def run_and_wait(home: Home, *wrapper: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [*wrapper, sys.executable, "-c", RUN_AND_WAIT, str(home.root)],
        env={"PYTHONPATH": str(SOURCE), "PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def test_nothing_is_left_when_whoever_started_it_is_killed(home: Home) -> None:
    process = run_and_wait(home)
    assert postgres_processes(home)
    process.kill()
    process.communicate()
    assert wait_until_gone(home) == []


def _may_enter_a_namespace() -> bool:
    tried = [*dying_with_us("true", options=["--not-root"])]
    known = {"PYTHONPATH": str(SOURCE), "PATH": os.environ["PATH"]}
    return subprocess.run(tried, env=known, check=False, capture_output=True).returncode == 0


if _may_enter_a_namespace():  # where root may not, test_account.py tells how it runs

    def test_it_runs_as_a_plain_account_too(home: Home) -> None:
        # Root becomes a plain account here (in a namespace); a plain account already is one.
        process = run_and_wait(home, *dying_with_us(options=["--not-root"]))
        assert postgres_processes(home)
        process.terminate()
        process.communicate()
        assert wait_until_gone(home) == []


def test_where_its_data_has_gone_nothing_is_made_in_its_place(home: Home) -> None:
    # An empty database that answers would look like a system that lost every tip and is well.
    with EmbeddedPostgres(home) as server:
        assert server.process is not None
        server.process.kill()
        server.process.wait(PATIENCE)
        shutil.rmtree(home.root)
        with pytest.raises(PostgresFailed, match="is gone"):
            server.start()
        assert not home.postgres.exists()
