"""What each test of the watch begins with."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture(autouse=True)
def _own_record(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder of its own for checkpoints: another test's worker may have left its word there."""
    monkeypatch.setattr(type(settings.HOME), "record", tmp_path / "record")
