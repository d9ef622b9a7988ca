"""Many at once: slow ones, a whole school, a flood of junk. None keeps another's tip out."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import pytest

from tests.phone import FORM, Answer, Phone, an_address
from tests.servers import System
from tests.waiting import PATIENCE, until
from upstander.command.web import worker_count
from upstander.config.database import Role

pytestmark = [pytest.mark.servers, pytest.mark.slow]

#: Seconds that one tip may take beside a flood, where nothing else runs (`make soak`).
SOON = 8.0
#: Junk of the flood is still being taken, a few a second, while the next tests run.
COUNT = "SELECT count(*) FROM tips_tip WHERE NOT junk"


def rows(system: System, sql: str, *values: object) -> list[tuple[object, ...]]:
    """Ask the database as its owner."""
    with system.sign_in(Role.OWNER) as owner:
        return owner.execute(sql.encode(), values).fetchall()


def send(system: System, text: str) -> None:
    """Send a tip from a new place, as a child there does, and wait until the code is shown."""
    answer = Phone(system.public_port).send_tip(text)
    assert answer.code is not None, answer.status


def head(system: System, length: int) -> bytes:
    """The beginning of a form that is sent as bytes."""
    return (
        f"POST /report HTTP/1.1\r\nHost: 127.0.0.1:{system.public_port}\r\n"
        f"Content-Type: {FORM}\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


@pytest.fixture
def lines(system: System) -> Iterator[Callable[[str], socket.socket]]:
    """Give a function that opens a line from an address; all are closed at the end."""
    with ExitStack() as stack:

        def line(address: str) -> socket.socket:
            return stack.enter_context(
                socket.create_connection(
                    ("127.0.0.1", system.public_port), timeout=PATIENCE, source_address=(address, 0)
                )
            )

        yield line


def test_two_hundred_slow_senders_delay_no_tip(
    system: System, lines: Callable[[str], socket.socket]
) -> None:
    slow = [lines(an_address()) for _ in range(200)]
    for one in slow:
        one.sendall(head(system, 500) + b"text=")
    enough = threading.Event()

    def drip() -> None:
        while not enough.wait(0.2):
            for one in slow:
                one.sendall(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        for number in range(10):
            send(system, f"Beside two hundred slow ones, {number}.")
    finally:
        enough.set()
        dripping.join()
    # Behind a server whose threads are taken a tip waits until the slow ones are given up; here
    # each of them is still being listened to.
    for one in slow:
        one.setblocking(False)
        with pytest.raises(BlockingIOError):
            one.recv(1)


def test_a_whole_school_behind_one_address_can_report_at_once(system: System) -> None:
    address = an_address()

    def child(number: int) -> Answer:
        return Phone(system.public_port, address=address).send_tip(f"In the hall, seat {number}.")

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(child, range(60)))
    assert len({answer.code for answer in answers if answer.code}) == 60
    found = rows(system, "SELECT junk FROM tips_tip ORDER BY received_at DESC LIMIT 60")
    assert found == [(False,)] * 60


def flood(system: System, lines: Callable[[str], socket.socket], places: int, bursts: int) -> None:
    """Send ten posts a burst from each place, as fast as the line takes them."""
    for place in range(places):
        address = an_address()
        for burst in range(bursts):
            line = lines(address)
            for number in range(10):
                body = (
                    f"text=buy+now+{place}{burst}{number}&token={place}-{burst}-{number}".encode()
                )
                line.sendall(head(system, len(body)) + body)


def junk(system: System) -> list[int]:
    """How many texts of junk there are, those that are alike together, the most first."""
    counts = "SELECT count(*) FROM tips_tip WHERE junk GROUP BY similarity ORDER BY 1 DESC"
    return [int(str(count)) for (count,) in rows(system, counts)]


def test_a_flood_of_junk_keeps_nobody_out_and_is_marked(
    system: System, lines: Callable[[str], socket.socket]
) -> None:
    before = sum(junk(system))
    flood(system, lines, places=3, bursts=40)
    for number in range(10):
        send(system, f"Not junk, {number}.")
    assert sum(junk(system)) - before < 1200, "nobody waits until all of the junk is kept"
    newest = rows(
        system,
        "SELECT junk FROM tips_tip WHERE NOT junk ORDER BY received_at DESC LIMIT 10",
    )
    assert newest == [(False,)] * 10, "what came from elsewhere is not marked"
    assert until(lambda: sum(junk(system)) >= before + 5, pause=0.2), "it is kept, a few a second"
    assert junk(system)[0] >= 5, "texts that differ in digits only are grouped"


@pytest.mark.soak
def test_a_long_flood_delays_no_tip(
    system: System, lots: random.Random, lines: Callable[[str], socket.socket]
) -> None:
    """Waves of junk, 10,000 posts a minute and more; each tip between them is soon taken."""
    took = []
    for wave in range(12):
        begun = time.monotonic()
        flood(system, lines, places=lots.randint(2, 12), bursts=20)
        began = time.monotonic()
        send(system, f"Not junk, wave {wave}.")
        took.append(time.monotonic() - began)
        assert began - begun < 60
    assert max(took) < SOON, took


def test_a_school_behind_one_address_that_reports_a_danger_loses_no_tip_to_the_guard(
    system: System,
) -> None:
    """More children write at once than one place may; nothing is set aside, and all get a code."""
    # Each process of the site counts by itself.
    many = 160 * worker_count("public")
    address, mine = an_address(), "FROM tips_tip WHERE tile = 'attack' AND id <> ALL(%s)"
    others = [one for (one,) in rows(system, "SELECT id FROM tips_tip WHERE tile = 'attack'")]

    def child(number: int) -> Answer:
        phone = Phone(system.public_port, address=address)
        form = {
            "text": f"He has a knife, room {number}.",
            "tile": "attack",
            "token": f"knife-{number}",
        }
        return phone.post("/report", form)

    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(child, range(many)))
    assert len({answer.code for answer in answers if answer.code}) == many
    found = rows(
        system,
        f"SELECT rank, junk, similarity IS NOT NULL, count(*) {mine} GROUP BY 1, 2, 3",
        others,
    )
    assert {(rank, junk) for rank, junk, _, _ in found} == {(0, False)}
    crowded = sum(int(str(count)) for _, _, marked, count in found if marked)
    assert 0 < crowded < many / 2, "what came after the first hundred and twenty keeps its mark"
    alerts = "SELECT count(*) FROM escalations_alert a JOIN tips_tip t ON t.id = a.subject_id"
    with_marks = f"{alerts} WHERE t.tile = 'attack' AND a.crowded"
    assert rows(system, with_marks) == [(crowded,)], "and is paged after the others"
    with system.sign_in(Role.OWNER) as owner:
        # The other tests' tips have their phones for themselves again.
        owner.execute(
            "UPDATE escalations_alert SET state = 'ended' WHERE subject_id IN"
            " (SELECT id FROM tips_tip WHERE tile = 'attack')"
        )


def quiet(system: System) -> tuple[object, ...]:
    """Wait until nothing of an earlier crowd comes in any more, and return what is there."""
    found = [rows(system, COUNT)[0]]

    def still() -> bool:
        time.sleep(1)
        found.append(rows(system, COUNT)[0])
        return found[-1] == found[-2]

    assert until(still)
    return found[-1]


def test_fifty_tips_at_the_same_moment_are_fifty_tips(system: System) -> None:
    (before,) = quiet(system)
    together = threading.Barrier(50)

    def child(number: int) -> Answer:
        phone = Phone(system.public_port)
        token = phone.get("/report").field("token")
        with suppress(threading.BrokenBarrierError):
            together.wait(PATIENCE)
        return phone.post("/report", {"token": token, "text": f"At once, {number}."})

    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(child, range(50)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.code for answer in answers}) == 50
    (count,) = rows(system, COUNT)[0]
    assert int(str(count)) - int(str(before)) == 50
    assert rows(system, "SELECT count(*) - count(DISTINCT reference) FROM tips_tip") == [(0,)]


def test_one_form_sent_often_and_in_parallel_is_one_tip_and_edited_text_another(
    system: System,
) -> None:
    others = [one for (one,) in rows(system, "SELECT id FROM tips_tip WHERE tile = 'fight'")]
    ours = "FROM tips_tip WHERE tile = 'fight' AND id <> ALL(%s)"
    token = Phone(system.public_port).get("/report").field("token")
    form = {"token": token, "text": "Sent twenty times.", "tile": "fight"}
    together = threading.Barrier(20)

    def press(_: int) -> Answer:
        phone = Phone(system.public_port)
        together.wait(PATIENCE)
        return phone.post("/report", form)

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(press, range(20)))
    assert {answer.status for answer in answers} == {200}
    (code,) = {answer.code for answer in answers}
    ((first, matter),) = rows(system, f"SELECT id, matter_id {ours}", others)

    edited = Phone(system.public_port).post("/report", {**form, "text": "And then he came back."})
    assert edited.code not in (None, code)
    again = Phone(system.public_port).post("/report", form)
    assert again.code == code, "the first text from the same page is still the first tip"
    found = rows(system, f"SELECT resent_from_id, matter_id {ours}", [*others, first])
    assert found == [(first, matter)]
    twin = Phone(system.public_port).send_tip("Sent twenty times.", tile="fight")
    assert twin.code != code, "the same words from another page are another child's"


def test_a_form_left_open_for_long_and_one_without_its_token_are_taken(system: System) -> None:
    with system.sign_in(Role.OWNER) as owner:
        # Nothing about a form is stored before it is sent, so that nothing about it can run out.
        tables = [n for (n,) in owner.execute("SELECT relname FROM pg_stat_user_tables").fetchall()]
        # Of the worker's and the watch's tables nothing is asked: they never stand still.
        written = (
            "SELECT sum(n_tup_ins + n_tup_upd) FROM pg_stat_user_tables"
            " WHERE relname ~ '^(tips|vault|django)_'"
        )
        owner.execute("SELECT pg_stat_clear_snapshot()")
        before = owner.execute(written).fetchone()
        for _ in range(5):
            Phone(system.public_port).get("/report")
        owner.execute("SELECT pg_stat_clear_snapshot()")
        assert owner.execute(written).fetchone() == before
        assert not [name for name in tables if "token" in name or "form" in name]
    phone = Phone(system.public_port)
    assert phone.post("/report", {"text": "No token at all."}).code is not None
    assert phone.post("/report", {"text": "A made-up one.", "token": "x" * 5000}).code is not None
