"""Setting a PDF that is made in any case, also where no font of ours has a sign of what was typed.

A sign without a glyph, or one that the standard forbids (a control character), makes a tagged PDF
impossible: a report would be late, and a sheet not there, for an emoji in a child's words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import typst

from upstander.ui.fonts import fonts

#: What our fonts surely have, and the marks that set numbers and names apart in lines from right.
_SURE: Final = re.compile(
    r"[^\n\t\x20-\x7e\xa0-\u024f\u1e00-\u1eff\u2010-\u2027\u2066-\u2069\u0600-\u06ff]+"
)
_PLAIN: Final = re.compile(r"[^\n\t\x20-\x7e]+")
#: Stands for signs that can't be printed.
UNPRINTED: Final = "[?]"


def typeset(
    source: bytes,
    name: str,
    data: Mapping[str, Any],
    texts: Mapping[str, str] | None = None,
    *,
    standards: Any,
    now: datetime,
) -> bytes:
    """Return the PDF of a template, which gets ``data`` as JSON by a name; ``texts`` as they are.

    Signs that can't be printed stand as ``UNPRINTED``; ``data.unprinted`` is true then. Raises
    typst.TypstError when something else can't be set at all.
    """
    for spared in (None, _SURE, _PLAIN):
        shown = {**_without(data, spared), "unprinted": spared is not None}
        try:
            made: bytes = typst.compile(
                source,
                font_paths=fonts(),
                ignore_system_fonts=True,
                format="pdf",
                sys_inputs={name: json.dumps(shown), **(texts or {})},
                pdf_standards=standards,
                timestamp=int(now.timestamp()),
            )
        except typst.TypstError:
            if spared is _PLAIN:
                raise
        else:
            return made
    raise AssertionError  # the last of them returns or raises


def _without(value: Any, spared: re.Pattern[str] | None) -> Any:
    if spared is None:
        return value
    if isinstance(value, str):
        return spared.sub(UNPRINTED, value)
    if isinstance(value, Mapping):
        return {name: _without(one, spared) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without(one, spared) for one in value]
    return value
