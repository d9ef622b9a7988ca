"""The clock of the demo's year: nobody else's to move, and never left moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from upstander.base.moment import database_now
from upstander.command import demo_stage
from upstander.command.demo_stage import NoDemo, Stage, movable_clock, say_moment
from upstander.config.home import Home
from upstander.schema.shipped import standing_faults

LONG_AGO = datetime(2020, 1, 2, 3, 4, tzinfo=UTC)


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """Let this process be a demo's, in a folder that says so."""
    mark = settings.HOME.root / "demo"
    mark.touch()
    monkeypatch.setattr(settings, "DEMO", True)
    yield settings.HOME
    mark.unlink()


def test_a_real_system_s_clock_is_nobody_s_to_move(db: None) -> None:
    """Without the demo's switch nothing is put in, whatever is asked."""
    with pytest.raises(NoDemo), movable_clock(settings.HOME):
        pass
    say_moment(LONG_AGO)
    assert database_now() > LONG_AGO
    with pytest.raises(NoDemo):
        Stage(settings.HOME, {})


def test_a_switch_without_a_demo_s_folder_moves_nothing(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who sets the variable on a real folder is refused too."""
    monkeypatch.setattr(settings, "DEMO", True)
    with pytest.raises(NoDemo), movable_clock(settings.HOME):
        pass


def test_another_folder_s_mark_is_not_ours(demo: Home, db: None, tmp_path: Path) -> None:
    """The folder must be the one that this process works on."""
    (tmp_path / "demo").touch()
    with pytest.raises(NoDemo), movable_clock(Home(tmp_path)):
        pass


def test_the_shipped_clock_stands_again_also_when_playing_fails(demo: Home, db: None) -> None:
    """Inside it is long ago; afterwards no setting moves it, and nothing differs from release."""
    with pytest.raises(ZeroDivisionError):
        _play_and_fail(demo)
    say_moment(LONG_AGO)
    assert database_now() > LONG_AGO
    assert [fault for fault in standing_faults() if "clock_now" in fault] == []


def _play_and_fail(demo: Home) -> None:
    with movable_clock(demo):
        say_moment(LONG_AGO)
        assert database_now() == LONG_AGO
        raise ZeroDivisionError


def test_what_a_moved_clock_leaves_is_seen(demo: Home, db: None) -> None:
    """Doctor and audit verify name it: they compare what stands with what is shipped."""
    with connection.cursor() as cursor:
        cursor.execute(demo_stage._MOVABLE)
    assert [fault for fault in standing_faults() if "clock_now" in fault]
