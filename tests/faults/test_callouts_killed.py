"""Callouts, with `kill -9` of everything: none is lost, and nobody is sent to two children."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import psycopg
import pytest
import requests

from tests.faults.paging import OwnDatabase, Worker
from tests.faults.test_killed import victims
from tests.servers import SOURCE, System
from tests.waiting import PATIENCE, until
from upstander.callouts.actions.callouts import panic
from upstander.callouts.models import Callout
from upstander.callouts.sweeps import sweep_callouts
from upstander.callouts.tests.setup import asked, going, kinds, mobile, row, step
from upstander.config.database import Role
from upstander.config.environment import machine_clock
from upstander.escalations.actions.alerts import answer_alert
from upstander.escalations.models import Acknowledgement, Alert
from upstander.escalations.sweeps import sweep_steps
from upstander.people.scope import System as Worked

pytestmark = [pytest.mark.servers, pytest.mark.slow]

#: A worker that is killed at one point of what it does with callouts, before anything is committed.
_DYING = """
import os, signal
os.environ["DJANGO_SETTINGS_MODULE"] = "upstander.config.settings"
import django
django.setup()
from upstander.callouts import sweeps
def then_die(work):
    def both(*args, **kwargs):
        work(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
    return both
setattr(sweeps, {point!r}, then_die(getattr(sweeps, {point!r})))
while True:
    sweeps.sweep_callouts()
"""


@pytest.mark.parametrize("point", ["ring", "take", "answer_alert", "_follow", "sweep_callouts"])
def test_callout_is_followed_though_the_worker_dies(
    own_database: OwnDatabase, start_worker: Callable[..., Worker], point: str
) -> None:
    """Two are offered and one says yes to both: one is theirs, and the next is asked for the other.

    A third waits for triage, so that the desk must be rung.
    """
    here = mobile(own_database.cast)
    ones = [asked(here) for _ in range(3)]
    for one in ones[:2]:
        step(here, "lou", one, "go")
        alert = Alert.objects.get(subject_id=one)
        yes = Acknowledgement.Answer.HAVE_IT
        answer_alert(alert, here.id_of("max"), yes, actor=Worked(), via="sms", now=alert.opened_at)
    dying = start_worker(_DYING.format(point=point))
    assert dying.wait(PATIENCE) == -signal.SIGKILL
    for _ in range(2):
        sweep_callouts()
    states = sorted(row(one).state for one in ones)
    assert states == ["accepted", "asked", "waiting"]
    assert Callout.objects.filter(held_by=here.id_of("max")).count() == 1
    steps = [kind for one in ones for kind in kinds(one)]
    assert (steps.count("accepted"), steps.count("offered")) == (1, 2), "each once"
    running = Alert.objects.filter(state=Alert.State.OPEN)
    assert {one.subject_id for one in running} == {
        pk for pk in ones if row(pk).state != "accepted"
    }, "somebody is asked about each of the others"


def test_silent_alarm_rings_though_the_worker_dies(
    own_database: OwnDatabase, start_worker: Callable[..., Worker]
) -> None:
    here = mobile(own_database.cast)
    one = going(here)
    panic(own_database.cast.viewer("mia"), one)
    script = _DYING.replace("callouts", "escalations").replace("sweep_escalations", "sweep_steps")
    dying = start_worker(script.format(point="ask"))
    assert dying.wait(PATIENCE) == -signal.SIGKILL
    while sweep_steps():
        pass
    alert = Alert.objects.get(subject_id=one, page="panic")
    rung = sorted(set(alert.pages.values_list("person_id", flat=True)))
    assert rung == sorted(here.id_of(name) for name in ("max", "noor", "lou"))


#: How many, who goes, and who is killed: any of them, after some of the presses.
MANY, PEOPLE = 300, ("vera@river.example", "imani@river.example", "leo@river.example")
KILLED = ("desk worker", "desk", "worker", "database", "one backend")
_TOKEN = "c" * 32


class _Person:
    """Somebody at the desk, who presses again until they get an answer."""

    def __init__(self, system: System, email: str, pressed: Callable[[], None]) -> None:
        self.system, self.pressed = system, pressed
        environment = {
            "PATH": os.environ["PATH"],
            **machine_clock(),
            "UPSTANDER_HOME": str(system.home.root),
            "UPSTANDER_DESK_PORT": str(system.desk_port),
            "UPSTANDER_PUBLIC_PORT": str(system.public_port),
            "UPSTANDER_PROCESS": "desk",
            "UPSTANDER_DEMO": "1",
        }
        found = subprocess.run(
            [sys.executable, "-m", "tests.bench.signin", email, "1"],
            env=environment,
            cwd=SOURCE,
            capture_output=True,
            check=True,
        )
        [cookie] = json.loads(found.stdout)
        self.headers = {"Cookie": f"{cookie}; csrftoken={_TOKEN}", "Origin": system.desk}

    def post(self, path: str, **form: str) -> str:
        """Press; return where it leads, once somebody answers."""
        answers: list[requests.Response] = []

        def press() -> bool:
            try:
                answer = requests.post(
                    self.system.desk + path,
                    data={"csrfmiddlewaretoken": _TOKEN, **form},
                    headers=self.headers,
                    allow_redirects=False,
                    timeout=PATIENCE,
                )
            except requests.RequestException:
                return False
            answers.append(answer)
            return answer.status_code < 500

        assert until(press, pause=0.2), "nobody came back"
        self.pressed()
        assert answers[-1].status_code == 302, answers[-1].text[-2000:]
        return answers[-1].headers["Location"]


def _victims(system: System, name: str) -> list[int]:
    """Return the processes of that name, of the desk's too."""
    every = [pid for pid, line in system.processes() if "upstander.command.web desk" in line]
    if name == "one backend":
        return [pid for pid, line in system.processes() if ": upstander_center " in line][:1]
    if name == "desk worker":
        return every[1:]
    return every[:1] if name == "desk" else victims(system, name)


def _steps(system: System) -> list[tuple[UUID, str, int | None]]:
    """Return all steps in their order: of which callout, which, and whose it became."""
    found: list[list[tuple[UUID, str, int | None]]] = []

    def read() -> bool:
        try:
            with system.sign_in(Role.OWNER) as owner:
                rows = owner.execute(
                    "SELECT callout_id, kind, to_id FROM callouts_event ORDER BY id"
                ).fetchall()
        except psycopg.Error:  # the database is on its way back
            return False
        found.append([(one, str(kind), to) for one, kind, to in rows])
        return True

    assert until(read, pause=0.2)
    return found[-1]


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_no_callout_is_lost_or_held_by_two(mortal: System, lots: random.Random) -> None:
    presses, lock, done = [0], threading.Lock(), threading.Event()

    def pressed() -> None:
        with lock:
            presses[0] += 1

    vera, imani, leo = (_Person(mortal, email, pressed) for email in PEOPLE)
    with mortal.sign_in(Role.OWNER) as owner:
        towns = [
            f"{team}:{town}"
            for team, town in owner.execute("SELECT team_id, towns[1] FROM callouts_site")
        ]
    killed: list[str] = []

    def kill() -> None:
        while not done.is_set():
            after = presses[0] + lots.randrange(20, 60)
            while presses[0] < after and not done.wait(0.05):
                pass
            name = lots.choice(KILLED)
            for pid in _victims(mortal, name):
                os.kill(pid, signal.SIGKILL)
                killed.append(name)

    def ask(number: int) -> str:
        form = {"danger": "no", "language": "en", "story": f"Number {number}."}
        form |= {"town": lots.choice(towns), "where": "1 Mill Road"}
        page = vera.post("/callouts/new", **form)
        vera.post(f"{page}/do", act="go")
        return re.sub(r".*/", "", page)

    def go(person: _Person, ones: list[str]) -> None:
        """Take each that is still to be had, be there, and end it."""
        for one in ones:
            for press in (
                {"act": "accept"},
                {"act": "arrived"},
                {"act": "ended", "code": "stayed"},
            ):
                person.post(f"/callouts/{one}/do", **press)

    with ThreadPoolExecutor(4) as threads:
        killer = threads.submit(kill)
        ones = [ask(number) for number in range(MANY)]
        for some in [threads.submit(go, person, ones) for person in (imani, leo, vera)]:
            some.result()
        done.set()
        killer.result()
    _all_went(_steps(mortal), {UUID(one) for one in ones})
    assert set(killed), "the blows hit nobody"


def _all_went(steps: list[tuple[UUID, str, int | None]], ones: set[UUID]) -> None:
    """Each that was asked for was decided, had and ended, and nobody had two at a time."""
    has: dict[int, UUID] = {}
    ended = set[UUID]()
    for one, kind, to in steps:
        if kind == "accepted" and to is not None:
            assert has.get(to, one) == one, "nobody is with two children"
            assert one not in has.values(), "and nobody's child is somebody else's too"
            has[to] = one
        elif kind in ("ended", "released"):
            has = {who: what for who, what in has.items() if what != one}
            ended |= {one} if kind == "ended" else set()
    assert ended >= ones, "none is lost"
