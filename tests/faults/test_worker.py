"""A worker that is killed loses no page: real processes, real role, a mail server that can hang."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from conftest import Cast
from tests.faults.mail import MailServer
from tests.servers import SOURCE, until
from upstander.config.database import Role
from upstander.escalations.clock import (
    DUE_STEPS,
    claim_pages,
    renew_lease,
    sweep_pages,
    sweep_steps,
)
from upstander.escalations.models import Page
from upstander.escalations.tests.alerts import an_alert

pytestmark = [pytest.mark.servers, pytest.mark.slow]

#: Seconds that a process may take on a busy machine.
PATIENCE = 60.0
type Worker = subprocess.Popen[bytes]
type SignIn = Callable[[Role], psycopg.Connection[tuple[Any, ...]]]


@dataclass(frozen=True)
class OwnDatabase:
    """A database of the test's own, with the named cast in it."""

    cast: Cast
    sign_in: SignIn

    def environment(self) -> dict[str, str]:
        """Return what a process of our own needs to work on this database."""
        server = connection.settings_dict
        return {
            "PATH": os.environ["PATH"],
            "UPSTANDER_HOME": os.environ["UPSTANDER_HOME"],
            "DATABASE_URL": f"postgresql://localhost:{server['PORT']}/{server['NAME']}"
            f"?host={server['HOST']}",
        }


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
) -> Iterator[Callable[[], Worker]]:
    """Give a function that starts the real worker on the test's own database."""
    started: list[Worker] = []

    def start() -> Worker:
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "upstander.command.worker"],
                cwd=SOURCE,
                env=own_database.environment()
                | {
                    "UPSTANDER_SMTP_HOST": "127.0.0.1",
                    "UPSTANDER_SMTP_PORT": str(mail_server.port),
                },
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def let_leases_expire(owner: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Let a minute pass for those who hold a claim."""
    owner.execute("UPDATE escalations_page SET lease_until = now() - interval '1 s'")


def test_the_real_worker_asks_everybody_once(
    own_database: OwnDatabase, mail_server: MailServer, start_worker: Callable[[], Worker]
) -> None:
    cast = own_database.cast
    an_alert(cast, "cedar")
    start_worker()
    team = [cast.people[name].email for name in ("tara", "tom", "uma")]
    assert until(lambda: all(mail_server.to(address) for address in team), PATIENCE)
    assert until(lambda: Page.objects.filter(state=Page.State.SENT).count() == 3, PATIENCE)
    assert len(mail_server.got) == 3
    message = mail_server.to(cast.people["tom"].email)[0]
    assert "K7Q-2MX" in str(message["Subject"])
    assert str(message["X-Upstander-Page"]) in {str(page.pk) for page in Page.objects.all()}


def test_killed_between_claim_and_answer_it_is_sent_again(
    own_database: OwnDatabase, mail_server: MailServer, start_worker: Callable[[], Worker]
) -> None:
    an_alert(own_database.cast, "birch")
    mail_server.silent.set()
    first = start_worker()
    assert mail_server.holding.wait(30)
    page = Page.objects.get()
    assert page.state == Page.State.DUE
    assert page.lease_token is not None
    first.send_signal(signal.SIGKILL)
    first.wait()

    mail_server.silent.clear()
    # Before the lease is over nobody takes it: the first might still live.
    assert sweep_pages() == 0
    with own_database.sign_in(Role.OWNER) as owner:
        let_leases_expire(owner)
    start_worker()
    assert until(lambda: Page.objects.get().state == Page.State.SENT, PATIENCE)
    assert [str(message["X-Upstander-Page"]) for message in mail_server.got] == [str(page.pk)]
    assert Page.objects.get().attempts == 2


def test_of_two_workers_one_sends(own_database: OwnDatabase) -> None:
    an_alert(own_database.cast, "birch")
    sweep_steps()
    with own_database.sign_in(Role.WORKER) as other:
        other.execute("BEGIN")
        other.execute("SELECT id FROM escalations_page WHERE state = 'due' FOR UPDATE")
        assert sweep_pages() == 0
        other.execute("ROLLBACK")
    assert sweep_pages() == 1


def test_a_claim_that_was_taken_over_sends_and_finishes_nothing(own_database: OwnDatabase) -> None:
    an_alert(own_database.cast, "birch")
    sweep_steps()
    mine, others = uuid4(), uuid4()
    claim_pages(mine)
    page = Page.objects.get(lease_token=mine)
    with own_database.sign_in(Role.OWNER) as owner:
        let_leases_expire(owner)
    claim_pages(others)
    assert not renew_lease(page, mine)
    assert renew_lease(page, others)


def test_an_answer_while_steps_become_pages_cancels_them(own_database: OwnDatabase) -> None:
    """The worker holds step and alert; the answer waits, and then finds the pages it wrote."""
    alert = an_alert(own_database.cast, "birch")
    with own_database.sign_in(Role.WORKER) as worker:
        worker.execute("BEGIN")
        worker.execute(DUE_STEPS.encode(), [50])
        worker.execute(
            "INSERT INTO escalations_page (id, district_id, step_number, round, person_id, channel,"
            " state, due_at, attempts, reason, alert_id) VALUES (gen_random_uuid(), %s, 1, 1, %s,"
            " 'email', 'due', now(), 0, '', %s)",
            [alert.district_id, own_database.cast.people["bob"].pk, alert.pk],
        )
        answering = subprocess.Popen(
            [sys.executable, "-c", _ANSWER, str(alert.pk), str(own_database.cast.people["bob"].pk)],
            cwd=SOURCE,
            env=own_database.environment() | {"UPSTANDER_PROCESS": "desk"},
        )
        until(lambda: _waits(own_database), 20)
        worker.execute("COMMIT")
        assert answering.wait(30) == 0
    assert {page.state for page in Page.objects.all()} == {Page.State.CANCELLED}


def test_a_worker_waits_for_no_answer(own_database: OwnDatabase) -> None:
    alert = an_alert(own_database.cast, "birch")
    with own_database.sign_in(Role.OWNER) as answering:
        answering.execute("BEGIN")
        answering.execute("SELECT id FROM escalations_alert WHERE id = %s FOR UPDATE", [alert.pk])
        assert sweep_steps() == 0
        answering.execute("ROLLBACK")
    assert sweep_steps() == 1


#: The answer of another process, which can wait for a lock while the test goes on.
_ANSWER = """
import os, sys, uuid
os.environ["DJANGO_SETTINGS_MODULE"] = "upstander.config.settings"
import django
django.setup()
from upstander.escalations.actions import acknowledge
from upstander.escalations.models import Acknowledgement
from upstander.places import sessions
from upstander.places.models import Person
token = sessions.begin(Person.objects.get(pk=int(sys.argv[2])), None, complete=True)
acknowledge(
    sessions.read(token).viewer, uuid.UUID(sys.argv[1]), Acknowledgement.Answer.HAVE_IT
)
"""


def _waits(own_database: OwnDatabase) -> bool:
    with own_database.sign_in(Role.OWNER) as owner:
        row = owner.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype IN"
            " ('transactionid', 'tuple')"
        ).fetchone()
    return bool(row and row[0])
