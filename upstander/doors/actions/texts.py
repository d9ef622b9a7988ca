"""What staff send to a phone: each reply of theirs, and the way to the website."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.conf import settings
from django.utils.translation import gettext

from upstander.base.moment import database_second
from upstander.base.refused import Refused
from upstander.doors.models import Bridge, TextOrder, Thread
from upstander.doors.texts.bridges import bridge_keys
from upstander.doors.texts.numbers import open_number, seal_order
from upstander.doors.texts.words import in_parts, way_over
from upstander.people.scope import viewing
from upstander.tips.access import tip_for
from upstander.tips.actions.writing import notify, record_on
from upstander.tips.models import Tip
from upstander.tips.opening import OpenTip
from upstander.vault.envelopes import bind, seal
from upstander.vault.errors import VaultError
from upstander.vault.seeds import Audience

#: How long the digits that lead to the website stand.
BRIDGE_STANDS: Final = timedelta(minutes=30)
#: How many ways to the website go to one phone in that time: each is a text that they get.
MOST_BRIDGES: Final = 3
#: When the next part of a reply goes, if nobody says that the one before has arrived.
NEXT_PART: Final = timedelta(seconds=10)


def carry_reply(opened: OpenTip, tip: Tip, message_id: UUID, words: str) -> None:
    """Order a reply to the phone that its conversation goes by, if it does; inside ``viewing``.

    In the reply's own transaction: what stands in the conversation is on its way. Nothing goes to a
    phone that sent STOP: its phone company would refuse it.
    """
    thread = _thread(tip.pk)
    if thread is None or thread.stopped_at is not None:
        return
    _order(opened, thread, in_parts(words), message_id, database_second())


def send_bridge(opened: OpenTip) -> None:
    """Text eight digits that open this conversation on the website, once, within 30 minutes.

    Earlier ones open nothing any more. Raises Http404, NotGranted, Refused where no text can go or
    several have gone already.
    """
    digits = f"{secrets.randbelow(10**8):08}"
    keys = bridge_keys(digits)
    secret = opened.secrets[Audience.DIALOG]
    with viewing(opened.viewer) as now:
        tip = tip_for(opened.viewer, opened.tip.pk, lock=True)
        thread = _thread(tip.pk)
        if thread is None or thread.stopped_at is not None:
            raise Refused(gettext("No text can go to this phone: nothing was sent."))
        # Of a thread only these are no turn of the conversation.
        lately = TextOrder.objects.filter(
            thread_id=thread.pk, message_id=None, at__gt=now - BRIDGE_STANDS
        )
        if lately.count() >= MOST_BRIDGES:
            raise Refused(
                gettext(
                    "Not sent: %(number)d ways to the website were texted in the last half hour. "
                    "The newest works until it is used or that time is over. Write to them instead."
                )
                % {"number": MOST_BRIDGES}
            )
        Bridge.objects.filter(tip_id=tip.pk).delete()
        Bridge.objects.create(
            lookup_id=keys.lookup_id,
            tip_id=tip.pk,
            district_id=tip.district_id,
            wrapped=seal(keys.wrapping_key, secret, aad=bind("bridge", tip.pk)),
            ends_at=now + BRIDGE_STANDS,
        )
        at = f"{settings.PUBLIC_URL}{_prefix(tip.language)}/back"
        words = way_over(at, f"{digits[:4]} {digits[4:]}", tip.language)
        _order(opened, thread, [words], None, now)
        record_on(tip, "way to the website texted", opened.viewer)
    notify(opened.tip.pk)


def _order(
    opened: OpenTip, thread: Thread, parts: list[str], message_id: UUID | None, now: datetime
) -> None:
    try:
        number = open_number(opened.seed(Audience.DIALOG), thread.tip_id, thread.pk, thread.number)
    except VaultError as error:
        raise Refused(
            gettext(
                "The phone’s number does not open: it was damaged or exchanged. Nothing was sent. "
                "Tell your supervisor."
            )
        ) from error
    for part, words in enumerate(parts, 1):
        order = uuid4()
        TextOrder.objects.create(
            key=order,
            thread_id=thread.pk,
            tip_id=thread.tip_id,
            district_id=thread.district_id,
            message_id=message_id,
            part=part,
            parts=len(parts),
            sealed=seal_order(order, number, words),
            # Sooner once a provider says that the one before has arrived (api.door_receipt).
            due_at=now + NEXT_PART * (part - 1),
            at=now,
        )


def _prefix(language: str) -> str:
    return "" if language == settings.LANGUAGE_CODE else f"/{language}"


def _thread(tip_id: UUID) -> Thread | None:
    seen = ("id", "tip_id", "district_id", "number", "stopped_at")
    return Thread.objects.filter(tip_id=tip_id).only(*seen).first()
