"""What a course's files hold, as types: ``<key>.toml`` and ``<key>.<language>.md`` beside it.

Read when the program starts; a careless file is refused with words that name the place. A State's
own courses lie in its folder, since they speak of its law.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec import Meta

from upstander.base.languages import KNOWN
from upstander.rulefiles import (
    Key,
    RuleFileWrong,
    RuleType,
    Words,
    digest_of,
    once,
    parse_rules,
    read_bytes,
)
from upstander.states import laws

#: Every course is whole in those in which staff are written to; further ones are welcome.
LANGUAGES: Final = tuple(code for code, one in KNOWN.items() if one.voice)
#: How many cards a quiz draws, and how many answers of those must be right.
DRAWN: Final = 12
ENOUGH: Final = 10
#: What a course's text may be made of. Links and pictures load something from elsewhere, or are
#: dead in the copy that is read offline; HTML could be anything.
ALLOWED: Final = frozenset(
    {"inline", "text", "softbreak", "hardbreak"}
    | {
        f"{kind}_{end}"
        for kind in (
            *("heading", "paragraph", "bullet_list", "ordered_list", "list_item"),
            *("strong", "em"),
        )
        for end in ("open", "close")
    }
)
OWN: Final = Path(__file__).parent


class CardText(RuleType, frozen=True, kw_only=True):
    """A card in one language."""

    text: Words
    choices: Annotated[
        tuple[Words, ...], Meta(min_length=2, max_length=4, description="2 to 4 answers")
    ]
    #: Shown with every answer, the right one too.
    why: Words


class Card(RuleType, frozen=True, kw_only=True):
    """A scene, what one could do in it, and why one of that is best."""

    key: Key
    #: Which answer is best, from 1.
    right: Annotated[int, Meta(ge=1, description="the number of an answer, from 1")]
    #: After which part of the text it is asked, from 1; 0: after the whole.
    part: Annotated[int, Meta(ge=0, description="the number of a part, or 0")] = 0
    texts: Mapping[str, CardText]

    def __post_init__(self) -> None:
        if len({len(one.choices) for one in self.texts.values()}) > 1:
            raise ValueError("has not as many answers in each language")
        for one in self.texts.values():
            if self.right > len(one.choices):
                raise ValueError(f"right is {self.right}, but there are {len(one.choices)} answers")
            once(one.choices, "the answer")


class CourseFile(RuleType, frozen=True, kw_only=True):
    """``<key>.toml``."""

    title: Mapping[str, Words]
    #: Whom it is for; grades for students.
    band: Literal["6-8", "9-12", "staff", "team", "counselor", "family"]
    minutes: Annotated[int, Meta(ge=1, description="a number of minutes, 1 or more")]
    sources: Annotated[tuple[Words, ...], Meta(min_length=1, description="one source or more")]
    #: Those who pass its quiz have completed it.
    quiz: bool = False
    #: A course whose cards it asks, instead of its own.
    cards_of: str = ""
    items: tuple[Card, ...] = ()

    def __post_init__(self) -> None:
        once((one.key for one in self.items), "the card")
        if self.cards_of and self.items:
            raise ValueError("has cards of its own and another course's")
        for one in self.items:
            if one.texts.keys() != self.title.keys():
                raise ValueError(f"the card {one.key!r} isn't in the languages of the title")


class Part(NamedTuple):
    """One heading of a course's text, and what stands under it."""

    heading: str
    html: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A course as it stands, whole in each of its languages."""

    key: str
    file: CourseFile
    cards: tuple[Card, ...]
    #: By language (ISO 639-1), as all that follows.
    parts: Mapping[str, tuple[Part, ...]]
    #: SHA-256 of all that is said in a language: what somebody approves.
    digests: Mapping[str, str]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it is whole in, English first."""
        return tuple(self.parts)

    def title(self, language: str) -> str:
        """Return its name in one of its languages."""
        return self.file.title[language]

    def cards_after(self, part: int) -> tuple[Card, ...]:
        """Return the cards that are asked after a part, from 1; 0: those after the whole."""
        return tuple(one for one in self.cards if one.part == part)


def parts_of(text: str, name: str) -> tuple[Part, ...]:
    """Return a CommonMark text by its headings of level 2. Raises RuleFileWrong."""
    mark = MarkdownIt("commonmark", {"html": True})
    found: list[tuple[str, list[Token]]] = []
    tokens = mark.parse(text)
    for number, token in enumerate(tokens):
        line = f"line {token.map[0] + 1}" if token.map else ""
        for one in (token, *(token.children or ())):
            if one.type not in ALLOWED:
                kind = one.type.removesuffix("_open").replace("_", " ")
                raise RuleFileWrong(name, line, f"a course has no {kind}")
        if token.type == "heading_open" and token.tag == "h2":
            found.append((tokens[number + 1].content, []))
        elif token.type == "heading_open" and token.tag != "h3":
            raise RuleFileWrong(name, line, "a heading begins with ## or ###")
        elif not found:
            raise RuleFileWrong(name, line, "it begins with a heading: ##")
        found[-1][1].append(token)
    plain = MarkdownIt("commonmark", {"html": False})
    shown = []
    for heading, part in found:
        body = part[3:]  # without its own heading, which the page shows
        if not body:
            raise RuleFileWrong(name, "", f"nothing stands under {heading!r}")
        html = plain.renderer.render(body, plain.options, {})
        shown.append(Part(heading, mark_safe(html)))  # noqa: S308 - HTML in the text is refused above
    if not shown:
        raise RuleFileWrong(name, "", "is empty")
    return tuple(shown)


def read_course(file: Path, others: Mapping[str, CourseFile]) -> Course:
    """Return the course of a ``.toml`` file; ``others`` are all, by key. Raises RuleFileWrong."""
    name, key, one = file.name, file.stem, others[file.stem]

    def wrong(problem: str) -> RuleFileWrong:
        return RuleFileWrong(name, "", problem)

    languages = tuple(one.title)
    if missing := [code for code in LANGUAGES if code not in languages]:
        raise wrong(f"there is no title in: {', '.join(missing)}")
    if unknown := [code for code in languages if code not in KNOWN]:
        raise wrong(f"unknown languages: {', '.join(unknown)}")
    given = one
    if one.cards_of:
        if one.cards_of not in others or others[one.cards_of].title.keys() != one.title.keys():
            raise wrong(f"cards_of is {one.cards_of!r}, no course in the same languages")
        given = others[one.cards_of]
    if one.quiz and len(given.items) < DRAWN:
        raise wrong(f"a quiz draws {DRAWN} cards, and there are {len(given.items)}")
    texts = {code: read_bytes(file.with_name(f"{key}.{code}.md")) for code in languages}
    parts = {
        code: parts_of(text.decode("utf-8"), f"{key}.{code}.md") for code, text in texts.items()
    }
    if len({len(found) for found in parts.values()}) > 1:
        raise wrong("has not as many parts in each language")
    count = len(parts[LANGUAGES[0]])
    if late := [card.key for card in one.items if card.part > count]:
        raise wrong(f"there are {count} parts; too late come: {', '.join(late)}")
    rules = read_bytes(file)
    if one.cards_of:
        rules += read_bytes(_files()[one.cards_of])
    digests = {code: digest_of(rules + b"\0" + text) for code, text in texts.items()}
    return Course(key=key, file=one, cards=given.items, parts=parts, digests=digests)


def read_courses(files: Iterable[Path]) -> dict[str, Course]:
    """Return the courses of some files by key. Raises RuleFileWrong."""
    listed = list(files)
    once((file.stem for file in listed), "the course")
    rules = {file.stem: parse_rules(read_bytes(file), file.name, CourseFile) for file in listed}
    return {file.stem: read_course(file, rules) for file in listed}


@cache
def courses() -> dict[str, Course]:
    """Return all courses by key: the project's own, and each State's. Raises RuleFileWrong."""
    return read_courses(_files().values())


def _files() -> dict[str, Path]:
    folders = (OWN, *(law.folder / "courses" for law in laws()))
    return {file.stem: file for folder in folders for file in sorted(folder.glob("*.toml"))}
