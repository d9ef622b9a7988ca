"""The database is away: the reporter is told so, keeps the words, and has numbers to call."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import pytest

from tests.faults.test_killed import victims
from tests.phone import Answer, Phone, Unreachable
from tests.servers import System
from tests.waiting import until
from upstander.config.database import Role

pytestmark = [pytest.mark.servers, pytest.mark.slow]
TEXT = "She said <b>goodbye</b> to everyone & \u202egave her dog away."


@pytest.fixture
def away(mortal: System) -> Iterator[Callable[[], None]]:
    """The database killed, and nobody there to start it; gives what brings it back."""
    assert mortal.process is not None
    supervisor = mortal.process.pid
    os.kill(supervisor, signal.SIGSTOP)
    for pid in victims(mortal, "database"):
        os.kill(pid, signal.SIGKILL)
    assert until(lambda: not any("postgres: " in line for _, line in mortal.processes())), (
        "its backends end with it"
    )

    def bring_back() -> None:
        os.kill(supervisor, signal.SIGCONT)
        assert until(lambda: status(mortal, "/") == 200)
        assert until(lambda: bool(victims(mortal, "database")))

    yield bring_back
    os.kill(supervisor, signal.SIGCONT)


def status(system: System, path: str) -> int:
    """Return how the public site answers; 0 if it does not."""
    try:
        return Phone(system.public_port).get(path).status
    except Unreachable:
        return 0


def tells(answer: Answer) -> None:
    """It says that nothing was sent, and whom to call."""
    assert answer.status == 503
    assert "Nothing was sent" in answer.text
    for number in ("tel:911", "tel:988"):
        assert number in answer.text
    assert answer.code is None


@pytest.fixture
def before(mortal: System) -> tuple[Phone, Phone]:
    """Two reporters while all is well: one with the form open, one in a conversation."""
    assert until(lambda: mortal.answers(mortal.public_port))
    writing, talking = Phone(mortal.public_port), Phone(mortal.public_port)
    assert until(lambda: talking.send_tip("Sent while all was well.").code is not None)
    return writing, talking


def test_nothing_is_lost_and_nobody_is_left_with_a_blank_page(
    before: tuple[Phone, Phone], mortal: System, away: Callable[[], None]
) -> None:
    writing, talking = before
    # The form still opens; sending says the truth and keeps every word and choice in the page.
    form = writing.get("/report")
    assert form.status == 200
    filled = {"token": form.field("token"), "text": TEXT, "tile": "suicide", "place": "the gym"}
    refused = writing.post("/report", filled)
    tells(refused)
    assert refused.field("text") == TEXT
    assert refused.field("token") == filled["token"]
    assert refused.field("place") == "the gym"
    assert 'value="suicide" checked' in refused.text
    assert "talk" not in writing.cookies

    # In a conversation the same, and the live frame looks again by itself.
    unsent = talking.post("/talk/message", {"text": TEXT, "once": "a page's token"})
    tells(unsent)
    assert unsent.field("text") == TEXT
    unsent = talking.post("/talk/answers", {"awake": "yes", "again": "yes"})
    assert unsent.status == 503
    frame = talking.get("/talk/live")
    assert frame.headers["refresh"]
    assert "What you sent is safe" in frame.text
    assert talking.get("/talk").status == 503

    # Words to come back are not called wrong when nobody can look.
    back = Phone(mortal.public_port).post("/back", {"code": "one two three four", "text": TEXT})
    assert back.status == 503
    assert back.field("text") == TEXT

    # A file that can't be kept is said to be none.
    file = talking.post("/talk/file", b"")
    assert file.status in (413, 422, 503)
    assert Phone(mortal.public_port).get("/leave").status == 302

    away()

    # The same page, sent once more, is one tip.
    again = {name: refused.field(name) for name in ("token", "text", "place")} | {"tile": "suicide"}
    answer = writing.post("/report", again)
    assert until(lambda: writing.post("/report", again).code is not None)
    answer = writing.post("/report", again)
    assert answer.status == 200
    with mortal.sign_in(Role.OWNER) as owner:
        count = owner.execute("SELECT count(*) FROM tips_tip WHERE tile = 'suicide'").fetchone()
    assert count == (2,), "the demo's own and this one"
    talking.post("/talk/message", {"text": TEXT, "once": "a page's token"})
    assert talking.get("/talk/live").text.count("gave her dog away") == 1


def test_a_site_that_starts_without_a_database_answers_all_the_same(
    before: tuple[Phone, Phone], mortal: System, away: Callable[[], None]
) -> None:
    for pid in victims(mortal, "public worker"):
        os.kill(pid, signal.SIGKILL)
    assert until(lambda: status(mortal, "/healthz") == 200)
    for path in ("/report", "/es/", "/d/maple-valley"):
        page = Phone(mortal.public_port).get(path)
        assert page.status == 503, path
        assert "tel:911" in page.text
        assert "tel:988" in page.text
    away()
    assert until(lambda: Phone(mortal.public_port).send_tip("After all.").code is not None)
