"""What is sealed of a contact and a referral, as named words; and the fixed lists."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

#: Why a service did not help: counted as unmet need.
BARRIERS: Final = (
    ("no_place", _("no place free, or a waiting list")),
    ("not_eligible", _("they are not eligible")),
    ("cost", _("it costs too much")),
    ("transport", _("no way to get there")),
    ("papers", _("papers are missing")),
    ("language", _("nobody speaks their language")),
    ("hours", _("it is not open when they can come")),
    ("no_answer", _("the agency did not answer")),
    ("other", _("another reason")),
)
#: By which way somebody may be asked whether it helped.
CHANNELS: Final = (
    ("", _("not at all")),
    ("call", _("by phone")),
    ("text", _("by text message")),
    ("school", _("through a person at school whom they named")),
)


def pack(words: Mapping[str, str]) -> str:
    """Return named words as one text to seal; empty ones are left out."""
    kept = {name: text for name, text in words.items() if text}
    return json.dumps(kept, ensure_ascii=False)


def unpack(text: str) -> dict[str, str]:
    """Return the words of ``pack``."""
    return {str(name): str(value) for name, value in json.loads(text).items()}
