"""What the tests of the whole product share: a demo set up once a run, one running system."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import System
from tests.unrendered import uncopied

_running: list[System] = []


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Stop the shared system where the next test uses none; most that do run in one piece."""
    if _running and "system" not in getattr(nextitem, "fixturenames", ()):
        _running.pop().stop()


@pytest.fixture(autouse=True)
def _uncopied() -> Iterator[None]:
    """No test of the whole product asks what its templates were given."""
    with uncopied():
        yield


@pytest.fixture(scope="module")
def system_alone(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The demo for one module alone, whose crowd would stand in others' way, or theirs in its."""
    running = System(tmp_path_factory.mktemp("alone") / "home")
    running.start(like=demo_home)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def system(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> System:
    """The demo on real servers, for tests that kill nothing. Others' tips are in it too."""
    if not _running:
        running = System(tmp_path_factory.mktemp("system") / "home")
        running.start(like=demo_home)
        _running.append(running)
    return _running[0]
