"""The languages that the system speaks: one line each, from which everything else is told.

A new one needs its line here, its texts (tables' columns, catalogs), and what the line claims.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple


class Language(NamedTuple):
    """A language: every text that a reporter may see exists in it."""

    #: ISO 639-1, as in addresses of the reporter's site.
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
    #: Its letters, by the first word of their names in Unicode, where no other language of ours is
    #: written in them; empty: Latin, which tells nothing.
    script: str = ""
    #: By which voice of espeak-ng the demo reads its form aloud; empty: none has it.
    espeak: str = ""


ENGLISH: Final = Language(
    "en", "English", "English", voice="en-US", code_words=True, espeak="en-us"
)
_ALL: Final = (
    ENGLISH,
    Language(
        "es",
        "Spanish",
        "Español",
        "nplurals=2; plural=(n != 1);",
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
)
BY_CODE: Final = {one.code: one for one in _ALL}
LANGUAGES: Final = tuple(BY_CODE)


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
    for language in _ALL:
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
