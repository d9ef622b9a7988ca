"""A running system whose key folder is another one's: the reporter is told, and who watches."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.faults.test_database_away import tells
from tests.phone import Phone
from tests.servers import System
from tests.waiting import PATIENCE, until
from upstander.vault.keyring import SHRED_FOLDER

pytestmark = [pytest.mark.servers, pytest.mark.slow]
TEXT = "He keeps it in his locker, behind the blue bag."


def health(system: System) -> tuple[int, Any]:
    """Ask the watch how things are."""
    connection = HTTPConnection("127.0.0.1", system.watch_port, timeout=PATIENCE)
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


@pytest.fixture
def foreign(mortal: System) -> Iterator[Path]:
    """Another installation's file in the place of ours; ours comes back afterwards."""
    folder = mortal.home.keys / SHRED_FOLDER
    ours = folder.with_name("ours")
    assert until(lambda: health(mortal)[0] == 200), health(mortal)
    number = next(file.name for file in folder.iterdir() if file.name.isdecimal())
    folder.rename(ours)
    folder.mkdir(mode=0o700)
    file = folder / number
    file.touch(mode=0o600)
    file.write_bytes(secrets.token_bytes(32))
    yield ours
    if ours.exists():
        put_back(folder, ours)


def put_back(folder: Path, ours: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    ours.rename(folder)


def test_nothing_comes_in_by_it_and_everybody_is_told(mortal: System, foreign: Path) -> None:
    assert (mortal.home.root / "second-place").is_dir(), "the demo has one"
    phone = Phone(mortal.public_port)
    form = phone.get("/report")
    filled = {"token": form.field("token"), "text": TEXT, "tile": "threat", "place": "the gym"}
    refused = phone.post("/report", filled)
    tells(refused)
    assert refused.field("text") == TEXT
    assert refused.field("token") == filled["token"]

    # Of several troubles the watch comes upon one after the other.
    assert until(
        lambda: "not the one the database knows" in " ".join(health(mortal)[1]["troubles"])
    )
    assert health(mortal)[0] == 503
    findings = mortal.said.with_name("findings")
    assert mortal.run("doctor", said=findings).wait(PATIENCE) == 1
    assert "is not the one that was made" in findings.read_text()

    put_back(mortal.home.keys / SHRED_FOLDER, foreign)
    assert until(lambda: phone.post("/report", filled).code is not None)
    assert until(lambda: health(mortal)[0] == 200), health(mortal)
