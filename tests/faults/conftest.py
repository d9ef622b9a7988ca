"""A system of its own for what kills: durable, as in real life, and run by the real command.

`kill -9` takes a process's memory, not what it handed to the operating system; so these tests would
pass without fsync too, but not with `synchronous_commit = off`, which the fast test database has.
What a power cut takes is tested nowhere: for that we rely on PostgreSQL's fsync, which is on.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conftest import Cast
from tests.faults.mail import MailServer
from tests.faults.paging import OwnDatabase, SignIn, Worker, run_worker
from tests.servers import System


@pytest.fixture(scope="package")
def mortal(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system whose processes may be killed; whoever did waits until they are back."""
    running = System(tmp_path_factory.mktemp("mortal") / "home", durable=True)
    running.start(like=demo_home)
    yield running
    running.stop()


@pytest.fixture
def own_database(real_database: SignIn, committed_cast: Cast) -> OwnDatabase:
    """Give a database in which everything that is written stays written."""
    return OwnDatabase(committed_cast, real_database)


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """Give a mail server that can be told to refuse, or to keep silent."""
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture
def start_worker(
    own_database: OwnDatabase, mail_server: MailServer
) -> Iterator[Callable[..., Worker]]:
    """Give a function that starts the real worker, or code, on the test's own database."""
    started: list[Worker] = []

    def start(code: str = "") -> Worker:
        started.append(run_worker(own_database.environment(), mail_server.port, code=code))
        return started[-1]

    yield start
    for process in started:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()
