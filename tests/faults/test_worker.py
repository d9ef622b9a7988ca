"""A worker that is killed, stopped or cut off loses no page: real processes, real role."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from uuid import uuid4

import pytest

from tests.faults.mail import MailServer
from tests.faults.paging import OwnDatabase, Worker
from tests.servers import SOURCE
from tests.waiting import PATIENCE, until
from upstander.config.database import Role
from upstander.escalations.models import Page, Step
from upstander.escalations.sending import begin_attempt, claim_pages, send_page, sweep_pages
from upstander.escalations.sweeps import sweep_steps
from upstander.escalations.tests.alerts import an_alert
from upstander.escalations.turns import LOCK_STEPS

pytestmark = [pytest.mark.servers, pytest.mark.slow]


def sent() -> int:
    return Page.objects.filter(state=Page.State.SENT).count()


def test_the_real_worker_asks_everybody_once(
    own_database: OwnDatabase, mail_server: MailServer, start_worker: Callable[..., Worker]
) -> None:
    cast = own_database.cast
    an_alert(cast, "cedar")
    start_worker()
    team = [cast.people[name].email for name in ("tara", "tom", "uma")]
    assert until(lambda: all(mail_server.to(address) for address in team))
    assert until(lambda: sent() == 3)
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
    assert until(lambda: Page.objects.get().lease_until != before)
    assert claim_pages(uuid4()) == []
    first.send_signal(signal.SIGKILL)
    first.wait()
    mail_server.silent.clear()
    # No more than the lease is between a death and the next attempt; nobody has to notice it.
    start_worker()
    assert until(lambda: sent() == 1)
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
    assert until(lambda: sent() == 1)
    finished = Page.objects.values("sent_at", "delivery_id", "attempts").get()
    stopped.send_signal(signal.SIGCONT)
    # What it was sending comes back as failed, or as sent once more: another has it since.
    an_alert(own_database.cast, "birch")
    assert until(lambda: sent() == 2)
    first = Page.objects.order_by("sent_at", "pk").values("sent_at", "delivery_id", "attempts")
    assert finished in list(first)
    assert Page.objects.filter(state=Page.State.FAILED).count() == 0


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
        bob = own_database.cast.people["bob"].pk
        seed = own_database.cast.keys.people[bob].hex()
        answering = subprocess.Popen(
            [sys.executable, "-c", _ANSWER, str(alert.pk), str(bob), seed],
            cwd=SOURCE,
            env=own_database.environment() | {"UPSTANDER_PROCESS": "desk"},
        )
        until(lambda: _waits(own_database))
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
person = Person.objects.get(pk=int(sys.argv[2]))
token = sessions.begin(person, bytes.fromhex(sys.argv[3]), complete=True)
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
