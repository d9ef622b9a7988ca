"""The sheet on one page of paper: tagged PDF, for whoever drives there or takes over the phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files

from upstander.emergency.sheet import Around, Lines, Said, unverified
from upstander.emergency.shown import EmergencyShown
from upstander.ui.moments import said_words
from upstander.ui.typeset import typeset


def sheet_pdf(
    lines: Lines, around: Around, said: Sequence[Said], shown: EmergencyShown, now: datetime
) -> bytes:
    """Return the sheet as one PDF/UA-1 page (ISO 14289-1), whatever was typed.

    Raises typst.TypstError.
    """
    local = now.astimezone(around.zone)
    data = {
        "title": f"Dispatch sheet {around.reference}, version {shown.number}",
        "reference": around.reference,
        "number": shown.number,
        "center": around.center,
        "callback": around.callback or "not set",
        "lead": list(unverified(lines)),
        "school": around.school,
        "school_contact": around.school_contact,
        "psap": around.psap,
        "psap_phone": around.psap_phone,
        "said": [
            {
                "key": one.key,
                "say": one.say,
                "words": one.words,
                "known": one.known,
                "source": one.source,
                "since": one.since,
            }
            for one in said
            if one.key not in ("needs", "corroboration", "impersonation", "callback", "reference")
        ],
        "calls": [
            {
                "at": said_words(call.at, around.zone),
                "words": ", ".join(
                    part
                    for part in (
                        call.line,
                        call.asked,
                        "flagged" if call.flagged else "",
                        call.dispatcher,
                        f"incident {call.incident}" if call.incident else "",
                    )
                    if part
                ),
            }
            for call in reversed(shown.calls)
        ][-6:],
        "printed": f"Printed {said_words(now, around.zone)}. "
        "Destroy this page when it is not needed.",
        "day": {"year": local.year, "month": local.month, "day": local.day},
    }
    source = files("upstander.emergency").joinpath("data", "sheet.typ").read_bytes()
    return typeset(source, "sheet", data, standards="ua-1", now=now)
