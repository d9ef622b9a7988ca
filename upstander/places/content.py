"""Tiles, categories and questions: the words a child meets and what stands behind them.

Everything is read from ``places/data/*.csv`` once, when this module is imported, and checked in
full, so that a missing translation or a category without a tile stops the start. The English and
Spanish wording is the project's agreed form; the floors follow its table of tiles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from upstander.places.priority import Priority
from upstander.places.tables import (
    LANGUAGES,
    Row,
    TableError,
    Texts,
    in_language,
    read_table,
    unique_keys,
)

PACKAGE = "upstander.places"

#: How a category is first regarded before anything is known (``ask``: the questions decide).
CLASSES = ("life safety", "ask", "criminal", "behavioral", "redirect")
KINDS = ("choice", "text", "tile", "file")
STEPS = ("first", "follow_up", "both")


@dataclass(frozen=True)
class Category:
    """One kind of concern. The counselor sets it; the reporter sees tiles only."""

    key: str
    meaning: str
    default: Priority
    kind: str
    mandated: bool
    call_911: bool
    note: str
    texts: Texts = field(compare=False)

    def text(self, language: str) -> str:
        """The short name in ``language``, else in English."""
        return in_language(self.texts, language)


@dataclass(frozen=True)
class Tile:
    """One choice of "What is it about?". ``floor`` is the least priority such a tip can have."""

    number: int
    key: str
    categories: tuple[str, ...]
    floor: Priority
    #: Whether an adult at school who learns of it must think of a report to DCF (CGS 17a-101a).
    mandated: bool
    upload_allowed: bool
    #: Goes to somebody outside the building, because an adult inside it may be the danger.
    outside_building: bool
    #: A protocol group whose first question the counselor asks too (suicide, on bullying).
    ask_in_dialog: str
    texts: Texts = field(compare=False)

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
    step: str
    #: Shown as a follow-up for these tiles …
    tiles: frozenset[str]
    #: … or, whatever the tile, for these answers to "Is it happening now?".
    whens: frozenset[str]
    required: bool
    many_lines: bool
    texts: Texts = field(compare=False)
    hints: Mapping[str, str] = field(compare=False)
    option_texts: Mapping[str, Texts] = field(compare=False)

    def text(self, language: str) -> str:
        """The question itself in ``language``, else in English."""
        return in_language(self.texts, language)

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


def _load_categories() -> dict[str, Category]:
    columns = ("key", "plain meaning", "default", "class", "mandated", "call 911", "note")
    loaded: dict[str, Category] = {}
    for row in unique_keys(read_table(PACKAGE, "categories.csv", (*columns, *LANGUAGES))):
        category = Category(
            key=row["key"],
            meaning=row.need("plain meaning"),
            default=Priority(row.one_of("default", list(Priority))),
            kind=row.one_of("class", CLASSES),
            mandated=row.yes("mandated"),
            call_911=row.yes("call 911"),
            note=row["note"],
            texts=row.texts(),
        )
        if (category.kind == "life safety") != (category.default is Priority.LIFE_SAFETY):
            raise row.error("the class 'life safety' and the default 'life_safety' go together")
        loaded[category.key] = category
    return loaded


def _load_tiles(categories: Mapping[str, Category]) -> tuple[Tile, ...]:
    columns = ("number", "key", "categories", "floor", "mandated", "upload allowed")
    more = ("outside building", "ask in dialog", *LANGUAGES)
    tiles: list[Tile] = []
    tile_of: dict[str, str] = {}
    for place, row in enumerate(unique_keys(read_table(PACKAGE, "tiles.csv", (*columns, *more)))):
        if row["number"] != str(place + 1):
            raise row.error(f"the number is {row['number']}, expected {place + 1}")
        for key in row.words("categories"):
            if key not in categories:
                raise row.error(f"the category {key!r} is not in categories.csv")
            if key in tile_of:
                raise row.error(f"the category {key!r} is already on the tile {tile_of[key]!r}")
            tile_of[key] = row["key"]
        tiles.append(
            Tile(
                number=place + 1,
                key=row["key"],
                categories=row.words("categories"),
                floor=Priority(row.one_of("floor", list(Priority))),
                mandated=row.yes("mandated"),
                upload_allowed=row.yes("upload allowed"),
                outside_building=row.yes("outside building"),
                ask_in_dialog=row["ask in dialog"],
                texts=row.texts(),
            )
        )
    if homeless := sorted(set(categories) - set(tile_of)):
        raise TableError(f"tiles.csv: on no tile: {', '.join(homeless)}")
    for tile in tiles:
        if any(categories[key].mandated for key in tile.categories) and not tile.mandated:
            raise TableError(f"tiles.csv: {tile.key!r} holds a mandated category: say yes there")
    return tuple(tiles)


def _load_texts() -> dict[str, dict[str, Row]]:
    parts: dict[str, dict[str, Row]] = {}
    for row in read_table(PACKAGE, "question_texts.csv", ("question", "part", *LANGUAGES)):
        of_question = parts.setdefault(row.need("question"), {})
        if row.need("part") in of_question:
            raise row.error("this part stands twice")
        of_question[row["part"]] = row
    return parts


def _load_questions(tiles: tuple[Tile, ...]) -> tuple[Question, ...]:
    columns = ("number", "key", "kind", "options", "step", "tiles", "or when", "required", "lines")
    known_tiles = {tile.key for tile in tiles}
    parts = _load_texts()
    questions: list[Question] = []
    for row in unique_keys(read_table(PACKAGE, "questions.csv", columns)):
        key, kind = row["key"], row.one_of("kind", KINDS)
        options = tuple(t.key for t in tiles) if kind == "tile" else row.words("options")
        if bool(options) != (kind in ("choice", "tile")):
            raise row.error("a choice has options, and nothing else has")
        own = parts.pop(key, {})
        expected = {"label"} | (set(options) if kind == "choice" else set())
        if set(own) - {"hint"} != expected:
            raise row.error(f"question_texts.csv has {sorted(own)}, expected {sorted(expected)}")
        on_tiles = row.choices("tiles")
        if unknown := on_tiles - known_tiles:
            raise row.error(f"no such tile: {sorted(unknown)}")
        option_texts = {t.key: t.texts for t in tiles} if kind == "tile" else {}
        option_texts |= {option: own[option].texts() for option in options if option in own}
        questions.append(
            Question(
                number=row.need("number"),
                key=key,
                kind="choice" if kind == "tile" else kind,
                options=options,
                step=row.one_of("step", STEPS),
                tiles=on_tiles or frozenset(known_tiles),
                whens=frozenset() if row["or when"] == "none" else row.choices("or when"),
                required=row.yes("required"),
                many_lines=row.one_of("lines", ("one", "many")) == "many",
                texts=own["label"].texts(),
                hints=own["hint"].texts() if "hint" in own else MappingProxyType({}),
                option_texts=MappingProxyType(option_texts),
            )
        )
    if parts:
        raise TableError(f"question_texts.csv: no such question: {', '.join(sorted(parts))}")
    whens = next((q.options for q in questions if q.key == "when"), ())
    for question in questions:
        if unknown := question.whens - set(whens):
            raise TableError(f"questions.csv: {question.key!r}: no such time: {sorted(unknown)}")
    if [q.key for q in questions if q.required] != ["text"]:
        raise TableError("questions.csv: 'text' is required and nothing else may be")
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
