"""The gate before ``/hsds``: what programs send gets through, and no reporter waits for them."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.waiting import PATIENCE
from upstander.front.flood import Flood
from upstander.front.lanes import Lanes
from upstander.front.tests.wire import Behind, Closing, ask, gate, post
from upstander.tips.tests.loops import apart


@pytest.fixture(autouse=True)
def _public_site(settings: Any) -> None:
    settings.ROOT_URLCONF = "upstander.config.urls_public"


def test_what_a_program_has_still_is_compared_for_programs_alone(tmp_path: Path) -> None:
    """A mark that a browser sends back is a cookie by another name."""
    behind = Behind()
    for path in ("/hsds", "/hsds/services", "/hsdsx", "/report", "/es/hsds"):
        apart(ask(gate(behind, tmp_path), path, headers={"if-none-match": '"a"'}))
    assert ["HTTP_IF_NONE_MATCH" in one for one in behind.seen] == [True, True, False, False, False]


@pytest.mark.parametrize("method", ["OPTIONS", "PUT"])
def test_in_which_ways_it_is_asked_it_says_itself(tmp_path: Path, method: str) -> None:
    behind = Behind()
    assert apart(ask(gate(behind, tmp_path), "/hsds/services", method=method)).status == 200
    assert [one["REQUEST_METHOD"] for one in behind.seen] == [method]
    assert apart(ask(gate(behind, tmp_path), "/report", method=method)).status == 405


def test_an_answer_without_a_body_has_no_length(tmp_path: Path) -> None:
    class Unchanged(Behind):
        def __call__(self, environ: dict[str, Any], start_response: Any) -> Closing:
            start_response("304 Not Modified", [("ETag", '"a"')])
            return Closing([])

    got = apart(ask(gate(Unchanged(), tmp_path), "/hsds/services"))
    assert (got.status, got.body) == (304, b"")
    assert "content-length" not in got.headers


@pytest.mark.parametrize("size", [10, 400_000])
def test_no_room_is_said_to_programs_in_their_form(tmp_path: Path, size: int) -> None:
    async def run() -> Any:
        lanes = Lanes(threads=2)
        lanes.machines.most = 0
        return await post(gate(Behind(), tmp_path, lanes=lanes), "/hsds/services", body=b"a" * size)

    got = apart(run())
    assert got.status == (503 if size == 10 else 413)
    assert got.headers["content-type"] == "application/json"
    assert got.headers["access-control-allow-origin"] == "*"
    assert json.loads(got.body)["error"].endswith(".")


def test_a_thousand_questions_of_programs_hold_up_no_tip(tmp_path: Path) -> None:
    answered = threading.Event()

    class Busy(Behind):
        """Reads the directory until the tip is answered."""

        def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Closing:
            if environ["PATH_INFO"].startswith("/hsds"):
                answered.wait(2 * PATIENCE)
            return super().__call__(environ, start_response)

    behind = Busy()

    async def run() -> None:
        at = gate(behind, tmp_path, flood=Flood(burst=1), lanes=Lanes(threads=2))
        asked = [
            asyncio.create_task(ask(at, "/hsds/services", peer=f"192.0.2.{n}")) for n in range(20)
        ] + [asyncio.create_task(post(at, "/hsds/services", body=b"a=1")) for _ in range(9)]
        await asyncio.sleep(0)
        # From the same place, whose questions count for nothing.
        async with asyncio.timeout(PATIENCE):
            assert (await post(at, "/report", body=b"text=x")).status == 200
        answered.set()
        for one in asked:
            one.cancel()
        await asyncio.gather(*asked, return_exceptions=True)

    apart(run())
