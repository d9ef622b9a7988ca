"""Says which of the pinned packages have known faults, by pip-audit.

Its list is fetched anew each time and can't be reached from everywhere: then that is said, and
nothing else. Exit status 1: there are some.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
#: Seconds that it may take, getting pip-audit itself among them.
LIMIT = 90
UNKNOWN = "known faults of packages: could not be asked for"


def main() -> int:
    """Print what is known."""
    answer = _ask(SOURCE / "requirements" / "base.txt")
    if answer is None:
        print(UNKNOWN)
        return 0
    found = [
        f"{package['name']} {package['version']}: {fault['id']}"
        f" (mended in {', '.join(fault['fix_versions']) or 'no version yet'})"
        for package in answer["dependencies"]
        for fault in package.get("vulns", ())
    ]
    print("\n".join(found) or f"no known fault in {len(answer['dependencies'])} packages")
    return 1 if found else 0


def _ask(requirements: Path) -> dict[str, list[dict[str, object]]] | None:
    uv = next(filter(None, (shutil.which(name) for name in _places())), None)
    if uv is None:
        return None
    options = ("--disable-pip", "--require-hashes", "--progress-spinner=off", "--format=json")
    try:
        done = subprocess.run(
            [uv, "tool", "run", "--quiet", "pip-audit", *options, "-r", str(requirements)],
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT,
        )
        return json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None


def _places() -> tuple[str, ...]:
    return ("uv", str(Path.home() / ".local/bin/uv"), str(SOURCE / ".bootstrap/bin/uv"))


if __name__ == "__main__":
    sys.exit(main())
