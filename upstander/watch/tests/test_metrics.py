"""What /health and /metrics say, and that no figure in them is about a tip."""

from __future__ import annotations

import http.client
import json
import re
import time
import urllib.error
import urllib.request

import pytest
from prometheus_client import generate_latest

from conftest import Cast
from upstander.tips import reporter
from upstander.watch import metrics
from upstander.watch.look import look
from upstander.watch.metrics import Board, LastLook, serve
from upstander.watch.models import Probe, Trouble
from upstander.watch.tests.test_looking import NOW, WELL

LABELS = {"lane", "queue", "provider", "channel", "site", "stage"}


def said(board: Board) -> str:
    return generate_latest(board.registry).decode()


def test_figures_have_no_label_but_those_of_machines() -> None:
    board = Board()
    probe = Probe(began_at=NOW, state="well", form_ms=20, filed_ms=130, acknowledged_ms=61_000)
    board.show(LastLook(WELL, frozenset(), probe, database=True))
    text = said(board)
    assert 'upstander_lane_age_seconds{lane="alerts"} 1.0' in text
    assert 'upstander_provider_good{channel="sms",provider="north"} 1.0' in text
    assert 'upstander_probe_seconds{stage="acknowledged"} 61.0' in text
    assert "upstander_up 1.0" in text
    assert set(re.findall(r"[{,](\w+)=", text)) <= LABELS


def test_no_figure_moves_when_a_child_writes(cast: Cast) -> None:
    """Else its time, beside a school's firewall log, would name them."""
    board = Board()
    board.show(LastLook(look(), database=True))
    before = said(board)
    filed = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(), text="A tip.", language="en", school_id=cast.cedar.pk
        )
    )
    board.show(LastLook(look(), database=True))
    # The first step of a tip is due at once, and is done within a second: no queue shows it.
    assert _without_ages(said(board)) == _without_ages(before)
    assert filed.reference not in said(board)


def _without_ages(text: str) -> list[str]:
    # How old what is due is says nothing before it is five seconds old.
    return [line for line in text.splitlines() if "due_oldest" not in line]


@pytest.mark.parametrize(
    ("standing", "status"),
    [
        (LastLook(WELL, database=True), 200),
        (LastLook(WELL, frozenset({(Trouble.Kind.PROVIDER, "north sms")}), database=True), 200),
        (LastLook(WELL, frozenset({(Trouble.Kind.LANE, "alerts")}), database=True), 503),
        (LastLook(WELL, frozenset({(Trouble.Kind.QUEUE, "pages")}), database=True), 503),
        (LastLook(WELL, frozenset({(Trouble.Kind.KEYS, "once")}), database=True), 200),
        (LastLook(WELL, frozenset({(Trouble.Kind.LANE, "keys")}), database=True), 200),
        (LastLook(WELL, frozenset({(Trouble.Kind.KEYS, "foreign")}), database=True), 503),
        (LastLook(WELL, frozenset({(Trouble.Kind.KEYS, "lost")}), database=True), 503),
        (LastLook(WELL, database=False), 503),
        (LastLook(), 503),
    ],
)
def test_health_is_whether_pages_go_out(standing: LastLook, status: int) -> None:
    board = Board()
    board.show(standing)
    answered, said = board.health()
    assert answered == status
    assert said["pages_go_out"] is (status == 200)
    # Beside anything that is wrong it is not well, whether or not pages go out.
    assert said["well"] is (standing.database and not standing.troubles)


def test_a_look_that_is_too_old_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    board = Board()
    board.show(LastLook(WELL, database=True))
    later = time.monotonic() + metrics.STALE + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert board.health()[0] == 503


def test_it_is_served_on_a_port_of_its_own() -> None:
    board = Board()
    board.show(LastLook(WELL, database=True))
    server = serve(board, "127.0.0.1", 0)
    base = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        with urllib.request.urlopen(f"{base}/health") as answer:  # noqa: S310
            assert json.load(answer) == {"well": True, "pages_go_out": True, "troubles": []}
        with urllib.request.urlopen(f"{base}/metrics?x=1") as answer:  # noqa: S310
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
            assert b"upstander_up 1.0" in answer.read()
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{base}/tips")  # noqa: S310
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("fault", "told"), [(ConnectionResetError("gone"), False), (ValueError("a fault"), True)]
)
def test_an_asker_who_goes_early_is_no_fault(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: Exception,
    told: bool,
) -> None:
    """A load balancer, or the supervisor, reads the first line and closes; others' faults show."""

    def health(_board: Board) -> tuple[int, dict[str, object]]:
        raise fault

    monkeypatch.setattr(Board, "health", health)
    server = serve(Board(), "127.0.0.1", 0)
    try:
        with pytest.raises((OSError, http.client.HTTPException)):
            urllib.request.urlopen(f"http://127.0.0.1:{server.server_address[1]}/health")
        # It tells of a fault before it closes the line, on which this one waits.
        assert ("Traceback" in capsys.readouterr().err) is told
    finally:
        server.shutdown()
        server.server_close()
