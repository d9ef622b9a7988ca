"""What the reporter sees of their tip: the conversation, opened with their session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from upstander.tips.states import TipState


class Said(NamedTuple):
    """One turn of the dialog as the reporter sees it."""

    id: UUID
    author: str
    text: str
    at: datetime
    hidden: bool


class SentFile(NamedTuple):
    """A file as the reporter sees it."""

    id: UUID
    name: str
    size: int
    state: str
    #: What it says about its maker could not be taken out; the page must say so.
    as_it_came: bool


@dataclass(frozen=True, slots=True)
class Dialog:
    """A tip as its reporter sees it."""

    tip_id: UUID
    district_id: int
    school_id: int | None
    state: str
    tile: str
    language: str
    ended: bool
    disposition: str
    #: What is told of a school's case: "open", "done" or nothing.
    in_case: str
    received_at: datetime
    first_read: bool
    messages: tuple[Said, ...]
    answers: Mapping[str, str]
    files: tuple[SentFile, ...]
    seed: bytes = field(repr=False)
    #: Somebody on staff has said "I have it", by name to their colleagues.
    taken: bool = False
    #: A life may be in danger: by what was answered at any time, or as a counselor judged it.
    danger: bool = False
    #: They wrote on what was closed, and nobody has opened it since.
    unread_again: bool = False
    #: They came to talk, not to report; and by which ground others than the center have it.
    to_talk: bool = False
    shared_for: str = ""
    #: Of which kind the team is that has it, or is asked, since it was handed on (TeamKind); "" of
    #: single persons who are asked.
    had_by: str = ""
    #: They called, and somebody has answered since: on the phone, where nobody wrote (``talked``).
    by_phone: bool = False

    @property
    def over(self) -> bool:
        """Tell whether nobody works on it: closed here or as a school's case, and nothing since."""
        return (self.state == TipState.CLOSED or self.in_case == "done") and not self.unread_again

    @property
    def talked(self) -> bool:
        """Tell whether all that was answered was said on the phone."""
        return self.by_phone and not self.answered

    @property
    def answered(self) -> bool:
        """Tell whether anybody has written back yet."""
        return any(said.author != "reporter" for said in self.messages)
