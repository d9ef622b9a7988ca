"""The reporter's side of a tip. All that the public process does passes through here.

It holds no right on any table: each function calls one of the database. Nothing here takes, keeps
or logs an address, a device or a browser, because none is passed in.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError

from upstander.base.languages import written_in
from upstander.escalations.policy import BEGINS
from upstander.intake.routing import Route, soon_if_unknown
from upstander.intake.taxonomy import is_of_self, priority_floor, says_of_whom
from upstander.people.links import LinkOver
from upstander.people.public import route_now
from upstander.tips.adult_words import SUSPECTS
from upstander.tips.by_name import by_name
from upstander.tips.coming_back import NotKept, ask, open_with_code, open_with_keys
from upstander.tips.dialogs import Dialog, Said, SentFile
from upstander.tips.envelopes import open_about, open_data, open_turn, seal_data, seal_words
from upstander.tips.new_tip import Filed, NewTip
from upstander.tips.references import new_ids, new_reference
from upstander.tips.speed import tell
from upstander.vault import codes, sessions
from upstander.vault.envelopes import bind, seal
from upstander.vault.errors import KeyFileError, VaultError
from upstander.vault.grants import make_grant
from upstander.vault.seeds import Audience, inbox_key_pair, new_secret, seed_from
from upstander.vault.shred import new_shred_key

#: Longest text of one message in bytes of UTF-8: far over what anybody types on a phone.
MAX_TEXT = 60_000
#: Of a danger to life so many words at least are no chance: with fewer it has a row of its own.
FEWEST_WORDS = 8
#: After so many in much the same words what comes is one of a crowd.
A_CROWD = 2


class SessionOver(Exception):
    """The conversation's cookie opens nothing (any more): the return code opens it again."""


def new_form_token() -> str:
    """Return a form's random token: what makes a retry the same tip and a twin another."""
    return secrets.token_urlsafe(18)


def file_tip(new: NewTip) -> Filed:
    """Take a tip in: seal it, save it in one durable statement, and return its code.

    Idempotent by (token, text): a double click, a reload and a retry give the same code and one
    tip. Raises NotKept when it could not be saved, LinkOver when an adult's link is none (any
    more). A dead pooled connection is retried once.
    """
    code = codes.code_for(new.token, new.text, language=new.language, code_key=settings.CODE_KEY)
    keys = codes.keys_of(code, pepper=settings.CODE_PEPPER)
    try:
        route = route_now(new.tile, new.answers, new.school_id, new.district_id)
    except DatabaseError as error:
        raise NotKept from error
    route = soon_if_unknown(route, suspected=new.answers.get(SUSPECTS) == "yes")
    tip, message, answers = new_ids(3)
    dialog_secret, center_secret, shred_key = new_secret(), new_secret(), new_shred_key()
    try:
        wrapped = settings.SHRED_FILES.wrap(shred_key, subject=tip)
    except KeyFileError as error:
        raise NotKept from error
    dialog = seed_from(dialog_secret, shred_key)
    token = sessions.new_token()
    center = route.center
    same_words, said_before = _same_words(new, route)
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
            "p_soon": route.soon,
            "p_mandated": route.floor.mandated,
            "p_language": written_in(new.text, new.language),
            "p_channel": new.channel,
            "p_similarity": new.similarity,
            "p_same_words": same_words,
            "p_said_before::smallint": said_before,
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
            "p_about_me": says_of_whom(new.answers),
            "p_about_group": new.answers.get("who") == "group",
            "p_place_given": bool(new.answers.get("place")),
            "p_link": new.link,
            "p_to_talk": new.to_talk,
        },
    )
    row = ask(statement, values)
    if row is None:
        raise LinkOver if new.link is not None else NotKept
    tip_id, reference, received_at, repeated = row
    if repeated:
        # The first answer was lost on its way; open the same conversation again.
        again = open_with_keys(keys)
        if again is None:
            raise NotKept
        token = again
    else:
        tell(tip_id)
    return Filed(code, tip_id, reference, received_at, token, repeated)


def place_of_link(link: str) -> tuple[int, int | None, str, bool]:
    """Return an adult link's district, school and State; and whether it is the desk's own.

    Raises LinkOver, NotKept when the database is away.
    """
    row = ask("SELECT * FROM api.adult_link($1)", [link])
    if row is None:
        raise LinkOver
    district, school, state, own = row
    return district, school, state, own


def dialog_for(session_token: str) -> Dialog:
    """Return the tip behind a session's cookie. Raises SessionOver, NotKept."""
    row = ask("SELECT * FROM api.talk($1)", [sessions.row_key(session_token)])
    if row is None:
        raise SessionOver
    tip, district, school, state, tile, language, ended, ending, case, received, read = row[:11]
    try:
        seed = sessions.open_for(session_token, bytes(row[11]), bind("talk", tip))
    except VaultError as error:
        raise SessionOver from error
    messages: list[Said] = []
    answers: dict[str, str] = {}
    for item in json.loads(row[12]):
        row_id, sealed = UUID(item["id"]), bytes.fromhex(item["sealed"])
        if item["kind"] == "answers":
            answers |= open_data(seed, purpose="message", tip=tip, row=row_id, sealed=sealed)
            continue
        words = open_turn(
            seed,
            purpose="message",
            tip=tip,
            row=row_id,
            sealed=sealed,
            to_inbox=item["to_inbox"],
        )
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
    for item in json.loads(row[13]):
        row_id = UUID(item["id"])
        sealed = bytes.fromhex(item["sealed"])
        about = open_about(seed, tip=tip, row=row_id, sealed=sealed, to_inbox=item["to_inbox"])
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
        ending,
        case,
        received,
        read,
        tuple(messages),
        answers,
        tuple(files),
        seed,
        taken=row[14],
        danger=row[15],
        unread_again=row[16],
        to_talk=row[17],
        shared_for=row[18],
        had_by=row[19],
        by_phone=row[20],
    )


def add_message(session_token: str, text: str, *, once: UUID | None = None) -> datetime:
    """Add a message to the dialog; ``once`` makes a retry the same message.

    Returns its time. Raises SessionOver, NotKept.
    """
    dialog = dialog_for(session_token)
    row_id = once or uuid4()
    sealed = seal_words(dialog.seed, purpose="message", tip=dialog.tip_id, row=row_id, words=text)
    return _add(session_token, dialog.tip_id, row_id, "text", sealed)


def add_answers(
    session_token: str, answers: Mapping[str, str], *, once: UUID | None = None
) -> datetime:
    """Add follow-up answers, which never lower the priority; ``once`` makes a retry the same ones.

    Raises SessionOver, NotKept.
    """
    dialog = dialog_for(session_token)
    row_id = once or uuid4()
    sealed = seal_data(
        dialog.seed, purpose="message", tip=dialog.tip_id, row=row_id, data=dict(answers)
    )
    route = route_now(
        dialog.tile, {**dialog.answers, **answers}, dialog.school_id, dialog.district_id
    )
    before = priority_floor(dialog.tile, dialog.answers)
    # The same answer sent again is no news: what was settled of it stands.
    says_anew = answers.get("not_see", "").strip() != dialog.answers.get("not_see", "").strip()
    ask(
        "SELECT api.talk_raise(p_talk => $1, p_priority => $2, p_rank => $3::smallint, "
        "p_now => $4, p_mandated => $5, p_not_see => $6, p_asks_911 => $7, p_graver => $8, "
        "p_soon => $9)",
        [
            sessions.row_key(session_token),
            route.floor.priority.value,
            route.rank,
            route.happening_now,
            route.floor.mandated,
            route.not_see and says_anew,
            route.floor.call_911,
            route.floor.graver_than(before),
            route.soon,
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
    row = ask(
        "SELECT api.talk_attach(p_talk => $1, p_attachment => $2, p_sealed => $3)",
        [sessions.row_key(session_token), attachment, sealed],
    )
    if not row or not row[0]:
        raise SessionOver
    tell(dialog.tip_id)


def hide_message(session_token: str, message_id: UUID) -> bool:
    """Hide a message on the reporter's side; staff's copy stays. False: no such message."""
    row = ask("SELECT api.talk_hide($1, $2)", [sessions.row_key(session_token), message_id])
    return bool(row and row[0])


def end_conversation(session_token: str) -> bool:
    """End the conversation from the reporter's side and forget this session."""
    dialog = dialog_for(session_token)
    row = ask("SELECT api.talk_end($1)", [sessions.row_key(session_token)])
    tell(dialog.tip_id)
    return bool(row and row[0])


def close_session(session_token: str) -> None:
    """Forget this session on this device; the return code opens the conversation again."""
    ask("SELECT api.talk_close($1)", [sessions.row_key(session_token)])


def _add(session_token: str, tip: UUID, row_id: UUID, kind: str, sealed: bytes) -> datetime:
    row = ask(
        "SELECT api.talk_add(p_talk => $1, p_message => $2, p_kind => $3, p_sealed => $4)",
        [sessions.row_key(session_token), row_id, kind, sealed],
    )
    if row is None or row[0] is None:
        raise SessionOver
    tell(tip)
    at: datetime = row[0]
    return at


def _same_words(new: NewTip, route: Route) -> tuple[bytes | None, int]:
    """Return the mark of its words, if it may share a row, and how many said the same before.

    Equal is what differs in nothing but case and blanks, with all that was answered. It shares no
    row if it may be about the reporter, has somebody who must not see it, or says of a danger to
    life no more than two children would by chance. What is of oneself is not counted either.
    """
    if new.same_words is None or is_of_self(new.answers):
        return None, 0
    when = "now" if route.happening_now else "soon" if route.soon else ""
    of = f"{route.district_id} {route.school_id} {route.rank} {when} {new.to_talk}"
    words = unicodedata.normalize("NFC", new.text).casefold().split()
    kind = [of, route.tile, new.language, new.channel, sorted(new.answers.items()), *words]
    mark, before = new.same_words(f"{of}\n{new.text}", json.dumps(kind))
    least = FEWEST_WORDS if route.rank == 0 else 1
    shares = says_of_whom(new.answers) is False and route.school_id and not route.not_see
    return mark if shares and len(words) >= least else None, min(before, A_CROWD)


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


__all__ = [
    "Dialog",
    "Filed",
    "NewTip",
    "NotKept",
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
    "place_of_link",
]
