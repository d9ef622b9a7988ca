"""Checkpoints: the form that others read, and nothing that passes for one."""

from __future__ import annotations

import base64
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from upstander.audit.signing import Signer, ed25519_fast, read_checkpoint
from upstander.audit.verifier.checkpoints import Key, open_checkpoint
from upstander.audit.verifier.ed25519 import ed25519_verify
from upstander.audit.verifier.tree import Wrong

AT = 1_795_600_000
SIGNER = Signer("center.example/record", bytes(range(32)))
NOTE = SIGNER.sign(20_852_163, b"r" * 32, AT)

#: RFC 8032 section 7.1: public key, message, signature.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
]
#: c2sp.org/tlog-checkpoint and the Go checksum database: a key in the form that is handed out.
SUMDB = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_the_plain_python_check_against_the_standard(
    public: str, message: str, signature: str
) -> None:
    raw = [bytes.fromhex(text) for text in (public, message, signature)]
    assert ed25519_verify(*raw)
    assert not ed25519_verify(raw[0], raw[1] + b"x", raw[2])


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 64 * 8 - 1))
def test_the_plain_python_check_says_what_the_library_says(
    private: bytes, message: bytes, flipped: int
) -> None:
    key = Ed25519PrivateKey.from_private_bytes(private)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    wrong = bytearray(signature)
    wrong[flipped // 8] ^= 1 << flipped % 8
    for check in (ed25519_verify, ed25519_fast):
        assert check(public, message, signature)
        assert not check(public, message, bytes(wrong))
        assert not check(public, message, signature[:-1])


def test_a_signature_with_a_number_too_large_is_refused() -> None:
    """Else a second signature of the same text could be made from the first (RFC 8032, 5.1.7)."""
    public, message, signature = (bytes.fromhex(text) for text in RFC_8032[1])
    order = 2**252 + 27742317777372353535851937790883648493
    more = int.from_bytes(signature[32:], "little") + order
    assert not ed25519_verify(public, message, signature[:32] + more.to_bytes(32, "little"))


def test_keys_have_the_form_that_others_use() -> None:
    key = Key.parse(SUMDB)
    assert (key.name, str(key)) == ("sum.golang.org", SUMDB)
    for damaged in ("", "a+b", SUMDB[:-1], SUMDB.replace("033de0ae", "033de0af"), "x" + SUMDB):
        with pytest.raises(Wrong):
            Key.parse(damaged)


def test_a_checkpoint_is_three_lines_and_two_signatures() -> None:
    body, signatures = NOTE.split("\n\n")
    assert body.split("\n") == [
        "center.example/record",
        "20852163",
        base64.b64encode(b"r" * 32).decode(),
    ]
    lines = signatures.splitlines()
    assert [line.split(" ")[:2] for line in lines] == [["—", "center.example/record"]] * 2
    assert [len(base64.b64decode(line.split(" ")[2])) for line in lines] == [4 + 64, 4 + 8 + 64]


@pytest.mark.parametrize("read", [lambda n, k: open_checkpoint(n, [k]), read_checkpoint])
def test_it_opens_to_whoever_has_the_key(read: object) -> None:
    signed = read(NOTE, SIGNER.key)  # type: ignore[operator]
    assert (signed.size, signed.root, signed.time) == (20_852_163, b"r" * 32, AT)
    assert signed.origin == "center.example/record"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("20852163", "20852164"),
        ("20852163", "020852163"),
        ("20852163", "-1"),
        ("center.example/record\n2", "other.example/record\n2"),
        ("cnJy", "cnJz"),
        ("\n\n", "\nmore\n\n"),
        ("\n\n", "\n"),
        ("— center.example/record", "— other.example/record"),
        ("—", "-"),
    ],
)
def test_nothing_changed_passes_for_a_checkpoint(old: str, new: str) -> None:
    assert old in NOTE
    with pytest.raises(Wrong):
        open_checkpoint(NOTE.replace(old, new), [SIGNER.key])


def test_neither_signature_stands_for_the_other() -> None:
    body, signatures = NOTE.split("\n\n")
    for line in signatures.splitlines():
        with pytest.raises(Wrong):
            open_checkpoint(f"{body}\n\n{line}\n", [SIGNER.key])


def test_a_time_can_not_be_moved() -> None:
    body, signatures = NOTE.split("\n\n")
    plain, timed = signatures.splitlines()
    raw = bytearray(base64.b64decode(timed.split(" ")[2]))
    raw[11] ^= 1
    moved = f"{body}\n\n{plain}\n— {SIGNER.name} {base64.b64encode(raw).decode()}\n"
    with pytest.raises(Wrong, match="time"):
        open_checkpoint(moved, [SIGNER.key])


def test_another_s_key_vouches_for_nothing() -> None:
    other = Signer(SIGNER.name, b"o" * 32)
    with pytest.raises(Wrong, match="no key that you trust"):
        open_checkpoint(other.sign(20_852_163, b"r" * 32, AT), [SIGNER.key])
    # A witness's signature beside ours is passed over.
    witness = other.sign(20_852_163, b"r" * 32, AT).split("\n\n")[1]
    assert open_checkpoint(NOTE + witness, [SIGNER.key]).time == AT


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_no_text_is_an_error(text: str) -> None:
    for attempt in (text, text + "\n\n" + text, NOTE + text, NOTE[: len(text)]):
        with suppress(Wrong):
            open_checkpoint(attempt, [SIGNER.key], ed25519_fast)
