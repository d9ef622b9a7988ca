"""Setting PDFs: tagged, with language and title (ISO 14289-1), and fit to be kept (ISO 19005-3)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

import typst

from upstander.ui.fonts import fonts

PACKAGE = "upstander.mandated.written"
#: PDF/A-3 may carry files; PDF/UA-1 is read out by screen readers.
STANDARDS: Any = ["a-3a", "ua-1"]
#: What our fonts surely have. A sign that they haven't would make the PDF impossible, and a report
#: late for an emoji in a child's words.
_SURE = re.compile(r"[^\n\t\x20-\x7e\xa0-\u024f\u1e00-\u1eff\u2010-\u2027\u0600-\u06ff]+")
_PLAIN = re.compile(r"[^\n\t\x20-\x7e]+")
#: Stands for signs that can't be printed; the text that is attached has them.
UNPRINTED = "[?]"


def set_pdf(
    template: str,
    data: Mapping[str, Any],
    texts: Mapping[str, str] | None = None,
    *,
    now: datetime,
    package: str = PACKAGE,
) -> bytes:
    """Return the PDF of a template in a package's ``data``; ``texts`` are attached as they are.

    Signs that no font of ours has are printed as ``UNPRINTED``; ``data.unprinted`` is true then.
    Raises typst.TypstError when something else can't be set at all.
    """
    source = files(package).joinpath("data", template).read_bytes()

    def compiled(spared: re.Pattern[str] | None) -> bytes:
        shown = {**_without(data, spared), "unprinted": spared is not None}
        made: bytes = typst.compile(
            source,
            font_paths=fonts(),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"data": json.dumps(shown), **(texts or {})},
            pdf_standards=STANDARDS,
            timestamp=int(now.timestamp()),
        )
        return made

    for spared in (None, _SURE):
        try:
            return compiled(spared)
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise
    return compiled(_PLAIN)


def _without(value: Any, spared: re.Pattern[str] | None) -> Any:
    if spared is None:
        return value
    if isinstance(value, str):
        return spared.sub(UNPRINTED, value)
    if isinstance(value, dict):
        return {name: _without(one, spared) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without(one, spared) for one in value]
    return value


def day_of(moment: datetime) -> dict[str, int]:
    """Return a date as the templates take it."""
    return {"year": moment.year, "month": moment.month, "day": moment.day}
