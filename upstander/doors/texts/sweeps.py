"""The worker's part: texts go out, pictures are fetched, providers delete their copies.

Each step claims its rows by a statement that commits before a provider is asked, so that two
workers never do the same at once, and what a killed one held falls due again: a text goes out at
most twice, and never not at all.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from upstander.base.moment import database_second
from upstander.carriers import health
from upstander.carriers.contract import CarrierError
from upstander.carriers.models import Channel
from upstander.carriers.providers import Line, lines, provider_named
from upstander.carriers.twilio import Twilio
from upstander.cleaning.kinds import Kind
from upstander.doors.calls.carrying import purge
from upstander.doors.models import Picture, ProviderCopy, TextOrder, Thread
from upstander.doors.texts.numbers import once_of, open_address, open_order
from upstander.doors.texts.words import without_words
from upstander.places.models import District
from upstander.rulefiles import RuleFileWrong
from upstander.tips.envelopes import seal_late
from upstander.tips.files import FileRefused, RefusalReason, keep_file
from upstander.tips.refused_files import words_for
from upstander.tips.speed import tell
from upstander.vault.errors import SealBroken

log = logging.getLogger("upstander.doors")

#: One sweep talks to providers no longer than this (s).
SWEEP_SECONDS: Final = 10.0
#: Seconds until what a killed worker held falls due again: the sweep is over, and after it two
#: providers have had their time for the last text.
LEASE: Final = 30
#: Days after which a text goes to nobody any more: what was asked then means something else now,
#: and a restored backup may hold what has long been said.
OLDEST_DAYS: Final = 1
#: How often a text is tried: for more than half an hour, since both providers may be away.
MOST_TRIES: Final = 20
#: How often a picture is.
PICTURE_TRIES: Final = 6
#: Largest picture, in bytes: no carrier lets more through.
MOST_BYTES: Final = 10 * 1024 * 1024
_BATCH: Final = 20
#: All that the worker may know of a text and its thread.
_OF_ORDER: Final = (
    *("id", "key", "tip_id", "district_id", "message_id", "sealed", "state", "tries", "at"),
    *("thread__id", "thread__line", "thread__stopped_at"),
)

# Of each phone only the oldest that is due: what was written first arrives first.
_CLAIM_TEXTS = """
UPDATE doors_textorder SET tries = tries + 1,
    due_at = date_trunc('second', api.clock_now())
        + make_interval(secs => least(%s * (tries + 1), 120))
WHERE id IN (
    SELECT o.id FROM doors_textorder o
    WHERE o.state = 'due' AND o.due_at <= api.clock_now() AND NOT EXISTS (
        SELECT 1 FROM doors_textorder e
        WHERE e.thread_id = o.thread_id AND e.id < o.id AND e.state = 'due')
    ORDER BY o.due_at LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING key
"""
_CLAIM_PICTURES = """
UPDATE doors_picture SET tries = tries + 1,
    due_at = date_trunc('second', api.clock_now()) + make_interval(secs => 120 + 30 * tries)
WHERE id IN (SELECT id FROM doors_picture WHERE due_at <= api.clock_now()
             ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id
"""
# A text's pictures go with it: none is deleted while one of them may still have to be fetched. An
# hour later all their tries are over, whatever else has come since.
_CLAIM_COPIES = """
UPDATE doors_providercopy SET tries = tries + 1,
    due_at = date_trunc('second', api.clock_now()) + make_interval(mins => least(tries + 1, 60))
WHERE id IN (
    SELECT c.id FROM doors_providercopy c
    WHERE c.due_at <= api.clock_now()
      AND (c.since < api.clock_now() - interval '1 hour'
           OR NOT EXISTS (SELECT 1 FROM doors_picture p WHERE p.provider = c.provider))
    ORDER BY c.due_at LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id
"""


def sweep_texts() -> int:
    """Send what is due to reporters' phones; return how many texts were tried."""
    orders = TextOrder.objects.filter(key__in=_claimed(_CLAIM_TEXTS, LEASE, _BATCH))
    orders = orders.only(*_OF_ORDER)
    began = time.monotonic()
    tried = 0
    for order in orders.select_related("thread").order_by("id"):
        if time.monotonic() - began > SWEEP_SECONDS:
            break  # their time comes again
        _send(order)
        tried += 1
    return tried


def _send(order: TextOrder) -> None:
    if order.sealed is None or order.thread.stopped_at is not None:
        _over(order, TextOrder.State.STOPPED)
        return
    if order.at < database_second() - timedelta(days=OLDEST_DAYS):
        _over(order, TextOrder.State.FAILED)
        return
    try:
        number, words = open_order(order.key, order.sealed)
    except SealBroken:
        log.error("a text to a phone was sealed under another key: it can't be sent")
        _over(order, TextOrder.State.FAILED)
        return
    why: CarrierError | None = None
    for line, carrier in _ways(order):
        at = f"{carrier.provider.callback_url}/carriers/{carrier.name}/door/status/{order.key}"
        # Written before it is asked: a receipt may come before the answer does.
        TextOrder.objects.filter(pk=order.pk).update(provider=carrier.name, ref="")
        try:
            ref = carrier.text(number, line.number, words, at)
        except CarrierError as error:
            why = error
            if error.broken:
                break  # the number is no good, whoever sends
            health.note(carrier.name, Channel.SMS, ok=False)
            continue
        health.note(carrier.name, Channel.SMS, ok=True)
        _sent(order, ref)
        return
    if why is not None and why.broken == "stopped":
        now = database_second()
        Thread.objects.filter(pk=order.thread_id, stopped_at=None).update(stopped_at=now)
        _over(order, TextOrder.State.STOPPED)
    elif (why is not None and why.broken) or order.tries >= MOST_TRIES:
        _over(order, TextOrder.State.FAILED)


def _ways(order: TextOrder) -> Iterable[tuple[Line, Twilio]]:
    """Give the thread's own line first: on a phone a conversation belongs to a number.

    Then lines of the same district or of none: from another district's, a reply would tell the
    child of people whom they never wrote to, and take their answer there.
    """
    own = order.thread.line
    slugs = District.objects.filter(pk=order.district_id).values_list("slug", flat=True)
    shared = {"", *slugs}
    try:
        known = sorted(
            (line for line in lines() if line.number == own or line.district in shared),
            key=lambda line: line.number != own,
        )
        found = [(line, provider_named(line.provider)) for line in known]
    except RuleFileWrong:
        log.exception("the providers' file can't be used")
        return
    for line, provider in found:
        if provider is not None and Channel.SMS in provider.channels:
            yield line, Twilio(provider, Channel.SMS)


def _sent(order: TextOrder, ref: str) -> None:
    """Note that a provider has it, unless it has said more already."""
    TextOrder.objects.filter(pk=order.pk).update(ref=ref, sealed=None)
    TextOrder.objects.filter(pk=order.pk, state=TextOrder.State.DUE).update(
        state=TextOrder.State.SENT, due_at=None
    )
    tell(order.tip_id)


def _over(order: TextOrder, state: str) -> None:
    """Give a text up, and the rest of the same words with it: half a reply says something else."""
    with transaction.atomic(durable=True):
        rest = TextOrder.objects.filter(thread_id=order.thread_id, state=TextOrder.State.DUE)
        if order.message_id is not None:
            rest = rest.filter(message_id=order.message_id)
        else:
            rest = rest.filter(pk=order.pk)
        rest.update(state=state, sealed=None, due_at=None)
    tell(order.tip_id)


def sweep_pictures() -> int:
    """Fetch pictures that came with texts, clean and keep them; return how many were tried."""
    pictures = Picture.objects.filter(pk__in=_claimed(_CLAIM_PICTURES, _BATCH))
    began = time.monotonic()
    tried = 0
    for picture in pictures.order_by("due_at"):
        if time.monotonic() - began > SWEEP_SECONDS:
            break
        _fetch(picture)
        tried += 1
    return tried


def _fetch(picture: Picture) -> None:
    inbox = _inbox(picture.pk)
    provider = provider_named(picture.provider)
    if inbox is None:
        Picture.objects.filter(pk=picture.pk).delete()
        return
    try:
        address = open_address(picture.pk, picture.sealed)
    except SealBroken:
        log.error("a picture's address was sealed under another key: it can't be fetched")
        address = ""
    if provider is None or not address:
        _missing(picture, inbox, RefusalReason.NOT_READABLE)
        return
    try:
        content, kind = Twilio(provider, Channel.SMS).picture(address, MOST_BYTES)
    except CarrierError as error:
        if error.permanent or picture.tries >= PICTURE_TRIES:
            _missing(picture, inbox, RefusalReason.NOT_READABLE)
        return
    seed = secrets.token_bytes(32)

    def record(_file_id: UUID, about: dict[str, Any]) -> None:
        if not _attach(picture, inbox, {**about, "seed": seed.hex()}):
            raise FileRefused(RefusalReason.TOO_MANY)

    try:
        keep_file(seed, _name(kind), [content], record, nameless=True, file_id=picture.pk)
    except FileRefused as refused:
        if refused.reason is RefusalReason.TOO_MANY:
            return  # the conversation says so by now
        passing = refused.reason in (RefusalReason.NO_ROOM, RefusalReason.TRY_AGAIN)
        if passing and picture.tries < PICTURE_TRIES:
            return
        _missing(picture, inbox, refused.reason)


def _name(kind: str) -> str:
    return f"picture.{kind.partition('/')[2][:5] or 'bin'}" if kind.startswith("image/") else "file"


def _missing(picture: Picture, inbox: bytes, reason: RefusalReason) -> None:
    """Let the conversation say that a picture came and is not here: it may be asked for again."""
    name = str(words_for(reason))
    _attach(picture, inbox, {"name": name, "size": 0, "kind": Kind.OTHER.value, "thumbnail": None})


def _attach(picture: Picture, inbox: bytes, about: dict[str, Any]) -> bool:
    """Add it to its conversation; False where that takes no more files, and says so now."""
    sealed = seal_late(
        inbox, purpose="file", tip=picture.tip_id, row=picture.pk, words=json.dumps(about)
    )
    # One turn of a conversation, however many pictures find no room in it.
    full = once_of("", str(picture.tip_id), "no more files")
    said = f"{without_words(1, 'en')} {words_for(RefusalReason.TOO_MANY)}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.door_attach(p_picture => %s, p_sealed => %s, p_full => %s,"
            " p_full_sealed => %s)",
            [
                picture.pk,
                sealed,
                full,
                seal_late(inbox, purpose="message", tip=picture.tip_id, row=full, words=said),
            ],
        )
        row = cursor.fetchone()
    tell(picture.tip_id)
    return row is None or row[0] is not False


def _inbox(picture: UUID) -> bytes | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.door_inbox(p_picture => %s)", [picture])
        row = cursor.fetchone()
    return bytes(row[0]) if row and row[0] else None


def sweep_copies() -> int:
    """Have providers delete what they keep of texts; return how many were asked for."""
    copies = ProviderCopy.objects.filter(pk__in=_claimed(_CLAIM_COPIES, _BATCH))
    began = time.monotonic()
    tried = 0
    # The newest first: a picture before the text that it is reached by.
    for copy in copies.order_by("-id"):
        if time.monotonic() - began > SWEEP_SECONDS:
            break
        tried += 1
        provider = provider_named(copy.provider)
        if provider is None:
            continue
        if copy.sealed is not None:
            if not purge(copy.provider, copy.ref, copy.sealed):
                continue
            ProviderCopy.objects.filter(pk=copy.pk).delete()
            continue
        try:
            Twilio(provider, Channel.SMS).forget(copy.ref)
        except CarrierError:
            continue  # on its way still, or the provider is away: asked again, and counted
        ProviderCopy.objects.filter(pk=copy.pk).delete()
    return tried


def sweep_over() -> int:
    """Let go of numbers that were silent for 30 days, and of the months' keys."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.door_forget()")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _claimed(statement: str, *values: int) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [row[0] for row in cursor.fetchall()]
