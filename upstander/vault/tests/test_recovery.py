"""Recovery: two shares give the seed, one gives nothing, and slips are told plainly."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstander.vault.errors import RecoveryBroken
from upstander.vault.printable import decode, encode
from upstander.vault.recovery import join, new_recovery_code, recovery_wrapping_key, split

secret_bytes = st.binary(min_size=32, max_size=32)
KIND = "recovery share"


@given(secret_bytes)
def test_two_shares_give_the_secret_in_either_order(secret: bytes) -> None:
    a, b = split(secret)
    assert join(a, b) == join(b, a) == secret


@given(secret_bytes, secret_bytes, st.booleans())
def test_one_share_alone_tells_nothing(secret: bytes, other: bytes, which: bool) -> None:
    """For any share and any other secret there is a second share that would fit them."""
    held = split(secret)[which]
    body = decode(held, 37, KIND)
    side, name, pad = body[0], body[1:5], body[5:]
    missing = bytes(x ^ y for x, y in zip(other, pad, strict=True))
    made_up = encode(bytes([3 - side]) + name + missing, KIND)
    assert join(held, made_up) == other


def test_each_half_of_a_split_is_random() -> None:
    secret = secrets.token_bytes(32)
    shares = [share for _ in range(50) for share in split(secret)]
    halves = {decode(share, 37, KIND)[5:] for share in shares}
    assert len(halves) == 100
    assert secret not in halves


@given(st.integers(0, 63), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_a_mistyped_share_is_told_plainly(position: int, letter: str) -> None:
    a, b = split(b"s" * 32)
    letters = list(a.replace("-", ""))
    if letters[position] == letter:
        letter = "Z" if letter != "Z" else "0"
    letters[position] = letter
    with pytest.raises(RecoveryBroken, match=r"first share is not readable.*mistyped"):
        join("".join(letters), b)


def test_other_mistakes_have_their_own_words() -> None:
    a, b = split(b"s" * 32)
    c, _ = split(b"t" * 32)
    with pytest.raises(RecoveryBroken, match="same share twice"):
        join(a, a)
    with pytest.raises(RecoveryBroken, match="two different sets"):
        join(c, b)
    with pytest.raises(RecoveryBroken, match=r"second share .* has 60 letters"):
        join(a, b[:-5])
    with pytest.raises(RecoveryBroken, match="Group 1 has"):
        join("U" + a[1:], b)
    with pytest.raises(RecoveryBroken, match="not readable"):
        join(new_recovery_code(), b)


def test_no_message_repeats_a_share() -> None:
    a, b = split(b"s" * 32)
    with pytest.raises(RecoveryBroken) as caught:
        join(a, b[:-1] + ("0" if b[-1] != "0" else "1"))
    assert not any(group in str(caught.value) for group in (a + "-" + b).split("-"))


def test_a_share_is_read_as_people_write_it() -> None:
    a, b = split(b"\0" * 31 + b"\x21")
    assert join(a.lower().replace("-", " "), b.replace("0", "O").replace("1", "l")) is not None


def test_a_personal_code_gives_one_key() -> None:
    code = new_recovery_code()
    key = recovery_wrapping_key(code)
    assert len(code.split("-")) == 8
    assert len(key) == 32
    assert recovery_wrapping_key(f" {code.lower().replace('-', ' ')} ") == key
    assert len({recovery_wrapping_key(new_recovery_code()) for _ in range(100)}) == 100


def test_a_share_is_no_personal_code() -> None:
    for wrong in (split(b"s" * 32)[0], "", new_recovery_code()[:-4] + "0000"):
        with pytest.raises(RecoveryBroken, match="recovery code is not readable"):
            recovery_wrapping_key(wrong)
