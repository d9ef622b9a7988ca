"""Logs that cannot name a reporter, and that nobody can fill from outside.

Whatever a record carries of its request is dropped; refusals are counted instead of written out.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Final

from upstander.config import environment

#: Lines of one kind of refusal in a minute; of more only the number is told.
MOST: Final = 10
MINUTE: Final = 60.0
#: Loggers that write a line for a request that was refused, with where in the code.
_OF_REQUESTS: Final = ("django.request", "django.security")


class Refusals(logging.Filter):
    """Tell of refused requests in a line each, and of the eleventh in a minute only how many.

    Each 403 came with its traceback, so that whoever asks for what isn't theirs filled the disk. A
    fault of ours (an error) is told whole, always.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._kinds: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Let it pass without its traceback, or only count it."""
        if not record.name.startswith(_OF_REQUESTS):
            return True
        if record.levelno >= logging.ERROR and not record.name.startswith(_OF_REQUESTS[1]):
            return True
        record.exc_info = record.exc_text = None
        kind, now = (record.name, str(record.msg)), time.monotonic()
        with self._lock:
            began, count = self._kinds.get(kind, (now, 0))
            over = now - began >= MINUTE
            self._kinds[kind] = (now, 1) if over else (began, count + 1)
        if over and count > MOST:
            record.msg = f"{record.msg} ({count - MOST} more like it before)"
        return over or count < MOST


class NoRequest(logging.Filter):
    """Strip requests and paths; in the public process also exception values. Keep where it was.

    A path may be a link's, half of what opens what stands behind it: in its place stands which
    address it was of, as the program writes it. An exception's text can hold what a child wrote (a
    database error quotes its row), so the public process logs only the exception's class and the
    code lines that it passed.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request = record.__dict__.pop("request", None)
        for name in ("status_code", "server_time"):
            record.__dict__.pop(name, None)
        if isinstance(record.args, tuple) and request is not None:
            match = getattr(request, "resolver_match", None)
            of = f"/{match.route}" if match else "an address that there isn't"
            # Whatever has a slash: paths come with escapes, and a refusal may name a referrer's.
            record.args = tuple(of if "/" in str(one) else one for one in record.args)
        if environment.given("UPSTANDER_PROCESS") != "public":
            return True
        # The exact moment of a fault beside a firewall's log would name who was there.
        record.created -= record.created % 3600
        record.msecs = 0
        where = ""
        if record.exc_info and record.exc_info[0] is not None:
            trace = record.exc_info[2]
            lines = []
            while trace is not None:
                code = trace.tb_frame.f_code
                lines.append(f"{code.co_filename.rsplit('/upstander/', 1)[-1]}:{trace.tb_lineno}")
                trace = trace.tb_next
            where = f"{record.exc_info[0].__name__} at {' < '.join(reversed(lines[-6:]))}"
        record.msg = where or (record.msg if record.name.startswith("upstander") else record.name)
        record.args = () if where or not record.name.startswith("upstander") else record.args
        record.exc_info = None
        record.exc_text = None
        return True
