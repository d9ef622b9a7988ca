"""The desk's own form hands in as a link's does: over HTTP, to the reporter's site.

Return codes are made and read there alone (``vault/keyring.py``): the desk could look none up if it
wanted to. So what a member of staff types on the desk goes through the same door as all else, and
what comes back is the seven words, once.
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import Final

from django.conf import settings

#: Seconds until it counts as away.
PATIENCE: Final = 20


class NotSent(Exception):
    """The reporter's site did not take it: nothing was filed that was confirmed."""


def hand_in(link: str, fields: Mapping[str, str]) -> str:
    """Send a filled form by a link; return the seven words.

    Sent again unchanged it is the same tip. Raises NotSent.
    """
    body = urllib.parse.urlencode(fields).encode()
    url = f"{settings.PUBLIC_URL}/adult/{link}"
    try:
        with urllib.request.urlopen(url, body, timeout=PATIENCE) as answer:  # noqa: S310
            code: str = json.loads(answer.read())["code"]
            return code
    except (OSError, ValueError, KeyError, http.client.HTTPException) as error:
        raise NotSent from error
