"""Eight digits that lead from a text to the same conversation on the website, once."""

from __future__ import annotations

import secrets
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection

from upstander.tips.reporter import NotKept
from upstander.vault import codes, sessions
from upstander.vault.codes import CodeKeys, ReturnCode
from upstander.vault.envelopes import bind, derive, seal, unseal
from upstander.vault.errors import Forgotten
from upstander.vault.seeds import seed_from

#: How many digits lead over.
BRIDGE_DIGITS: Final = 8


def bridge_keys(digits: str) -> CodeKeys:
    """Return the keys of digits, under a pepper of their own: digits alone are soon tried."""
    return codes.keys_of_letters(digits, pepper=derive(settings.CARRIER_KEY, "bridge"))


def cross(digits: str) -> tuple[str, ReturnCode] | None:
    """Open a conversation by its digits; return the session's cookie and new words to come back.

    None where they open nothing: wrong, used, too old. Raises NotKept when the database is away.
    """
    keys = bridge_keys(digits)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM api.door_bridge(p_lookup => %s)", [keys.lookup_id])
            row = cursor.fetchone()
        if row is None:
            return None
        tip, _district, wrapped, shred, version, language = row
        secret = unseal(keys.wrapping_key, bytes(wrapped), aad=bind("bridge", tip))
        try:
            shred_key = settings.SHRED_FILES.unwrap(bytes(shred), subject=tip, version=version)
        except Forgotten:
            return None
        page = secrets.token_urlsafe(18)
        code = codes.code_for(page, digits, language=language, code_key=settings.CODE_KEY)
        back = codes.keys_of(code, pepper=settings.CODE_PEPPER)
        token = sessions.new_token()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT api.door_cross(p_bridge => %s, p_lookup => %s, p_page => %s,"
                " p_wrapped => %s, p_talk => %s, p_seed => %s)",
                [
                    keys.lookup_id,
                    back.lookup_id,
                    secrets.token_bytes(16),
                    seal(back.wrapping_key, secret, aad=bind("return", tip)),
                    sessions.row_key(token),
                    sessions.seal_for(token, seed_from(secret, shred_key), bind("talk", tip)),
                ],
            )
            crossed = cursor.fetchone()
    except DatabaseError as error:
        raise NotKept from error
    return (token, code) if crossed and crossed[0] else None
