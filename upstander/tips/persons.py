"""Words that grammar makes somebody, however they are written: "grace touches me", "con rosa".

A given name that is a word too is met in small letters only where it stands as a person does: as
the subject of what somebody does to others, with "told", "scared of" or "by" before it, beside "my
teacher", with "'s", or alone. It is a rule of position, so it errs: in doubt it asks, and "summer
was hard" asks about whoever is called Summer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from upstander.rulefiles import RuleType, data_file, read_table
from upstander.tips.blind_indexes import plain_words
from upstander.tips.word_lists import words_of

#: Behind one of these a word is no subject and no name: "my hope", "he will", "to mark".
_BARE: Final = (
    "a|an|the|this|that|these|those|my|our|your|his|her|their|its|no|any|some|every|each|one|all"
    "|i|you|he|she|we|they|it|who|to|not|last|next|only|same|own|other|can|could|would|should|dont|please"
    "|el|la|los|las|un|una|mi|su|tu|de"
)
#: What stands for these in the patterns of ``person_words.csv``; "|" is an end of a clause.
_PARTS: Final = {
    "{name}": r"(?P<name>[^\W\d_]+)",
    "{bar}": r"\|",
    "{bare}": rf"({_BARE}) ",
    "{modal}": r"(will|may) ",
    "{verb}": r"(will|may|hope) ",
    "{begins}": (
        r"(\||and|but|because|cause|cuz|bc|when|whenever|if|after|before|while|then|so|says|said"
        r"|how|why|what|way|things?|y|e|pero|porque|cuando|que|si)"
    ),
    "{adv}": (
        r"((always|never|often|just|also|once|really|even|still|only|then|again|sometimes|usually"
        r"|siempre|nunca|tambien|ya|no|a veces) )*"
    ),
    # Behind "will" a verb without an ending says what somebody else is about to do.
    "{same}": r"(hit|hurt|put|let|cut|beat|shut|set)",
    "{past}": (
        r"(told|said|made|took|held|kept|got|gave|came|went|saw|sat|stood|threw|bit|broke|drove"
        r"|felt|found|led|left|sent|shook|spoke|stole|wrote|knew|was|is|isnt|wasnt|has|had|does"
        r"|doesnt|did|didnt|says|keeps|wont|wouldnt|shouldnt"
        r"|\w{2,}[^\We]ed)"
    ),
    "{aux}": r"(can|cant|could|would|wouldnt|should|must)",
    "{does}": r"(?!(this|his|its|us|as|yes|kids|girls|boys|students|parents)\b)\w{2,}[^\Ws]s",
    "{whom}": (
        r"(me|us|him|her|them|you|my|our|his|their|your|kids?|girls?|boys?|people|students?"
        r"|children|everyone|everybody|someone|somebody|everything|all)"
    ),
    "{on}": (
        r"(the|a|an|to|at|on|in|into|with|when|after|too|it|that|what|off|up|down|out|over|around|for|from|by"
        r"|me|us|him|her|them|you|my|our|his|their|your|kids?|girls?|boys?|people|students?"
        r"|children|everyone|everybody|someone|somebody|everything|all|pictures?|photos?|videos?"
        r"|things)"
    ),
    "{our}": r"(my|our|the|a|an|his|her|their)",
    "{place}": r"(room|class|classroom|office|house|home|car|van|bus|lap|desk|phone|hands?)",
    "{spoken}": (
        r"(dije|dijo|digo|conte|pregunte|vi|vio|miedo|odio|avise|cerca|junto|hable|hablo|sola?)"
    ),
    "{does_es}": (
        r"(toca|toco|pega|pego|grita|grito|golpea|golpeo|hace|hizo|dice|dijo|es|era|fue|esta"
        r"|estaba|tiene|quiere|quiso|mira|miro|manda|mando|abraza|besa|beso|obliga|amenaza"
        r"|lastima|lastimo|viene|vino|llega|llego|entra|entro)\b"
    ),
    "{stop}": (
        r"(\||'s|about|and|or|but|who|when|while|because|cause|cuz|after|before|in|at|on|alone|again"
        r"|every|all|too|she|he|i|we|they|is|was|has|did|does|yesterday|today|last|y|o|en|ayer"
        r"|hoy|cuando|porque|que|ella|el|me|nos|siempre)"
    ),
}
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’‘][^\W\d_]+)*")
#: A comma, a digit, a dash, a new line: no clause goes across.
_CUTS: Final = re.compile(r"[^\s'’‘]|\n")
_OWN: Final = re.compile(r"(.+)['’]s", re.IGNORECASE)


class _PersonWords(RuleType, frozen=True):
    """Where a word stands as a person: as a pattern with one {name}, in plain letters."""

    what: str
    pattern: str


@cache
def _finders() -> tuple[re.Pattern[str], ...]:
    found = []
    titles = words_of("title") | {"lady", "man", "woman", "guy", "driver", "aide", "janitor"}
    for row in read_table(data_file("upstander.tips", "person_words.csv"), _PersonWords):
        words = row.pattern.replace("{title}", f"({'|'.join(sorted(titles))})")
        found.append(_finder(words))
    return tuple(found)


#: With a capital at the beginning of a sentence, and no name: "Hope you can", "Grace period".
_OPENINGS: Final = (
    r"\| \^(?P<name>will|may) (?!\^|({past}|{does}|{stop}|{same} {whom})(?![^ ]))\S+",
    r"\| \^(?P<name>will|may|hope) (i|you|he|she|we|they|the|that|all|to|so"
    r"|my|your|his|her|our|their)",
    r"\| \^{name} (it|this|them|these|those|up|out|as|\w+s (are|were))",
    r"\| \^{name} (?!\^|({stop}|{past}|{does}|{same}|{does_es})(?![^ ]))\w*[^aeiousy\W](?! {whom})",
)


@cache
def _openings() -> tuple[re.Pattern[str], ...]:
    return tuple(map(_finder, _OPENINGS))


def _finder(words: str) -> re.Pattern[str]:
    for name, meaning in _PARTS.items():
        words = words.replace(name, meaning)
    # Nothing is used up: one word may end a pattern and begin the next.
    return re.compile(rf"(?<![^ ])(?={words}(?![^ ]))")


def openings_in(text: str) -> frozenset[str]:
    """Return the plain words that begin a sentence of a text and go on as no name does."""
    said = " ".join(_clauses(text, "^"))
    return frozenset(found["name"] for finder in _openings() for found in finder.finditer(said))


def persons_in(text: str) -> frozenset[str]:
    """Return the plain words of a text that stand in it as somebody does."""
    said = " ".join(_clauses(text))
    return frozenset(found["name"] for finder in _finders() for found in finder.finditer(said))


def _clauses(text: str, capital: str = "") -> Iterator[str]:
    """Give a text's plain words, each behind ``capital`` if it begins with one, and its cuts."""
    yield "|"
    end = 0
    for found in _WORD.finditer(text):
        if end and _CUTS.search(text[end : found.start()]):
            yield "|"
        own = _OWN.fullmatch(found.group())
        big = capital if found.group()[0].isupper() else ""
        yield from (big + part for part in plain_words(own[1] if own else found.group()))
        if own:
            yield "'s"
        end = found.end()
    yield "|"
