"""What people write, and which need they mean by it."""

from __future__ import annotations

import pytest

from upstander.directory.vocabulary import NEEDS, distance, needs_meant


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("comida", "food"),
        ("COMIDA,", "food"),
        ("panales", "diapers"),
        ("diapres", "diapers"),
        ("electrisidad", "utilities"),
        ("الطعام", "food"),
        ("إيجار", "housing"),
        ("ايجار", "housing"),
        ("I am hungry", "food"),
        ("my landlord wants the rent", "housing"),
        ("quiero morir", "suicide"),
        ("sucide", "suicide"),
        ("refugio", "domestic_violence"),
        ("day care", "child_care"),
        ("nos van a echar de la casa", "housing"),
        ("nos van a sacar del apartamento", "housing"),
        ("nos van a echar", "housing"),
        ("our van broke down", "transport"),
        ("qwzx", ""),
        ("", ""),
        ("'; DROP TABLE x", ""),
    ],
)
def test_words_name_needs(words: str, keys: str) -> None:
    assert " ".join(need.key for need in needs_meant(words)[0]) == keys


@pytest.mark.parametrize(
    ("one", "other", "off"),
    [
        ("food", "food", 0),
        ("fod", "food", 1),
        ("foood", "food", 1),
        ("ofod", "food", 1),
        ("", "x", 1),
    ],
)
def test_how_far_words_are_apart(one: str, other: str, off: int) -> None:
    assert distance(one, other) == distance(other, one) == off


#: As a child says it: each need in Spanish and in Arabic.
SAID = {
    "crisis": ("me siento sola", "أنا حزينة"),
    "suicide": ("no quiero vivir", "سوف أؤذي نفسي"),
    "domestic_violence": ("alguien me golpea", "هو يهددني"),
    "sexual_assault": ("un señor me tocó", "واحد لمسني"),
    "trafficking": ("mi jefe me obliga", "يجبرونني"),
    "abuse_report": ("le pegan a un niño", "طفل يتأذى"),
    "food": ("tengo hambre", "انا جوعان"),
    "housing": ("nos echaron", "طردونا"),
    "utilities": ("tengo mucho frío", "أنا بردان"),
    "money": ("somos pobres", "ما عندنا فلوس"),
    "diapers": ("mi hermanito necesita pañales", "حفاظات"),
    "clothing": ("no tengo chaqueta", "أريد جاكيت"),
    "child_care": ("tengo que cuidar a mi hermana", "جليسة أطفال"),
    "after_school": ("quiero jugar fútbol", "أريد أن ألعب"),
    "health": ("me duele una muela", "أنا مريضة"),
    "substance": ("mi tío está borracho", "هو سكران"),
    "legal": ("mi hermano está en la cárcel", "نحتاج محامي"),
    "immigration": ("la migra", "نخاف من ترحيل"),
    "transport": ("no hay tren", "من يوصلني"),
    "work": ("quiero trabajar", "أريد شغل"),
    "disability": ("mi hermano no camina", "أخي لا يمشي"),
}


@pytest.mark.parametrize("key", sorted(NEEDS))
@pytest.mark.parametrize("language", [0, 1])
def test_each_need_is_found_as_a_child_says_it(key: str, language: int) -> None:
    said = SAID[key][language]
    assert key in [need.key for need in needs_meant(said)[0]], said


@pytest.mark.parametrize(
    ("words", "child"),
    [
        ("my dad hits me", True),
        ("My stepdad will hurt my mom", True),
        ("my stepdad hurts my mom", True),
        ("mom beat us", True),
        ("somebody at home touches me", True),
        ("mi papá me pega", True),
        ("Mi mama nos golpea", True),
        ("en casa me hacen daño", True),
        ("أبي يضربني", True),
        ("بابا بيضربني", True),
        ("زوج امي يلمسني", True),
        ("my husband hits me", False),
        ("mi pareja me pega", False),
        ("my dad lost his job", False),
        ("mi papá tiene hambre", False),
    ],
)
def test_who_tells_of_somebody_at_home_reads_of_a_hurt_child_first(words: str, child: bool) -> None:
    keys = [need.key for need in needs_meant(words)[0]]
    assert (keys[:1] == ["abuse_report"]) is child, keys
