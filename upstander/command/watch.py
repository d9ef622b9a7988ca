"""The watch: `python -m upstander.command.watch` looks whether everything turns (upstander/watch).

A process of its own, so that it speaks when the worker is what has stopped. It signs in as the
worker does: what it needs is what the worker may.
"""

from __future__ import annotations

import signal
from threading import Event

from upstander.command.ports import ends_if_taken
from upstander.command.web import listen_address
from upstander.config import environment
from upstander.config.pdeath import hide_memory


def main() -> None:
    """Watch until SIGTERM."""
    environment.settings_for("worker")
    hide_memory()
    stopping = Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    import django  # noqa: PLC0415

    django.setup()
    from upstander.watch.process import run  # noqa: PLC0415 - after setup()

    with ends_if_taken("watch"):
        run(listen_address(), stopping)


if __name__ == "__main__":
    main()
