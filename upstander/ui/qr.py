"""A link as a picture that a phone's camera reads (QR code, ISO/IEC 18004)."""

from __future__ import annotations

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def drawn(url: str, *, scale: int = 1) -> SafeString:
    """Return the QR code as SVG, with a quiet zone of four modules, each of ``scale`` pixels.

    A quarter of it may be torn or dirty (level Q): it hangs in a corridor.
    """
    out = io.BytesIO()
    code = segno.make_qr(url, error="q")
    code.save(out, kind="svg", scale=scale, border=4, light="white", xmldecl=False)
    return mark_safe(out.getvalue().decode("ascii"))  # noqa: S308 - squares alone, no text of it
