"""What each test of the watch begins with."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture(autouse=True)
def _own_record(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Folders of its own: another test's worker or desk may have left its word there."""
    monkeypatch.setattr(type(settings.HOME), "record", tmp_path / "record")
    (tmp_path / "run").mkdir()
    monkeypatch.setattr(type(settings.HOME), "run", tmp_path / "run")
