"""A pytest plugin: which tests start servers, drive a browser or take long, and who may.

`make quick` leaves these out, so they must be known without being run. What a fixture brings marks
its test by itself. A test that starts a server or a browser in any other way, and is not marked,
fails where it starts it.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest

#: Fixture → the mark of what it starts. A test's own fixture of such a name does the same.
_STARTED_BY = {
    "system": "servers",
    "mortal": "servers",
    "demo_start": "servers",
    "demo_home": "servers",
    "start_worker": "servers",
    "chromium": "browser",
    "playwright": "browser",
    # To copy a database and drop it is most of such a test.
    "real_database": "slow",
}
#: Part of a command line → the mark that a test needs which runs it. Everything of ours that stays
#: goes through the launcher. What ends by itself (a file that is cleaned, `pg_dump`) needs none.
_NEEDS = {
    "upstander.command": "servers",
    "tests.servers": "servers",
    "/postgres": "servers",
    "playwright/driver": "browser",
    "chromium": "browser",
}
#: Not servers: tools that are named like them.
_ENDS_BY_ITSELF = {"pg_dump", "pg_restore", "psql"}
_running: list[pytest.Item] = []


class Unmarked(BaseException):
    """A test starts what its marks don't say. Nothing that waits for a start may swallow it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option by which `make test` runs once more, with `--last-failed`, what failed."""
    parser.addoption("--second-try", action="store_true", help="for browser tests alone")
    parser.addoption("--soak", metavar="SEED", help="run what draws lots too, from this number")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Give nothing a second try that drives no browser.

    A browser and ten processes on a busy machine of two cores sometimes miss a second that a
    person's would not. The second try has servers of its own, and the machine to itself.
    """
    if not session.config.getoption("--second-try"):
        return
    others = [item.nodeid for item in session.items if not item.get_closest_marker("browser")]
    if others:
        pytest.exit(f"no second try, these drive no browser: {', '.join(others)}", returncode=1)
    named = "".join(f"\n  {item.nodeid}" for item in session.items)
    session.config.get_terminal_writer().line(f"second try of{named}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by their fixtures, before `-m` chooses among them; leave out what soaks."""
    if config.getoption("--soak") is None:
        soaking = [item for item in items if item.get_closest_marker("soak")]
        config.hook.pytest_deselected(items=soaking)
        items[:] = [item for item in items if item not in soaking]
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if kind := _STARTED_BY.get(fixture):
                item.add_marker(kind)


@pytest.fixture
def lots(request: pytest.FixtureRequest) -> random.Random:
    """What `make soak` draws: from its number and the test's name, so that it can be repeated."""
    return random.Random(f"{request.config.getoption('--soak')} {request.node.nodeid}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Know whose processes are started, from a test's first fixture to its last."""
    _running.append(item)
    try:
        return (yield)
    finally:
        _running.pop()


@contextmanager
def of_the_run() -> Iterator[None]:
    """Let what is started inside be the whole run's, and no test's."""
    before = _running.copy()
    _running.clear()
    try:
        yield
    finally:
        _running.extend(before)


def mark_needed(command: list[str]) -> str | None:
    """Return the mark without which no test may run a command line; None for what ends itself."""
    if os.path.basename(command[0]) in _ENDS_BY_ITSELF:
        return None
    # Not the text of a program that is handed over: that may speak of anything.
    words = [word for word in command if "\n" not in word]
    return next((mark for part, mark in _NEEDS.items() if any(part in one for one in words)), None)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event != "subprocess.Popen" or not _running:
        return
    command = arguments[1]
    words = [command] if isinstance(command, str | bytes | os.PathLike) else list(command)  # type: ignore[call-overload]
    needed = mark_needed([os.fsdecode(word) for word in words])
    if needed and _running[-1].get_closest_marker(needed) is None:
        message = f"mark this test `{needed}` (pytest.mark.{needed}): it starts {words}"
        raise Unmarked(message)


sys.addaudithook(_watch)
