"""How a provider proves that a callback is its own: the X-Twilio-Signature header.

Source: Twilio, "Webhooks security", validating signatures: HMAC-SHA1 with the account's token over
the whole address and, of a form, each name and value, sorted by name; in base64. SHA-1 is the
protocol's, not our choice; as a keyed hash it still stands.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping

HEADER = "X-Twilio-Signature"


def sign(token: str, url: str, form: Mapping[str, str]) -> str:
    """Return the signature of a callback to ``url`` (with its query, as requested)."""
    said = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.digest(token.encode(), said.encode(), hashlib.sha1)).decode()
