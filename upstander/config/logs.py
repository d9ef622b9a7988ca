"""Logs that cannot name a reporter: whatever a record carries of its request is dropped."""

from __future__ import annotations

import logging
import os


class NoRequest(logging.Filter):
    """Strip requests, paths and exception values in the public process; keep where it happened.

    An exception's text can hold what a child wrote (a database error quotes its row), so the
    public process logs only the exception's class and the code lines that it passed.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        for name in ("request", "status_code", "server_time"):
            record.__dict__.pop(name, None)
        if os.environ.get("UPSTANDER_PROCESS") != "public":
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
