"""A worker that is killed, stopped or cut off loses no page: real processes, real role."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest

from conftest import Cast
from tests.faults.mail import MailServer
from tests.faults.paging import PATIENCE, OwnDatabase, SignIn, Worker, many_alerts, run_worker
from tests.servers import SOURCE, until
from upstander.config.database import Role
from upstander.escalations.models import Page, Step
from upstander.escalations.sending import begin_attempt, claim_pages, send_page, sweep_pages
from upstander.escalations.sweeps import sweep_steps
from upstander.escalations.tests.alerts import an_alert
from upstander.escalations.turns import LOCK_STEPS

pytestmark = [pytest.mark.servers, pytest.mark.slow]


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


def sent() -> int:
    return Page.objects.filter(state=Page.State.SENT).count()


def test_the_real_worker_asks_everybody_once(
    own_database: OwnDatabase, mail_server: MailServer, start_worker: Callable[..., Worker]
) -> None:
    cast = own_database.cast
    an_alert(cast, "cedar")
    start_worker()
    team = [cast.people[name].email for name in ("tara", "tom", "uma")]
    assert until(lambda: all(mail_server.to(address) for address in team), PATIENCE)
    assert until(lambda: sent() == 3, PATIENCE)
    assert len(mail_server.got) == 3
    message = mail_server.to(cast.people["tom"].email)[0]
    assert "K7Q-2MX" in str(message["Subject"])


#: A worker that is killed at one point: what it replaces, and when it dies.
_DYING = """
import os, signal
os.environ["DJANGO_SETTINGS_MODULE"] = "upstander.config.settings"
import django
django.setup()
from upstander.escalations import sweeps, sending
point = {point!r}
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
def then_die(work):
    def both(*args, **kwargs):
        work(*args, **kwargs)
        die()
    return both
match point:
    case "steps written": sweeps.ask = then_die(sweeps.ask)
    case "claimed": sending.begin_attempt = die
    case "attempt counted": sending.deliver = die
    case "delivery written":
        from upstander.carriers.email import Mail
        Mail.send = die
    case "sent": sending.deliver = then_die(sending.deliver)
    case "finishing": sending._finish = die
    case "finished": sending._finish = then_die(sending._finish)
while True:
    sweeps.sweep_steps()
    sending.sweep_pages()
"""
_POINTS = {
    "steps written": 0,
    "claimed": 0,
    "attempt counted": 0,
    "delivery written": 0,
    "sent": 1,
    "finishing": 1,
    "finished": 1,
}


@pytest.mark.parametrize("point", list(_POINTS))
def test_killed_at_each_point_it_is_taken_over(
    own_database: OwnDatabase,
    mail_server: MailServer,
    start_worker: Callable[..., Worker],
    point: str,
) -> None:
    """Nothing is lost; once more than needed is the most that can happen."""
    an_alert(own_database.cast, "birch")
    dying = start_worker(_DYING.format(point=point))
    assert dying.wait(PATIENCE) == -signal.SIGKILL
    assert len(mail_server.got) == _POINTS[point]
    own_database.let_leases_expire()
    sweep_steps()
    for page in claim_pages(token := uuid4()):
        send_page(page, token)
    assert Page.objects.get().state == Page.State.SENT


def test_a_sender_that_lives_keeps_what_it_sends_and_a_dead_one_does_not(
    own_database: OwnDatabase, mail_server: MailServer, start_worker: Callable[..., Worker]
) -> None:
    an_alert(own_database.cast, "birch")
    mail_server.silent.set()
    first = start_worker()
    assert mail_server.holding.wait(PATIENCE)
    before = Page.objects.get().lease_until
    # It waits for the mail server, and says every second that it still does.
    assert until(lambda: Page.objects.get().lease_until != before, PATIENCE)
    assert claim_pages(uuid4()) == []
    first.send_signal(signal.SIGKILL)
    first.wait()
    mail_server.silent.clear()
    # No more than the lease is between a death and the next attempt; nobody has to notice it.
    start_worker()
    assert until(lambda: sent() == 1, PATIENCE)
    assert Page.objects.get().attempts == 2
    assert len(mail_server.got) == 1


def test_stopped_past_its_lease_and_resumed_it_writes_nothing_over(
    own_database: OwnDatabase, mail_server: MailServer, start_worker: Callable[..., Worker]
) -> None:
    an_alert(own_database.cast, "birch")
    mail_server.silent.set()
    stopped = start_worker()
    assert mail_server.holding.wait(PATIENCE)
    stopped.send_signal(signal.SIGSTOP)
    own_database.let_leases_expire()
    mail_server.silent.clear()
    start_worker()
    assert until(lambda: sent() == 1, PATIENCE)
    finished = Page.objects.values("sent_at", "delivery_id", "attempts").get()
    stopped.send_signal(signal.SIGCONT)
    # What it was sending comes back as failed, or as sent once more: another has it since.
    an_alert(own_database.cast, "birch")
    assert until(lambda: sent() == 2, PATIENCE)
    first = Page.objects.order_by("sent_at", "pk").values("sent_at", "delivery_id", "attempts")
    assert finished in list(first)
    assert Page.objects.filter(state=Page.State.FAILED).count() == 0


def test_a_thousand_alerts_with_random_faults_and_none_without_a_page(
    own_database: OwnDatabase, mail_server: MailServer, start_worker: Callable[..., Worker]
) -> None:
    """Two workers, killed again and again, with a mail server that refuses and drops at random."""
    count, chance = 1000, random.Random(7)
    alerts = many_alerts(own_database.cast, count)
    address = own_database.cast.people["bob"].email
    workers = [start_worker(), start_worker()]
    kills = 0
    with own_database.sign_in(Role.OWNER) as owner:

        def done() -> int:
            row = owner.execute(
                "SELECT count(DISTINCT alert_id) FROM escalations_page WHERE state = 'sent'"
            ).fetchone()
            return int(row[0]) if row else 0

        def shake() -> bool:
            nonlocal kills
            if done() == count:
                return True
            match chance.randrange(10):
                case 0 if kills < 6:
                    victim = chance.randrange(2)
                    workers[victim].kill()
                    workers[victim].wait()
                    workers[victim] = start_worker()
                    kills += 1
                case 1 | 2:
                    mail_server.refuse[address] = "451 not now"
                case 3:
                    mail_server.drop.set()
                case _:
                    mail_server.refuse.clear()
                    mail_server.drop.clear()
            # Time passes for what is to be tried again; who holds a claim keeps it.
            owner.execute(
                "UPDATE escalations_page SET due_at = now() WHERE state = 'due' AND due_at > now()"
                " AND step_number = 1 AND attempts < 5"
            )
            return False

        assert until(shake, 4 * PATIENCE, pause=0.3), f"{count - done()} alerts without a page"
    assert kills > 0
    # One mail tells of many, so that each is in one of them.
    names, told, twice = {alert.reference for alert in alerts}, set[str](), 0
    for message in mail_server.got:
        parts = [one for one in message.walk() if not one.is_multipart()]
        text = "".join(bytes(one.get_payload(decode=True)).decode() for one in parts)
        of = {name for name in names if name in f"{message['Subject']} {text}"}
        assert of, "a mail about nothing"
        twice += bool(of & told)
        told |= of
    assert told == names
    # What was under way when somebody was killed, or its connection dropped, goes out once more.
    assert twice <= 12 * (kills + 1) + mail_server.dropped


def test_of_two_workers_one_sends(own_database: OwnDatabase) -> None:
    an_alert(own_database.cast, "birch")
    sweep_steps()
    with own_database.sign_in(Role.WORKER) as other:
        other.execute("BEGIN")
        other.execute("SELECT id FROM escalations_page WHERE state = 'due' FOR UPDATE")
        assert sweep_pages() == 0
        other.execute("ROLLBACK")
    assert sweep_pages() == 1


def test_whoever_is_told_of_an_alert_waits_for_none_who_answers_it(
    own_database: OwnDatabase,
) -> None:
    """An answer locks all pages of its alert, in no order that a sender knows."""
    alert = an_alert(own_database.cast, "birch")
    sweep_steps()
    page = Page.objects.get()
    other = Page.objects.create(
        alert_id=alert.pk,
        district_id=page.district_id,
        step_number=2,
        person_id=page.person_id,
        channel=page.channel,
        due_at=page.due_at,
    )
    [claimed] = claim_pages(token := uuid4(), 1)
    with own_database.sign_in(Role.WORKER) as answering:
        answering.execute("BEGIN")
        answering.execute(
            "SELECT id FROM escalations_page WHERE id <> %s FOR UPDATE NOWAIT", [claimed]
        )
        assert send_page(claimed, token)
        answering.execute("ROLLBACK")
    states = {one.pk: one.state for one in Page.objects.all()}
    assert states[claimed] == Page.State.SENT
    assert Page.State.DUE in (states[page.pk], states[other.pk])


def test_a_claim_that_was_taken_over_sends_and_finishes_nothing(own_database: OwnDatabase) -> None:
    an_alert(own_database.cast, "birch")
    sweep_steps()
    mine, others = uuid4(), uuid4()
    [page] = claim_pages(mine)
    own_database.let_leases_expire()
    assert claim_pages(others) == [page]
    assert not send_page(page, mine)
    assert begin_attempt(page, mine) is None
    assert begin_attempt(page, others) is not None


def test_an_answer_while_steps_become_pages_cancels_them(own_database: OwnDatabase) -> None:
    """The worker holds step and alert; the answer waits, and then finds the pages it wrote."""
    alert = an_alert(own_database.cast, "birch")
    with own_database.sign_in(Role.WORKER) as worker:
        worker.execute("BEGIN")
        steps = list(Step.objects.values_list("pk", flat=True))
        worker.execute(LOCK_STEPS.encode(), {"ids": steps})
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
        until(lambda: _waits(own_database), 60)
        worker.execute("COMMIT")
        assert answering.wait(PATIENCE) == 0
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
from upstander.escalations.actions.alerts import acknowledge
from upstander.escalations.models import Acknowledgement
from upstander.people import sessions
from upstander.people.models import Person
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
