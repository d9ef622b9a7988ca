"""Pages rendered once and kept, with slots for what differs each time.

Only for the two pages on the path of a tip: a form that thousands open in the same hour, and the
page that answers it. Rendering them each time costs more than keeping the tip does.
"""

from __future__ import annotations

import struct
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping

from upstander.tips.speed.slots import parts

#: Kept pages a process holds: languages x districts x tiles, far above what one of them serves.
MOST_PAGES = 512

_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_STORED_MOST = 0xFFFF


class KeptPage:
    """A rendered page, cut at its slots, also compressed piece by piece."""

    def __init__(self, html: str) -> None:
        pieces, self._names = parts(html)
        self._plain = [piece.encode() for piece in pieces]
        self._packed: list[bytes] | None = None

    def filled(self, values: Mapping[str, str]) -> bytes:
        """Return the page. ``values`` are already escaped. Raises KeyError for a slot left out."""
        out = [self._plain[0]]
        for name, after in zip(self._names, self._plain[1:], strict=True):
            out += (values[name].encode(), after)
        return b"".join(out)

    def gzipped(self, values: Mapping[str, str]) -> bytes:
        """Return the page as gzip (RFC 1952), compressing nothing anew.

        The fixed pieces are deflate blocks made once, each ended by a full flush, so that it refers
        to nothing before it. What goes into the slots is put between them as stored blocks (RFC
        1951, 3.2.4): it is neither compressed nor compared with the rest, so that the page's length
        tells nothing about it.
        """
        if self._packed is None:
            self._packed = [_deflated(piece) for piece in self._plain]
        plain = self.filled(values)
        out = [_GZIP_HEAD, self._packed[0]]
        for name, after in zip(self._names, self._packed[1:], strict=True):
            out += (_stored(values[name].encode()), after)
        # An empty final block ends the stream; then checksum and length of what was packed.
        out += (b"\x03\x00", struct.pack("<LL", zlib.crc32(plain), len(plain)))
        return b"".join(out)


def _deflated(piece: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)


def _stored(value: bytes) -> bytes:
    blocks = [value[at : at + _STORED_MOST] for at in range(0, len(value), _STORED_MOST)]
    return b"".join(
        b"\x00" + struct.pack("<HH", len(block), len(block) ^ _STORED_MOST) + block
        for block in blocks
    )


class Shelf:
    """Kept pages by key, the longest unused given up first. Safe among threads."""

    def __init__(self, most: int = MOST_PAGES) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._pages: OrderedDict[Hashable, KeptPage] = OrderedDict()

    def page(self, key: Hashable, render: Callable[[], str]) -> KeptPage:
        """Return the page under ``key``, rendered if it isn't there. The key holds all inputs."""
        with self._lock:
            if page := self._pages.get(key):
                self._pages.move_to_end(key)
                return page
        page = KeptPage(render())
        with self._lock:
            self._pages[key] = page
            while len(self._pages) > self._most:
                self._pages.popitem(last=False)
        return page

    def clear(self) -> None:
        """Give up all pages (tests)."""
        with self._lock:
            self._pages.clear()
