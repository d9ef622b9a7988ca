"""A system of its own for what kills: durable, as in real life, and run by the real command.

`kill -9` takes a process's memory, not what it handed to the operating system; so these tests would
pass without fsync too, but not with `synchronous_commit = off`, which the fast test database has.
What a power cut takes is tested nowhere: for that we rely on PostgreSQL's fsync, which is on.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import System


@pytest.fixture(scope="package")
def mortal(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system whose processes may be killed; whoever did waits until they are back."""
    running = System(tmp_path_factory.mktemp("mortal") / "home", durable=True)
    running.start(like=demo_home)
    yield running
    running.stop()
