"""Return codes: one for each sending, forgiving to type, and good for the dialog only."""

import hmac
import secrets
import unicodedata
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given, settings
from hypothesis import strategies as st

from upstander.vault.codes import ReturnCode, code_for, keys_of, parse_code
from upstander.vault.envelopes import bind, derive, seal, unseal
from upstander.vault.errors import GrantBroken, SealBroken
from upstander.vault.grants import make_grant, open_grant
from upstander.vault.seeds import Audience, new_secret, seed_from
from upstander.vault.shred import new_shred_key
from upstander.vault.wordlists import stem, word_list

from .cast import CENTER, TIP

CODE_KEY = secrets.token_bytes(32)
PEPPER = secrets.token_bytes(32)
LANGUAGES = st.sampled_from(("en", "es", "ar"))
anything = st.text(st.characters(exclude_categories=[]), max_size=60)


def code(token: str, text: str, language: str = "en", key: bytes = CODE_KEY) -> ReturnCode:
    """Return the code of one sending."""
    return code_for(token, text, language=language, code_key=key)


@given(anything, anything, LANGUAGES)
def test_a_double_click_gets_the_same_code(token: str, text: str, language: str) -> None:
    assert code(token, text, language) == code(token, text, language)
    assert len(code(token, text, language).split(" ")) == 7


@given(anything, anything, anything, LANGUAGES)
def test_another_form_or_text_gets_another_code(
    first: str, second: str, text: str, language: str
) -> None:
    if first == second:
        second += "x"
    # Two children behind one cached page, then one child who edited what they wrote.
    assert code(first, text, language) != code(second, text, language)
    assert code(text, first, language) != code(text, second, language)


def test_without_the_code_key_nobody_makes_the_code() -> None:
    assert code("token", "text") != code("token", "text", key=secrets.token_bytes(32))


def test_every_word_is_used_about_as_often() -> None:
    drawn = [word for number in range(3000) for word in code(str(number), "").split()]
    assert len(set(drawn)) > 1680  # of 1,686; 21,000 draws miss one with probability 4e-6
    assert max(drawn.count(word) for word in set(drawn[:200])) < 40  # 12.5 expected


def upper(text: str) -> str:
    return text.upper()


def without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def four_letters(text: str) -> str:
    return " ".join(word[:4] for word in text.split())


def hyphens(text: str) -> str:
    return text.replace(" ", "-")


def numbered(text: str) -> str:
    return "\n".join(f"{n}. {word}" for n, word in enumerate(text.split(), 1))


def spaced(text: str) -> str:
    return "\u200f  " + text.replace(" ", " \u00a0\t") + " \n"


HABITS = (upper, without_accents, decomposed, hyphens, numbered, spaced)


@given(anything, LANGUAGES, st.booleans(), st.lists(st.sampled_from(HABITS), max_size=3))
def test_typing_is_forgiven(
    token: str, language: str, short: bool, habits: list[Callable[[str], str]]
) -> None:
    shown = code(token, "text", language)
    typed = four_letters(shown) if short else shown
    for habit in habits:
        typed = habit(typed)
    assert parse_code(typed) == shown


@given(anything)
@settings(max_examples=25)
def test_a_code_typed_by_first_letters_gives_the_same_keys(token: str) -> None:
    shown = code(token, "text", "es")
    assert keys_of(ReturnCode(four_letters(upper(shown))), pepper=PEPPER) == keys_of(
        shown, pepper=PEPPER
    )


@pytest.mark.parametrize("dropped", [1, 7])
def test_missing_words_are_no_code(dropped: int) -> None:
    words = code("token", "text").split()
    assert parse_code(" ".join(words[dropped:])) is None
    assert parse_code(" ".join([*words, "culture"])) is None


def test_words_of_two_lists_are_no_code() -> None:
    english, spanish = (word_list(language).words for language in ("en", "es"))
    both = {stem(word) for word in english} & {stem(word) for word in spanish}
    # Some begin alike in both languages ("salmon"), and four letters are enough for either.
    three = [word for word in english if stem(word) not in both][:3]
    four = [word for word in spanish if stem(word) not in both][:4]
    assert parse_code(" ".join([*three, *four])) is None


@given(anything)
def test_nothing_typed_is_an_error(typed: str) -> None:
    found = parse_code(typed)
    assert found is None or parse_code(found) == found


@given(anything)
@settings(max_examples=25)
def test_keys_need_the_pepper_and_differ_from_each_other(token: str) -> None:
    shown = code(token, "text")
    keys = keys_of(shown, pepper=PEPPER)
    others = keys_of(shown, pepper=secrets.token_bytes(32))
    assert len({*keys, *others}) == 4
    assert keys == keys_of(shown, pepper=PEPPER)
    assert (len(keys.lookup_id), len(keys.wrapping_key)) == (32, 32)
    assert "\\x" not in repr(keys)


def test_another_implementation_of_argon2_finds_the_same_keys() -> None:
    letters = b"zebr yout writ wood wint whee wagn"
    root = Argon2id(
        salt=b"upstander/1/code", length=32, iterations=1, lanes=1, memory_cost=1024
    ).derive(hmac.digest(PEPPER, letters, "sha256"))
    keys = keys_of(ReturnCode("zebra youth write wood winter wheel wagner"), pepper=PEPPER)
    assert keys.lookup_id == derive(root, "code lookup id")
    assert keys.wrapping_key == derive(root, "code wrapping key")


def test_the_code_opens_the_dialog_and_no_note() -> None:
    """Given a tip as it is stored, when a reporter comes back, their code opens the dialog only."""
    shred_key = new_shred_key()
    dialog, center = new_secret(), new_secret()
    keys = keys_of(code("token", "text"), pepper=PEPPER)
    place = bind("reporter", TIP, Audience.DIALOG)
    stored = seal(keys.wrapping_key, dialog, aad=place)
    granted = make_grant(
        center,
        tip=TIP,
        audience=Audience.CENTER,
        holder=CENTER.holder,
        version=1,
        public=CENTER.keys.public,
    )
    note = seal(derive(seed_from(center, shred_key), "text"), b"a note", aad=bind(TIP, 1))
    message = seal(derive(seed_from(dialog, shred_key), "text"), b"hello", aad=bind(TIP, 2))

    opened = unseal(keys.wrapping_key, stored, aad=place)
    key = derive(seed_from(opened, shred_key), "text")

    assert unseal(key, message, aad=bind(TIP, 2)) == b"hello"
    with pytest.raises(SealBroken):
        unseal(key, note, aad=bind(TIP, 1))
    for secret in (*keys, opened, key):
        with pytest.raises(GrantBroken):
            open_grant(
                granted,
                tip=TIP,
                audience=Audience.CENTER,
                holder=CENTER.holder,
                version=1,
                private=secret,
            )
    # The lookup id stands in clear in the database and must not be the key.
    with pytest.raises(SealBroken):
        unseal(keys.lookup_id, stored, aad=place)
