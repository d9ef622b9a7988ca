"""What stands where a call's words would: nobody records what is said."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext

#: The first turn of a tip that came by phone, as it is kept.
CALL: Final = "(A phone call)"


def as_shown(text: str) -> str:
    """Return a turn as a page shows it: what stands for a call, in the page's language."""
    return gettext("(A phone call)") if text == CALL else text
