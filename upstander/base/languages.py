"""The languages that the system speaks: one line each, from which everything else is told.

A new one needs its line here, its folder of texts (``locale/<folder>``), and what the line claims.
Which are offered is more than which are known: docs/how-to/add-a-language.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from pathlib import Path
from typing import Final, NamedTuple

#: Where each language's texts lie: a catalog, the tables' texts and a glossary.
LOCALE: Final = Path(__file__).resolve().parents[2] / "locale"


class Language(NamedTuple):
    """A language: every text that a reporter may see exists in it."""

    #: ISO 639-1, with region or script where it needs one (``pt-br``, ``zh-hans``), as in
    #: addresses of the reporter's site.
    code: str
    #: Its name in English, and as those call it who speak it.
    english: str
    own: str
    #: How gettext counts in it (Unicode CLDR); English is what is translated.
    plural_forms: str = ""
    right_to_left: bool = False
    #: Staff are texted, mailed and called in it, by this voice (BCP 47); empty: in English.
    voice: str = ""
    #: It has a list of words of its own for return codes (``vault/words``).
    code_words: bool = False
    #: A font that comes with the program has its letters (``ui/fonts``).
    printed: bool = True
    #: Nobody who speaks it has agreed to its texts: a demo alone shows it, and says so.
    draft: bool = False
    #: Its letters, by the first word of their names in Unicode, where no other language of ours is
    #: written in them; empty: Latin, which tells nothing.
    script: str = ""
    #: By which voice of espeak-ng the demo reads its form aloud; empty: none has it.
    espeak: str = ""

    @property
    def folder(self) -> Path:
        """Return where its texts lie, by gettext's name of it (``pt_BR``, ``zh_Hans``).

        A part of two letters is a region (ISO 3166), of four a script (ISO 15924).
        """
        name, _, part = self.code.partition("-")
        part = part.title() if len(part) > 2 else part.upper()
        return LOCALE / (f"{name}_{part}" if part else name)


_TWO: Final = "nplurals=2; plural=(n != 1);"
_ONE_OR_NONE: Final = "nplurals=2; plural=(n > 1);"
_NO_PLURAL: Final = "nplurals=1; plural=0;"


def _draft(code: str, english: str, own: str, forms: str = _TWO, script: str = "") -> Language:
    printed = script != "CJK"  # a font of so many letters is bigger than the program
    return Language(code, english, own, forms, draft=True, script=script, printed=printed)


ENGLISH: Final = Language(
    "en", "English", "English", voice="en-US", code_words=True, espeak="en-us"
)
_ALL: Final = (
    ENGLISH,
    Language(
        "es",
        "Spanish",
        "Español",
        _TWO,
        voice="es-US",
        code_words=True,
        espeak="es-419",
    ),
    Language(
        "ar",
        "Arabic",
        "العربية",
        "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
        "n%100>=11 && n%100<=99 ? 4 : 5;",
        right_to_left=True,
        script="ARABIC",
        espeak="ar",
    ),
    _draft("pt-br", "Portuguese (Brazil)", "Português (Brasil)", _ONE_OR_NONE),
    _draft("ht", "Haitian Creole", "Kreyòl"),
    _draft("fr", "French", "Français", _ONE_OR_NONE),
    _draft("vi", "Vietnamese", "Tiếng Việt", _NO_PLURAL),
    _draft("zh-hans", "Chinese (simplified)", "简体中文", _NO_PLURAL, script="CJK"),
    _draft(
        "pl",
        "Polish",
        "Polski",
        "nplurals=4; plural=n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : "
        "n!=1 && n%10<=1 || n%10>=5 && n%10<=9 || n%100>=12 && n%100<=14 ? 2 : 3;",
    ),
    _draft("sq", "Albanian", "Shqip"),
    _draft("sw", "Swahili", "Kiswahili"),
    _draft("so", "Somali", "Soomaali"),
    _draft("ne", "Nepali", "नेपाली", script="DEVANAGARI"),
)
KNOWN: Final = {one.code: one for one in _ALL}
#: Those that always are offered; then, too, which of the drafts are (``offer``).
ALWAYS: Final = tuple(one.code for one in _ALL if not one.draft)
BY_CODE: Final = {code: KNOWN[code] for code in ALWAYS}
LANGUAGES = ALWAYS
#: Those in which staff write texts of their own: all that are offered but the drafts.
WRITTEN: Final = dict(BY_CODE)


def offer(signed: Collection[str], *, drafts: bool) -> None:
    """Offer also the languages whose texts are signed, and in a demo the drafts.

    Called once, by the settings, before anything else asks which there are.
    """
    global LANGUAGES  # noqa: PLW0603 - a constant from then on
    for code, one in KNOWN.items():
        if one.draft and (drafts or code in signed):
            BY_CODE[code] = one._replace(draft=code not in signed)
            if code in signed:
                WRITTEN[code] = BY_CODE[code]
    LANGUAGES = tuple(BY_CODE)


def printed_languages() -> dict[str, str]:
    """Return those that can be printed, each as those call it who speak it: never a draft."""
    return {code: one.own for code, one in WRITTEN.items() if one.printed}


def language_of(code: str) -> Language:
    """Return a language by its code; one that we don't speak has its code for names."""
    return BY_CODE.get(code) or Language(code, code, code)


def staff_language(code: str) -> str:
    """Return the language in which a member of staff is written to who chose ``code``."""
    return code if language_of(code).voice else ENGLISH.code


def written_in(text: str, chosen: str) -> str:
    """Return the language of a text by its letters; ``chosen`` where these don't say. Pure.

    Half of its letters or more are of a script that only one of our languages has. Which language
    of Latin letters a text is in, nobody guesses. Linear in the text.
    """
    if text.isascii():
        return chosen
    scripts = [unicodedata.name(one, "").split(" ", 1)[0] for one in text if one.isalpha()]
    for language in BY_CODE.values():
        own = scripts.count(language.script) if language.script else 0
        if own and own * 2 >= len(scripts):
            return language.code
    return chosen


#: Short words that hardly stand in the other language (its hundred most frequent ones): a text of
#: some length in it cannot do without them.
_SPANISH: Final = re.compile(
    r"que|de|el|las?|los|una|unos|y|en|es|está|están|estoy|con|por|para|pero|como|porque|muy|más|mi"
    r"|sus?|se|le|lo|del|al|yo|ellas?|ellos|nos|tengo|tiene|quiere|hay|ya|también|cuando"
)
_ENGLISH: Final = re.compile(
    r"the|and|of|to|is|was|are|were|in|on|that|this|it|s?he|they|we|you|my|his|her|with|for|but|not"
    r"|have|has|had|be|been|do|does|what|when|who|i|am|at|from"
)
#: So many of them, and this share of all words: less is a name, a quotation or a lesson.
_AT_LEAST, _SHARE = 4, 4


def looks_spanish(text: str) -> bool:
    """Tell whether a text looks like Spanish to whoever cannot read it. A hint, never a fact. Pure.

    It has four or more of its frequent small words, these are a fourth of all its words, and there
    are three for each of English. Linear in the text.
    """
    words = re.findall(r"[^\W\d_]+", text.casefold())
    spanish, english = (
        sum(some.fullmatch(one) is not None for one in words) for some in (_SPANISH, _ENGLISH)
    )
    return spanish >= _AT_LEAST and spanish * _SHARE >= len(words) and spanish >= english * 3
