"""Files: whole or refused, however they were cut."""

import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upstander.vault.errors import FileBroken, Truncated
from upstander.vault.files import CHUNK, decrypt_chunks, encrypt_chunks, encrypted_size

KEY = secrets.token_bytes(32)
FRAME = CHUNK + 17
HEADER = 24
CLEAR = secrets.token_bytes(3 * CHUNK + 5)
SEALED = b"".join(encrypt_chunks(KEY, [CLEAR]))
FRAMES = [SEALED[at : at + FRAME] for at in range(HEADER, len(SEALED), FRAME)]


def pieces(data: bytes, size: int) -> list[bytes]:
    """Cut bytes as a network might."""
    return [data[at : at + size] for at in range(0, len(data), size)]


def opened(sealed: bytes, *, key: bytes = KEY, aad: bytes = b"") -> bytes:
    """Decrypt a whole file at once."""
    return b"".join(decrypt_chunks(key, [sealed], aad=aad))


@given(
    st.sampled_from([0, 1, 100, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7]),
    st.integers(1000, 200_000),
    st.integers(1000, 200_000),
    st.sampled_from([b"", b"\0", b"\x80", b"\x80\0\0"]),
)
@settings(max_examples=40)
def test_round_trip(length: int, written: int, read: int, tail: bytes) -> None:
    clear = (secrets.token_bytes(length) + tail)[-length:] if length else b""
    sealed = b"".join(encrypt_chunks(KEY, pieces(clear, written), aad=b"file 1"))
    assert len(sealed) == encrypted_size(length)
    assert b"".join(decrypt_chunks(KEY, pieces(sealed, read), aad=b"file 1")) == clear


def test_pieces_of_one_byte_open() -> None:
    sealed = b"".join(encrypt_chunks(KEY, pieces(b"hello", 1)))
    assert b"".join(decrypt_chunks(KEY, pieces(sealed, 1))) == b"hello"


@given(st.integers(0, len(SEALED) - 1))
@settings(max_examples=40)
def test_a_cut_file_is_truncated(length: int) -> None:
    with pytest.raises(Truncated):
        opened(SEALED[:length])


@pytest.mark.parametrize("kept", [0, 1, 2, 3])
def test_a_file_cut_between_frames_is_truncated(kept: int) -> None:
    """The stream itself raises nothing here: only the missing FINAL tag tells."""
    with pytest.raises(Truncated):
        opened(SEALED[:HEADER] + b"".join(FRAMES[:kept]))


def test_what_arrived_before_a_cut_is_authentic() -> None:
    stream = decrypt_chunks(KEY, [SEALED[: HEADER + 2 * FRAME]])
    found = [next(stream), next(stream)]
    with pytest.raises(Truncated):
        next(stream)
    assert b"".join(found) == CLEAR[: 2 * CHUNK]


@pytest.mark.parametrize("order", [(1, 0, 2, 3), (0, 2, 1, 3), (0, 1, 3), (3,), (0, 0, 1, 2, 3)])
def test_reordered_dropped_or_doubled_frames_are_refused(order: tuple[int, ...]) -> None:
    with pytest.raises(FileBroken):
        opened(SEALED[:HEADER] + b"".join(FRAMES[number] for number in order))


def test_frames_of_another_file_are_refused() -> None:
    other = b"".join(encrypt_chunks(KEY, [CLEAR]))
    with pytest.raises(FileBroken):
        opened(SEALED[: HEADER + FRAME] + other[HEADER + FRAME :])


@pytest.mark.parametrize("more", [b"x", FRAMES[-1]])
def test_nothing_may_follow_the_end(more: bytes) -> None:
    with pytest.raises(FileBroken):
        opened(SEALED + more)
    with pytest.raises(FileBroken):
        b"".join(decrypt_chunks(KEY, [SEALED, more]))


@given(st.integers(0, len(SEALED) * 8 - 1))
@settings(max_examples=40)
def test_a_changed_bit_is_refused(bit: int) -> None:
    changed = bytearray(SEALED)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(FileBroken):
        opened(bytes(changed))


def test_another_key_or_row_is_refused() -> None:
    with pytest.raises(FileBroken):
        opened(SEALED, key=secrets.token_bytes(32))
    with pytest.raises(FileBroken):
        opened(SEALED, aad=b"file 2")


def test_small_files_have_one_size() -> None:
    assert len({encrypted_size(length) for length in (0, 1, 1000, CHUNK - 1)}) == 1
