"""Promise 1, accepted means kept: `kill -9` of everything, one after the other, under load."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from tests.phone import Answer, Phone, Unreachable
from tests.servers import System
from tests.waiting import until
from upstander.config.database import Role
from upstander.tips.envelopes import open_words
from upstander.vault import codes
from upstander.vault.envelopes import bind, unseal
from upstander.vault.keyring import SHRED_FOLDER
from upstander.vault.seeds import seed_from
from upstander.vault.shred_files import ShredFiles

pytestmark = [pytest.mark.servers, pytest.mark.slow]

TIPS, CLIENTS, OPENED_IN_A_BROWSER = 1000, 8, 40
#: How long a child keeps trying, in seconds. The longest restart is PostgreSQL's.
STUBBORN = 60.0

#: After so many tips, who is killed.
KILLS = (
    (80, "public worker"),
    (200, "database"),
    (350, "public"),
    (450, "worker"),
    (550, "one backend"),
    (700, "database and public"),
    (850, "public worker"),
)


@dataclass
class Told:
    """What reporters saw: text → return code."""

    codes: dict[str, str] = field(default_factory=dict)
    retries: int = 0
    problems: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def patiently(phone: Phone, step: Callable[[], Answer], told: Told) -> Answer:
    """Try again until a whole answer comes that is no "not now", as a child does with Reload."""
    deadline = time.monotonic() + STUBBORN
    while True:
        try:
            answer = step()
            if answer.status != 503:
                return answer
        except Unreachable:
            pass
        assert time.monotonic() < deadline, "nobody came back"
        with told.lock:
            told.retries += 1
        time.sleep(0.15)


def report(system: System, number: int, told: Told) -> None:
    """Send one tip until a return code is shown."""
    phone = Phone(system.public_port)
    text = f"Tip number {number}: he wrote it on the wall again."
    try:
        form = patiently(phone, lambda: phone.get("/report"), told)
        filled = {"token": form.field("token"), "text": text, "tile": "other"}
        answer = patiently(phone, lambda: phone.post("/report", filled), told)
        with told.lock:
            if answer.code is None:
                told.problems.append(f"{answer.status}: {answer.text[:200]}")
            else:
                told.codes[text] = answer.code
    except Exception as error:
        with told.lock:
            told.problems.append(repr(error))
        raise
    finally:
        phone.hang_up()


def victims(system: System, name: str) -> list[int]:
    """Return the processes of that name. A site's first is granian's master, then its workers."""
    everybody = list(system.processes())

    def named(part: str) -> list[int]:
        return [pid for pid, line in everybody if part in line]

    match name:
        case "public worker":
            return named("upstander.command.web public")[1:]
        case "public":
            return named("upstander.command.web public")[:1]
        case "worker":
            return named("upstander.command.worker")
        case "database":
            return named("/bin/postgres -D")
        case "one backend":
            # After the name that tells this server's processes from others'.
            return named(": upstander_public ")[:1]
        case _:
            return [pid for part in name.split(" and ") for pid in victims(system, part)]


def kill_as_they_send(system: System, told: Told, done: threading.Event) -> list[str]:
    """Kill one after the other as the count of tips grows; return who was killed."""
    killed = []
    for count, name in KILLS:
        # The next blow comes in full flight: not before the last one's victims are back.
        while (len(told.codes) < count or not victims(system, name)) and not done.is_set():
            time.sleep(0.01)
        found = victims(system, name)
        for pid in found:
            os.kill(pid, signal.SIGKILL)
        if found:
            killed.append(name)
    return killed


class Opening:
    """Opens tips by their return codes with the public role's function and the system's key files.

    The messages are read as the owner, so that a second copy would be seen.
    """

    def __init__(self, system: System) -> None:
        self.pepper = system.key("code-pepper")
        self.shred_files = ShredFiles(system.home.keys / SHRED_FOLDER)
        self.public, self.owner = system.sign_in(Role.PUBLIC), system.sign_in(Role.OWNER)

    def texts_behind(self, code: str) -> list[str]:
        """Return the texts of the one tip that the code opens."""
        parsed = codes.parse_code(code)
        assert parsed is not None
        keys = codes.keys_of(parsed, pepper=self.pepper)
        found = self.public.execute("SELECT * FROM api.talk_by_code(%s)", [keys.lookup_id])
        ((tip, _district, wrapped, wrapped_shred, version),) = found.fetchall()
        secret = unseal(keys.wrapping_key, bytes(wrapped), aad=bind("return", tip))
        shred_key = self.shred_files.unwrap(bytes(wrapped_shred), subject=tip, version=version)
        seed = seed_from(secret, shred_key)
        rows = self.owner.execute(
            "SELECT id, sealed FROM tips_message WHERE tip_id = %s AND kind = 'text'", [tip]
        )
        return [
            open_words(seed, purpose="message", tip=tip, row=row, sealed=bytes(sealed))
            for row, sealed in rows.fetchall()
        ]

    def count(self) -> int:
        """Return how many tips there are."""
        return int((self.owner.execute("SELECT count(*) FROM tips_tip").fetchone() or (0,))[0])

    def close(self) -> None:
        """Close both connections."""
        self.public.close()
        self.owner.close()


@pytest.fixture
def opening(mortal: System) -> Iterator[Callable[[], Opening]]:
    """Give a function that connects anew: what was connected before was killed with the rest."""
    made: list[Opening] = []

    def connect() -> Opening:
        made.append(Opening(mortal))
        return made[-1]

    yield connect
    for one in made:
        one.close()


def test_each_tip_whose_code_was_shown_is_there_once(
    mortal: System, opening: Callable[[], Opening]
) -> None:
    before = opening().count()
    told, done = Told(), threading.Event()
    with ThreadPoolExecutor(CLIENTS + 1) as threads:
        killer = threads.submit(kill_as_they_send, mortal, told, done)
        sent = [threads.submit(report, mortal, number, told) for number in range(TIPS)]
        for one in sent:
            one.exception()
        done.set()
        killed = killer.result()

    assert told.problems == []
    assert killed == [name for _, name in KILLS]
    assert told.retries > 0, "the blows hit nobody"
    assert len(told.codes) == TIPS
    assert len(set(told.codes.values())) == TIPS, "each has a code of its own"

    assert until(lambda: mortal.answers(mortal.public_port))
    now = opening()
    assert now.count() - before == TIPS, "none lost, none twice"
    for text, code in told.codes.items():
        assert now.texts_behind(code) == [text]

    for text, code in list(told.codes.items())[:: TIPS // OPENED_IN_A_BROWSER]:
        phone = Phone(mortal.public_port)
        assert phone.post("/back", {"code": code}).status == 303
        assert text in phone.get("/talk/live?still=1").text

    heartbeat, since = mortal.home.run / "worker.heartbeat", time.time()
    assert until(lambda: heartbeat.stat().st_mtime > since), "the clock runs again"
