"""The priority floor of a tip: the least that software may give it, from what was ticked.

Three things keep it safe. Each rule only raises and none asks for an answer to be *missing*, so
one more answer can't lower a tip. No rule looks at what was written. And "I don't know" counts
for itself and never as "no". The rules lie in ``data/priority_rules.csv``, where the people who
answer for them can read them; ``data/priority_expected.csv`` holds cases worked out by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from msgspec import field

from upstander.intake.content import PACKAGE, QUESTIONS_BY_KEY, TILES_BY_KEY
from upstander.intake.priority import Priority, highest
from upstander.rulefiles import RuleType, Words, data_file, read_table


class Rule(RuleType, frozen=True, kw_only=True):
    """One line of priority_rules.csv. An empty set or question means "whatever it is"."""

    tiles: frozenset[str] = field(name="tile")
    whens: frozenset[str] = field(name="when")
    question: str
    answers: frozenset[str] = field(name="answer", default=frozenset())
    priority: Priority
    call_911: bool = field(name="call 911")
    reason: Words

    def __post_init__(self) -> None:
        if self.question:
            self._check_question()
        elif self.answers:
            raise ValueError("an answer without a question")
        if strange := self.tiles - set(TILES_BY_KEY):
            raise ValueError(f"no such tile: {sorted(strange)}")
        if strange := self.whens - set(QUESTIONS_BY_KEY["when"].options):
            raise ValueError(f"no such time: {sorted(strange)}")
        if not (self.tiles or self.whens or self.question):
            raise ValueError("this line would match every tip")
        if self.priority is Priority.ROUTINE:
            raise ValueError("every tip is at least routine; a line can only raise")
        if self.call_911 and self.priority is not Priority.LIFE_SAFETY:
            raise ValueError("911 is for life safety")

    def _check_question(self) -> None:
        known = QUESTIONS_BY_KEY.get(self.question)
        if known is None or self.question in ("when", "tile"):
            raise ValueError(f"{self.question!r} is no question that a rule can ask about")
        if known.kind != "choice":
            raise ValueError(
                f"{self.question!r} is answered in words; words never decide a priority"
            )
        if not self.answers:
            raise ValueError("name the answer; 'any' would raise every tip that was asked")
        if strange := self.answers - set(known.options):
            raise ValueError(f"{self.question!r} has no answer {sorted(strange)}")

    def matches(self, tile: str, answers: Mapping[str, str]) -> bool:
        """Whether all that the line asks for was said."""
        return (
            (not self.tiles or tile in self.tiles)
            and (not self.whens or answers.get("when", "") in self.whens)
            and (not self.question or answers.get(self.question, "") in self.answers)
        )


@dataclass(frozen=True)
class Floor:
    """The least priority, with the reasons in English, the weightiest first."""

    priority: Priority
    reasons: tuple[str, ...]
    #: Those of them by which a life may be in danger.
    grave: tuple[str, ...]
    #: "Read it, then decide about 911." A person decides and calls; software never does.
    call_911: bool
    #: Whoever learns of it at school must think of a report to the State's agency.
    mandated: bool

    def graver_than(self, other: Floor) -> bool:
        """Whether a life is in danger by it for a reason that ``other`` did not have.

        So what somebody decided about 911 on ``other`` was decided without knowing it.
        """
        if self.priority is not Priority.LIFE_SAFETY:
            return False
        return (
            other.priority is not Priority.LIFE_SAFETY
            or (self.call_911 and not other.call_911)
            or bool(set(self.grave) - set(other.grave))
        )


RULES: tuple[Rule, ...] = read_table(data_file(PACKAGE, "priority_rules.csv"), Rule).rows

#: The questions whose answers a line asks for.
_ASKED: tuple[str, ...] = tuple(sorted({"when"} | {rule.question for rule in RULES} - {""}))


def priority_floor(tile: str, answers: Mapping[str, str]) -> Floor:
    """The floor for a tip on ``tile`` (a key; empty or unknown is allowed) with these answers.

    Keys and values that no question knows are passed over: what comes from a form is never an
    error here, and an unknown tile with nothing else said is routine. A person may go below the
    floor, software may not.
    """
    said = tuple(
        value if (value := answers.get(key, "")) in QUESTIONS_BY_KEY[key].options else ""
        for key in _ASKED
    )
    return _floor(tile if tile in TILES_BY_KEY else "", said)


def may_be_life_safety(tile: str, answers: Mapping[str, str]) -> bool:
    """Whether a life may be in danger, by what was ticked or by what nobody has said yet.

    It decides whom the reporter's page tells of 911 and 988, and nothing else. Who names a topic
    is told no less than who names none: of words alone only "it is over" says that it is not now,
    and wanting to die is never over because it was not today.
    """
    when = answers.get("when", "")
    if when == "now" or priority_floor(tile, answers).priority is Priority.LIFE_SAFETY:
        return True
    if tile not in TILES_BY_KEY:
        return when != "past"
    if tile == "suicide":
        return True
    if_now = priority_floor(tile, {**answers, "when": "now"})
    return when in ("", "unknown") and if_now.priority is Priority.LIFE_SAFETY


@lru_cache(maxsize=4096)
def _floor(tile: str, said: tuple[str, ...]) -> Floor:
    """Reckon a floor once: tiles and options are few, and nobody's own words are among them."""
    answers = dict(zip(_ASKED, said, strict=True))
    known = TILES_BY_KEY.get(tile)
    raised: list[tuple[Priority, str]] = []
    if known and known.floor > Priority.ROUTINE:
        raised.append((known.floor, f"It is about: {known.texts['en']}."))
    matching = [rule for rule in RULES if rule.matches(tile, answers)]
    raised += [(rule.priority, rule.reason) for rule in matching]
    # Stable, so that within one priority the order of the file stands.
    ordered = sorted(raised, key=lambda pair: -pair[0].rank)
    return Floor(
        priority=highest(*(priority for priority, _ in raised)),
        reasons=tuple(dict.fromkeys(reason for _, reason in ordered)),
        grave=tuple(
            dict.fromkeys(why for priority, why in ordered if priority is Priority.LIFE_SAFETY)
        ),
        call_911=any(rule.call_911 for rule in matching),
        mandated=bool(known and known.mandated),
    )
