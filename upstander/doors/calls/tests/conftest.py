"""Fixtures of the tests of calls: a line of north's that takes calls, and counselors' phones."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Cast
from upstander.carriers.models import Channel
from upstander.carriers.tests.lines import Site, a_way, site, write_providers
from upstander.doors.calls import carrying
from upstander.doors.calls.tests.lines import (
    INTERPRETER,
    LINE,
    OTHER_LINE,
    OWN_PHONE,
    CallDoor,
    Told,
)
from upstander.doors.texts import numbers
from upstander.escalations.tests.alerts import clock

__all__ = ["clock", "site"]

EARS = {"alice": "+18605550101", "bea": "+18605550102", "sam": "+18605550103"}


@pytest.fixture
def door(site: Site, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CallDoor:
    """A line that takes calls, a center with counselors' phones, and a switch that listens."""
    return a_door(site, cast, tmp_path, monkeypatch)


def a_door(site: Site, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CallDoor:
    """Set up the line for a cast, wherever that is."""
    numbers.forget()
    write_providers(
        tmp_path,
        monkeypatch,
        {
            "name": "north",
            "kind": "twilio",
            "base_url": "http://127.0.0.1:9",
            "account": "AC1",
            "from_number": "+18605550199",
        },
    )
    (tmp_path / "interpreter.keys").write_text("ww4321#")
    (tmp_path / "interpreter.keys").chmod(0o600)
    with (tmp_path / "providers.toml").open("a") as file:
        file.write(
            f'[[line]]\nnumber = "{LINE}"\nprovider = "north"\ndistrict = "maple-valley"\n'
            f'calls = true\nfallback = "{OWN_PHONE}"\ninterpreter = "{INTERPRETER}"\n'
            'interpreter_keys_file = "interpreter.keys"\n'
            f'[[line]]\nnumber = "{OTHER_LINE}"\nprovider = "north"\n'
        )
    switch = Told()
    monkeypatch.setattr(carrying, "switch_named", lambda _name: switch)
    for name, number in EARS.items():
        a_way(cast.people[name], Channel.VOICE, number)
    return CallDoor(cast, site, switch)
