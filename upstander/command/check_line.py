"""`upstander check-line`: a text and a call to a line, through its real provider.

Each run begins two conversations, which wake whoever is on duty: it is for the line of an
installation for rehearsals, never for the one that children have. Nothing runs it by itself.
"""

from __future__ import annotations

import django

from upstander.command.errors import PlainError
from upstander.config.home import Home


def check_line(_home: Home, *, line: str, sender: str) -> None:
    """Check a line and say so. Raises PlainError with all that went wrong."""
    django.setup()
    from upstander.carriers.contract import CarrierError  # noqa: PLC0415 - apps must be there
    from upstander.command.line_check import faults  # noqa: PLC0415
    from upstander.rulefiles import RuleFileWrong  # noqa: PLC0415

    try:
        wrong = faults(line, sender)
    except (CarrierError, RuleFileWrong) as error:
        raise PlainError(f"it could not be checked: {error}") from error
    if wrong:
        raise PlainError(" ".join(wrong))
    print(f"{line} answers texts and calls.")
