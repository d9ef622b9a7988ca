"""Tiles, categories and questions: the words a child meets and what stands behind them.

Everything is read from ``intake/data/*.csv`` once, when this module is imported, and checked in
full, so that a missing translation or a category without a tile stops the start. The English and
Spanish wording is the project's agreed form; the floors follow its table of tiles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated, Literal

from msgspec import field as column

from upstander.intake.priority import Priority
from upstander.intake.tables import InEach, Texts, in_language
from upstander.rulefiles import Key, RuleType, Words, data_file, read_table, translated

PACKAGE = "upstander.intake"


class Category(RuleType, frozen=True, kw_only=True):
    """One kind of concern. The counselor sets it; the reporter sees tiles only."""

    key: Key
    meaning: Words = column(name="plain meaning")
    default: Priority
    #: How it is first regarded before anything is known (``ask``: the questions decide).
    kind: Literal["life safety", "ask", "criminal", "behavioral", "redirect"] = column(name="class")
    mandated: bool
    #: By which schedule of its own it is kept, whatever its tile: somebody on staff, or what Title
    #: IX means; empty: by its tile and duties (``retention_about``).
    kept_as: Literal["staff", "sexual", ""] = column(name="kept as")
    call_911: bool = column(name="call 911")
    note: str
    texts: InEach

    def __post_init__(self) -> None:
        if (self.kind == "life safety") != (self.default is Priority.LIFE_SAFETY):
            raise ValueError("the class 'life safety' and the default 'life_safety' go together")

    def text(self, language: str) -> str:
        """The short name in ``language``, else in English."""
        return in_language(self.texts, language)


class Tile(RuleType, frozen=True, kw_only=True):
    """One choice of "What is it about?". ``floor`` is the least priority such a tip can have."""

    number: int
    key: Key
    categories: tuple[str, ...]
    floor: Priority
    #: Whether an adult at school who learns of it must think of a report to the State's agency.
    mandated: bool
    upload_allowed: bool = column(name="upload allowed")
    #: Goes to somebody outside the building, because an adult inside it may be the danger.
    outside_building: bool = column(name="outside building")
    #: Which of the counselor's first questions and replies are about it (triage/data/replies.csv).
    group: str
    #: A protocol group whose first question the counselor asks too (suicide, on bullying).
    ask_in_dialog: str = column(name="ask in dialog")
    texts: InEach

    def text(self, language: str) -> str:
        """The words on the tile in ``language``, else in English."""
        return in_language(self.texts, language)


@dataclass(frozen=True)
class Question:
    """One question of the form. Its answer's key in a tip is ``key``."""

    number: str
    key: str
    #: ``choice`` (radio buttons) or ``text``; ``file`` only for FILES_QUESTION.
    kind: str
    options: tuple[str, ...]
    #: When it is asked; ``by_keys``: in a call alone, where 1 is yes and 2 is no.
    step: str
    #: Shown as a follow-up for these tiles …
    tiles: frozenset[str]
    #: … or, whatever the tile, for these answers to "Is it happening now?".
    whens: frozenset[str]
    required: bool
    many_lines: bool
    texts: Texts = field(compare=False)
    #: The question as it is put to whoever is in danger themselves; empty if it is the same.
    texts_me: Texts = field(compare=False)
    #: And to whoever wants to talk, not report.
    texts_talk: Texts = field(compare=False)
    hints: Mapping[str, str] = field(compare=False)
    option_texts: Mapping[str, Texts] = field(compare=False)

    def text(self, language: str, *, me: bool = False, talk: bool = False) -> str:
        """The question itself in ``language``, else in English; ``me``: to whom it is about.

        ``talk``: to whoever wants to talk, not report.
        """
        texts = (talk and self.texts_talk) or (me and self.texts_me) or self.texts
        return in_language(texts, language)

    def hint(self, language: str) -> str:
        """The sentence after the question; empty if there is none."""
        return in_language(self.hints, language) if self.hints else ""

    def option_text(self, option: str, language: str) -> str:
        """The words of one option. Raises KeyError for an option that doesn't exist."""
        return in_language(self.option_texts[option], language)

    @property
    def before_send(self) -> bool:
        """Whether it stands on the form itself, for every reporter."""
        return self.step in ("first", "both")


class _QuestionRow(RuleType, frozen=True, kw_only=True):
    number: Words
    key: Key
    kind: Literal["choice", "text", "tile", "file"]
    options: tuple[str, ...]
    step: Literal["first", "follow_up", "both", "by_keys"]
    tiles: frozenset[str]
    whens: frozenset[str] = column(name="or when")
    required: bool
    lines: Literal["one", "many"]


class _QuestionText(RuleType, frozen=True, kw_only=True):
    question: Key
    part: Words
    texts: Annotated[Mapping[str, Words], translated("question", "part")]


def _load_categories() -> dict[str, Category]:
    return read_table(data_file(PACKAGE, "categories.csv"), Category).by_key()


def _load_tiles(categories: Mapping[str, Category]) -> tuple[Tile, ...]:
    table = read_table(data_file(PACKAGE, "tiles.csv"), Tile)
    table.by_key()
    tile_of: dict[str, str] = {}
    for place, tile in enumerate(table, 1):
        if tile.number != place:
            raise table.wrong(tile, f"the number is {tile.number}, expected {place}")
        for key in tile.categories:
            if key not in categories:
                raise table.wrong(tile, f"the category {key!r} is not in categories.csv")
            if key in tile_of:
                raise table.wrong(
                    tile, f"the category {key!r} is already on the tile {tile_of[key]!r}"
                )
            tile_of[key] = tile.key
            if categories[key].mandated and not tile.mandated:
                raise table.wrong(tile, f"{key!r} is a mandated category: say yes here too")
    if homeless := sorted(set(categories) - set(tile_of)):
        raise table.wrong(None, f"on no tile: {', '.join(homeless)}")
    return table.rows


def _load_texts() -> dict[str, dict[str, Texts]]:
    table = read_table(data_file(PACKAGE, "question_texts.csv"), _QuestionText)
    parts: dict[str, dict[str, Texts]] = {}
    for row in table:
        of_question = parts.setdefault(row.question, {})
        if row.part in of_question:
            raise table.wrong(row, f"{row.part!r} stands twice")
        of_question[row.part] = row.texts
    return parts


def _load_questions(tiles: tuple[Tile, ...]) -> tuple[Question, ...]:
    table = read_table(data_file(PACKAGE, "questions.csv"), _QuestionRow)
    known_tiles = {tile.key for tile in tiles}
    parts = _load_texts()
    whens = next((row.options for row in table if row.key == "when"), ())
    questions: list[Question] = []
    for row in table.by_key().values():
        options = tuple(t.key for t in tiles) if row.kind == "tile" else row.options
        if bool(options) != (row.kind in ("choice", "tile")):
            raise table.wrong(row, "a choice has options, and nothing else has")
        own = parts.pop(row.key, {})
        expected = {"label"} | (set(options) if row.kind == "choice" else set())
        if set(own) - {"hint", "label_me", "label_talk"} != expected:
            said = f"question_texts.csv has {sorted(own)}, expected {sorted(expected)}"
            raise table.wrong(row, said)
        if unknown := row.tiles - known_tiles:
            raise table.wrong(row, f"no such tile: {sorted(unknown)}")
        own_whens = row.whens - {"none"}
        if unknown := own_whens - set(whens):
            raise table.wrong(row, f"no such time: {sorted(unknown)}")
        option_texts = {t.key: t.texts for t in tiles} if row.kind == "tile" else {}
        option_texts |= {option: own[option] for option in options if option in own}
        questions.append(
            Question(
                number=row.number,
                key=row.key,
                kind="choice" if row.kind == "tile" else row.kind,
                options=options,
                step=row.step,
                tiles=row.tiles or frozenset(known_tiles),
                whens=own_whens,
                required=row.required,
                many_lines=row.lines == "many",
                texts=own["label"],
                texts_me=own.get("label_me", MappingProxyType({})),
                texts_talk=own.get("label_talk", MappingProxyType({})),
                hints=own.get("hint", MappingProxyType({})),
                option_texts=MappingProxyType(option_texts),
            )
        )
    if parts:
        raise table.wrong(None, f"question_texts.csv: no such question: {', '.join(sorted(parts))}")
    if [q.key for q in questions if q.required] != ["text"]:
        raise table.wrong(None, "'text' is required and nothing else may be")
    return tuple(questions)


CATEGORIES: Mapping[str, Category] = MappingProxyType(_load_categories())
TILES: tuple[Tile, ...] = _load_tiles(CATEGORIES)
TILES_BY_KEY: Mapping[str, Tile] = MappingProxyType({tile.key: tile for tile in TILES})
_ALL_QUESTIONS = _load_questions(TILES)
#: The questions of the form in their order, without the one about files.
QUESTIONS: tuple[Question, ...] = tuple(q for q in _ALL_QUESTIONS if q.kind != "file")
QUESTIONS_BY_KEY: Mapping[str, Question] = MappingProxyType({q.key: q for q in QUESTIONS})
#: The words beside the upload, with the warning never to send nude pictures.
(FILES_QUESTION,) = (q for q in _ALL_QUESTIONS if q.kind == "file")
#: The tile on which each category lies.
TILE_OF_CATEGORY: Mapping[str, Tile] = MappingProxyType(
    {category: tile for tile in TILES for category in tile.categories}
)
