"""The word lists: where they come from, and what is refused when one is loaded."""

import math
from pathlib import Path

import mnemonic
import pytest

from upstander.vault.errors import WordListUnfit
from upstander.vault.wordlists import LANGUAGES, checked, plain, read_words, stem, word_list

WORDS = Path(__file__).parents[1] / "words"
BIP39 = {"en": "english", "es": "spanish"}


def lines(language: str, prefix: str = "") -> list[str]:
    """Return one of our files, line by line."""
    return (WORDS / f"{prefix}{language}.txt").read_text(encoding="utf-8").split()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_is_mnemonics_less_what_is_excluded(language: str) -> None:
    # mnemonic writes accents as separate marks (NFKD); ours are composed, as keyboards type them.
    source = [word.replace("n\u0303", "ñ") for word in mnemonic.Mnemonic(BIP39[language]).wordlist]
    excluded = {plain(word) for word in lines(language, "excluded-")}
    assert excluded <= {plain(word) for word in source}
    assert [plain(w) for w in lines(language)] == [
        plain(w) for w in source if plain(w) not in excluded
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_seven_words_carry_75_bits(language: str) -> None:
    words = word_list(language).words
    assert 7 * math.log2(len(words)) >= 75
    assert len({stem(word) for word in words}) == len(words)


@pytest.mark.parametrize("word", ["kill", "gun", "suicide", "rape", "hurt", "secret", "uncle"])
def test_no_english_word_frightens(word: str) -> None:
    assert word not in word_list("en").words


@pytest.mark.parametrize("word", ["matar", "muerte", "fusil", "desnudo", "tonto", "secreto"])
def test_no_spanish_word_frightens(word: str) -> None:
    assert word not in word_list("es").words


#: What was given once: it insults (sapo: who tells; vaca, whale), means drugs or sex in the street
#: (perico, pisar, piedra, almeja), a border (aduana, ice, coyote), a beating (chancla, belt) or a
#: way to die (cuerda, balcony).
HARMED = {
    "en": "visa citizen mule ice border patrol coyote whale raccoon belt balcony fiction coach",
    "es": "sapo soplar pájaro perico chapa huevo aduana asilo pipa cuerda dosis chancla vaca tío "
    "piedra almeja golfo buey",
}
#: What people are called to hurt them, read against each list as a whole.
INSULTS = {
    "en": "ape baboon beast bimbo brat bum clown cow coward crazy creep deaf donkey dumb dwarf "
    "fairy fat fool freak garbage gorilla idiot jerk lame lazy liar loser mad maggot "
    "midget monkey monster moron mutt naive nasty nerd odd pansy pig psycho queen rat "
    "reject rotten savage scum sissy skinny slave slob slug snake snitch stupid thug toad "
    "trash ugly weird whale witch worm",
    "es": "animal asno babosa baboso bastardo bestia bicho bobo bruja bruto bufón buey buitre "
    "burro canalla cerdo chismoso ciego cobarde cochino cojo culebra diablo enano feo "
    "flaco foca ganso golfo gordo gorila guarro gusano hiena indio judas ladrón loca loco "
    "macaco manco marica mono monstruo mula necio negro ogro pájaro palurdo paria pato "
    "payaso pelele perico piojo plaga rata rufián sapo simio soplón sordo sucio tonto "
    "torpe traidor vaca vago víbora villano zángano",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_insults_or_threatens_where_children_come_from(language: str) -> None:
    assert not set(HARMED[language].split()) & set(word_list(language).words)
    assert not set(INSULTS[language].split()) & set(word_list(language).words)
    assert set(HARMED[language].split()) <= set(lines(language, "retired-"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_was_given_a_word_that_is_retired_still_comes_back(language: str) -> None:
    retired = lines(language, "retired-")
    assert set(retired) <= set(lines(language, "excluded-"))
    assert not set(retired) & set(word_list(language).words)
    for start in range(len(retired) - 6):
        seven = retired[start : start + 7]
        assert read_words(" ".join(seven), 7) == tuple(seven)
        assert read_words(" ".join(stem(word) for word in seven), 7) is not None


def test_a_word_that_is_given_and_retired_does_not_run() -> None:
    with pytest.raises(WordListUnfit, match="twice"):
        checked("xx", GOOD, retired=(GOOD[0],))
    with pytest.raises(WordListUnfit, match="first four letters"):
        checked("xx", GOOD, retired=("abilene",))
    with pytest.raises(WordListUnfit, match="bits"):
        checked("xx", GOOD[:1600], retired=GOOD[1600:])


def test_readers_of_other_languages_get_english_words() -> None:
    assert word_list("ar") is word_list("en")


GOOD = word_list("en").words


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (GOOD[:1600], "bits"),
        ((), "bits"),
        ((*GOOD, GOOD[0]), "twice"),
        ((*GOOD, "abilene"), "first four letters"),  # beside "ability"
        ((*GOOD, "ox"), "too short"),
        ((*GOOD, "zzzzzzzzzz"), "too short or too long"),
        ((*GOOD, "Zzyzx"), "small letters"),
        ((*GOOD, "zz-zz"), "plain word"),
        ((*GOOD, "zn\u0303zz"), "plain word"),
    ],
)
def test_a_weak_list_does_not_run(words: tuple[str, ...], reason: str) -> None:
    with pytest.raises(WordListUnfit, match=reason):
        checked("xx", words)


def test_a_hostile_megabyte_is_no_code() -> None:
    assert read_words("culture " * 200_000, 7) is None
