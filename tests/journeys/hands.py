"""What hands do with the demo's phones, as a machine presses them; and what came by them."""

from __future__ import annotations

import json
import re
import urllib.request
from contextlib import suppress
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote

from tests.servers import System
from tests.waiting import PATIENCE, until
from upstander.command.demo_phones import TEXT_LINES
from upstander.config.database import Role


def tips_by(system: System, channel: str) -> list[str]:
    """Return the tips that came by a door, the newest last."""
    with system.sign_in(Role.OWNER) as owner:
        found = owner.execute(
            "SELECT id FROM tips_tip WHERE channel = %s ORDER BY received_at, id", [channel]
        )
        return [str(tip) for (tip,) in found.fetchall()]


def new_tip(system: System, channel: str, known: list[str]) -> str:
    """Return the tip that came by a door beside those that are known, once there is one."""
    assert until(lambda: len(tips_by(system, channel)) > len(known))
    [tip] = [one for one in tips_by(system, channel) if one not in known]
    return tip


class Hands:
    """All that hands do with the demo's phones."""

    def __init__(self, system: System) -> None:
        self._at = system.phones

    def ask(self, path: str, **wanted: Any) -> Any:
        """Ask the phones something; return what they answer."""
        sent = json.dumps(wanted).encode() if wanted or path != "state" else None
        asked = urllib.request.Request(  # noqa: S310 - this machine's own phones
            f"{self._at}/control/{path}", data=sent, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
            return json.load(answer)

    def calls(self, number: str) -> list[dict[str, Any]]:
        """Return the calls that a phone has now."""
        phones = self.ask("state")["phones"]
        return next(one["calls"] for one in phones if one["number"] == number)

    def dial(self, number: str) -> str:
        """Let a phone call the line; return the call's id."""
        return str(self.ask(f"phones/{quote(number)}/calls")["sid"])

    def heard(self, number: str) -> str:
        """Return all that a phone has heard in its call."""
        return " ".join(line["words"] for call in self.calls(number) for line in call["lines"])

    def hears(self, number: str, words: str) -> None:
        """Wait until a phone has heard something."""
        assert until(lambda: re.search(words, self.heard(number)) is not None), (
            words,
            self.heard(number),
        )

    def press(self, call: str, keys: str) -> None:
        """Press keys, in pieces as long as the phones take."""
        for at in range(0, len(keys), 17):
            self.ask(f"calls/{call}", do="press", keys=keys[at : at + 17])

    def pick_up(self, number: str) -> str:
        """Answer a counselor's phone that rings for the line, and press 1; return its call."""

        taken = ""

        def answered() -> bool:
            nonlocal taken
            for one in self.calls(number):
                if one["from"] not in TEXT_LINES:
                    continue
                if one["status"] == "ringing":
                    with suppress(HTTPError):  # its caller has just hung up
                        self.ask(f"calls/{one['sid']}", do="answer")
                elif any("Press 1" in line["words"] for line in one["lines"]):
                    taken = str(one["sid"])
            return bool(taken)

        assert until(answered)
        self.press(taken, "1")
        return taken

    def over(self, number: str) -> None:
        """Hang up whatever a phone has."""
        for call in self.calls(number):
            self.ask(f"calls/{call['sid']}", do="hang_up")
