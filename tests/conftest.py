"""What the tests of the whole product share: one running system and one browser a worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.servers import System

_running: list[System] = []
# How fast a page is, `make bench` measures; here a busy machine must not look like a fault.
expect.set_options(timeout=30_000)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Stop the shared system after the last test that uses it; they run one after the other."""
    if _running and "system" not in getattr(nextitem, "fixturenames", ()):
        _running.pop().stop()


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The demo on real servers, for tests that kill nothing. Others' tips are in it too."""
    running = System(tmp_path_factory.mktemp("system") / "home")
    running.start()
    _running.append(running)
    yield running
    running.stop()
