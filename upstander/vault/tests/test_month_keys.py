"""Keys of a month: made once, kept for two, and the RFC's own example opens."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import ec

from upstander.vault.errors import Forgotten, KeyMissing, SealBroken
from upstander.vault.month_keys import INFO, SUITE, MonthKeys


def day(month: int, year: int = 2030) -> datetime:
    return datetime(year, month, 3, tzinfo=UTC)


def sealed(keys: MonthKeys, now: datetime) -> tuple[str, bytes]:
    month, point = keys.current(now)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    return month, SUITE.encrypt(b"words", public, info=INFO)


def test_last_but_one_month_opens_nothing(tmp_path: Path) -> None:
    keys = MonthKeys(tmp_path / "app")
    january, february = sealed(keys, day(1)), sealed(keys, day(2))
    assert keys.open(*january) == keys.open(*february) == b"words"
    march = sealed(MonthKeys(tmp_path / "app"), day(3))
    assert keys.open(*february) == keys.open(*march) == b"words"
    with pytest.raises(Forgotten):
        keys.open(*january)
    assert sorted(path.name for path in (tmp_path / "app").iterdir()) == ["2030-02", "2030-03"]


def test_key_is_made_once_and_closed_to_others(tmp_path: Path) -> None:
    keys = MonthKeys(tmp_path / "app")
    assert keys.current(day(1)) == MonthKeys(tmp_path / "app").current(day(1))
    assert (tmp_path / "app" / "2030-01").stat().st_mode & 0o777 == 0o600


def test_clock_that_ran_ahead_costs_no_key(tmp_path: Path) -> None:
    keys = MonthKeys(tmp_path / "app")
    month, blob = sealed(keys, day(1))
    sealed(keys, day(1, year=2031))
    sealed(keys, day(2))
    assert keys.open(month, blob) == b"words"


def test_changed_bytes_and_foreign_names_open_nothing(tmp_path: Path) -> None:
    keys = MonthKeys(tmp_path / "app")
    month, blob = sealed(keys, day(1))
    for wrong in (b"", blob[:-1], bytes([blob[0] ^ 1]) + blob[1:], blob[:-1] + b"\0\0"):
        with pytest.raises(SealBroken):
            keys.open(month, wrong)
    for name in ("", ".", "../code", "2029-12"):
        with pytest.raises(Forgotten):
            keys.open(name, blob)


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "app").write_text("a file")
    with pytest.raises(KeyMissing):
        MonthKeys(tmp_path / "app").current(day(1))


def test_example_of_the_rfc_opens() -> None:
    """RFC 9180, A.3.1; of its messages the library opens those without further data only."""
    suite = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_128_GCM)
    scalar = int("f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2", 16)
    private = ec.derive_private_key(scalar, ec.SECP256R1())
    info = bytes.fromhex("4f6465206f6e2061204772656369616e2055726e")
    blob = suite.encrypt(b"words", private.public_key(), info=info)
    assert suite.decrypt(blob, private, info=info) == b"words"
