"""Why this service: what of it answers what was asked, as words in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, override

from upstander.directory.cards import Card, CardLine, card_for
from upstander.directory.finding import Asked, Found
from upstander.directory.spoken import SPOKEN
from upstander.directory.texts import Text, told
from upstander.directory.vocabulary import folded

#: Of a list of papers to bring, or of what helps there, so many; nobody reads more before going.
_PAPERS = 4


@dataclass(frozen=True, slots=True)
class Result:
    """One service as it stands on the page."""

    card: Card
    #: "Open until 5:00 p.m.", "2.1 miles", "Spanish spoken", "free".
    why: tuple[str, ...]
    #: Town and street where it is; empty where it has no place, or none that may be told.
    where: str
    bring: tuple[Text, ...]
    #: What helps there who can't walk, see or hear, as its keeper wrote it.
    access: tuple[Text, ...]
    #: Of what is closed: one that is open now instead.
    instead: Result | None = None

    @property
    def lines(self) -> Sequence[CardLine]:
        """The ways to reach it that the reader can use."""
        return (self.card.lines or self.card.other_lines)[:3]


def results(
    found: Sequence[Found], asked: Asked, at: datetime, *, shown: slice = slice(None)
) -> list[Result]:
    """Return what stands on the page, in the reader's language, ``at`` a moment with a zone.

    Of all that was ``found`` only what is ``shown`` becomes words; what is open now instead may
    stand on a page before.
    """
    with override(asked.language):
        told = [(one, _result(one, asked, at)) for one in found[shown]]
        open_now = next((one for one in found if one.is_open), None)
        closed = any(one.standing in ("later", "closed") for one, _ in told)
        now = _result(open_now, asked, at) if open_now and closed else None
        return [
            _with(result, now) if one.standing in ("later", "closed") else result
            for one, result in told
        ]


def _with(result: Result, instead: Result | None) -> Result:
    return Result(result.card, result.why, result.where, result.bring, result.access, instead)


def _result(one: Found, asked: Asked, at: datetime) -> Result:
    card = card_for(one.facts, asked.language, at)
    return Result(
        card=card,
        why=(card.hours_words, *_reasons(one, card, asked)),
        where=_where(one),
        bring=card.bring[:_PAPERS],
        access=tuple(
            told("", str(helps["description"]), asked.language)
            for helps in (one.place or {}).get("accessibility", ())[:_PAPERS]
            if helps.get("description")
        ),
    )


def _reasons(one: Found, card: Card, asked: Asked) -> Iterable[str]:
    if one.miles is not None:
        number = f"{one.miles:.1f}" if one.miles < 10 else f"{one.miles:.0f}"
        yield gettext("%(number)s miles") % {"number": number}
    elif one.confidential:
        yield gettext("Where it is stays secret")
    if "language" in one.fits:
        yield _of_language(one.fits["language"], asked)
    for name, yes, unknown in (
        ("asl", gettext("Sign language"), gettext("Sign language: not known, ask")),
        ("tty", gettext("TTY"), gettext("TTY: not known")),
        ("age", gettext("For this age"), gettext("Age: not known, ask")),
    ):
        if name in one.fits:
            yield yes if one.fits[name] == "yes" else unknown
    if one.free:
        yield gettext("Free")
    elif one.free is False:
        yield card.price or card.cost or gettext("Costs something")
    elif asked.free:
        yield gettext("Cost: not known, ask")


def _of_language(fits: str, asked: Asked) -> str:
    # A language is named by itself: who asks for it reads it.
    code = asked.wishes["language"].removeprefix("lang:")
    name = {"name": SPOKEN.get(code, code)}
    return {
        "yes": gettext("They speak %(name)s"),
        "maybe": gettext("%(name)s by interpreter"),
        "unsaid": gettext("%(name)s is not on their list, ask"),
        "unknown": gettext("%(name)s: not known, ask"),
    }[fits] % name


def _where(one: Found) -> str:
    if one.place is None:
        return ""
    of = (one.place.get("addresses") or [{}])[0]
    parts = [of.get("address_1", ""), of.get("city", "")]
    name = one.place.get("name", "")
    if name and folded(name) not in folded(" ".join(parts)):
        parts.insert(0, name)
    return ", ".join(part for part in parts if part)
