"""Reading a file forwards only, as it comes through a pipe."""

from __future__ import annotations

from typing import Final, Protocol

_PIECE: Final = 256 * 1024


class Unreadable(Exception):
    """The bytes do not keep to the format they begin with, or ask for more than is allowed."""


class Readable(Protocol):
    """Anything with ``read``: a pipe, a file, ``io.BytesIO``."""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes, none only at the end."""
        ...


class Source:
    """A stream of known length, read once from its beginning to its end."""

    def __init__(self, stream: Readable, size: int) -> None:
        """Read ``size`` bytes in all; a stream that ends before that is unreadable."""
        self.size = size
        self._stream = stream
        self._ahead = b""
        self._at = 0  # of the next byte in _ahead
        self._taken = 0  # bytes taken from the stream

    @property
    def offset(self) -> int:
        """How many bytes have been passed."""
        return self._taken - len(self._ahead) + self._at

    @property
    def left(self) -> int:
        """How many bytes are still to come."""
        return self.size - self.offset

    def peek(self, count: int) -> bytes:
        """Return the next bytes without passing them; fewer than ``count`` only at the end."""
        if len(self._ahead) - self._at < count:
            parts = [self._ahead[self._at :]]
            have = len(parts[0])
            while have < count and self._taken < self.size:
                piece = self._stream.read(min(max(_PIECE, count - have), self.size - self._taken))
                if not piece:
                    raise Unreadable("the stream ends before its end")
                parts.append(piece)
                have += len(piece)
                self._taken += len(piece)
            self._ahead, self._at = b"".join(parts), 0
        return self._ahead[self._at : self._at + count]

    def read(self, count: int) -> bytes:
        """Return exactly ``count`` bytes. Raises Unreadable when fewer are left."""
        data = self.peek(count)
        if len(data) < count:
            raise Unreadable("the file ends in the middle of something")
        self._at += count
        return data

    def skip(self, count: int) -> None:
        """Pass over ``count`` bytes. Raises Unreadable when fewer are left."""
        if count < 0 or count > self.left:
            raise Unreadable("the file ends in the middle of something")
        while count:
            step = len(self.peek(min(count, _PIECE)))
            self._at += step
            count -= step
