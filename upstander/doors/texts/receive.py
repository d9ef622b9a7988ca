"""A text from a reporter's phone: a tip if it is their first, else a turn of their conversation.

The same intake as the web's. What comes later is sealed to the conversation's inbox: this process
has no key of it. A number is known here only while its text is taken.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from upstander.base.phones import in_country
from upstander.carriers.providers import Line, lines
from upstander.doors.texts import words
from upstander.doors.texts.numbers import (
    Marks,
    marks_of,
    once_of,
    seal_address,
    seal_number,
    token_of,
)
from upstander.doors.waits import usual_wait
from upstander.intake.routing import NoCenter, Route
from upstander.people.public import public_places, route_now
from upstander.tips.envelopes import seal_late
from upstander.tips.new_tip import NewTip
from upstander.tips.reporter import MAX_TEXT, NotKept, close_session, dialog_for, file_tip
from upstander.tips.speed import tell
from upstander.vault.errors import VaultError
from upstander.vault.seeds import inbox_key_pair

#: Pictures of one text: what a carrier lets through.
MOST_PICTURES: Final = 10
#: Where a picture lies below the account.
_PICTURE: Final = re.compile(
    r"/Accounts/[^/]+/(Messages/[A-Za-z0-9_-]{1,48}/Media/[A-Za-z0-9_-]{1,48})\Z", re.ASCII
)


@dataclass(frozen=True, slots=True)
class TextIn:
    """One text as its provider told it."""

    provider: str
    line: Line
    #: The sender's number. Nobody keeps it.
    number: str
    ref: str
    body: str
    #: Where its pictures lie.
    pictures: tuple[str, ...] = ()
    #: Whether the provider itself has taken it for STOP (true) or START (false), and answers.
    opted: bool | None = None
    #: Whether it answers HELP itself.
    helped: bool = False


def take_text(
    text: TextIn, same_words: Callable[[str, str], tuple[bytes, int]] | None = None
) -> str:
    """Keep a text and return what is answered by itself; "" for nothing.

    Once kept it is on disk. The same text again (a provider that was not sure) changes nothing and
    is answered by nothing. Raises NotKept: the provider must be told, and tries again.
    """
    word = words.word_of(text.body)
    stop = text.opted if text.opted is not None else {"stop": True, "start": False}.get(word)
    body = _cut(text.body.strip())
    try:
        route = route_now(None, {}, None, district_of(text.line))
        marks = marks_of(text.number)
        with transaction.atomic():
            known = _find(marks, text)
            if known is None:
                return _first(text, body, word, stop, route, marks, same_words)
            thread, tip, inbox, language = known
            message = once_of(text.provider, text.ref)
            body = body or words.without_words(len(text.pictures), language)
            sealed = seal_late(inbox, purpose="message", tip=tip, row=message, words=body)
            may_answer = _call(
                "door_text",
                p_thread=thread,
                p_message=message,
                p_sealed=sealed,
                p_season=marks.season,
                p_mark=marks.newest,
                p_stop=stop,
                p_provider=text.provider,
                p_ref=_copy(text),
            )
            if may_answer is None:
                raise NotKept
            _pictures(text, thread)
        tell(tip)
    except (DatabaseError, NoCenter, VaultError) as error:
        raise NotKept from error
    return _answer(text, word, stop, route, language) if may_answer else ""


def _first(
    text: TextIn,
    body: str,
    word: str,
    stop: bool | None,
    route: Route,
    marks: Marks,
    same_words: Callable[[str, str], tuple[bytes, int]] | None,
) -> str:
    language = words.language_of_text(body)
    body = body or words.without_words(len(text.pictures), language)
    crowded = bool(_call("door_crowded", p_line=text.line.number))
    filed = file_tip(
        NewTip(
            token=token_of(text.provider, text.ref),
            text=body,
            language=language,
            district_id=district_of(text.line),
            channel="sms",
            similarity=_likeness(body) if crowded else None,
            same_words=same_words,
        )
    )
    inbox = inbox_key_pair(dialog_for(filed.session_token).seed).public
    close_session(filed.session_token)
    thread = uuid4()
    begun = _call(
        "door_begin",
        p_thread=thread,
        p_tip=filed.tip_id,
        p_season=marks.season,
        p_mark=marks.newest,
        p_line=text.line.number,
        p_number=seal_number(inbox, filed.tip_id, thread, text.number),
        p_first=once_of(text.provider, text.ref),
        p_stop=bool(stop),
        p_provider=text.provider,
        p_ref=_copy(text),
    )
    if not begun:
        # Without its phone's thread the tip isn't kept either: whoever calls again files both.
        raise NotKept
    _pictures(text, thread)
    return "" if crowded else _answer(text, word, stop, route, language, first=True)


def _answer(
    text: TextIn,
    word: str,
    stop: bool | None,
    route: Route,
    language: str,
    *,
    first: bool = False,
) -> str:
    """Return what nobody had to write: to phones of this country alone, and seldom."""
    if text.opted is not None or not in_country(text.number):
        return ""
    center = route.center.name
    if stop is not None:
        return words.stop_answer(language) if stop else words.start_answer(language)
    if word == "help" and not text.helped:
        return words.help_answer(center, language)
    if word == "web":
        return words.web_answer(language)
    return words.first_answer(center, usual_wait(route.district_id), language) if first else ""


def _cut(body: str) -> str:
    """Return as much as a tip may hold, which counts bytes: no text is refused for its length."""
    return body.encode()[:MAX_TEXT].decode(errors="ignore")


def _find(marks: Marks, text: TextIn) -> tuple[UUID, UUID, bytes, str] | None:
    own = [line.number for line in lines() if line.provider == text.provider]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM api.door_find(p_marks => %s, p_line => %s)",
            [list(marks.all), text.line.number],
        )
        row = cursor.fetchone()
        if row is None:
            cursor.execute(
                "SELECT * FROM api.door_carried(p_marks => %s, p_own => %s, p_provider => %s)",
                [list(marks.all), own, text.provider],
            )
            row = cursor.fetchone()
    return (row[0], row[1], bytes(row[2]), row[3]) if row else None


def _pictures(text: TextIn, thread: UUID) -> None:
    for number, address in enumerate(text.pictures[:MOST_PICTURES]):
        picture = once_of(text.provider, text.ref, f"picture {number}")
        _call(
            "door_picture",
            p_picture=picture,
            p_thread=thread,
            p_provider=text.provider,
            p_sealed=seal_address(picture, address),
        )
        # SignalWire deletes no picture with its text, and Twilio does.
        if copy := _PICTURE.search(address):
            _call("door_copy", p_provider=text.provider, p_ref=copy[1])


def district_of(line: Line) -> int | None:
    """Return whose reports a line takes, or None: then they go where it isn't known whose."""
    found = (one for one in public_places().districts.values() if one.slug == line.district)
    return next((one.id for one in found), None)


def _likeness(body: str) -> bytes:
    """Return what is equal for equal texts of a flood, under a key of our own."""
    plain = " ".join(body.split()).casefold()
    return hmac.digest(settings.CARRIER_KEY, b"alike|" + plain.encode(), "sha256")[:8]


def _copy(text: TextIn) -> str:
    return f"Messages/{text.ref}"


def _call(function: str, **values: str | int | bytes | bool | UUID | None) -> object:
    named = ", ".join(f"{name} => %s" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT api.{function}({named})", list(values.values()))
        row = cursor.fetchone()
    return row[0] if row else None
