"""Reads the guides' files into types, and refuses a careless one with words that name the place.

Those who own these files are no programmers: an error says which file, which entry and what is
wrong. Our own files are read when the program starts; an installed instrument when it is used.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from upstander.cases.support import ACTIONS, CHOSEN
from upstander.places.tables import LANGUAGES, Texts

PACKAGE = "upstander.cases.guides"
#: Levels of suicide risk, from the least to the most.
LEVELS: Final = ("none", "low", "moderate", "high")

type Leave = Literal["reason", "never"]


class GuideError(ValueError):
    """A guide's file is wrong; the message says where and what."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that an outcome or a level asks for; it becomes an action on the case's list."""

    key: str
    kind: str
    label: str
    #: Hours.
    within: int
    #: What must be said in words before it goes on the list; "" for nothing.
    ask: str
    leave: Leave
    review: bool

    @property
    def within_words(self) -> str:
        """By when, in words."""
        return ACTIONS[self.kind]._replace(within=self.within).within_words


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a path ends, or a level: what it means, and what follows from it."""

    key: str
    label: str
    means: str
    life_safety: bool
    steps: tuple[Step, ...]

    def step(self, key: str) -> Step | None:
        """Return a step by its key."""
        return next((one for one in self.steps if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer at a fork, and where it leads: ``fork:…`` or ``outcome:…``."""

    key: str
    label: str
    hint: str
    leads_to: str


@dataclass(frozen=True, slots=True)
class Fork:
    """A question of a path, with what to think of before it is answered."""

    key: str
    ask: str
    think_of: tuple[str, ...]
    answers: tuple[Choice, ...]

    def answer(self, key: str) -> Choice | None:
        """Return an answer by its key."""
        return next((one for one in self.answers if one.key == key), None)


@dataclass(frozen=True, slots=True)
class ThreatGuide:
    """The path of a threat assessment."""

    version: str
    #: The first question of all: while somebody is in danger there is no path.
    danger: Fork
    ask_exact: str
    ask_context: str
    forks: Mapping[str, Fork]
    outcomes: Mapping[str, Outcome]


@dataclass(frozen=True, slots=True)
class Question:
    """One question of an instrument, in the languages of students."""

    key: str
    texts: Texts
    #: The answer that weighs.
    worse: Literal["yes", "no"]
    only_if: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A level, the questions of which one is enough to suggest it, and why."""

    level: str
    any_of: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """What is asked about suicide, and which answers suggest which level."""

    key: str
    name: str
    version: str
    licence: str
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """Those in which every question stands."""
        return tuple(lang for lang in LANGUAGES if all(lang in one.texts for one in self.questions))


@cache
def threat_guide() -> ThreatGuide:
    """Return the path of a threat assessment. Raises GuideError."""
    return read_threat(_own("threat.toml"), "threat.toml")


@cache
def levels() -> Mapping[str, Outcome]:
    """Return what follows from each level of suicide risk, from the least. Raises GuideError."""
    return read_levels(_own("levels.toml"), "levels.toml")


@cache
def own_instrument() -> Instrument:
    """Return the questions that come with the program. Raises GuideError."""
    return read_instrument(_own("screening.toml"), "screening.toml")


def _own(name: str) -> bytes:
    return files(PACKAGE).joinpath("data", name).read_bytes()


def read_threat(content: bytes, file: str) -> ThreatGuide:
    """Return a path from its file. Raises GuideError."""
    data = _parsed(content, file)
    forks = _unique((_fork(one, file) for one in _rows(data, "forks", file)), file)
    outcomes = _unique((_outcome(one, file) for one in _rows(data, "outcomes", file)), file)
    danger, words = _part(data, "danger", file), _part(data, "words", file)
    guide = ThreatGuide(
        version=_text(data, "version", file),
        danger=Fork(
            "danger",
            _text(danger, "ask", file),
            (),
            (
                Choice("yes", _text(danger, "yes", file), "", _text(danger, "outcome", file)),
                Choice("no", _text(danger, "no", file), "", _text(danger, "goes_on", file)),
            ),
        ),
        ask_exact=_text(words, "exact", file),
        ask_context=_text(words, "context", file),
        forks=forks,
        outcomes=outcomes,
    )
    known = {f"fork:{key}" for key in forks} | {f"outcome:{key}" for key in outcomes}
    for fork in (guide.danger, *forks.values()):
        for answer in fork.answers:
            if answer.leads_to not in known:
                raise GuideError(f"{file}: {fork.key}, {answer.key}: leads to nothing")
    _must_end(guide, guide.danger, (), file)
    return guide


def _must_end(guide: ThreatGuide, fork: Fork, passed: tuple[str, ...], file: str) -> None:
    """Raise GuideError where a path comes round again."""
    if fork.key in passed:
        raise GuideError(f"{file}: {fork.key} leads back to itself")
    for answer in fork.answers:
        where, _, key = answer.leads_to.partition(":")
        if where == "fork":
            _must_end(guide, guide.forks[key], (*passed, fork.key), file)


def read_levels(content: bytes, file: str) -> Mapping[str, Outcome]:
    """Return the levels from their file: all four, in order. Raises GuideError."""
    rows = _rows(_parsed(content, file), "levels", file)
    found = _unique((_outcome(one, file) for one in rows), file)
    if tuple(found) != LEVELS:
        raise GuideError(f"{file}: the levels must be {', '.join(LEVELS)}, in this order")
    return found


def read_instrument(content: bytes, file: str) -> Instrument:
    """Return an instrument from its file. Raises GuideError."""
    data = _parsed(content, file)
    questions = tuple(_question(one, file) for one in _rows(data, "questions", file))
    keys = [one.key for one in questions]
    if len(set(keys)) < len(keys):
        raise GuideError(f"{file}: a question's key stands twice")
    for place, one in enumerate(questions):
        if one.only_if and one.only_if not in keys[:place]:
            raise GuideError(f"{file}: {one.key}: only_if must name an earlier question")
    rules = []
    for row in _rows(data, "rules", file):
        rule = Rule(
            _text(row, "level", file), tuple(row.get("any", ())), _text(row, "because", file)
        )
        if rule.level not in LEVELS:
            raise GuideError(f"{file}: a rule’s level must be one of {', '.join(LEVELS)}")
        if unknown := set(rule.any_of) - set(keys):
            raise GuideError(f"{file}: a rule names no question: {', '.join(sorted(unknown))}")
        rules.append(rule)
    if rules[-1].any_of or any(not rule.any_of for rule in rules[:-1]):
        raise GuideError(f"{file}: the last rule, and no other, holds where no answer weighs")
    ranks = [LEVELS.index(rule.level) for rule in rules]
    if ranks != sorted(ranks, reverse=True):
        raise GuideError(f"{file}: rules go from the highest level to the lowest")
    if weightless := set(keys) - {key for rule in rules for key in rule.any_of}:
        raise GuideError(f"{file}: no rule weighs {', '.join(sorted(weightless))}")
    found = Instrument(
        key=_text(data, "key", file),
        name=_text(data, "name", file),
        version=_text(data, "version", file),
        licence=_text(data, "licence", file),
        questions=questions,
        rules=tuple(rules),
    )
    if "en" not in found.languages:
        raise GuideError(f"{file}: every question must stand in English at least")
    return found


def _question(row: Mapping[str, Any], file: str) -> Question:
    worse = row.get("worse")
    if worse not in ("yes", "no"):
        raise GuideError(f"{file}: {row.get('key', 'a question')}: worse must be yes or no")
    texts = {lang: _text(row, lang, file) for lang in LANGUAGES if lang in row}
    return Question(_text(row, "key", file), texts, worse, str(row.get("only_if", "")))


def _fork(row: Mapping[str, Any], file: str) -> Fork:
    answers = tuple(
        Choice(
            _text(one, "key", file),
            _text(one, "label", file),
            str(one.get("hint", "")),
            _text(one, "leads_to", file),
        )
        for one in _rows(row, "answers", file)
    )
    return Fork(
        _text(row, "key", file), _text(row, "ask", file), tuple(row.get("think_of", ())), answers
    )


def _outcome(row: Mapping[str, Any], file: str) -> Outcome:
    key = _text(row, "key", file)
    steps = tuple(_step(one, f"{file}: {key}") for one in _rows(row, "steps", file))
    if len({one.key for one in steps}) < len(steps):
        raise GuideError(f"{file}: {key}: a step's key stands twice")
    return Outcome(
        key,
        _text(row, "label", file),
        _text(row, "means", file),
        bool(row.get("life_safety", False)),
        steps,
    )


def _step(row: Mapping[str, Any], place: str) -> Step:
    kind, leave, within = row.get("kind"), row.get("leave"), row.get("within")
    if kind not in CHOSEN:
        raise GuideError(f"{place}: {kind!r} is no entry of a case's list")
    if leave not in ("reason", "never"):
        raise GuideError(f'{place}: leave must be "reason" or "never"')
    if type(within) is not int or within < 1:
        raise GuideError(f"{place}: within must be a number of hours")
    if kind == "parents" and leave == "never":
        raise GuideError(f"{place}: telling the parents must be a step that can be left out")
    return Step(
        _text(row, "key", place),
        kind,
        _text(row, "label", place),
        within,
        str(row.get("ask", "")),
        leave,
        bool(row.get("review", False)),
    )


def _parsed(content: bytes, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GuideError(f"{file}: {error}") from error


def _part(data: Mapping[str, Any], key: str, file: str) -> Mapping[str, Any]:
    found = data.get(key)
    if not isinstance(found, dict):
        raise GuideError(f"{file}: the part [{key}] is missing")
    return found


def _rows(data: Mapping[str, Any], key: str, file: str) -> Sequence[Mapping[str, Any]]:
    found = data.get(key)
    if not isinstance(found, list) or not found or not all(isinstance(x, dict) for x in found):
        raise GuideError(f"{file}: there is no [[{key}]]")
    return found


def _text(row: Mapping[str, Any], key: str, file: str) -> str:
    found = row.get(key)
    if not isinstance(found, str) or not found.strip():
        raise GuideError(f"{file}: {row.get('key', 'an entry')}: {key} is missing or empty")
    return found.strip()


def _unique[T: (Fork, Outcome)](rows: Iterable[T], file: str) -> dict[str, T]:
    found: dict[str, T] = {}
    for row in rows:
        if row.key in found:
            raise GuideError(f"{file}: {row.key!r} stands twice")
        found[row.key] = row
    return found
