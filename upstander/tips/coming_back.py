"""Coming back to a conversation by a code, typed or pressed. A wrong one learns nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from upstander.tips.speed import Away, Value, call
from upstander.vault import codes, sessions
from upstander.vault.codes import CodeKeys, ReturnCode
from upstander.vault.envelopes import bind, unseal
from upstander.vault.errors import Forgotten
from upstander.vault.keypad import Stems
from upstander.vault.seeds import seed_from


class NotKept(Exception):
    """The database could not take it: nothing was saved, and the reporter must be told so."""


def ask(statement: str, values: list[Value]) -> tuple[Any, ...] | None:
    """Call one of the database's functions for a reporter. Raises NotKept when it is away."""
    try:
        return call(statement, values)
    except Away as error:
        raise NotKept from error


def open_with_code(typed: str) -> str | None:
    """Open a conversation by its return code and return the session's cookie, or None.

    A code that can't be right costs the same work as a wrong one, so time tells nothing.
    Raises NotKept when the database is away.
    """
    code = codes.parse_code(typed)
    token = open_with_keys(codes.keys_of(code or ReturnCode("-"), pepper=settings.CODE_PEPPER))
    return token if code is not None else None


def open_with_spoken(code: ReturnCode) -> str | None:
    """Open a conversation by the digits that were read out to its caller, as ``open_with_code``."""
    return open_with_keys(codes.keys_of_spoken(code, pepper=settings.CODE_PEPPER))


def open_with_stems(meant: Sequence[Stems]) -> str | None:
    """Open the one conversation that one of these codes opens, of each the words' first letters.

    All are tried, whichever it is: how long it takes says nothing that the presses don't say.
    """
    tried = [codes.keys_of_stems(stems, pepper=settings.CODE_PEPPER) for stems in meant]
    found = ask("SELECT * FROM api.talk_among($1)", [b"".join(keys.lookup_id for keys in tried)])
    if found is None:
        return None
    return open_with_keys(next(keys for keys in tried if keys.lookup_id == bytes(found[0])))


def open_with_keys(keys: CodeKeys) -> str | None:
    """Open a conversation by what a code yields and return the session's cookie, or None."""
    row = ask("SELECT * FROM api.talk_by_code($1)", [keys.lookup_id])
    if row is None:
        return None
    tip_id, _district, wrapped, wrapped_shred, version = row
    secret = unseal(keys.wrapping_key, bytes(wrapped), aad=bind("return", tip_id))
    try:
        shred_key = settings.SHRED_FILES.unwrap(
            bytes(wrapped_shred), subject=tip_id, version=version
        )
    except Forgotten:
        return None
    token = sessions.new_token()
    sealed = sessions.seal_for(token, seed_from(secret, shred_key), bind("talk", tip_id))
    ask(
        "SELECT api.talk_start(p_lookup => $1, p_talk => $2, p_seed => $3)",
        [keys.lookup_id, sessions.row_key(token), sealed],
    )
    return token
