"""Who has agreed to a language's texts as they stand: three people, each to their exact bytes.

``languages/<code>.json`` of the data folder holds a translator's, a second native reader's and a
clinician's signature; none comes with the program. A text that changes leaves all three behind.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final, Literal, NamedTuple, get_args

import msgspec

from upstander.base import languages
from upstander.rulefiles.reading import digest_of, read_bytes, read_rules
from upstander.rulefiles.translations import TEXTS, texts_of
from upstander.rulefiles.types import RuleType, Words
from upstander.rulefiles.wrong import RuleFileWrong

type Signer = Literal["translator", "reader", "clinician"]
SIGNERS: Final[tuple[Signer, ...]] = get_args(Signer.__value__)
#: What made-up services say in a demo: no reporter reads it anywhere else.
_MADE_UP: Final = frozenset({"demo_services_texts"})
_CATALOG: Final = "LC_MESSAGES/django.mo"


class Signature(RuleType, frozen=True):
    """Somebody's name and profession, the day, and the texts they had before them."""

    name: Words
    day: date
    digest: str


class _Signatures(RuleType, frozen=True, omit_defaults=True):
    translator: Signature | None = None
    reader: Signature | None = None
    clinician: Signature | None = None

    def kept(self) -> dict[Signer, Signature]:
        said = ((signer, getattr(self, signer)) for signer in SIGNERS)
        return {signer: one for signer, one in said if one is not None}


class State(NamedTuple):
    """How a language stands: of how many texts it has how many, and who agreed to them."""

    language: languages.Language
    whole: int
    done: int
    #: Of the texts as they stand.
    signed: Mapping[Signer, Signature]
    #: Who agreed to earlier ones.
    stale: Mapping[Signer, Signature]

    @property
    def agreed(self) -> list[str]:
        """Return who agreed to what, a line each."""
        now = [f"{part}: {who.name}, {who.day}" for part, who in self.signed.items()]
        return now + [f"{part}: {who.name}, of earlier texts" for part, who in self.stale.items()]

    @property
    def reviewed(self) -> bool:
        """Whether all three agreed to the texts as they stand."""
        return self.signed.keys() == set(SIGNERS)


def texts_digest(code: str) -> str:
    """Return the digest of all that a known language says. Raises RuleFileWrong."""
    folder = languages.KNOWN[code].folder
    return digest_of(read_bytes(folder / _CATALOG) + read_bytes(folder / TEXTS))


def signatures(folder: Path, code: str) -> dict[Signer, Signature]:
    """Return who signed a language, whatever its texts were then. Raises RuleFileWrong."""
    file = folder / f"{code}.json"
    return read_rules(file, _Signatures).kept() if file.exists() else {}


def signed(folder: Path) -> frozenset[str]:
    """Return the languages whose texts all three have signed as they stand.

    A file that can't be read signs nothing; ``upstander languages`` says what is wrong with it.
    """
    found = set()
    for code in languages.KNOWN:
        try:
            said = signatures(folder, code)
            if said.keys() == set(SIGNERS) and _cover(said, code):
                found.add(code)
        except RuleFileWrong:
            continue
    return frozenset(found)


def _cover(said: Mapping[Signer, Signature], code: str) -> bool:
    names = {one.name.casefold() for one in said.values()}
    digest = texts_digest(code)
    return len(names) == len(said) and all(one.digest == digest for one in said.values())


def sign(folder: Path, code: str, signer: Signer, name: str, day: date) -> None:
    """Keep that somebody agrees to a language's texts as they stand. Raises RuleFileWrong.

    Who agreed to earlier texts, or is named for a second part, has not agreed to these.
    """
    digest = texts_digest(code)
    kept = {
        part: one
        for part, one in signatures(folder, code).items()
        if one.digest == digest and one.name.casefold() != name.casefold()
    }
    kept[signer] = Signature(name, day, digest)
    folder.mkdir(mode=0o700, exist_ok=True)
    written = folder / f"{code}.json.new"
    written.write_bytes(msgspec.json.encode(_Signatures(**kept)))
    written.replace(folder / f"{code}.json")


def states(folder: Path) -> list[State]:
    """Return how each language besides English stands. Raises RuleFileWrong."""
    whole = _texts("es")
    found = []
    for code, one in languages.KNOWN.items():
        if one is languages.ENGLISH:
            continue
        digest, said = texts_digest(code), signatures(folder, code)
        now = {part: who for part, who in said.items() if who.digest == digest}
        stale = {part: who for part, who in said.items() if part not in now}
        found.append(State(one, len(whole), len(_texts(code) & whole), now, stale))
    return found


def _texts(code: str) -> set[tuple[str, ...]]:
    """Return which texts a language has, by what they are made of."""
    folder = languages.KNOWN[code].folder
    with (folder / _CATALOG).open("rb") as file:
        said = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    # A plural's forms are one text; the empty one is the file's head.
    found: set[tuple[str, ...]] = {(key if isinstance(key, str) else key[0],) for key in said}
    rows = [row for row in texts_of(code).values() if row.text and row.table not in _MADE_UP]
    return (found - {("",)}) | {row[:3] for row in rows}
