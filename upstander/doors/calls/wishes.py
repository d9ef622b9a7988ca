"""To be called: which numbers may be, and what a child in their conversation asks for.

The number goes from the form into a seal of the conversation, and is opened only to be rung. It is
never logged, rendered at the desk or kept in clear (docs/adr/0186-a-call-asked-for-on-the-web.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID, uuid4, uuid5

import phonenumbers
from django.utils.translation import gettext as _
from django.utils.translation import override

from upstander.base.languages import LANGUAGES
from upstander.base.phones import REGION, NoNumber, e164, in_country
from upstander.carriers.models import Channel
from upstander.carriers.providers import Line, lines, provider_named, providers
from upstander.doors.calls.sealing import seal_wish
from upstander.doors.calls.words import SPOKEN
from upstander.places.models import School
from upstander.rulefiles import RuleFileWrong
from upstander.tips.coming_back import ask
from upstander.tips.envelopes import seal_words
from upstander.tips.reporter import SessionOver, dialog_for
from upstander.tips.speed import tell
from upstander.vault import sessions
from upstander.vault.seeds import inbox_key_pair

#: Longest text of when it is safe to ring, in letters.
MOST_WHEN: Final = 200
#: So few digits are a service's, such as 911 and 988, and no phone's.
_SHORT: Final = 6
#: What a child's phone can be. Toll-free is an office or a hotline, which pays for each call.
_A_PHONE: Final = frozenset(
    {
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
        phonenumbers.PhoneNumberType.VOIP,
    }
)
#: Of every area code: services (N11), what bills each call (976), carriers' own (950), directory
#: assistance (555-1212). They have an ordinary number's form.
_SERVICE: Final = re.compile(r"\+1\d{3}(?:[2-9]11\d{4}|9(?:50|76)\d{4}|5551212)")


class WrongNumber(Exception):
    """Why nobody is called there: its argument says it, in words for the reporter."""


class Wish(NamedTuple):
    """How a wish to be called stands: since when, and how (``CallBack.How``)."""

    at: datetime
    how: str

    @property
    def stands(self) -> bool:
        """Whether they still wait for the call."""
        return self.how in ("", "dropped")

    @property
    def dropped(self) -> bool:
        """Whether they were reached, and the call ended before the two can have talked."""
        return self.how == "dropped"

    @property
    def unreached(self) -> bool:
        """Whether its day is over, or it was tried often enough, and nobody reached them."""
        return self.how == "unreached"


def line_that_calls(district: str) -> Line | None:
    """Return the line from which a district's reporters are called; None where none takes calls.

    ``district`` by its name in addresses. For the public process; never raises.
    """
    try:
        known = sorted(lines(), key=lambda line: line.district != district)
        return next((line for line in known if _calls(line, district)), None)
    except RuleFileWrong:
        return None


def _calls(line: Line, district: str) -> bool:
    provider = provider_named(line.provider)
    return (
        line.calls
        and line.district in (district, "")
        and provider is not None
        and Channel.VOICE in provider.channels
    )


def may_be_called(number: str) -> bool:
    """Tell whether a number (E.164) is called back: an ordinary one of this country, none of ours.

    What stands where a number is hidden looks like one abroad; others earn by being called.
    """
    return (
        in_country(number)
        and phonenumbers.number_type(phonenumbers.parse(number)) in _A_PHONE
        and _SERVICE.fullmatch(number) is None
        and number not in _ours()
    )


def _ours() -> set[str]:
    """Return what belongs to the center itself: lines, own phones, interpreters, pages' senders."""
    known = {one.from_number for one in providers()}
    for line in lines():
        known |= {line.number, line.fallback, line.interpreter}
    return known


def number_typed(typed: str) -> str:
    """Return a number as somebody typed it (E.164). Raises WrongNumber."""
    never = _(
        "We can’t call this number. It must be an ordinary one in the United States: no emergency "
        "number, none that costs extra, none abroad."
    )
    digits = "".join(one for one in typed if one.isdecimal())
    if 0 < len(digits) <= _SHORT and phonenumbers.is_emergency_number(digits, REGION):
        raise WrongNumber(never)
    try:
        number = e164(typed)
    except NoNumber as error:
        raise WrongNumber(
            _("We can’t read this as a phone number. Type it with its area code.")
        ) from error
    if not may_be_called(number):
        raise WrongNumber(never)
    return number


def psap_numbers(schools: Iterable[School]) -> set[str]:
    """Return the numbers (E.164) of schools' 911 centers: no child's phone is one of them."""
    found = set()
    for school in schools:
        try:
            found.add(e164(school.psap_phone))
        except NoNumber:
            continue
    return found


def wish_of(session_token: str) -> Wish | None:
    """Return how the wish to be called of a conversation stands; None: none. Raises NotKept."""
    row = ask("SELECT * FROM api.door_wish_stands($1)", [sessions.row_key(session_token)])
    return Wish(*row) if row else None


def wish_call(session_token: str, line: Line, number: str, when: str, *, once: UUID) -> None:
    """Ask to be called at a number (E.164); ``when``: when it is safe to ring, in their words.

    It is one turn of the conversation, without the number; ``once`` makes a form that is sent twice
    one wish. Raises WrongNumber (asked too often, too many words, a form of before), SessionOver,
    NotKept.
    """
    if len(when) > MOST_WHEN:
        raise WrongNumber(_("Please say in fewer words when it is safe to ring."))
    dialog = dialog_for(session_token)
    with override(dialog.language):
        words = _wished() + (f"\n{_safe(when)}" if when else "")
    # The same form is the same wish: whether that one stands, the database can tell by it.
    inbox, wish = inbox_key_pair(dialog.seed).public, uuid5(once, "wish")
    kept = ask(
        "SELECT api.door_wish(p_talk => $1, p_wish => $2, p_line => $3, p_provider => $4,"
        " p_language => $5, p_number => $6, p_message => $7, p_sealed => $8)",
        [
            sessions.row_key(session_token),
            wish,
            line.number,
            line.provider,
            dialog.language if dialog.language in SPOKEN else "",
            seal_wish(inbox, dialog.tip_id, wish, number),
            once,
            seal_words(dialog.seed, purpose="message", tip=dialog.tip_id, row=once, words=words),
        ],
    )
    if kept is None or kept[0] == "over":
        raise SessionOver
    if kept[0] == "often":
        raise WrongNumber(_("You asked five times today. Please write to us here instead."))
    if kept[0] == "before":
        raise WrongNumber(
            _(
                "This was sent before, and no longer counts. To be called at this number, press "
                "the button again."
            )
        )
    tell(dialog.tip_id)


def when_to_ring(turns: Iterable[tuple[str, datetime]], since: datetime) -> str:
    """Return when it is safe to ring, in the reporter's words, as the wish's own turn says it.

    ``turns``: what they wrote and when (UTC); ``since``: when the wish that stands was kept, so
    that no earlier wish's answer stands beside it. Empty where nothing was said.
    """
    said = []
    for language in LANGUAGES:
        with override(language):
            said.append((_wished(), f"{_wished()}\n{_safe('')}"))
    return next(
        (
            text.removeprefix(safe).strip() if text.startswith(safe) else ""
            for text, at in reversed([*turns])
            for wished, safe in said
            if at >= since and text.startswith(wished)
        ),
        "",
    )


def _wished() -> str:
    return _("I would like to be called.")


def _safe(when: str) -> str:
    return _("When it is safe to ring: %(when)s") % {"when": when}


def take_back(session_token: str) -> None:
    """Take the wish back: the number goes at once, and what rings is hung up.

    Nothing happens where none stands. Raises SessionOver, NotKept.
    """
    dialog, row = dialog_for(session_token), uuid4()
    with override(dialog.language):
        words = _("I don’t want to be called any more.")
    ask(
        "SELECT api.door_wish_back(p_talk => $1, p_message => $2, p_sealed => $3)",
        [
            sessions.row_key(session_token),
            row,
            seal_words(dialog.seed, purpose="message", tip=dialog.tip_id, row=row, words=words),
        ],
    )
    tell(dialog.tip_id)
