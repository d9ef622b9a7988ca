"""What the form asks and what follows from it: the one module that other apps import for it.

The data and its checks are in ``content.py``, the floors in ``floors.py``. Here stand the choices
that depend on a reporter (which questions) and on a district (which tiles).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from django.utils.translation import gettext as _
from msgspec import structs

from upstander.intake.content import (
    CATEGORIES,
    FILES_QUESTION,
    QUESTIONS,
    QUESTIONS_BY_KEY,
    TILE_OF_CATEGORY,
    TILES,
    TILES_BY_KEY,
    Category,
    Question,
    Tile,
)
from upstander.intake.floors import RULES, Floor, Rule, may_be_life_safety, priority_floor
from upstander.intake.priority import Priority, highest
from upstander.intake.tables import LANGUAGES, Texts, in_language

__all__ = [
    "CATEGORIES",
    "FILES_QUESTION",
    "LANGUAGES",
    "OF_UNKNOWN",
    "QUESTIONS",
    "QUESTIONS_BY_KEY",
    "RULES",
    "TILES",
    "TILES_BY_KEY",
    "TILE_OF_CATEGORY",
    "Category",
    "Floor",
    "Priority",
    "Question",
    "Rule",
    "Texts",
    "Tile",
    "TileChange",
    "highest",
    "in_language",
    "known_answers",
    "may_be_life_safety",
    "priority_floor",
    "problems_with",
    "questions_for",
    "speaks_of_self",
    "tiles_for",
]

#: The tile that always stays, so that no child finds all doors shut.
LAST_DOOR = "other"
TEXT_LIMIT = 80
#: What whoever wants to talk is asked before sending: what says how soon somebody must read it.
_OF_TALK = frozenset({"text", "who", "when", "tile"})
#: What is asked after sending of whoever picked no topic: nothing else says how soon, and where.
OF_UNKNOWN = frozenset({"when", "place"})
#: Where whoever asks help for themselves is the one in danger. On the others (a threat, a fight, an
#: attack, an adult at school) the questions are about somebody else all the same.
_ABOUT_ONESELF = frozenset(
    {"suicide", "sad", "home", "sexual", "images", "partner", "bullying", "drugs", "missing"}
)


def questions_for(
    tile: str,
    answers: Mapping[str, str],
    *,
    step: Literal["first", "follow_up"],
    talk: bool = False,
) -> tuple[Question, ...]:
    """The questions to show, in the order of the form.

    ``first`` is the form before sending: the same for everybody, whatever the tile, since a page
    without JavaScript can't change while it is filled in (and one page can be kept ready).
    ``follow_up`` is what is asked after the tip has been kept: what depends on tile and urgency
    and has no answer yet. Nothing is ever asked in between, so no question delays a tip.
    ``talk``: of whoever wants to talk, fewer before sending and after.
    """
    if step == "first":
        asked = (q for q in QUESTIONS if q.before_send)
        return tuple(q for q in asked if not talk or q.key in _OF_TALK)
    # Where "now" would be a matter of life and death, who left it open is asked once more.
    unknown = OF_UNKNOWN if not tile else frozenset({"when"})
    if talk or not may_be_life_safety(tile, {}):
        unknown = frozenset()
    return tuple(
        q
        for q in QUESTIONS
        if not answers.get(q.key, "").strip()
        and (
            q.key in unknown
            or (
                q.step in ("follow_up", "both")
                and (tile in q.tiles or answers.get("when", "") in q.whens)
            )
        )
    )


def is_of_self(answers: Mapping[str, str]) -> bool:
    """Whether a reporter says that it is about themselves."""
    return answers.get("who") == "me" or answers.get("source") == "self"


def says_of_whom(answers: Mapping[str, str]) -> bool | None:
    """Whether a reporter says that it is about themselves; None where they don't say."""
    if is_of_self(answers):
        return True
    return False if answers.get("who") in ("someone", "group") else None


def speaks_of_self(tile: str, answers: Mapping[str, str]) -> bool:
    """Whether what is asked after sending is asked of the one in danger: "you", not "they"."""
    return is_of_self(answers) and tile in _ABOUT_ONESELF


def known_answers(raw: Mapping[str, str]) -> dict[str, str]:
    """The answers to our questions among what a form sent, without the tip's text.

    A value that is none of a question's options is dropped, as if it had been skipped: it says
    nothing that we could rely on, and a tip is never refused for it.
    """
    kept: dict[str, str] = {}
    for question in QUESTIONS:
        value = raw.get(question.key, "").strip()
        if question.key == "text" or not value:
            continue
        if question.kind == "choice" and value not in question.options:
            continue
        kept[question.key] = value
    return kept


@dataclass(frozen=True)
class TileChange:
    """A district's own wording, place or hiding of a tile. It has no floor to change."""

    tile: str
    texts: Mapping[str, str] = field(default_factory=dict, compare=False)
    #: 1 for the first place; None leaves the tile where it was.
    position: int | None = None
    hidden: bool = False


def problems_with(change: TileChange) -> tuple[str, ...]:
    """What is wrong with a change, in words for the form that makes it; empty if nothing is."""
    problems: list[str] = []
    if change.tile not in TILES_BY_KEY:
        problems.append(_("This tile does not exist."))
    if change.hidden and change.tile == LAST_DOOR:
        problems.append(_("This tile can’t be hidden: everyone must be able to report."))
    if change.position is not None and not 1 <= change.position <= len(TILES):
        problems.append(_("The position must be between 1 and %(last)s.") % {"last": len(TILES)})
    for language, text in change.texts.items():
        if language not in LANGUAGES:
            problems.append(_("There is no form in the language %r.") % language)
        elif not text.strip() or len(text) > TEXT_LIMIT:
            problems.append(
                _("The text must be 1 to %(limit)s characters long (%(language)s).")
                % {"limit": TEXT_LIMIT, "language": language}
            )
    return tuple(problems)


def tiles_for(changes: Iterable[TileChange]) -> tuple[Tile, ...]:
    """A district's tiles in its own order and words, with the hidden ones left out.

    Never raises: a change that makes no sense is passed over, because this runs while a child
    waits for the form. Numbers, categories and floors stay those of the taxonomy, and a hidden
    tile keeps its floor for tips that come with it all the same.
    """
    sound = {c.tile: c for c in changes if not problems_with(c)}
    shown = [
        structs.replace(tile, texts=MappingProxyType({**tile.texts, **sound[tile.key].texts}))
        if tile.key in sound
        else tile
        for tile in TILES
        if not (tile.key in sound and sound[tile.key].hidden)
    ]
    placed = {
        tile.key: change.position
        for tile in shown
        if (change := sound.get(tile.key)) and change.position is not None
    }
    # Those without a wish keep their order and fill the places that nobody asked for.
    ordered = [tile for tile in shown if tile.key not in placed]
    by_wish = sorted(
        (tile for tile in shown if tile.key in placed), key=lambda t: (placed[t.key], t.number)
    )
    for tile in by_wish:
        ordered.insert(placed[tile.key] - 1, tile)
    return tuple(ordered)
