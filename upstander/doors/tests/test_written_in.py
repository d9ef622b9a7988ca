"""A report in Arabic letters is marked as Arabic whatever the page it was typed into."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.base.languages import BY_CODE, looks_spanish, written_in
from upstander.desk.tests.tips import a_tip
from upstander.doors.tests.site import Site, code_in
from upstander.tips.models import Tip
from upstander.vault.wordlists import word_list

ARABIC = "صديقي لا يأكل منذ أيام ولا يتكلم مع أحد."


@pytest.mark.usefixtures("either_intake")
def test_arabic_in_the_english_form_is_arabic_to_the_desk_and_its_code_is_the_pages(
    site: Site,
) -> None:
    code = code_in(site.send(text=ARABIC))
    site.send(text="My friend has not eaten for days.")
    # By language, not by time: both came at one moment, that of the test's transaction.
    tip, plain = (Tip.objects.get(language=language) for language in ("ar", "en"))
    assert Tip.objects.count() == 2
    # The language alone: it waits where the same report in English does.
    assert (tip.priority, tip.rank) == (plain.priority, plain.rank)
    # Whoever typed it reads the page that they chose: so are the words that they write down.
    assert set(code.split()) <= set(word_list("en").words)


@pytest.mark.parametrize(
    ("text", "chosen", "language"),
    [
        (ARABIC, "en", "ar"),
        (ARABIC, "es", "ar"),
        # A school's name among the words changes nothing; nor does a greeting.
        (f"{ARABIC} Cedar Middle School", "en", "ar"),
        ("My friend said سلام and went home.", "en", "en"),
        # As many letters of each: whoever reads it needs somebody who reads Arabic.
        ("ab ٱب", "en", "ar"),
        ("ab أ", "en", "en"),
        # Latin letters tell nothing, with marks or without.
        ("Mi amiga no está bien, ¿qué hago?", "en", "en"),
        ("My friend is not well.", "ar", "ar"),
        # Scripts of none of our languages, and no letters at all.
        ("Мой друг", "en", "en"),
        ("朋友", "es", "es"),
        ("٩١١ 🙁", "en", "en"),
        ("", "es", "es"),
    ],
)
def test_only_letters_of_one_language_alone_say_which_it_is(
    text: str, chosen: str, language: str
) -> None:
    assert written_in(text, chosen) == language


def test_no_two_languages_claim_one_script() -> None:
    claimed = [one.script for one in BY_CODE.values() if one.script]
    assert len(claimed) == len(set(claimed))


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("Mi amiga no está bien y dice que ya no quiere vivir.", True),
        ("Hay un muchacho en la escuela que tiene un cuchillo y no sé qué hacer", True),
        ("mi hermano esta en el bano con las pastillas de mi mama", True),
        # A little of it: a name, a street, a lesson, a greeting, one word that both have.
        ("He lives on Calle de la Luna next to El Centro.", False),
        ("Our Spanish teacher, Mr. de la Cruz, yells que pasa at her.", False),
        ('She said "no me importa" and left.', False),
        ("He has me in a chat. No, come help me.", False),
        ("hola", False),
        ("", False),
        # Others of its family, and English.
        ("Mon ami ne va pas bien et il dit que je suis seul.", False),
        ("Meu amigo não está bem, ele disse que vai se machucar hoje.", False),
        ("My friend is not well and she says that she does not want to live.", False),
        (ARABIC, False),
        ("la " * 10_000, True),
    ],
)
def test_only_what_is_clearly_so_looks_like_spanish(text: str, looks: bool) -> None:
    assert looks_spanish(text) is looks


@pytest.mark.django_db
def test_the_desk_reads_that_it_looks_like_spanish_and_nothing_is_changed(cast: Cast) -> None:
    spanish = a_tip(cast, text="Mi amiga no está bien y dice que ya no quiere vivir.")
    english = a_tip(cast, text="My friend is not well and says that she wants to be alone.")
    alice = cast.client("alice")
    pages = [alice.get(f"/tips/{one.tip_id}").content.decode() for one in (spanish, english)]
    assert ["Looks like Spanish" in page for page in pages] == [True, False]
    assert not Tip.objects.exclude(language="en").exists(), "nobody guesses what is kept"
