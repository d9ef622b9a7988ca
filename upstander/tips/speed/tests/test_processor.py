"""A process of the public site takes a processor for itself; long work goes where it likes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from upstander.tips.speed import processor

OURS = os.sched_getaffinity(0)
TAKES = """
import os, sys, threading
from upstander.tips.speed import spread, take_one
taken = take_one(sys.argv[1])
heirs = []
def inherits():
    heirs.append(os.sched_getaffinity(0))
    spread()
    heirs.append(os.sched_getaffinity(0))
heir = threading.Thread(target=inherits)
heir.start()
heir.join()
print(taken, os.sched_getaffinity(0), *heirs, sep="|", flush=True)
sys.stdin.read()
"""

pytestmark = pytest.mark.skipif(len(OURS) < 2, reason="a machine with one processor")


@contextmanager
def taking(family: str, **env: str) -> Iterator[list[str]]:
    """A process that takes one, as long as the block lasts: what it says of itself."""
    with subprocess.Popen(
        [sys.executable, "-c", TAKES, family],
        env={**os.environ, **env},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        yield process.stdout.readline().strip().split("|")
        process.kill()


def test_each_takes_one_of_its_own_and_who_comes_too_late_takes_none() -> None:
    family = uuid4().hex
    with taking(family) as first:
        number, own, inherited, spread = first
        assert own == inherited == str({int(number)})
        assert spread == str(OURS)
        with taking(family) as second:
            assert second[0] != number
            if len(OURS) == 2:
                with taking(family) as third:
                    assert third == ["None", *[str(OURS)] * 3]
        # Killed, it has given its own back.
        with taking(family) as again:
            assert again[0] == second[0]


@pytest.mark.parametrize("env", [{"UPSTANDER_PUBLIC_PIN": "0"}, {"UPSTANDER_PLAIN_INTAKE": "1"}])
def test_a_setting_turns_it_off(env: dict[str, str]) -> None:
    with taking(uuid4().hex, **env) as said:
        assert said == ["None", *[str(OURS)] * 3]


def test_where_the_kernel_forbids_it_the_process_starts_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def forbidden(*_given: object) -> None:
        raise PermissionError(1, "not here")

    monkeypatch.setattr(os, "sched_setaffinity", forbidden)
    family = uuid4().hex
    assert processor.take_one(family) is None
    monkeypatch.setattr(processor, "_all", set(OURS))
    processor.spread()
    monkeypatch.undo()
    with taking(family) as said:
        assert said[0] != "None", "what was not taken is free"


@pytest.mark.parametrize(("siblings", "firsts"), [("0-1", {0}), ("0,4", {0}), ("3", {3})])
def test_of_those_that_share_a_core_the_first_goes_first(
    siblings: str, firsts: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "read_text", lambda *_given, **_named: f"{siblings}\n")
    members = {int(one) for one in siblings.replace("-", ",").split(",")}
    assert {one for one in members if processor._is_first_of_core(one)} == firsts
