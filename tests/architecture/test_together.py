"""What runs in one piece, and what `make test` leaves to `make soak`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.together import APART, SHARING, piece

SOURCE = Path(__file__).resolve().parents[2]


def test_pieces_are_named_by_what_there_is() -> None:
    assert [folder for folder in SHARING if not (SOURCE / folder).is_dir()] == []
    assert [file for file in APART if not (SOURCE / file).is_file()] == []


def test_a_file_is_one_piece_and_a_sharing_folder_another() -> None:
    assert piece("upstander/tips/tests/test_times.py") == "upstander/tips/tests/test_times.py"
    assert piece("tests/journeys/test_case.py") == "tests/journeys"
    assert piece("tests/journeys/test_every_page.py") == "tests/journeys/test_every_page.py"


def test_what_draws_lots_is_run_by_its_number_alone(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  browser\n  servers\n  soak\n")
    (tmp_path / "test_one.py").write_text(
        "import pytest\n@pytest.mark.soak\ndef test_one(lots):\n    assert lots.random() > 1\n"
    )
    words = [sys.executable, "-m", "pytest", "-p", "tests.kinds", "-p", "no:django", str(tmp_path)]
    place = {**os.environ, "PYTHONPATH": str(SOURCE)}

    def drawn(*more: str) -> list[str]:
        done = subprocess.run(
            [*words, *more], cwd=tmp_path, env=place, check=False, capture_output=True, text=True
        )
        return [line for line in done.stdout.splitlines() if line.startswith("E       assert")]

    assert drawn() == []
    assert drawn("--soak", "7") == drawn("--soak", "7") != []
    assert drawn("--soak", "7") != drawn("--soak", "8")
