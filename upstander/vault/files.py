"""Encryption of files as they stream by: no clear copy ever lies on a disk.

libsodium's secretstream (XChaCha20-Poly1305): 24 bytes of header, then frames of 64 KiB + 17. Each
frame is authenticated with all that came before it, so none can be changed, moved or dropped. The
last carries the FINAL tag, which must be asked for: a stream that was cut between two frames opens
without complaint as far as it goes. The last frame is filled up, so the size is known to 64 KiB.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import nacl.exceptions
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_ABYTES,
    crypto_secretstream_xchacha20poly1305_HEADERBYTES,
    crypto_secretstream_xchacha20poly1305_init_pull,
    crypto_secretstream_xchacha20poly1305_init_push,
    crypto_secretstream_xchacha20poly1305_pull,
    crypto_secretstream_xchacha20poly1305_push,
    crypto_secretstream_xchacha20poly1305_state,
    crypto_secretstream_xchacha20poly1305_TAG_FINAL,
    crypto_secretstream_xchacha20poly1305_TAG_MESSAGE,
)

from .errors import FileBroken, Truncated

CHUNK: Final = 64 * 1024
_FRAME: Final = CHUNK + crypto_secretstream_xchacha20poly1305_ABYTES
_HEADER: Final = crypto_secretstream_xchacha20poly1305_HEADERBYTES
_FINAL: Final = crypto_secretstream_xchacha20poly1305_TAG_FINAL
_MESSAGE: Final = crypto_secretstream_xchacha20poly1305_TAG_MESSAGE


def encrypted_size(length: int) -> int:
    """Return how many bytes a file of ``length`` clear bytes takes once encrypted."""
    return _HEADER + (length // CHUNK + 1) * _FRAME


def encrypt_chunks(key: bytes, chunks: Iterable[bytes], *, aad: bytes = b"") -> Iterator[bytes]:
    """Yield the encrypted file for clear pieces of any size; holds one frame in memory.

    ``key`` is 32 bytes derived for this one file (``envelopes.derive(seed, f"file {id}")``);
    ``aad`` can name the row as well.
    """
    state = crypto_secretstream_xchacha20poly1305_state()
    yield crypto_secretstream_xchacha20poly1305_init_push(state, key)
    rest = bytearray()
    for chunk in chunks:
        rest += chunk
        while len(rest) >= CHUNK:
            yield crypto_secretstream_xchacha20poly1305_push(
                state, bytes(rest[:CHUNK]), aad, _MESSAGE
            )
            del rest[:CHUNK]
    rest += b"\x80"
    yield crypto_secretstream_xchacha20poly1305_push(
        state, bytes(rest.ljust(CHUNK, b"\0")), aad, _FINAL
    )


def decrypt_chunks(key: bytes, chunks: Iterable[bytes], *, aad: bytes = b"") -> Iterator[bytes]:
    """Yield the clear pieces of an encrypted file that arrives in pieces of any size.

    Each piece is authentic when it is yielded, but only the end of the iteration says that the file
    is whole. Raises Truncated when bytes are missing at the end, FileBroken when key, place, order
    or bytes are wrong or something follows the end.
    """
    state: crypto_secretstream_xchacha20poly1305_state | None = None
    finished = False
    rest = bytearray()
    for chunk in chunks:
        rest += chunk
        if state is None and len(rest) >= _HEADER:
            state = crypto_secretstream_xchacha20poly1305_state()
            crypto_secretstream_xchacha20poly1305_init_pull(state, bytes(rest[:_HEADER]), key)
            del rest[:_HEADER]
        while state is not None and len(rest) >= _FRAME and not finished:
            clear, finished = _pull(state, bytes(rest[:_FRAME]), aad)
            del rest[:_FRAME]
            yield clear
        if finished and rest:
            raise FileBroken("Something follows the end of the file.")
    if not finished:
        raise Truncated("The file ends before its end: bytes are missing.")


def _pull(
    state: crypto_secretstream_xchacha20poly1305_state, frame: bytes, aad: bytes
) -> tuple[bytes, bool]:
    """Open one frame; return its clear bytes and whether it is the last."""
    try:
        clear, tag = crypto_secretstream_xchacha20poly1305_pull(state, frame, aad)
    except nacl.exceptions.CryptoError as error:
        raise FileBroken("The file does not open: other key, or changed bytes.") from error
    if tag != _FINAL:
        return clear, False
    body = clear.rstrip(b"\0")
    if not body.endswith(b"\x80"):
        raise FileBroken("The file has no proper end.")
    return body[:-1], True
