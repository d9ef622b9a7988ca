"""Whom of staff a text may mean: asked about rather too often than too seldom."""

from __future__ import annotations

import csv
import string
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from upstander.base.languages import LANGUAGES
from upstander.matters.people_near import Near
from upstander.people.roles import Role, TeamKind
from upstander.tips.blind_indexes import plain_words
from upstander.tips.spellings import is_off_by
from upstander.tips.whom import Met, met_in, offices_met, people_met, words_that_meet
from upstander.tips.word_lists import is_common, words_of

HEAD, DESIGNEE = Role.HEAD_OF_SCHOOL, Role.DESIGNEE
OFFICE = {HEAD, DESIGNEE}


def near(person_id: int, name: str, role: Role = Role.STAFF_MEMBER, school: int = 1) -> Near:
    return Near(person_id, name, role, 1, "Staff", TeamKind.STAFF, 1, school)


PAULA, WILL, TOM, JOSE, LIZ, DELA = (
    near(1, "Paula Renner"),
    near(2, "Will Young"),
    near(3, "Tom"),
    near(4, "José Peña-Ruiz"),
    near(5, "Elizabeth Kowalski"),
    near(6, "Ana De la Cruz"),
)
STAFF = [PAULA, WILL, TOM, JOSE, LIZ, DELA]


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("Paula Renner, our principal", [1]),
        ("it was ms renner", [1]),
        ("RENNER did it", [1]),
        ("Paula said so", [1]),
        ("paula did it", [1]),
        ("A young child will tell", []),
        ("a man, Mr. Young", [2]),
        ("mr young did it", [2]),
        ("principal will", [2]),
        ("jose pena ruiz", [4]),
        ("Mr. Ruiz’s room", [4]),
        ("Tom hurt him", [3]),
        # Near spellings.
        ("ms rener", [1]),
        ("it was renenr", [1]),
        ("Pualla hits us", [1]),
        ("mrs rrennner", [1]),
        ("Ms. Runner did it", [1]),
        ("the runner did it", []),
        ("mr kowalsky, he stays late", [5]),
        ("mrs cowalskie", [5]),
        ("Ms Renners office", [1]),
        ("ask liz", [5]),
        ("penaruiz", [4]),
        ("delacruz", [6]),
        ("prenner@maple.example", [1]),
        # Initials.
        ("P. Renner", [1]),
        ("P.R. told me not to tell", [1]),
        ("Ms. R. told me not to tell", [1, 4]),
        ("mr y is scary", [2]),
        ("in the U.S. we can", []),
        ("The custodian", []),
        ("", []),
    ],
)
def test_a_colleague_is_met_by_name(text: str, met: list[int]) -> None:
    assert people_met(text, STAFF) == met


@pytest.mark.parametrize(
    ("text", "offices"),
    [
        ("our Principal", OFFICE),
        ("the principle hurts kids", OFFICE),
        ("the princpal", OFFICE),
        ("the vice principal", {DESIGNEE}),
        ("the vp", {DESIGNEE}),
        ("the principal’s assistant", OFFICE),
        ("the principals assistant", OFFICE),
        ("the assistant to the principal", OFFICE),
        ("the second in command of the school", OFFICE),
        ("the headmaster", OFFICE),
        ("our head teacher", OFFICE),
        ("the head of our school", OFFICE),
        ("the head told me", OFFICE),
        ("the boss of the school", OFFICE),
        ("the boss of the whole school", OFFICE),
        ("the school’s boss", OFFICE),
        ("my boss", OFFICE),
        ("the lady who runs the school", OFFICE),
        ("whoever is in charge of our school", OFFICE),
        ("the man in charge at school", OFFICE),
        ("the school leader", OFFICE),
        ("an administrator", OFFICE),
        ("Dean Marlow", OFFICE),
        ("el director de la escuela", OFFICE),
        ("la jefa de la escuela", OFFICE),
        ("quien manda en la escuela", OFFICE),
        ("la subdirectora", {DESIGNEE}),
        ("المدير قال لي", OFFICE),
        ("قلت للمديرة", OFFICE),
        ("نائب المدير", OFFICE),
        ("رئيسة المدرسة", OFFICE),
        ("the superintendent himself", {Role.SUPERINTENDENT}),
        ("the superintendant", {Role.SUPERINTENDENT}),
        ("the head of the district", {Role.SUPERINTENDENT}),
        ("the chair of the board", {Role.BOARD_CHAIR}),
        ("the head of the school board", {Role.BOARD_CHAIR}),
        ("the title nine coordinator", {Role.COMPLIANCE_LEAD}),
        ("He hit his head on a chair", set()),
        ("She runs to school with a head cold", set()),
        ("Her uncle is a prince", set()),
    ],
)
def test_an_office_is_met_by_its_word_or_a_paraphrase(text: str, offices: set[Role]) -> None:
    assert offices_met(text) == offices


def test_whoever_holds_an_office_is_met_by_it_at_the_schools_meant_alone() -> None:
    head, other, boss = (
        near(7, "A B", HEAD),
        near(8, "C D", HEAD, 2),
        near(9, "E F", Role.BOARD_CHAIR),
    )
    everybody = [head, other, boss]
    assert met_in("the principal", everybody, [1]) == Met(
        (7,), frozenset(OFFICE), frozenset({DESIGNEE})
    )
    assert met_in("the principal", everybody).people == (7, 8)
    assert met_in("the principal", everybody, ()).unheld == OFFICE
    assert not met_in("the driver", everybody)


_LETTERS = string.ascii_lowercase
_NAMES = st.text(_LETTERS, min_size=4, max_size=12)


@st.composite
def one_off(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a name of four letters or more, and what one slip of the keys makes of it."""
    name = draw(_NAMES)
    at, letter = draw(st.integers(0, len(name) - 1)), draw(st.sampled_from(_LETTERS))
    how = draw(st.sampled_from(["drop", "change", "add", "double", "swap"]))
    if how == "drop":
        typed = name[:at] + name[at + 1 :]
    elif how == "change":
        typed = name[:at] + letter + name[at + 1 :]
    elif how == "add":
        typed = name[:at] + letter + name[at:]
    elif how == "double":
        typed = name[: at + 1] + name[at:]
    else:
        at = min(at, len(name) - 2)
        typed = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name, typed


@given(
    one_off(),
    st.sampled_from(
        ["{} hurts me", "it was {}", "Mr. {}", "I saw {}, twice", "con {} ayer", "مع {} أمس"]
    ),
    st.booleans(),
    st.booleans(),
)
@example(("reed", "need"), "Mr. {}", False, True)
def test_one_slip_in_any_name_of_four_letters_is_met(
    pair: tuple[str, str], sentence: str, capital: bool, surname: bool
) -> None:
    name, typed = pair
    # What a slip makes a common word is met where it is written as a name, and not else.
    assume(not is_common(typed) or sentence == "Mr. {}")
    whole = f"Quinby {name.title()}" if surname else f"{name.title()} Quinby"
    text = sentence.format(typed.title() if capital else typed)
    assert people_met(text, [near(1, whole)]) == [1]


def test_common_words_with_a_slip_name_nobody() -> None:
    staff = [
        near(number, name)
        for number, name in enumerate(
            [
                "Grace Reed",
                "Mark Wall",
                "Nora Hoyt",
                "Dale Kille",
                "Lena Haus",
                "Omar Wahl",
                "Ruth Teal",
            ]
        )
    ]
    exact = {part for one in staff for part in plain_words(one.name)}
    # After a title a word is written as a name, and asked about: below.
    words = sorted(words_of(*LANGUAGES) - exact - words_of("title"))
    met = {word: people_met(word, staff) for word in words}
    assert {word: found for word, found in met.items() if found} == {}
    # Nor each beside its neighbors.
    assert people_met(" ".join(words), staff) == []
    assert people_met(" ".join(reversed(words)), staff) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_of_the_form_has_its_common_words(language: str) -> None:
    """Without them an everyday word in it is asked about as somebody's name."""
    assert len(words_of(language)) >= 50, f"common_words.csv has too few words of {language}"


def test_a_name_is_no_english_form_of_a_spanish_word() -> None:
    assert people_met("its tomás he yells at her", [near(1, "Tomás Rivera")]) == [1]
    assert people_met("tomas did it", [near(1, "Tomás Rivera")]) == [1]


#: Staff whose names lie one letter from words that stand beside numbers in nearly every tip.
NUMBERED = [
    near(number, name)
    for number, name in enumerate(
        ["Grace Hallam", "Ana Prado", "Lena Roon", "Nora Clare", "Dale Lank", "Rita Renner"], 1
    )
]


@pytest.mark.parametrize(
    "text",
    [
        "She is in Grade 8",
        "It was Grade 8, who plays drums",
        "they are GRADE 8",
        "a boy of Grade: 8",
        "a boy of Grade #8",
        "the boy, 8th Grade, plays drums",
        "in Room 214",
        "near Lane 5",
        "es de Grado 7",
        "my teacher Grade 8",
        "she is in grade 8",
        "the 8th grade class",
    ],
)
def test_a_common_word_beside_a_number_is_nobody_by_likeness(text: str) -> None:
    assert people_met(text, NUMBERED) == []


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("Mr Halam did it", [1]),
        ("grase hallam", [1]),
        ("grase 8 hits us", [1]),
        ("Grace 8 hits us", [1]),
        ("Ms. Grade 8 times", [1]),
        ("it was Grade", [1]),
        ("She is in Grade 8, and Grade hits us", [1]),
        ("Hallam 8", [1]),
        ("yesterday Runner 3 times hit me", [6]),
        ("the runner, Ms Runner 2nd period", [6]),
        ("renner 214", [6]),
    ],
)
def test_a_name_is_found_beside_a_number_too(text: str, met: list[int]) -> None:
    assert people_met(text, NUMBERED) == met


def test_after_a_title_a_common_word_may_be_a_misspelled_name() -> None:
    assert people_met("doctor ball saw it", [near(1, "Mark Wall")]) == [1]
    assert people_met("the ball hit me", [near(1, "Mark Wall")]) == []


@given(st.text(_LETTERS[:4], max_size=7), st.text(_LETTERS[:4], max_size=7))
def test_letters_that_are_off_are_counted_the_same_from_either_side(one: str, other: str) -> None:
    for most in (0, 1, 2):
        assert is_off_by(one, other, most) == is_off_by(other, one, most)
    assert is_off_by(one, other, 0) == (one == other)


def test_a_long_text_among_many_staff_takes_no_time() -> None:
    staff = [near(n, f"Given{chr(97 + n % 26)} Sur{chr(97 + n % 26)}name{n}") for n in range(3000)]
    text = "She told me that nobody helps, and that it happens after school. " * 100
    assert people_met(text, staff) == []


@pytest.mark.parametrize(
    "words",
    [
        "He is super scared",
        "In principle she agreed",
        "The principal reason is that nobody came",
        "The head of the girl hurts",
        "Her boss at the store was kind",
        "The AP exam is on Monday",
        "La directora del coro canta",
    ],
)
def test_words_of_an_office_that_mean_something_else_name_nobody(words: str) -> None:
    assert offices_met(words) == frozenset()


@pytest.mark.parametrize(
    ("words", "one", "shown"),
    [
        ("I saw it. Then Mr. Yong came by", WILL, "Yong"),
        ("she told me: paula did it", PAULA, "paula"),
        ("It was our principal!", near(9, "Rita Quinby", HEAD), "principal"),
        ("nobody whom you know", PAULA, ""),
    ],
)
def test_the_words_that_meet_somebody_are_shown_as_they_were_typed(
    words: str, one: Near, shown: str
) -> None:
    assert words_that_meet(f"On Monday.\n{words}", one) == shown


@pytest.mark.parametrize(
    ("also", "text", "met"),
    [
        (("Maria Lopez",), "ms lopez did it", True),
        (("Maria Lopez",), "Maria told me", True),
        (("maria.lopez7@maple.example",), "ms lopes did it", True),
        (("o-lopez@maple.example",), "Lopez again", True),
        (("mlopez@maple.example",), "it was ms Lopez", True),
        (("mlopez@maple.example",), "ask mlopez", True),
        (("io@maple.example", "ortega.ilka@maple.example"), "the lopez girl hit me", False),
        (("the.office@maple.example",), "She is in the office", False),
        (("cedar.team@maple.example",), "He left Cedar at noon", False),
        (("summer.camp@maple.example",), "in summer, at camp", False),
    ],
)
def test_any_name_that_was_theirs_means_them(also: tuple[str, ...], text: str, met: bool) -> None:
    them = Near(
        9, "Ilka Ortega", Role.STAFF_MEMBER, 1, "Cedar Middle", TeamKind.STAFF, 1, 1, also=also
    )
    assert people_met(text, [them]) == ([9] if met else [])


def test_the_head_is_met_whatever_they_did_and_no_part_of_a_body_is() -> None:
    table = Path(__file__).with_name("head_words.csv").read_text(encoding="utf-8")
    wrong = []
    for row in csv.DictReader(table.splitlines()):
        wanted = {"school": OFFICE, "superintendent": {Role.SUPERINTENDENT}, "": set()}
        met = set(offices_met(row["words"]))
        if met != wanted[row["meets"]]:
            wrong.append((row["words"], met))
    assert not wrong
