"""What the guides' files hold, as types; a careless file is refused with words that name the place.

Our own files are read when the program starts; an installed instrument when it is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, UnsetType, field

from upstander.cases.actions.homes import EVERY, Family, told_by
from upstander.cases.actions.support import ACTIONS, CHOSEN
from upstander.intake.tables import LANGUAGES, Texts
from upstander.rulefiles import Key, RuleType, Words, once, parse_rules, read_bytes

PACKAGE = "upstander.cases.guides"

type Leave = Literal["reason", "never"]
type Level = Literal["none", "low", "moderate", "high"]
#: Levels of suicide risk, from the least to the most.
LEVELS: Final = ("none", "low", "moderate", "high")


class Step(RuleType, frozen=True, kw_only=True):
    """Something that an outcome or a level asks for; it becomes an action on the case's list."""

    key: Key
    kind: str
    label: Words
    #: Hours.
    within: Annotated[int, Meta(ge=1, description="a number of hours")]
    #: What must be said in words before it goes on the list; "" for nothing.
    ask: str = ""
    leave: Leave
    review: bool = False

    def __post_init__(self) -> None:
        if self.kind not in CHOSEN:
            raise ValueError(f"{self.kind!r} is no entry of a case's list")
        if self.family is not None and self.leave == "never":
            raise ValueError("telling parents must be a step that can be left out")

    @property
    def family(self) -> Family | None:
        """The family whose parents it tells; None: it tells none."""
        return told_by(self.kind)

    @property
    def within_words(self) -> str:
        """By when, in words."""
        return ACTIONS[self.kind]._replace(within=self.within).within_words


class Outcome(RuleType, frozen=True, kw_only=True):
    """Where a path ends, or a level: what it means, and what follows from it."""

    key: Key
    label: Words
    means: Words
    life_safety: bool = False
    steps: Annotated[tuple[Step, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        once((one.key for one in self.steps), "the step")

    @property
    def families(self) -> tuple[Family, ...]:
        """The families that its steps tell something."""
        told = {one.family.key for one in self.steps if one.family}
        return tuple(one for one in EVERY.values() if one.key in told)

    def step(self, key: str) -> Step | None:
        """Return a step by its key."""
        return next((one for one in self.steps if one.key == key), None)


class Choice(RuleType, frozen=True, kw_only=True):
    """One answer at a fork, and where it leads: ``fork:…`` or ``outcome:…``."""

    key: Key
    label: Words
    hint: str = ""
    leads_to: Words


class Fork(RuleType, frozen=True, kw_only=True):
    """A question of a path, with what to think of before it is answered."""

    key: Key
    ask: Words
    think_of: tuple[Words, ...] = ()
    answers: Annotated[tuple[Choice, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        once((one.key for one in self.answers), "the answer")

    def answer(self, key: str) -> Choice | None:
        """Return an answer by its key."""
        return next((one for one in self.answers if one.key == key), None)


class Danger(RuleType, frozen=True):
    """The first question of all as the file has it: a yes, a no, and where each leads."""

    ask: Words
    yes: Words
    no: Words
    outcome: Words
    goes_on: Words

    def fork(self) -> Fork:
        """Return it as a fork like the others."""
        yes = Choice(key="yes", label=self.yes, leads_to=self.outcome)
        no = Choice(key="no", label=self.no, leads_to=self.goes_on)
        return Fork(key="danger", ask=self.ask, answers=(yes, no))


class Exact(RuleType, frozen=True):
    """How the page asks for what was said."""

    exact: Words
    context: Words


class ThreatGuide(RuleType, frozen=True):
    """The path of a threat assessment."""

    version: Words
    first: Danger = field(name="danger")
    words: Exact
    every_fork: Annotated[tuple[Fork, ...], Meta(min_length=1)] = field(name="forks")
    every_outcome: Annotated[tuple[Outcome, ...], Meta(min_length=1)] = field(name="outcomes")

    def __post_init__(self) -> None:
        once((one.key for one in self.every_fork), "the fork")
        once((one.key for one in self.every_outcome), "the outcome")
        known = {f"fork:{key}" for key in self.forks} | {f"outcome:{key}" for key in self.outcomes}
        for fork in (self.danger, *self.every_fork):
            for answer in fork.answers:
                if answer.leads_to not in known:
                    raise ValueError(f"{fork.key}, {answer.key}: leads to nothing")
        self._must_end(self.danger, ())

    def _must_end(self, fork: Fork, passed: tuple[str, ...]) -> None:
        """Raise ValueError where a path comes round again."""
        if fork.key in passed:
            raise ValueError(f"{fork.key} leads back to itself")
        for answer in fork.answers:
            where, _, key = answer.leads_to.partition(":")
            if where == "fork":
                self._must_end(self.forks[key], (*passed, fork.key))

    @property
    def ask_exact(self) -> str:
        """How the page asks for what was said, word for word."""
        return self.words.exact

    @property
    def ask_context(self) -> str:
        """How it asks for what was around it."""
        return self.words.context

    @property
    def danger(self) -> Fork:
        """The first question of all: while somebody is in danger there is no path."""
        return self.first.fork()

    @property
    def forks(self) -> Mapping[str, Fork]:
        """The questions by their keys."""
        return {one.key: one for one in self.every_fork}

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        """Where the path can end, by key."""
        return {one.key: one for one in self.every_outcome}


class _Levels(RuleType, frozen=True):
    """The file of levels: all of them, in order."""

    version: Words
    levels: tuple[Outcome, ...]

    def __post_init__(self) -> None:
        if tuple(one.key for one in self.levels) != LEVELS:
            raise ValueError(f"the levels must be {', '.join(LEVELS)}, in this order")


class Question(RuleType, frozen=True, kw_only=True):
    """One question of an instrument, in the languages of students."""

    key: Key
    en: Annotated[Words, Meta(description="the question in English")]
    es: Words | UnsetType = UNSET
    ar: Words | UnsetType = UNSET
    #: The answer that weighs.
    worse: Annotated[Literal["yes", "no"], Meta(description="yes or no")]
    only_if: str = ""

    @property
    def texts(self) -> Texts:
        """The question by language, where there is one."""
        found = {language: getattr(self, language, UNSET) for language in LANGUAGES}
        return {language: text for language, text in found.items() if isinstance(text, str)}


class Rule(RuleType, frozen=True, kw_only=True):
    """A level, the questions of which one is enough to suggest it, and why."""

    level: Level
    any_of: tuple[str, ...] = field(name="any", default=())
    because: Words


class Instrument(RuleType, frozen=True, kw_only=True):
    """What is asked about suicide, and which answers suggest which level."""

    key: Key
    name: Words
    version: Words
    licence: Words
    questions: Annotated[tuple[Question, ...], Meta(min_length=1)]
    rules: Annotated[tuple[Rule, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        keys = [one.key for one in self.questions]
        once(keys, "the question")
        for place, one in enumerate(self.questions):
            if one.only_if and one.only_if not in keys[:place]:
                raise ValueError(f"{one.key}: only_if must name an earlier question")
        weighed = {key for rule in self.rules for key in rule.any_of}
        if unknown := weighed - set(keys):
            raise ValueError(f"a rule names no question: {', '.join(sorted(unknown))}")
        if self.rules[-1].any_of or any(not rule.any_of for rule in self.rules[:-1]):
            raise ValueError("the last rule, and no other, holds where no answer weighs")
        ranks = [LEVELS.index(rule.level) for rule in self.rules]
        if ranks != sorted(ranks, reverse=True):
            raise ValueError("rules go from the highest level to the lowest")
        if weightless := set(keys) - weighed:
            raise ValueError(f"no rule weighs {', '.join(sorted(weightless))}")

    @property
    def languages(self) -> tuple[str, ...]:
        """Those in which every question stands."""
        return tuple(lang for lang in LANGUAGES if all(lang in one.texts for one in self.questions))


@cache
def threat_guide() -> ThreatGuide:
    """Return the path of a threat assessment. Raises RuleFileWrong."""
    return read_threat(_own("threat.toml"), "threat.toml")


@cache
def levels() -> Mapping[str, Outcome]:
    """Return what follows from each level of suicide risk, from the least. Raises RuleFileWrong."""
    return read_levels(_own("levels.toml"), "levels.toml")


@cache
def own_instrument() -> Instrument:
    """Return the questions that come with the program. Raises RuleFileWrong."""
    return read_instrument(_own("screening.toml"), "screening.toml")


def _own(name: str) -> bytes:
    return read_bytes(files(PACKAGE).joinpath("data", name))


def read_threat(content: bytes, file: str) -> ThreatGuide:
    """Return a path from its file. Raises RuleFileWrong."""
    return parse_rules(content, file, ThreatGuide)


def read_levels(content: bytes, file: str) -> Mapping[str, Outcome]:
    """Return the levels from their file: all four, in order. Raises RuleFileWrong."""
    return {one.key: one for one in parse_rules(content, file, _Levels).levels}


def read_instrument(content: bytes, file: str) -> Instrument:
    """Return an instrument from its file. Raises RuleFileWrong."""
    return parse_rules(content, file, Instrument)
