"""Who of staff a text may mean: a colleague by name, or an office by its word ("our principal").

Whoever writes "Ms. Example, our principal" and ticks nothing has named the head of their school,
and the report must not open for them. No rule can tell who is meant, so nothing is decided here:
what a text meets is asked about before it is kept, or goes to them. It asks too often rather than
too seldom: near spellings, initials and paraphrases are met too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from upstander.matters.people_near import Near
from upstander.people.roles import Role
from upstander.rulefiles import RuleType, data_file, read_table
from upstander.tips.blind_indexes import plain_words
from upstander.tips.known_names import names_of, words_of_teams
from upstander.tips.models import Tip
from upstander.tips.place_words import beside_places
from upstander.tips.spellings import Spelled, is_off_by
from upstander.tips.word_lists import is_common, words_of

#: The offices of a school; who stands in for the head is asked about wherever the head is.
OF_SCHOOL: Final = frozenset({Role.HEAD_OF_SCHOOL, Role.DESIGNEE})
#: What stands for these in the patterns of ``office_words.csv``.
_SHORT: Final = {
    "{our}": r"((the|our|my|this|that|his|her|their|your|el|la|mi|esta) )?((whole|entire) )?",
    "{leads}": r"(runs?|running|ran|leads?|leading|heads?|heading|manages?|in charge (of|at))",
    "{boss}": r"(boss|leader|head|chief|director|manager|administrator|person in charge)",
}


class _OfficeWords(RuleType, frozen=True):
    """An office, and words for it in plain letters, as a pattern; the longest stand first."""

    office: str
    pattern: str


def _load_finders() -> tuple[tuple[re.Pattern[str], frozenset[Role]], ...]:
    found = []
    for row in read_table(data_file("upstander.tips", "office_words.csv"), _OfficeWords):
        words = row.pattern
        for name, meaning in _SHORT.items():
            words = words.replace(name, meaning)
        roles = OF_SCHOOL if row.office == "school" else frozenset({Role(row.office)})
        found.append((re.compile(rf"\b({words})\b"), roles))
    return tuple(found)


_FINDERS: Final = _load_finders()
#: Words of offices that are met misspelled too; and those that are often written for them.
_MISSPELLED: Final = (
    *("principal", "principals", "superintendent", "headmaster", "headmistress", "headteacher"),
    *("designee", "subdirector", "subdirectora", "superintendente", "administrator", "directora"),
)
_WRITTEN_FOR: Final = {
    "princi": "principal",
    **dict.fromkeys(("supe", "supt", "superintendant"), "superintendent"),
    "vp": "vice principal",
}
#: Those that mean an office behind such a word, and else nothing: "super scared", "in principle".
_BEHIND: Final = frozenset(
    {
        *("the", "our", "my", "his", "her", "their", "your", "this", "that", "a", "an"),
        *("from", "by", "with", "says", "told", "vice", "assistant", "deputy", "associate"),
        *("el", "la", "mi", "su"),
    }
)
#: "The AP exam", "the principle reason".
_NO_OFFICE: Final = frozenset({"exam", "exams", "test", "class", "course", "reason", "cause", "of"})
_WRITTEN_BEHIND: Final = {
    **dict.fromkeys(("principle", "principles"), "principal"),
    "super": "superintendent",
    "ap": "vice principal",
}


@dataclass(frozen=True, slots=True)
class Met:
    """Whom a text may mean, of those who are near."""

    #: By name, then whoever holds an office that is named; each once.
    people: tuple[int, ...] = ()
    #: Every office whose word stands in it, and those that nobody near is known to hold.
    offices: frozenset[Role] = frozenset()
    unheld: frozenset[Role] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.people or self.offices)


def met_in(text: str, near: Sequence[Near], schools: Collection[int] | None = None) -> Met:
    """Return whom a text may mean of those near, with the offices of these schools (None: all)."""
    offices = offices_met(text)
    held = holding(offices, near, schools)
    known = {one.role for one in near if one.person_id in held}
    people = dict.fromkeys([*people_met(text, near), *held])
    return Met(tuple(people), offices, offices - known)


def whom_met(
    tip: Tip, text: str, near: Sequence[Near], schools: Collection[int] | None = None
) -> set[int]:
    """Return whom words mean, perhaps, that somebody writes down of a tip.

    By name; by their office too where it is about abuse, or somebody must not see it. Elsewhere
    "told the principal" is what most notes say, and a question at each is soon answered unread.
    Call it inside ``viewing``.
    """
    text = beside_places(text, tip.district_id, near)
    if tip.mandated or tip.not_see:
        return set(met_in(text, near, schools).people)
    return set(people_met(text, near))


def holding(
    roles: Collection[Role], near: Iterable[Near], schools: Collection[int] | None = None
) -> list[int]:
    """Return who holds one of these offices, at these schools (None: at any) or in the district."""
    return [
        one.person_id
        for one in near
        if one.role in roles
        and (one.school_id is None or schools is None or one.school_id in schools)
    ]


def offices_met(text: str) -> frozenset[Role]:
    """Return the offices whose words stand in a text, or a paraphrase of them."""
    bare = re.sub(r"(?<=\w)['’]s\b", "", text)
    words = plain_words(bare)
    plain = " ".join(
        _WRITTEN_BEHIND[word]
        if word in _WRITTEN_BEHIND
        and (before in _BEHIND or before in words_of("title"))
        and after not in _NO_OFFICE
        else _office_word(word)
        for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False)
    )
    found: set[Role] = set()
    for finder, roles in _FINDERS:
        if finder.search(plain):
            found |= roles
            plain = finder.sub(" ", plain)
    return frozenset(found)


def _office_word(word: str) -> str:
    if word in _WRITTEN_FOR:
        return _WRITTEN_FOR[word]
    if len(word) < 7 or not word.isascii() or is_common(word):
        return word
    return next((one for one in _MISSPELLED if is_off_by(word, one, 1)), word)


def people_met(text: str, near: Sequence[Near]) -> list[int]:
    """Return the colleagues of whose names one, or a word of it, stands in a text; each once."""
    spelled, teams = Spelled(text), words_of_teams(near)
    found: dict[int, None] = {}
    for one in near:
        if one.person_id not in found and any(
            _is_met(name, spelled) for name in names_of(one, teams)
        ):
            found[one.person_id] = None
    return list(found)


#: What a text is cut at, so that the words that meet somebody are looked for in a few alone.
_LINES: Final = re.compile(r"[\n.!?;]+")
#: So many words of a line are looked at for what to show.
_SHOWN: Final = 600


def words_that_meet(text: str, one: Near, office: Callable[[str], object] = offices_met) -> str:
    """Return the fewest words of a text that meet a colleague, as typed; empty: none does.

    By their name or their office; else those of an office (``office`` tells) that nobody is known
    to hold, and that may be theirs.
    """
    return _fewest(text, lambda piece: met_in(piece, [one]).people) or _fewest(text, office)


def words_of_office(text: str) -> str:
    """Return the fewest words of a text that name an office, as typed; empty: none do."""
    return _fewest(text, offices_met)


def _fewest(text: str, meets: Callable[[str], object]) -> str:
    if not meets(text):
        return ""
    # A whole line first, as a name may be met by what stands around it.
    for line in (*filter(meets, _LINES.split(text)), text):
        words = re.findall(r"[^\s.,;:!?()\"“”«»]+", line)[:_SHOWN]
        for count in (1, 2, 3, 4, 5):
            for at in range(len(words) - count + 1):
                piece = " ".join(words[at : at + count])
                if meets(piece):
                    return piece
    return ""


#: Parts of a name that may be run together, first and last.
_RUNS: Final = tuple((at, to) for at in range(3) for to in range(at + 2, 6))


def _is_met(name: Sequence[str], spelled: Spelled) -> bool:
    whole = [part for part in name if len(part) > 1 or not part.isascii()]
    if not whole:
        return False
    if spelled.has_initials(name) or any(map(spelled.is_near, whole)):
        return True
    # A name that is run together: "De la Cruz" as "Delacruz".
    if any("".join(whole[at:to]) in spelled.words for at, to in _RUNS if to <= len(whole)):
        return True

    def stands(part: str) -> bool:
        if part.isascii() and (len(part) < 3 or part in words_of("name")):
            return part in spelled.as_name
        return part in spelled.words

    if stands(whole[-1]):
        return True
    # A given name alone: where it stands as one, or is no word besides.
    return any(
        part in spelled.as_name
        or (len(part) > 2 and part in spelled.words and not is_common(part))
        or spelled.is_usual(part)
        for part in whole[:-1]
    )
