"""Which tests run in one piece: one file, or a folder whose tests share running servers."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

#: Their tests share a system or a browser, and begin first: whatever begins last, others wait for.
SHARING = ("tests/faults", "tests/journeys")
#: Files of these folders that share nothing: what they set up themselves takes long.
APART = {
    *(
        f"tests/faults/test_{name}.py"
        for name in (
            "accompaniments_killed",
            "many_alerts",
            "providers",
            "serving",
            "two_places",
            "watch",
            "worker",
        )
    ),
    "tests/journeys/test_every_page.py",
}


def piece(file: str) -> str:
    """Return what a test file (by its path from the root) runs in one piece with."""
    folder = next((one for one in SHARING if file.startswith(f"{one}/")), file)
    return file if file in APART else folder


class Together(LoadScopeScheduling):  # type: ignore[misc]
    def _split_scope(self, nodeid: str) -> str:
        return piece(nodeid.split("::", 1)[0])
