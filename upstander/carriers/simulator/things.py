"""What there is in the simulator: accounts, phones, and what passes between them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from upstander.carriers.simulator.behaviour import AccountBehaviour, PhoneBehaviour

#: No word comes after these.
FINAL_TEXT = frozenset({"delivered", "undelivered", "failed"})
FINAL_CALL = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


def new_sid(kind: str) -> str:
    """Return an id as the provider's: two letters and 32 hex digits."""
    return kind + secrets.token_hex(16)


def now() -> datetime:
    """Return this machine's time, UTC, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


@dataclass
class Account:
    """A customer's account with one of the two providers, and the number it sends from."""

    name: str
    number: str
    sid: str = field(default_factory=lambda: new_sid("AC"))
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    sms_url: str = ""
    """Where it takes the texts that phones write to its number."""
    behaviour: AccountBehaviour = field(default_factory=AccountBehaviour)
    stopped: set[str] = field(default_factory=set)
    """Numbers that wrote STOP."""


@dataclass
class Text:
    """A text message, either way."""

    account: Account
    sender: str
    to: str
    body: str
    behaviour: AccountBehaviour = field(default_factory=AccountBehaviour)
    status: str = "queued"
    error: int | None = None
    callback: str = ""
    inbound: bool = False
    arrived: bool = False
    """It is on the phone's screen (or, from a phone, was written there)."""
    sid: str = field(default_factory=lambda: new_sid("SM"))
    created: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)


@dataclass
class Line:
    """One line of what happened in a call: spoken by the machine, or done by the person."""

    who: Literal["voice", "phone", "mailbox", "note"]
    words: str
    language: str = "en"


@dataclass
class Call:
    """A call to a phone."""

    account: Account
    sender: str
    to: str
    url: str
    twiml: str = ""
    behaviour: AccountBehaviour = field(default_factory=AccountBehaviour)
    callback: str = ""
    events: frozenset[str] = frozenset({"completed"})
    detect: bool = False
    detect_callback: str = ""
    """Where the machine detection's word goes, if the call does not wait for it."""
    ring_for: float = 60.0
    status: str = "queued"
    answered_by: str = ""
    sip: int = 0
    lines: list[Line] = field(default_factory=list)
    pressed: str = ""
    """Keys pressed that no question has taken yet."""
    asking: bool = False
    """A question waits for a key."""
    picked_up: bool = False
    hung_up: Literal["", "phone", "order"] = ""
    redirected: tuple[str, str] | None = None
    """Another address or document that an order sent the running call to."""
    sequence: int = 0
    sid: str = field(default_factory=lambda: new_sid("CA"))
    created: datetime = field(default_factory=now)
    started: datetime | None = None
    ended: datetime | None = None

    @property
    def duration(self) -> int:
        """Whole seconds from being answered to the end."""
        return (
            int((self.ended - self.started).total_seconds()) if self.started and self.ended else 0
        )


@dataclass
class Push:
    """A push message as the phone's browser shows it."""

    payload: str
    urgency: str = "normal"
    site: str = ""
    """The site that may send it: what it links to is there."""
    sid: str = field(default_factory=lambda: new_sid("PU"))
    created: datetime = field(default_factory=now)


@dataclass
class Phone:
    """One person's phone."""

    number: str
    name: str = ""
    about: str = ""
    behaviour: PhoneBehaviour = field(default_factory=PhoneBehaviour)
    feed: list[Text | Call | Push] = field(default_factory=list)
    """All that its screen showed, oldest first."""

    @property
    def texts(self) -> list[Text]:
        """The texts, either way."""
        return [one for one in self.feed if isinstance(one, Text)]

    @property
    def calls(self) -> list[Call]:
        """The calls."""
        return [one for one in self.feed if isinstance(one, Call)]

    @property
    def pushes(self) -> list[Push]:
        """The pushes."""
        return [one for one in self.feed if isinstance(one, Push)]


@dataclass(frozen=True)
class Callback:
    """A callback that was sent, and what came back."""

    url: str
    form: dict[str, str]
    status: int
    """HTTP status; 0 if nobody answered."""
