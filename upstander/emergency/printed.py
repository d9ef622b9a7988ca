"""The sheet on one page of paper: tagged PDF, for whoever drives there or takes over the phone."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any

import typst

from upstander.emergency.sheet import Around, Lines, Said, unverified
from upstander.emergency.shown import EmergencyShown
from upstander.ui.fonts import fonts
from upstander.ui.moments import said_words

#: All but Latin, Arabic and the usual punctuation.
_UNPRINTABLE = re.compile(r"[^\n -ɏ؀-ۿ–-”…]")


def sheet_pdf(
    lines: Lines, around: Around, said: Sequence[Said], shown: EmergencyShown, now: datetime
) -> bytes:
    """Return the sheet as one PDF/UA-1 page (ISO 14289-1). Raises typst.TypstError."""
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
    try:
        return _compiled(data, now)
    except typst.TypstError:
        # Signs that none of our fonts has: the sheet is printed all the same, with marks for them.
        return _compiled(
            json.loads(_UNPRINTABLE.sub("?", json.dumps(data, ensure_ascii=False))), now
        )


def _compiled(data: dict[str, Any], now: datetime) -> bytes:
    return typst.compile(
        files("upstander.emergency").joinpath("data", "sheet.typ").read_bytes(),
        font_paths=fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"sheet": json.dumps(data)},
        pdf_standards="ua-1",
        timestamp=int(now.timestamp()),
    )
