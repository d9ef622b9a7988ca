"""A stand-in for a process of ours: has a child of its own, as a web server has."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path

from upstander.config.pdeath import die_with_parent


def _child() -> None:
    die_with_parent()
    time.sleep(300)


def main() -> None:
    """Write both process ids to the file named first; `stubborn` ignores SIGTERM."""
    if "stubborn" in sys.argv:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = multiprocessing.get_context("fork").Process(target=_child, daemon=True)
    child.start()
    file = Path(sys.argv[1])
    file.with_suffix(".new").write_text(f"{os.getpid()} {child.pid}", encoding="ascii")
    file.with_suffix(".new").rename(file)
    if "brief" not in sys.argv:
        time.sleep(300)


if __name__ == "__main__":
    main()
