"""The form's own words in a brief name nobody, and what somebody wrote beside them does."""

from __future__ import annotations

from string import ascii_lowercase
from typing import Final

import pytest

from upstander.emergency.brief_words import HOME, NOT_SEE, beside_form
from upstander.emergency.sheet import BY_KEY, NOW, SAID_BY, TICKED, WHEN_NOT_SAID
from upstander.matters.people_near import Near
from upstander.people.roles import Role, TeamKind
from upstander.tips.blind_indexes import plain_words
from upstander.tips.whom import people_met

#: Every line of the form's own, with nothing of anybody's in it.
FORM: Final = "\n".join(
    [
        *(
            f"{one.say.upper()}: not known (a counselor's note, not verified, Friday, about 8 p.m.)"
            for one in BY_KEY.values()
        ),
        *(
            f"WHERE: not known ({said}, Sat., Nov. 28, afternoon or evening)"
            for said in SAID_BY.values()
        ),
        *(f"NOW: {said} (Friday, about 8:10 p.m.)" for said in TICKED.values()),
        *(f"NOW: A counselor: {said}" for said in NOW.values()),
        f"NOW: {WHEN_NOT_SAID}",
        *(f"HOME: {said}" for said in HOME.values()),
        str(NOT_SEE),
    ]
)
WORDS: Final = sorted({word for word in plain_words(FORM) if len(word) > 3 and word.isascii()})


def one_letter_off(word: str) -> set[str]:
    """Return each word in which one letter of this one is another, or one was put in."""
    at = range(len(word))
    return {
        f"{word[:cut]}{letter}{word[rest:]}"
        for letter in ascii_lowercase
        for cut in at
        for rest in (cut, cut + 1)
    }


def somebody(name: str, number: int = 1) -> Near:
    return Near(number, name, Role.STAFF_MEMBER, 1, "Staff", TeamKind.STAFF, 1, 1)


def test_name_near_a_word_of_the_form_is_not_met() -> None:
    names = sorted(set(WORDS).union(*map(one_letter_off, WORDS)))
    staff = [somebody(f"Quinby {name.title()}", number) for number, name in enumerate(names)]
    met = people_met(beside_form(FORM), staff)
    assert [names[number] for number in met] == []


def test_a_word_of_the_form_that_is_a_name_is_met_in_a_line() -> None:
    missed = list[str]()
    for name in [one for word in WORDS for one in (word, *sorted(one_letter_off(word))[::25])]:
        line = f"WHO: it was mr {name} (the reporter, not verified, Friday, about 8 p.m.)"
        if people_met(beside_form(line), [somebody(f"Quinby {name.title()}")]) != [1]:
            missed.append(name)
    assert missed == []


@pytest.mark.parametrize(
    "line",
    [
        "WHO: Hallam (a counselor's note, not verified, Friday)",
        "WHO: Grade 8 (a counselor's note, not verified, Halam saw it)",
        "WHERE: With grase hallam (the reporter, not verified, Friday, about 8:10 p.m.)",
        "NOW: The reporter says now; not checked (Friday, Mr Halam)",
        "HOME: Don't call home: it would not be safe, says Hallam",
        "SCHOOL: Hallam",
        "He said WHO: Hallam",
        "not known: Hallam",
    ],
)
def test_a_name_anywhere_in_a_line_is_met(line: str) -> None:
    assert people_met(beside_form(line), [somebody("Grace Hallam")]) == [1]
