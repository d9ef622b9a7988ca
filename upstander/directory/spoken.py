"""Languages that can be asked for, each as those call it who speak it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from upstander.base.languages import BY_CODE

SPOKEN: Final[Mapping[str, str]] = {
    **{code: one.own for code, one in BY_CODE.items() if not one.draft},
    "pt": "Português",
    "fr": "Français",
    "ht": "Kreyòl",
    "pl": "Polski",
    "zh": "中文",
    "vi": "Tiếng Việt",
    "so": "Soomaali",
}
