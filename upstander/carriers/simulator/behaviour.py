"""How phones and providers behave. All can be set while the simulator runs."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

Texts = Literal["arrive", "held", "lost", "unreachable", "landline", "refused"]
Calls = Literal["ring", "answer", "no_answer", "busy", "machine", "unreachable", "refused"]
Pushes = Literal["arrive", "gone", "refused", "lost"]


class WrongBehaviour(ValueError):
    """No such behaviour, or a value that it can't have."""


@dataclass(frozen=True)
class PhoneBehaviour:
    """What one phone does with what reaches it. Times are seconds at the simulator's pace."""

    texts: Texts = "arrive"
    """``held``: the phone is off, and gets them once it is on. ``lost``: sent, and then silence.
    ``unreachable`` and ``landline``: not delivered (30003, 30006). ``refused``: the order is turned
    down, because there is no such number (21211)."""
    calls: Calls = "ring"
    """``ring``: a person on the phones page, or a test, answers. ``answer``: it answers itself and
    presses ``keys``. ``machine``: a mailbox answers. ``unreachable``: the call fails at once."""
    keys: tuple[str, ...] = ()
    """What it presses at each question of a call that it answered itself, in order."""
    reply: str = ""
    """What it writes back to each text."""
    after: float = 2.0
    """Seconds until it answers or writes back."""
    pushes: Pushes = "arrive"
    """``gone``: the subscription has ended (410). ``refused``: too many (429). ``lost``: taken by
    the push service, never shown."""


@dataclass(frozen=True)
class AccountBehaviour:
    """How one of the two providers behaves."""

    refuse: int = 0
    """The HTTP status by which each order is turned down; 0: none is."""
    unwilling: int = 0
    """The HTTP status by which each change of a running call or room is turned down; 0: none is."""
    hang: float = 0.0
    """Real seconds until it answers a request."""
    drop: bool = False
    """Takes the order, and closes the line without an answer."""
    silent: bool = False
    """Does its work and sends no callback; asked, it tells the truth."""
    stuck: bool = False
    """Takes the order and does nothing, whatever it is asked."""
    lose: str = ""
    """Callbacks that never come, by the state or event that they tell ("completed
    participant-leave")."""
    late: float = 0.0
    """Seconds by which each callback comes later."""
    copies: int = 1
    """How often each callback is sent."""
    reorder: bool = False
    """Holds the callbacks of a text or call until its end, and sends them last first."""
    lie: bool = False
    """Says that a text was delivered, or a call answered by a human, when it was not."""
    forge: bool = False
    """Signs with another key, as somebody else would who knows the address."""
    stranger: bool = False
    """Sends each callback also for a text or call that nobody ordered."""
    share: float = 1.0
    """The part of the orders that all this happens to."""

    def drawn(self, dice: random.Random) -> AccountBehaviour:
        """Return this for the share of orders that it happens to, and good behaviour for others."""
        return self if self.share >= 1 or dice.random() < self.share else AccountBehaviour()


def changed[Behaviour: (PhoneBehaviour, AccountBehaviour)](
    old: Behaviour, wanted: Mapping[str, Any]
) -> Behaviour:
    """Return ``old`` with what is wanted changed. Raises WrongBehaviour."""
    known = {field.name: field for field in fields(old)}
    values: dict[str, Any] = {}
    for name, value in wanted.items():
        if name not in known:
            raise WrongBehaviour(f"nothing behaves by {name!r}; there is {', '.join(known)}")
        default = known[name].default
        choices = {"texts": Texts, "calls": Calls, "pushes": Pushes}.get(name)
        if choices is not None and value not in get_args(choices):
            raise WrongBehaviour(f"{name} is one of {', '.join(get_args(choices))}")
        if name == "keys":
            keys = value.split() if isinstance(value, str) else value
            values[name] = tuple(str(pressed) for pressed in keys)
        elif isinstance(default, bool):
            if not isinstance(value, bool):
                raise WrongBehaviour(f"{name} is true or false")
            values[name] = value
        elif isinstance(default, int | float):
            try:
                values[name] = type(default)(value)
            except (TypeError, ValueError):
                raise WrongBehaviour(f"{name} is a number") from None
        else:
            values[name] = str(value)
    return replace(old, **values)
