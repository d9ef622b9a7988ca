"""The simulator as a process: `python -m upstander.carriers.simulator [address port file]`.

What accounts, phones and subscriptions there are stands in the file (the demo writes it); without
one there are the two accounts, printed, and whatever phones are rung.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from upstander.carriers.simulator.pushing import Subscription
from upstander.carriers.simulator.server import Simulator
from upstander.carriers.simulator.things import Account, Phone


def _simulator(told: Mapping[str, Any], host: str, port: int) -> Simulator:
    return Simulator(
        [Account.from_saved(account) for account in told.get("accounts", [])],
        [Phone(**phone) for phone in told.get("phones", [])],
        [Subscription.from_saved(saved) for saved in told.get("subscriptions", [])],
        host=host,
        port=port,
        pace=told.get("pace", 1.0),
    )


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    host, port, name = sys.argv[1:4] if len(sys.argv) > 3 else ("127.0.0.1", "8002", "")
    file = Path(name or "var/phones.json")
    told: Mapping[str, Any] = json.loads(file.read_bytes()) if file.exists() else {}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        simulator = _simulator(told, host, int(port))
    except OSError as failed:
        if failed.errno != errno.EADDRINUSE:
            raise
        print(f"the phones’ port is in use ({failed.strerror})", file=sys.stderr)  # noqa: T201
        sys.exit(os.EX_UNAVAILABLE)
    if not told:
        print(f"phones  {simulator.url}", flush=True)  # noqa: T201 - for whoever started it by hand
        for account in simulator.world.accounts.values():
            print(f"{account.name}  {account.number}  {account.sid}  {account.token}", flush=True)  # noqa: T201
    try:
        simulator.serve()
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
