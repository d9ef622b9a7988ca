"""What every way out keeps to: one message in, a reference out, or an error that says why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


class CarrierError(Exception):
    """The message did not leave. Its words hold no address.

    ``permanent``: trying again can't help. ``broken`` says why, where it is the address that is no
    good, and not the provider or the message.
    """

    def __init__(self, reason: str, *, permanent: bool = False, broken: str = "") -> None:
        super().__init__(reason)
        self.permanent = permanent or bool(broken)
        self.broken = broken


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message in the forms that the ways out need. It never holds a word of a tip."""

    purpose: str
    for_id: UUID | None
    #: A mail's subject, a notification's title.
    title: str
    #: A text or a notification, without its link and without how to answer.
    short: str
    #: What a call says, without which keys to press.
    spoken: str
    #: A mail's body.
    long: str
    language: str = "en"
    #: Whether an answer is asked for: have it, seen, can't.
    ask: bool = False
    #: By this a reply names the alert: "1 H6K2".
    code: str = ""
    #: Whether a text without the code answers nothing, since a sender's number can be forged.
    needs_code: bool = False
    urgent: bool = False
    #: A call's answer is to all that it says wait: whoever presses a key has heard of them.
    several: bool = False
    #: Where a link leads, on the desk.
    link_path: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a provider says of a delivery: one of ``Delivery.State``, and why."""

    state: str
    reason: str = ""
    broken: str = ""
    #: Nothing more will happen: a call has ended, a text has arrived or never will.
    over: bool = False


class Carrier(Protocol):
    """One provider on one channel."""

    @property
    def name(self) -> str:
        """The provider's name in the providers' file."""

    @property
    def reports(self) -> bool:
        """Whether it says later what became of a message."""

    def send(self, to: str, outgoing: Outgoing, delivery: UUID) -> str:
        """Send one message; return the provider's reference. Raises CarrierError."""

    def ask(self, ref: str) -> Report:
        """Ask what became of a message. Raises CarrierError."""

    def end(self, ref: str) -> None:
        """Call off what still rings. Raises CarrierError."""

    def ping(self) -> None:
        """See whether the provider answers at all. Raises CarrierError."""


@dataclass(frozen=True, slots=True)
class LegState:
    """What a provider says of one leg of a call."""

    #: Somebody picked up, and it lasts.
    talking: bool
    #: It has ended, or never came to anything.
    over: bool
    #: How it ended, where nobody picked up: "busy", "no_answer", "failed", "cancelled".
    how: str = ""


class Switch(Protocol):
    """One provider that connects calls: each leg is led by documents of ours, and moved by us.

    Hold is a move to a document that waits; a room is a document that names one.
    """

    @property
    def name(self) -> str:
        """The provider's name in the providers' file."""

    def dial(
        self,
        to: str,
        line: str,
        url: str,
        status_url: str,
        *,
        keys: str = "",
        ring: int = 25,
        whom: bool = False,
    ) -> str:
        """Ring a number from one of our lines, led by the document at ``url``; return the leg's id.

        ``keys`` are pressed once it is picked up. ``whom``: it is found out first whether a machine
        picked up, which takes seconds. Raises CarrierError.
        """

    def move(self, leg: str, url: str) -> None:
        """Lead a leg that lasts to another document, at once. Raises CarrierError."""

    def end(self, leg: str) -> None:
        """Hang up, or stop ringing. One that has ended is no error. Raises CarrierError."""

    def ask(self, leg: str) -> LegState:
        """Ask how a leg stands. One that nobody knows any more is over. Raises CarrierError."""

    def purge(self, leg: str) -> None:
        """Delete what the provider keeps of a leg that ended. Raises CarrierError."""
