"""The second place of the shred key file: filled, lost, brought back by an administrator."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from upstander.command.tests.systems import ANSWERS, upstander
from upstander.config.home import Home

pytestmark = [pytest.mark.servers, pytest.mark.slow]


def wrong(home: Path, second: Path | None) -> dict[str, str]:
    """What `doctor` finds not well about the key file's places."""
    done = upstander(home, "doctor", second=second)
    assert done.returncode == 1
    found = dict(re.findall(r"^NOT WELL +([^:]+): (.+)$", done.stdout, re.MULTILINE))
    return {
        what: says for what, says in found.items() if what in ("shred key file", "second place")
    }


def test_either_place_is_brought_back_from_the_other(tmp_path: Path) -> None:
    home, second = tmp_path / "h", tmp_path / "second"
    first = home / "keys" / "shred"
    second.mkdir(mode=0o700)
    done = upstander(home, "init", *ANSWERS, second=second)
    assert done.returncode == 0, done.stderr
    assert "both hold file 1" in done.stdout, "init fills it if it is there"
    key = (first / "1").read_bytes()
    assert (second / "1").read_bytes() == key
    assert (second / "1").stat().st_mode & 0o777 == 0o600
    # A test's folders lie on one disk, and that is said.
    assert "ONE disk" in done.stdout

    assert "no second place is set" in upstander(home, "second-place").stderr
    refused = upstander(home, "second-place", second=tmp_path / "not mounted")
    assert refused.returncode == 1
    assert "is not there: mount the disk" in refused.stderr

    # The second disk is lost.
    (second / "1").unlink()
    assert "holds no shred key file" in wrong(home, second)["second place"]
    assert upstander(home, "second-place", second=second).returncode == 0
    assert (second / "1").read_bytes() == key

    # The first is lost: nothing makes a new file that opens nothing.
    shutil.rmtree(first)
    found = wrong(home, second)
    assert "no tip can come in" in found["shred key file"]
    assert "same disk" in found["second place"]
    refused = upstander(home, "migrate", second=second)
    assert refused.returncode == 1
    assert "`upstander second-place` brings it back" in refused.stderr
    assert upstander(home, "second-place", second=second).returncode == 0
    assert (first / "1").read_bytes() == key

    # Another installation's is told of, and never copied over.
    (second / "1").write_bytes(b"x" * 32)
    assert "not a file of this database" in wrong(home, second)["second place"]
    refused = upstander(home, "second-place", second=second)
    assert refused.returncode == 1
    assert "not the file that was in force" in refused.stderr
    assert (first / "1").read_bytes() == key
    shutil.rmtree(Home(home).socket, ignore_errors=True)
