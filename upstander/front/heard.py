"""A recording of a line of the form, given like a style sheet: no cookie, no count, no view.

Whole, or the part that a browser asks for (RFC 9110, 14); iPhones play nothing without.
"""

from __future__ import annotations

import re
from typing import Final

from upstander.base.languages import BY_CODE
from upstander.doors.recordings import DIGITS, TYPES, file_of
from upstander.front.pages import Answer, error_answer

HEARD: Final = "/heard/"
_ADDRESS: Final = re.compile(f"{HEARD}([a-z-]+)/([0-9a-f]{{{DIGITS}}})", re.ASCII)
_RANGE: Final = re.compile(r"bytes=(\d{1,15})-(\d{0,15})", re.ASCII)


def recording(path: str, wanted: str = "") -> Answer:
    """Answer with the recording at an address, or 404; ``wanted`` is the request's Range header."""
    asked = _ADDRESS.fullmatch(path)
    file = file_of(asked[1], asked[2]) if asked and asked[1] in BY_CODE else None
    if file is None or file.suffix not in TYPES:
        return error_answer(404, path)
    body = file.read_bytes()
    headers = [
        (b"content-type", TYPES[file.suffix]),
        (b"accept-ranges", b"bytes"),
        # The address holds a hash of what is said.
        (b"cache-control", b"public, max-age=31536000, immutable"),
        (b"x-content-type-options", b"nosniff"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"referrer-policy", b"no-referrer"),
        # Without JavaScript it is played in a frame of the form.
        (
            b"content-security-policy",
            b"default-src 'none'; media-src 'self'; frame-ancestors 'self'",
        ),
    ]
    if not (part := _RANGE.fullmatch(wanted)):
        return Answer(200, [*headers, (b"content-length", b"%d" % len(body))], body)
    first, last = int(part[1]), min(int(part[2] or len(body)), len(body) - 1)
    if first > last:
        said = (b"content-range", b"bytes */%d" % len(body))
        return Answer(416, [*headers, said, (b"content-length", b"0")], b"")
    said = (b"content-range", b"bytes %d-%d/%d" % (first, last, len(body)))
    body = body[first : last + 1]
    return Answer(206, [*headers, said, (b"content-length", b"%d" % len(body))], body)
