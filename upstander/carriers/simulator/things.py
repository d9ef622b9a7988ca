"""What there is in the simulator: accounts, phones, and what passes between them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

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
class VoiceLine:
    """A number that takes calls, as it is set up at the provider."""

    url: str = ""
    """Where the provider asks what to do with a call."""
    fallback: str = ""
    """A document that lies at the provider, for when nothing useful comes from there."""
    status: str = ""
    """Where the end of each call is told."""


@dataclass
class Account:
    """A customer's account with one of the two providers, and the number it sends from."""

    name: str
    number: str
    sid: str = field(default_factory=lambda: new_sid("AC"))
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    sms_url: str = ""
    """Where it takes the texts that phones write to its number."""
    lines: dict[str, str] = field(default_factory=dict)
    """Its other numbers, and where it takes the texts that phones write to each."""
    voice: dict[str, VoiceLine] = field(default_factory=dict)
    """Its numbers that take calls."""
    behaviour: AccountBehaviour = field(default_factory=AccountBehaviour)
    stopped: set[tuple[str, str]] = field(default_factory=set)
    """Which of its numbers were sent STOP, and by whom."""

    @classmethod
    def from_saved(cls, saved: Mapping[str, Any]) -> Account:
        """Return an account as a file tells of it."""
        voice = {number: VoiceLine(**line) for number, line in saved.get("voice", {}).items()}
        return cls(**{**saved, "voice": voice})

    def owns(self, number: str) -> bool:
        """Whether calls may come from that number."""
        return number == self.number or number in self.voice


@dataclass
class Media:
    """A picture of a text, as it lies at the provider."""

    content: bytes
    kind: str = "image/jpeg"
    sid: str = field(default_factory=lambda: new_sid("ME"))


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
    media: list[Media] = field(default_factory=list)
    deleted: bool = False
    """The customer had it deleted: only the phones still have it."""
    sid: str = field(default_factory=lambda: new_sid("SM"))
    created: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)


@dataclass
class Spoken:
    """One line of what happened in a call: heard from the machine, done by the person, said by
    them (``me``), or said by whoever else is in the call (``other``)."""

    who: Literal["voice", "phone", "mailbox", "note", "me", "other"]
    words: str
    language: str = "en"


@dataclass
class Call:
    """One leg of a call: to a phone or from one."""

    account: Account
    sender: str
    to: str
    url: str
    twiml: str = ""
    behaviour: AccountBehaviour = field(default_factory=AccountBehaviour)
    direction: Literal["inbound", "outbound-api", "outbound-dial"] = "outbound-api"
    parent: Call | None = None
    """The call that dialed this one, by a document."""
    fallback: str = ""
    """The document for when nothing useful comes."""
    callback: str = ""
    events: frozenset[str] = frozenset({"completed"})
    detect: bool = False
    detect_callback: str = ""
    """Where the machine detection's word goes, if the call does not wait for it."""
    ring_for: float = 60.0
    send_digits: str = ""
    """Keys that the provider presses once it is picked up."""
    timed: bool = True
    """Whether a question's time passes by itself, or only by ``calling.pass_time``."""
    silences: int = 0
    status: str = "queued"
    answered_by: str = ""
    sip: int = 0
    lines: list[Spoken] = field(default_factory=list)
    pressed: str = ""
    """Keys pressed that no question has taken yet."""
    asking: bool = False
    """A question waits for a key."""
    picked_up: bool = False
    ready: bool = False
    """Dialed by a document: it has picked up, and may be connected."""
    bridged: Call | None = None
    """The one other call that it is connected to."""
    part: Participant | None = None
    """Its place in a room."""
    hung_up: Literal["", "phone", "order"] = ""
    redirected: tuple[str, str | None] | None = None
    """Another address or document that an order sent the running call to."""
    deleted: bool = False
    """The customer had its record deleted: only the phones still have it."""
    sequence: int = 0
    sid: str = field(default_factory=lambda: new_sid("CA"))
    created: datetime = field(default_factory=now)
    started: datetime | None = None
    ended: datetime | None = None

    @property
    def inbound(self) -> bool:
        """Whether a phone made it."""
        return self.direction == "inbound"

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.status in FINAL_CALL

    @property
    def phone(self) -> str:
        """The number of the phone at its end."""
        return self.sender if self.inbound else self.to

    @property
    def duration(self) -> int:
        """Whole seconds from being answered to the end."""
        return (
            int((self.ended - self.started).total_seconds()) if self.started and self.ended else 0
        )


@dataclass
class Participant:
    """A call's place in a room."""

    call: Call
    room: Room
    starts: bool
    """The room begins with it (startConferenceOnEnter)."""
    ends: bool
    """The room ends with it (endConferenceOnExit)."""
    label: str = ""
    muted: bool = False
    hold: bool = False
    hold_url: str | None = None
    created: datetime = field(default_factory=now)

    @property
    def out(self) -> bool:
        """Whether it has left, or was taken out."""
        return self.room.parts.get(self.call.sid) is not self


@dataclass
class Room:
    """A conference: calls that hear each other."""

    account: Account
    name: str
    behaviour: AccountBehaviour
    callback: str = ""
    events: frozenset[str] = frozenset()
    most: int = 250
    status: Literal["init", "in-progress", "completed"] = "init"
    parts: dict[str, Participant] = field(default_factory=dict)
    """Who is in it, by call."""
    ringing: dict[str, Call] = field(default_factory=dict)
    """Whom the REST interface rings for it."""
    reason: str = ""
    """Why it ended."""
    ended_by: str = ""
    sequence: int = 0
    sid: str = field(default_factory=lambda: new_sid("CF"))
    created: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)


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
    line: str = ""
    """The number that it writes to by itself: its owner is none of the staff."""
    calls_line: str = ""
    """The number that its button calls."""
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
