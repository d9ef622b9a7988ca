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

from upstander.places.content import PACKAGE, QUESTIONS_BY_KEY, TILES_BY_KEY
from upstander.places.priority import Priority, highest
from upstander.places.tables import Row, read_table


@dataclass(frozen=True)
class Rule:
    """One line of priority_rules.csv. An empty set or question means "whatever it is"."""

    tiles: frozenset[str]
    whens: frozenset[str]
    question: str
    answers: frozenset[str]
    priority: Priority
    call_911: bool
    reason: str

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
    #: "Think of 911 at once." A person decides and calls; software never does.
    call_911: bool
    #: Whoever learns of it at school must think of a report to DCF.
    mandated: bool


def _rule(row: Row) -> Rule:
    question = row["question"]
    if question:
        if question not in QUESTIONS_BY_KEY or question in ("when", "tile"):
            raise row.error(f"{question!r} is no question that a rule can ask about")
        if QUESTIONS_BY_KEY[question].kind != "choice":
            raise row.error(f"{question!r} is answered in words; words never decide a priority")
        answers = row.choices("answer")
        if not answers:
            raise row.error("name the answer; 'any' would raise every tip that was asked")
        if strange := answers - set(QUESTIONS_BY_KEY[question].options):
            raise row.error(f"{question!r} has no answer {sorted(strange)}")
    elif row["answer"]:
        raise row.error("an answer without a question")
    else:
        answers = frozenset()
    rule = Rule(
        tiles=row.choices("tile"),
        whens=row.choices("when"),
        question=question,
        answers=answers,
        priority=Priority(row.one_of("priority", list(Priority))),
        call_911=row.yes("call 911"),
        reason=row.need("reason"),
    )
    if strange := rule.tiles - set(TILES_BY_KEY):
        raise row.error(f"no such tile: {sorted(strange)}")
    if strange := rule.whens - set(QUESTIONS_BY_KEY["when"].options):
        raise row.error(f"no such time: {sorted(strange)}")
    if not (rule.tiles or rule.whens or question):
        raise row.error("this line would match every tip")
    if rule.priority is Priority.ROUTINE:
        raise row.error("every tip is at least routine; a line can only raise")
    if rule.call_911 and rule.priority is not Priority.LIFE_SAFETY:
        raise row.error("911 is for life safety")
    return rule


_COLUMNS = ("tile", "when", "question", "answer", "priority", "call 911", "reason")
RULES: tuple[Rule, ...] = tuple(
    _rule(row) for row in read_table(PACKAGE, "priority_rules.csv", _COLUMNS)
)

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
        call_911=any(rule.call_911 for rule in matching),
        mandated=bool(known and known.mandated),
    )
