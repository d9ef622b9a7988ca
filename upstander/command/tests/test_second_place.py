"""The second place of the shred key file: filled, lost, brought back by an administrator."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from upstander.command.tests.systems import ANSWERS, made, upstander

__all__ = ["made"]

pytestmark = [pytest.mark.servers, pytest.mark.slow]


def wrong(home: Path, second: Path | None) -> dict[str, str]:
    """What `doctor` finds not well about the key file's places."""
    done = upstander(home, "doctor", second=second)
    assert done.returncode == 1
    found = dict(re.findall(r"^NOT WELL +([^:]+): (.+)$", done.stdout, re.MULTILINE))
    return {
        what: says for what, says in found.items() if what in ("shred key file", "second place")
    }


def test_either_place_is_brought_back_from_the_other(
    made: tuple[Path, str], tmp_path: Path
) -> None:
    home, told = made
    assert "UPSTANDER_SECOND_PLACE" in told, "init asks for one"
    assert "no second place is set" in upstander(home, "second-place").stderr
    assert "lies on one disk" in wrong(home, None)["second place"]

    second = tmp_path / "second"
    refused = upstander(home, "second-place", second=second)
    assert refused.returncode == 1
    assert "is not there: mount the disk" in refused.stderr
    second.mkdir(mode=0o700)
    assert "holds no shred key file" in wrong(home, second)["second place"]
    filled = upstander(home, "second-place", second=second)
    assert filled.returncode == 0, filled.stderr
    key = (second / "1").read_bytes()
    assert key == (home / "keys" / "shred" / "1").read_bytes()
    assert (second / "1").stat().st_mode & 0o777 == 0o600
    # A test's folders lie on one disk, and that is said.
    assert "ONE disk" in filled.stdout
    assert "same disk" in wrong(home, second)["second place"]

    # The second disk is lost.
    (second / "1").unlink()
    assert "holds no shred key file" in wrong(home, second)["second place"]
    assert upstander(home, "second-place", second=second).returncode == 0
    assert (second / "1").read_bytes() == key

    # The first is lost: nothing makes a new file that opens nothing.
    shutil.rmtree(home / "keys" / "shred")
    assert "no tip can come in" in wrong(home, second)["shred key file"]
    refused = upstander(home, "migrate", second=second)
    assert refused.returncode == 1
    assert "`upstander second-place` brings it back" in refused.stderr
    assert upstander(home, "second-place", second=second).returncode == 0
    assert (home / "keys" / "shred" / "1").read_bytes() == key

    # Another installation's is told of, and never copied over.
    for folder in (home / "keys" / "shred", second):
        own = folder / "1"
        own.write_bytes(b"x" * 32)
        found = wrong(home, second)
        assert any("not " in says for says in found.values()), found
        assert upstander(home, "second-place", second=second).returncode == 1
        own.write_bytes(key)


def test_init_fills_it_if_it_is_there(tmp_path: Path) -> None:
    (tmp_path / "second").mkdir(mode=0o700)
    done = upstander(tmp_path / "h", "init", *ANSWERS, second=tmp_path / "second")
    assert done.returncode == 0, done.stderr
    assert "both hold file 1" in done.stdout
    key = (tmp_path / "h" / "keys" / "shred" / "1").read_bytes()
    assert (tmp_path / "second" / "1").read_bytes() == key
