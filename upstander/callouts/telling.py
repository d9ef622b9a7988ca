"""The family's link by text, where they said yes: sealed for the worker until somebody goes.

It is not sent before: a stranger who types another's number into the website sends them nothing
unless somebody of the desk believed them.
"""

from __future__ import annotations

import json
import logging
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext, override

from upstander.base.languages import language_of
from upstander.base.phones import e164
from upstander.carriers.contract import Outgoing
from upstander.carriers.models import Channel, ContactMethod, Delivery
from upstander.carriers.sending import deliver
from upstander.vault.envelopes import bind, derive, seal, unseal
from upstander.vault.errors import VaultError

log = logging.getLogger("upstander.callouts")


def seal_telling(callout_id: UUID, phone: str, link: str) -> bytes:
    """Seal whom to text, and the link's secret, under the carriers' key. Raises NoNumber."""
    said = json.dumps([e164(phone), link])
    return seal(_key(), said.encode(), aad=bind("tell", callout_id))


def text_family(callout_id: UUID, language: str, sealed: bytes) -> bool:
    """Text a family its link, in its language; False: no provider took it. As the worker."""
    try:
        phone, link = json.loads(unseal(_key(), sealed, aad=bind("tell", callout_id)))
    except VaultError:
        log.exception("a family's number could not be opened")
        return False
    with override(language_of(language).code):
        said = gettext("Mobile crisis: somebody comes to you. Who, and when:")
        title = gettext("Who comes, and when")
    to = ContactMethod(person_id=0, kind=Channel.SMS, address=phone)
    return (
        deliver(
            to,
            Outgoing(
                purpose=Delivery.Purpose.NOTICE,
                for_id=callout_id,
                title=title,
                short=said,
                spoken=said,
                long=said,
                language=language,
                link_path=f"/c/{link}",
            ),
        ).state
        == "accepted"
    )


def _key() -> bytes:
    return derive(settings.CARRIER_KEY, "callout family")
