"""What signing in remembers for minutes: codes that were used, tries that were counted.

It is Django's cache, for allauth's sake, in one unlogged table: all processes of the desk share it,
so that a code passes once whichever of them is asked, and neither a backup nor the server's log of
changes has it. A row's name is an HMAC under the field key: no account and no address stands there.
"""

from __future__ import annotations

import hmac
import json
import time
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

from upstander.vault.envelopes import derive

#: By the server's clock as it is now, not as it was when a transaction began.
_NOW = "clock_timestamp()"
_PUT = (
    "INSERT INTO people_signinmemory AS kept (name, value, expires_at) VALUES (%s, %s, %s)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at"
)
_ADD = f"{_PUT} WHERE kept.expires_at <= {_NOW} RETURNING 1"
_GET = f"SELECT value FROM people_signinmemory WHERE name = %s AND expires_at > {_NOW}"  # noqa: S608
_INCR = (
    "UPDATE people_signinmemory SET value = (value::bigint + %s)::text"  # noqa: S608
    f" WHERE name = %s AND expires_at > {_NOW} RETURNING value"
)
_DELETE = "DELETE FROM people_signinmemory WHERE name = %s"
_FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


class SignInMemory(BaseCache):
    """A cache whose every step is one statement, outside of whatever transaction looks."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Keep it if there is nothing of that name, and tell whether it was kept."""
        return bool(_rows(_ADD, self._name(key, version), json.dumps(value), self._end(timeout)))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return what is kept, or the default."""
        found = _rows(_GET, self._name(key, version))
        return json.loads(found[0][0]) if found else default

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep it, whatever there was."""
        _rows(_PUT, self._name(key, version), json.dumps(value), self._end(timeout))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Add to a number and return it. Raises ValueError: there is none."""
        found = _rows(_INCR, delta, self._name(key, version))
        if not found:
            raise ValueError("nothing is counted under this name")
        return int(found[0][0])

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget it."""
        return bool(_rows(f"{_DELETE} RETURNING 1", self._name(key, version)))

    def clear(self) -> None:
        """Forget everything."""
        _rows("DELETE FROM people_signinmemory")

    def _name(self, key: str, version: int | None) -> bytes:
        secret = derive(settings.FIELD_KEY, "sign-in memory")
        return hmac.digest(secret, self.make_key(key, version).encode(), "sha256")

    def _end(self, timeout: Any) -> datetime:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return _FOREVER if seconds is None else datetime.fromtimestamp(time.time() + seconds, UTC)


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []
