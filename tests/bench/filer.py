"""Files tips in the public process's own role and says when each was committed.

``python -m tests.bench.filer COUNT PER_SECOND``. The web server is left out: what is measured with
it is the time from the commit to the screens, and only here can the commit's moment be seen.
"""

from __future__ import annotations

import json
import os
import sys
import time


def main(count: int, per_second: float) -> None:
    """File so many tips; print [id, monotonic seconds at which the commit was known] of each."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstander.config.settings")
    import django  # noqa: PLC0415 - settings first

    django.setup()
    from upstander.tips import coming_back, reporter, speed  # noqa: PLC0415

    committed: list[float] = []

    def timed(statement: str, values: list[speed.Value]) -> tuple[object, ...] | None:
        row = coming_back.ask(statement, values)
        if "file_tip" in statement:
            committed.append(time.monotonic())
        return row

    vars(reporter)["ask"] = timed
    filed = []
    for number in range(count):
        new = reporter.NewTip(
            token=reporter.new_form_token(),
            text=f"For the screens, {number}.",
            language="en",
            tile="bullying",
            answers={"who": "someone", "when": "days"},
        )
        tip = reporter.file_tip(new).tip_id
        filed.append((str(tip), committed[-1]))
        time.sleep(1 / per_second)
    print(json.dumps(filed))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
