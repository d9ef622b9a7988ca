"""The codes of a call: the 16 digits that it gives, and what a caller's keys open.

Whoever has a report already calls on in it: the digits of a call before, or the seven words of the
website, four letters of each by the keys that they stand on.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from upstander.tips.coming_back import NotKept, ask, open_with_spoken, open_with_stems
from upstander.tips.envelopes import seal_words
from upstander.tips.new_tip import Filed
from upstander.tips.reporter import dialog_for
from upstander.tips.speed import tell
from upstander.vault import codes, sessions
from upstander.vault.codes import SPOKEN_DIGITS, ReturnCode
from upstander.vault.envelopes import bind, seal, unseal
from upstander.vault.keypad import FEWEST_KEYS, MOST_KEYS, codes_of_keys
from upstander.vault.seeds import inbox_key_pair

#: Codes that a caller may key in during one call.
MOST_TRIES: Final = 3
#: Presses of seven words that mean more codes than this are not tried: it would take seconds.
MOST_MEANT: Final = 4_000
#: One at a time tries them, and nobody waits for it: the site has other work for its few threads.
_trying = threading.Lock()


class No(Enum):
    """Why keys open nothing."""

    #: They are no code, by what anybody can see: the check digit, the count, the published lists.
    MISTYPED = auto()
    #: They could be one, and there is none.
    UNKNOWN = auto()
    #: They mean too many codes: these words open on the website alone.
    WEBSITE = auto()
    #: Very many wrong codes came within ten minutes, from anybody: none opens anything now.
    SHUT = auto()


class GoesOn(NamedTuple):
    """Where a call goes on: the earlier report, and to what its later turns are sealed."""

    tip_id: UUID
    inbox: bytes
    language: str


def mint(filed: Filed) -> ReturnCode:
    """Give a report that has just been filed by a call its 16 digits, and return them.

    They take the place of its seven words, which nobody was given: whoever knows the call's id and
    the codes' key could make those again. Only now can that be done, and nothing keeps the digits:
    whoever calls this does, for the caller alone. In the caller's transaction; raises NotKept.
    """
    words = codes.keys_of(filed.code, pepper=settings.CODE_PEPPER)
    digits = codes.new_spoken()
    keys = codes.keys_of_spoken(digits, pepper=settings.CODE_PEPPER)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM api.talk_by_code(%s)", [words.lookup_id])
            if (row := cursor.fetchone()) is None:
                raise NotKept
            tip, _district, wrapped = row[:3]
            secret = unseal(words.wrapping_key, bytes(wrapped), aad=bind("return", tip))
            sealed = seal(keys.wrapping_key, secret, aad=bind("return", tip))
            cursor.execute(
                "SELECT api.door_code(p_words => %s, p_lookup => %s, p_wrapped => %s)",
                [words.lookup_id, keys.lookup_id, sealed],
            )
            exchanged = cursor.fetchone()
    except DatabaseError as error:
        raise NotKept from error
    if not exchanged or not exchanged[0]:
        raise NotKept
    return digits


def spoken(digits: str) -> tuple[str, ...]:
    """Return digits in groups of four, each with gaps, so that a voice reads them one by one."""
    return tuple(" ".join(digits[at : at + 4]) for at in range(0, len(digits), 4))


def typed_digits(typed: str) -> str:
    """Return digits as somebody wrote them, in any writing and with any gaps; "" for others."""
    plain = "".join(typed.replace("-", " ").split())
    return "".join(str(int(digit)) for digit in plain) if plain.isdecimal() else ""


@contextmanager
def a_turn(keys: str) -> Iterator[bool]:
    """Hold the turn to try keys; False: somebody else's are being tried, which takes seconds."""
    if len(keys) == SPOKEN_DIGITS:
        yield True
        return
    free = _trying.acquire(blocking=False)
    try:
        yield free
    finally:
        if free:
            _trying.release()


def open_by_keys(keys: str) -> str | No:
    """Open a report by what a caller pressed; return a session's cookie, or why there is none.

    Call it in ``a_turn``. Raises NotKept when the database is away.
    """
    if len(keys) == SPOKEN_DIGITS:
        return open_by_digits(keys)
    if not FEWEST_KEYS <= len(keys) <= MOST_KEYS:
        return No.MISTYPED
    meant = codes_of_keys(keys, most=MOST_MEANT)
    if meant is None:
        return No.WEBSITE
    if not meant:
        return No.MISTYPED
    if not _codes_open():
        return No.SHUT
    return open_with_stems(meant) or _wrong()


def open_by_digits(digits: str) -> str | No:
    """Open a report by the digits of a call, keyed or typed, as ``open_by_keys``."""
    if not codes.spoken_fits(digits):
        return No.MISTYPED
    if not _codes_open():
        return No.SHUT
    return open_with_spoken(ReturnCode(digits)) or _wrong()


def go_on(session_token: str, call_tip: UUID) -> GoesOn | None:
    """Let a call go on in the report that its caller opened; that they called is a turn of it.

    What the call was filed as is set aside. None: somebody has taken the call meanwhile, or another
    center has that report; the call stays as it is. Raises SessionOver, NotKept.
    """
    dialog = dialog_for(session_token)
    row, inbox = uuid4(), inbox_key_pair(dialog.seed).public
    with override(dialog.language):
        words = _("Called by phone, and opened this with the code.")
    sealed = seal_words(dialog.seed, purpose="message", tip=dialog.tip_id, row=row, words=words)
    done = ask(
        "SELECT api.door_goes_on(p_talk => $1, p_tip => $2, p_inbox => $3, p_message => $4,"
        " p_sealed => $5)",
        [sessions.row_key(session_token), call_tip, inbox, row, sealed],
    )
    if not done or not done[0]:
        return None
    tell(dialog.tip_id)
    tell(call_tip)
    return GoesOn(dialog.tip_id, inbox, dialog.language)


def _codes_open() -> bool:
    found = ask("SELECT api.door_codes_open()", [])
    return bool(found and found[0])


def _wrong() -> No:
    ask("SELECT api.door_wrong_code()", [])
    return No.UNKNOWN
