"""What each door hands over, and what its reporter gets for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from upstander.vault.codes import ReturnCode


@dataclass(frozen=True, slots=True)
class NewTip:
    """What a door (web, text, phone, staff) hands over. ``token`` is the form's random token."""

    token: str
    text: str
    language: str
    tile: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    school_id: int | None = None
    district_id: int | None = None
    channel: str = "web"
    #: To talk with the center, not to report: it stays there until a ground is named.
    to_talk: bool = False
    #: Set in a flood only: equal for equal texts (see front/flood.py).
    similarity: bytes | None = None
    #: Counts what is said, marks what is quite equal, and tells how many said the same before.
    same_words: Callable[[str, str], tuple[bytes, int]] | None = None
    #: The secret of the link by which an adult took it down (channel "staff"), good once.
    link: str | None = field(default=None, repr=False)


class Filed(NamedTuple):
    """What the reporter gets for a tip: it exists only once the tip is on disk."""

    code: ReturnCode
    tip_id: UUID
    reference: str
    received_at: datetime
    session_token: str
    repeat: bool
