"""A folder that is away neither lets the worker's lane spin nor keeps an old copy alive."""

from __future__ import annotations

import time
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.conf import settings

from upstander.retention import sweeps as clock


@pytest.fixture(autouse=True)
def _anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_next", {})


def test_what_fails_is_not_done_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    work = Mock(side_effect=OSError("away"))
    with pytest.raises(OSError, match="away"):
        clock._paced(work, clock.EVERY)
    assert clock._paced(work, clock.EVERY) == 0
    assert work.call_count == 1
    assert 0 < clock._next[work] - time.monotonic() <= clock.SOON, "nor only in an hour"


def test_old_copies_go_though_the_list_can_t_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    expired = Mock(return_value=1)
    monkeypatch.setattr(type(settings.HOME), "key_copies", Path("/copies"))
    monkeypatch.setattr(clock, "expire_copies", expired)
    monkeypatch.setattr(clock, "write_down", Mock(side_effect=OSError("away")))
    with pytest.raises(OSError, match="away"):
        clock.sweep_copies()
    expired.assert_called_once_with(Path("/copies"))
