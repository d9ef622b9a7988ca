"""Names for entries that don't tell their order.

An entry's number lies between the numbers of others whose times one knows (one's own, say), and so
gives away when it was made. Who may know only half-days gets a ticket instead: the number under a
keyed permutation of 64 bits, a Feistel network of four rounds (Luby and Rackoff, SIAM Journal on
Computing 17(2), 1988) with HMAC-SHA256 as its round function.
"""

from __future__ import annotations

import hmac

_ROUNDS = 4
_HALF = 0xFFFFFFFF


def ticket_of(key: bytes, number: int) -> str:
    """Return the ticket of an entry's number: 16 hexadecimal digits."""
    left, right = number >> 32, number & _HALF
    for step in range(_ROUNDS):
        left, right = right, left ^ _mix(key, step, right)
    return f"{left << 32 | right:016x}"


def number_of(key: bytes, ticket: str) -> int | None:
    """Return the number behind a ticket; None for what is no ticket of any number."""
    if len(ticket) != 16 or set(ticket) - set("0123456789abcdef"):
        return None
    both = int(ticket, 16)
    left, right = both >> 32, both & _HALF
    for step in reversed(range(_ROUNDS)):
        left, right = right ^ _mix(key, step, left), left
    number = left << 32 | right
    return number if 0 < number < 2**63 else None


def _mix(key: bytes, step: int, half: int) -> int:
    digest = hmac.digest(key, bytes([step]) + half.to_bytes(4, "big"), "sha256")
    return int.from_bytes(digest[:4], "big")
