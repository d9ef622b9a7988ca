"""Setting PDFs: tagged, with language and title (ISO 14289-1), and fit to be kept (ISO 19005-3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

from upstander.ui.typeset import typeset

PACKAGE = "upstander.mandated.written"
#: PDF/A-3 may carry files; PDF/UA-1 is read out by screen readers.
STANDARDS: Any = ["a-3a", "ua-1"]


def set_pdf(
    template: str,
    data: Mapping[str, Any],
    texts: Mapping[str, str] | None = None,
    *,
    now: datetime,
    package: str = PACKAGE,
) -> bytes:
    """Return the PDF of a template in a package's ``data``; ``texts`` are attached as they are.

    Signs that can't be printed are marked (``ui/typeset.py``). Raises typst.TypstError.
    """
    source = files(package).joinpath("data", template).read_bytes()
    return typeset(source, "data", data, texts, standards=STANDARDS, now=now)


def day_of(moment: datetime) -> dict[str, int]:
    """Return a date as the templates take it."""
    return {"year": moment.year, "month": moment.month, "day": moment.day}
