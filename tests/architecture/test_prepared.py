"""What the tests' first steps made is kept for the next run by one process, and whole or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from upstander.command import prepared_tests as prepared


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as a run made it, and nothing kept yet."""
    monkeypatch.setattr(prepared, "_KEPT", tmp_path / "kept")
    root = tmp_path / "made"
    (root / "run").mkdir(parents=True)
    (root / prepared.CAST).write_bytes(b"cast")
    return root


def test_one_keeps_and_the_others_go_on(made: Path, tmp_path: Path) -> None:
    assert not prepared.copy_to(tmp_path / "copy")
    with prepared.keeping(made) as first, prepared.keeping(made) as second:
        assert (first, second) == (True, False)
    with prepared.keeping(made) as late:
        assert not late
    assert prepared.copy_to(tmp_path / "copy")
    assert (tmp_path / "copy" / prepared.CAST).read_bytes() == b"cast"
    assert not (tmp_path / "copy" / "run").exists(), "locks and sockets are a run's own"


def test_who_fails_keeps_nothing_and_older_ones_go(made: Path, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), prepared.keeping(made):
        raise ZeroDivisionError
    assert not prepared.copy_to(tmp_path / "copy")
    (tmp_path / "kept" / "older").mkdir()
    with prepared.keeping(made) as mine:
        assert mine
    assert [one.name for one in (tmp_path / "kept").iterdir()] == [prepared._digest()]
