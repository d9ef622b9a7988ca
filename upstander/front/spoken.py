"""The language in which whoever arrives at the start of the site reads: asked of the browser there.

Everywhere else the address alone says it. A poster's or a bookmark's ``/`` leads a phone that is
set to Spanish to ``/es/``; whoever comes by a link of this site, such as "English", stays. The
header is read here, at the gate: no view ever sees it, and nothing keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.http import HttpResponseRedirect
from django.utils.translation.trans_real import parse_accept_lang_header

from upstander.base.languages import BY_CODE, ENGLISH
from upstander.front.middleware import dressed
from upstander.front.pages import Answer

START: Final = "/"
#: By what the start's answer differs, for whatever keeps pages on the way (RFC 9110, 12.5.5).
VARY: Final = (b"vary", b"Accept-Language, Sec-Fetch-Site")


def led_on(path: str, headers: Mapping[bytes, bytes]) -> Answer | None:
    """Return the answer that leads to the start in a reader's language; None: English, as it is.

    ``headers`` by their names in small letters. Browsers that don't say whence they come (Fetch
    Metadata) are led nowhere: "English" would lead them back again.
    """
    whence = headers.get(b"sec-fetch-site", b"same-origin")
    if path != START or whence == b"same-origin":
        return None
    read = parse_accept_lang_header(headers.get(b"accept-language", b"").decode("latin-1").lower())
    # Nobody is led to what no speaker of it has agreed to.
    offered = {one.code.partition("-")[0]: one.code for one in BY_CODE.values() if not one.draft}
    names = (name.partition("-")[0] for name, _weight in read)
    code = next((offered[name] for name in names if name in offered), ENGLISH.code)
    if code == ENGLISH.code:
        return None
    response = dressed(HttpResponseRedirect(f"/{code}/"))
    sent = [(name.lower().encode(), value.encode()) for name, value in response.items()]
    return Answer(302, [*sent, (b"content-length", b"0"), VARY], b"")
