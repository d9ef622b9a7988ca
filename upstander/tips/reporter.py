"""The reporter's side of a tip. All that the public process does passes through here.

It holds no right on any table: each function calls one function of the database. Nothing here
takes, keeps or logs an address, a device or a browser, because none is passed in.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError

from upstander.escalations.policy import BEGINS
from upstander.places.routing import Route, route_for
from upstander.places.taxonomy import is_of_self, priority_floor
from upstander.tips.by_name import by_name
from upstander.tips.dialogs import Dialog, Said, SentFile
from upstander.tips.envelopes import open_data, open_words, seal_data, seal_words
from upstander.tips.references import new_ids, new_reference
from upstander.tips.speed import Away, Value, call, tell
from upstander.vault import codes, sessions
from upstander.vault.codes import ReturnCode
from upstander.vault.envelopes import bind, seal, unseal
from upstander.vault.errors import Forgotten, KeyFileError, VaultError
from upstander.vault.grants import make_grant
from upstander.vault.seeds import Audience, inbox_key_pair, new_secret, seed_from
from upstander.vault.shred import new_shred_key

#: Longest text of one message in bytes of UTF-8: far over what anybody types on a phone.
MAX_TEXT = 60_000


class NotKept(Exception):
    """The database could not take it: nothing was saved, and the reporter must be told so."""


class SessionOver(Exception):
    """The conversation's cookie opens nothing (any more): the return code opens it again."""


@dataclass(frozen=True, slots=True)
class NewTip:
    """What a door (web, text, phone, staff) hands over. ``token`` is the form's random token."""

    token: str
    text: str
    language: str
    tile: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    school_id: int | None = None
    district_id: int | None = None
    channel: str = "web"
    #: Set in a flood only: equal for equal texts (see front/flood.py).
    likeness: bytes | None = None
    #: Counts what is said, and gives equal marks to equal words from the third time on.
    same_words: Callable[[str], bytes | None] | None = None


class Filed(NamedTuple):
    """What the reporter gets for a tip: it exists only once the tip is on disk."""

    code: ReturnCode
    tip_id: UUID
    reference: str
    received_at: datetime
    session_token: str
    repeat: bool


def new_form_token() -> str:
    """Return a form's random token: what makes a retry the same tip and a twin another."""
    return secrets.token_urlsafe(18)


def file_tip(new: NewTip) -> Filed:
    """Take a tip in: seal it, save it in one durable statement, and return its code.

    Idempotent by (token, text): a double click, a reload and a retry give the same code and one
    tip. Raises NotKept when it could not be saved. A dead pooled connection is retried once.
    """
    code = codes.code_for(new.token, new.text, language=new.language, code_key=settings.CODE_KEY)
    keys = codes.keys_of(code, pepper=settings.CODE_PEPPER)
    try:
        route = route_for(new.tile, new.answers, new.school_id, new.district_id)
    except DatabaseError as error:
        raise NotKept from error
    tip, message, answers = new_ids(3)
    dialog_secret, center_secret, shred_key = new_secret(), new_secret(), new_shred_key()
    try:
        wrapped = settings.SHRED_FILES.wrap(shred_key, subject=tip)
    except KeyFileError as error:
        raise NotKept from error
    dialog = seed_from(dialog_secret, shred_key)
    token = sessions.new_token()
    center = route.center
    statement, values = by_name(
        "api.file_tip",
        {
            "p_tip": tip,
            "p_reference": new_reference(),
            "p_lookup": keys.lookup_id,
            "p_page": _page_key(new.token),
            "p_wrapped": seal(keys.wrapping_key, dialog_secret, aad=bind("return", tip)),
            "p_shred": wrapped.blob,
            "p_shred_version::integer": wrapped.version,
            "p_shred_mark": wrapped.mark,
            "p_center": center.id,
            "p_district": route.district_id,
            "p_school": route.school_id,
            "p_tile": route.tile,
            "p_priority": route.floor.priority.value,
            "p_rank::smallint": route.rank,
            "p_now": route.happening_now,
            "p_mandated": route.floor.mandated,
            "p_language": new.language,
            "p_channel": new.channel,
            "p_likeness": new.likeness,
            "p_same_words": _same_words(new, route),
            "p_inbox": _inbox(new.channel, dialog),
            "p_holder": center.holder,
            "p_key_version::integer": center.key_version,
            "p_dialog_grant": make_grant(
                dialog_secret,
                tip=tip,
                audience=Audience.DIALOG,
                holder=center.holder,
                version=center.key_version,
                public=center.public,
            ),
            "p_center_grant": make_grant(
                center_secret,
                tip=tip,
                audience=Audience.CENTER,
                holder=center.holder,
                version=center.key_version,
                public=center.public,
            ),
            "p_message": message,
            "p_text": seal_words(dialog, purpose="message", tip=tip, row=message, words=new.text),
            "p_answers_id": answers,
            "p_answers": seal_data(
                dialog, purpose="message", tip=tip, row=answers, data=dict(new.answers)
            ),
            "p_talk": sessions.row_key(token),
            "p_talk_seed": sessions.seal_for(token, dialog, bind("talk", tip)),
            "p_alert_seconds::integer": BEGINS[route.floor.priority],
            "p_not_see": route.not_see,
            "p_asks_911": route.floor.call_911,
        },
    )
    row = _call(statement, values)
    if row is None:
        raise NotKept
    tip_id, reference, received_at, repeated = row
    if repeated:
        # The first answer was lost on its way; open the same conversation again.
        again = open_with_code(code)
        if again is None:
            raise NotKept
        token = again
    else:
        tell(tip_id)
    return Filed(code, tip_id, reference, received_at, token, repeated)


def open_with_code(typed: str) -> str | None:
    """Open a conversation by its return code and return the session's cookie, or None.

    A code that can't be right costs the same work as a wrong one, so time tells nothing.
    Raises NotKept when the database is away.
    """
    code = codes.parse_code(typed)
    keys = codes.keys_of(code or ReturnCode("-"), pepper=settings.CODE_PEPPER)
    row = _call("SELECT * FROM api.talk_by_code($1)", [keys.lookup_id])
    if code is None or row is None:
        return None
    tip_id, _district, wrapped, wrapped_shred, version = row
    secret = unseal(keys.wrapping_key, bytes(wrapped), aad=bind("return", tip_id))
    try:
        shred_key = settings.SHRED_FILES.unwrap(
            bytes(wrapped_shred), subject=tip_id, version=version
        )
    except Forgotten:
        return None
    token = sessions.new_token()
    sealed = sessions.seal_for(token, seed_from(secret, shred_key), bind("talk", tip_id))
    _call(
        "SELECT api.talk_start(p_lookup => $1, p_talk => $2, p_seed => $3)",
        [keys.lookup_id, sessions.row_key(token), sealed],
    )
    return token


def dialog_for(session_token: str) -> Dialog:
    """Return the tip behind a session's cookie. Raises SessionOver, NotKept."""
    row = _call("SELECT * FROM api.talk($1)", [sessions.row_key(session_token)])
    if row is None:
        raise SessionOver
    (tip, district, school, state, tile, language, ended, disposition, received, read) = row[:10]
    try:
        seed = sessions.open_for(session_token, bytes(row[10]), bind("talk", tip))
    except VaultError as error:
        raise SessionOver from error
    messages: list[Said] = []
    answers: dict[str, str] = {}
    for item in json.loads(row[11]):
        row_id, sealed = UUID(item["id"]), bytes.fromhex(item["sealed"])
        if item["kind"] == "answers":
            answers |= open_data(seed, purpose="message", tip=tip, row=row_id, sealed=sealed)
            continue
        words = open_words(seed, purpose="message", tip=tip, row=row_id, sealed=sealed)
        messages.append(
            Said(
                row_id,
                "reporter" if item["author"] == "reporter" else "staff",
                words,
                datetime.fromisoformat(item["at"]),
                item["hidden"],
            )
        )
    files = []
    for item in json.loads(row[12]):
        row_id = UUID(item["id"])
        about = open_data(
            seed, purpose="file", tip=tip, row=row_id, sealed=bytes.fromhex(item["sealed"])
        )
        # One that is shut away has no kind any more, and its name is gone.
        as_it_came = item["state"] == "ready" and about.get("kind") == "other"
        files.append(SentFile(row_id, about["name"], about["size"], item["state"], as_it_came))
    return Dialog(
        tip,
        district,
        school,
        state,
        tile,
        language,
        ended,
        disposition,
        received,
        read,
        tuple(messages),
        answers,
        tuple(files),
        seed,
        taken=row[13],
        danger=row[14],
        unread_again=row[15],
    )


def add_message(session_token: str, text: str, *, once: UUID | None = None) -> datetime:
    """Add a message to the dialog; ``once`` makes a retry the same message.

    Returns its time. Raises SessionOver, NotKept.
    """
    dialog = dialog_for(session_token)
    row_id = once or uuid4()
    sealed = seal_words(dialog.seed, purpose="message", tip=dialog.tip_id, row=row_id, words=text)
    return _add(session_token, dialog.tip_id, row_id, "text", sealed)


def add_answers(session_token: str, answers: Mapping[str, str]) -> datetime:
    """Add follow-up answers. They may raise the priority, never lower it.

    Raises SessionOver, NotKept.
    """
    dialog = dialog_for(session_token)
    row_id = uuid4()
    sealed = seal_data(
        dialog.seed, purpose="message", tip=dialog.tip_id, row=row_id, data=dict(answers)
    )
    route = route_for(
        dialog.tile, {**dialog.answers, **answers}, dialog.school_id, dialog.district_id
    )
    before = priority_floor(dialog.tile, dialog.answers)
    # The same answer sent again is no news: what was settled of it stands.
    says_anew = answers.get("not_see", "").strip() != dialog.answers.get("not_see", "").strip()
    _call(
        "SELECT api.talk_raise(p_talk => $1, p_priority => $2, p_rank => $3::smallint, "
        "p_now => $4, p_mandated => $5, p_not_see => $6, p_asks_911 => $7, p_graver => $8)",
        [
            sessions.row_key(session_token),
            route.floor.priority.value,
            route.rank,
            route.happening_now,
            route.floor.mandated,
            route.not_see and says_anew,
            route.floor.call_911,
            route.floor.graver_than(before),
        ],
    )
    # Last: should this end in between, a tip has its priority and its reporter is asked again.
    return _add(session_token, dialog.tip_id, row_id, "answers", sealed)


def attach(session_token: str, attachment: UUID, about: Mapping[str, object]) -> None:
    """Record a file whose bytes are already stored encrypted. Raises SessionOver, NotKept."""
    dialog = dialog_for(session_token)
    sealed = seal_data(
        dialog.seed, purpose="file", tip=dialog.tip_id, row=attachment, data=dict(about)
    )
    row = _call(
        "SELECT api.talk_attach(p_talk => $1, p_attachment => $2, p_sealed => $3)",
        [sessions.row_key(session_token), attachment, sealed],
    )
    if not row or not row[0]:
        raise SessionOver
    tell(dialog.tip_id)


def hide_message(session_token: str, message_id: UUID) -> bool:
    """Hide a message on the reporter's side; staff's copy stays. False: no such message."""
    row = _call("SELECT api.talk_hide($1, $2)", [sessions.row_key(session_token), message_id])
    return bool(row and row[0])


def end_conversation(session_token: str) -> bool:
    """End the conversation from the reporter's side and forget this session."""
    dialog = dialog_for(session_token)
    row = _call("SELECT api.talk_end($1)", [sessions.row_key(session_token)])
    tell(dialog.tip_id)
    return bool(row and row[0])


def close_session(session_token: str) -> None:
    """Forget this session on this device; the return code opens the conversation again."""
    _call("SELECT api.talk_close($1)", [sessions.row_key(session_token)])


def _add(session_token: str, tip: UUID, row_id: UUID, kind: str, sealed: bytes) -> datetime:
    row = _call(
        "SELECT api.talk_add(p_talk => $1, p_message => $2, p_kind => $3, p_sealed => $4)",
        [sessions.row_key(session_token), row_id, kind, sealed],
    )
    if row is None or row[0] is None:
        raise SessionOver
    tell(tip)
    at: datetime = row[0]
    return at


def _same_words(new: NewTip, route: Route) -> bytes | None:
    """Return the mark of words that others sent of the same school; none of what is of oneself."""
    if new.same_words is None or is_of_self(new.answers):
        return None
    of = f"{route.district_id} {route.school_id} {route.rank} {route.happening_now}"
    return new.same_words(f"{of}\n{new.text}")


def _inbox(channel: str, dialog: bytes) -> bytes:
    """Return the public key to which later texts and calls are sealed; empty on the web.

    Whoever writes on from a web page brings the seed along, in the return code or the cookie, so
    nothing is ever sealed to that dialog without it; and a key pair costs a tenth of a millisecond.
    """
    return inbox_key_pair(dialog).public if channel in ("sms", "voice") else b""


def _page_key(token: str) -> bytes:
    """Equal for tips from one page. The token itself is stored nowhere."""
    mac = hmac.new(settings.CODE_KEY, b"page|" + token.encode(), hashlib.sha256)
    return mac.digest()[:16]


def _call(statement: str, values: list[Value]) -> tuple[Any, ...] | None:
    try:
        return call(statement, values)
    except Away as error:
        raise NotKept from error


__all__ = [
    "Dialog",
    "Filed",
    "NewTip",
    "NotKept",
    "Route",
    "Said",
    "SentFile",
    "SessionOver",
    "add_answers",
    "add_message",
    "attach",
    "close_session",
    "dialog_for",
    "end_conversation",
    "file_tip",
    "hide_message",
    "new_form_token",
    "open_with_code",
]
