"""Which tests run in one piece: what shares running servers or a browser."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from xdist.scheduler import LoadScopeScheduling

#: Each of them in one piece, apart from the others: what they set up themselves takes long.
_APART = {
    "tests/journeys/test_every_page.py",
    "upstander/command/tests/test_doctor.py",
    "tests/faults/test_serving.py",
    "upstander/command/tests/test_setup_and_backup.py",
}


class Together(LoadScopeScheduling):  # type: ignore[misc]
    def _split_scope(self, nodeid: str) -> str:
        return _together(nodeid.split("::", 1)[0]) or nodeid


@cache
def _together(file: str) -> str:
    if file in _APART:
        return file
    text = (settings.BASE_DIR / file).read_text("utf-8")
    if "mortal: System" in text:
        return "mortal"
    if "system: System" in text or "tests/journeys/" in file:
        return "system"
    return str(Path(file).parent) if "chromium: Browser" in text else ""
