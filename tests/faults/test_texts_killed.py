"""Texts, with `kill -9` of everything that takes and sends them: each comes once, and each goes."""

from __future__ import annotations

import itertools
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import requests
from django.conf import settings

from conftest import Cast
from tests.faults.mail import MailServer
from tests.faults.paging import OwnDatabase, Worker, run_worker
from tests.faults.test_killed import victims
from tests.phones import Phones, phones
from tests.servers import System
from tests.waiting import PATIENCE, until, until_all
from upstander.carriers.tests.lines import Site, entry, site, write_providers
from upstander.config.database import Role
from upstander.doors.texts import numbers
from upstander.doors.texts.tests.lines import LINE, Door
from upstander.doors.texts.unheard import EVERY, YOUNGEST
from upstander.tips.actions.writing import add_reply
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.work import claim_tip

__all__ = ["phones", "site"]
pytestmark = [pytest.mark.servers, pytest.mark.slow]

#: Phones that write two texts each (555-01xx: nobody's), and who is killed after so many were sent.
WRITERS = [f"+1{area}55501{number:02}" for area in (203, 860) for number in range(30, 60)]
KILLS = ((20, "public"), (45, "worker"), (60, "database"), (80, "public worker"), (100, "worker"))


class _Writing:
    """Students' phones at the demo's own providers."""

    def __init__(self, system: System) -> None:
        self.system, self.sent, self.lock = system, 0, threading.Lock()

    def write(self, phone: str) -> None:
        """Send two texts; the provider takes them, whoever of ours is away."""
        for turn in ("It begins.", "It goes on."):
            taken = requests.post(
                f"{self.system.phones}/control/phones/{phone}/texts",
                json={"body": f"{turn} {phone[-4:]} {phone[2:5]}", "line": LINE},
                timeout=PATIENCE,
            )
            assert taken.status_code == 200, taken.text
            with self.lock:
                self.sent += 1
            time.sleep(0.05)


def kept(system: System) -> list[int]:
    """Return how many turns of its reporter each tip by text has."""
    with system.sign_in(Role.OWNER) as owner:
        rows = owner.execute(
            "SELECT count(m.id) FROM tips_tip t JOIN tips_message m ON m.tip_id = t.id"
            " WHERE t.channel = 'sms' AND m.author = 'reporter' AND m.kind = 'text' GROUP BY t.id"
        )
        return [int(row[0]) for row in rows.fetchall()]


def let_pass(system: System, seconds: float) -> None:
    """Let time pass by the database's clock, which all go by; it stays ahead."""
    with system.sign_in(Role.OWNER) as owner:
        owner.execute(
            "CREATE OR REPLACE FUNCTION api.clock_now() RETURNS timestamptz LANGUAGE sql STABLE"
            f" PARALLEL SAFE AS $$ SELECT now() + interval '{seconds} seconds' $$".encode()
        )


def test_each_text_that_a_provider_took_is_kept_once(mortal: System) -> None:
    writing, done = _Writing(mortal), threading.Event()

    def kill() -> list[str]:
        killed = []
        for count, name in KILLS:
            while (writing.sent < count or not victims(mortal, name)) and not done.is_set():
                time.sleep(0.01)
            for pid in victims(mortal, name):
                os.kill(pid, signal.SIGKILL)
            killed.append(name)
        return killed

    with ThreadPoolExecutor(5) as threads:
        killer = threads.submit(kill)
        for one in [threads.submit(writing.write, phone) for phone in WRITERS]:
            one.result()
        done.set()
        assert killer.result() == [name for _, name in KILLS]

    def there() -> int:
        try:
            return sum(kept(mortal))
        except psycopg.Error:  # the database is on its way back
            return -1

    # What a provider's call did not reach is handed in by the worker once it has lain there long
    # enough, and what is refused then at the next look: that time passes.
    assert until(lambda: mortal.answers(mortal.public_port))
    assert until(lambda: there() >= 0)
    ahead = itertools.count(YOUNGEST + 5, EVERY)

    def later() -> int:
        let_pass(mortal, next(ahead))
        return there()

    until_all(later, 2 * len(WRITERS), pause=1.5)
    assert kept(mortal) == [2] * len(WRITERS), "none lost, none twice, none in another's talk"


@pytest.fixture
def cast(committed_cast: Cast) -> Cast:
    """The public site stands before the same people."""
    return committed_cast


@pytest.fixture
def door(
    own_database: OwnDatabase,
    site: Site,
    phones: Phones,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Door:
    """A line at a provider that takes its time."""
    numbers.forget()
    write_providers(tmp_path, monkeypatch, entry(phones, "north", 1))
    with (tmp_path / "providers.toml").open("a") as file:
        file.write(f'[[line]]\nnumber = "{LINE}"\nprovider = "north"\ndistrict = "maple-valley"\n')
    phones.provider("north").account.lines[LINE] = ""
    phones.provider("north").behave(hang=0.2)
    return Door(own_database.cast, site, phones)


@pytest.fixture
def start(own_database: OwnDatabase) -> Iterator[Callable[[], Worker]]:
    """Give a function that starts the real worker."""
    mail, started = MailServer(), list[Worker]()

    def now() -> Worker:
        environment = own_database.environment() | {"UPSTANDER_PROVIDERS": settings.PROVIDERS}
        started.append(run_worker(environment, mail.port))
        return started[-1]

    yield now
    for worker in started:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    mail.stop()


class _Replies:
    """One reply to each of a few phones that wrote, on its way out."""

    def __init__(self, own_database: OwnDatabase, door: Door) -> None:
        self.own_database, self.door, self.writers = own_database, door, WRITERS[:12]
        for phone in self.writers:
            door.text("Is somebody there?", phone)
        alice = own_database.cast.viewer("alice")
        for tip in Tip.objects.filter(channel="sms"):
            claim_tip(alice, tip.pk)
            add_reply(open_tip(alice, tip.pk), "Somebody is here.")

    def counts(self) -> list[int]:
        """Return how often each phone got its reply; what waits falls due meanwhile."""
        with self.own_database.sign_in(Role.OWNER) as owner:
            # Who died with a text in hand is waited for; that time passes.
            owner.execute("UPDATE doors_textorder SET due_at = now() WHERE due_at > now()")
        arrived = map(self.door.arrived, self.writers)
        return [sum("Somebody is here." in text for text in texts) for texts in arrived]

    def all_go(self, deaths: int) -> None:
        """Wait until all have gone; no death made more than one go once more."""
        assert until(lambda: all(self.counts()), pause=2.5), self.counts()
        assert sum(self.counts()) <= len(self.writers) + deaths
        with self.own_database.sign_in(Role.OWNER) as owner:
            left = owner.execute(
                "SELECT count(*) FROM doors_textorder WHERE sealed IS NOT NULL AND state <> 'due'"
            ).fetchone()
        assert left == (0,), "no envelope outlives its text"


def die(worker: Worker) -> None:
    """Kill it, as `kill -9` does."""
    worker.send_signal(signal.SIGKILL)
    worker.wait()


def test_a_reply_goes_out_though_its_sender_dies_after_so_many(
    own_database: OwnDatabase, door: Door, start: Callable[[], Worker]
) -> None:
    replies, points = _Replies(own_database, door), (1, 4, 7, 10)
    for point in points:
        worker = start()
        assert until(lambda point=point: sum(replies.counts()) >= point)  # type: ignore[misc]
        die(worker)
    start()
    replies.all_go(len(points))


@pytest.mark.soak
def test_a_reply_goes_out_though_its_sender_dies_at_any_moment(
    own_database: OwnDatabase, door: Door, start: Callable[[], Worker], lots: random.Random
) -> None:
    replies = _Replies(own_database, door)
    for _ in range(15):
        worker = start()
        # A start takes some two seconds; the blow comes while texts go out.
        time.sleep(lots.uniform(1.0, 5.0))
        die(worker)
    start()
    replies.all_go(15)
