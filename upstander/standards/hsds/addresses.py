"""Takes what looks like a place on a map out of a text, in English and Spanish.

For services whose address must not be known. It errs towards taking out: a person looks at what was
taken, nobody looks at what was left. It is no proof that nothing is left, so a text stays unseen
until a person has read it.
"""

from __future__ import annotations

import re
from typing import Final

#: Stands where something was taken out.
GAP: Final = "…"
#: Signs without a width, which would hide a number from any pattern.
_HIDDEN: Final = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")

_NUMBER = r"(?:#\s*)?\d{1,6}(?:\s*[-–/]\s*\d{1,5})?(?:[-–]?[A-Za-z])?(?:\s?1/2|\s?½)?"
_IN_WORDS = (
    r"(?:(?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty[- ]?)?(?:one|two|three|four|five|six|seven|"
    r"eight|nine)|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|ten|eleven|twelve|hundred)"
)
_NAME = r"(?:\w[\w’'.-]*\.?\s+){0,3}\w[\w’'.-]*"
#: Up to four words with capitals: a name.
_CAPITAL = (
    r"(?-i:(?:(?:[A-ZÀ-Þ][\w’'.-]*|\d{1,3}(?:st|nd|rd|th)|of|the|de|del|la|las|los|el)\s+){0,3}"
    r"(?:[A-ZÀ-Þ][\w’'.-]*|\d{1,3}(?:st|nd|rd|th)))"
)
#: Words that end a street's name and hardly anything else.
_STREET = (
    r"(?:streets?|avenues?|ave|boulevard|blvd|roads?|rd|highway|hwy|turnpike|tpke|parkway|pkwy|"
    r"expressway)"
)
#: Words that also mean other things: a number must stand before them, and a name.
_PERHAPS = (
    r"(?-i:St|Str|Dr|Drive|Ln|Lane|Ct|Court|Pl|Place|Sq|Square|Way|Ter|Terrace|Cir|Circle|Row|"
    r"Trail|Trl|Plaza|Alley|Path|Walk|Park|Point|Heights|Hill|Crescent|Loop|Run|Green|Extension|"
    r"Ext|Route|Rte|Broadway)"
)
_ALONE = (
    r"(?-i:Streets?|Avenues?|Ave|Roads?|Rd|Boulevard|Blvd|Lane|Turnpike|Highway|Parkway|"
    r"STREET|AVENUE|ROAD)"
)
_VIA = (
    r"(?:calle|c/|avenida|avda?\.?|av\.|bulevar|carretera|carr\.?|camino|paseo|callej[oó]n|"
    r"calzada|plaza|urb(?:anizaci[oó]n|\.)|barrio|bo\.|residencial|edificio|edif\.)"
)
_OF_NAME = r"(?:de|del|la|las|los|el)"
_NUMBERED = r"(?:n[uú]m(?:ero)?\.?|n[.º°o]+|no\.|#|km\.?)"
_UNIT = (
    r"(?:,?\s*(?:apartamento|apartment|apto|apt|suite|ste|unit|floor|fl|room|rm|building|bldg|"
    r"piso|oficina|local|dept|#)\.?\s*#?\s*[\w-]{1,6}\b)"
)
_CODE = r"\d{5}(?:-\d{4})?"
_TOWN = (
    r"(?:,?\s+(?-i:[A-ZÀ-Þ][\w’'.-]*(?:\s+[A-ZÀ-Þ][\w’'.-]*){0,2}),?\s+"
    rf"(?-i:[A-Z]{{2}}|[A-Z][a-z]{2, 5}\.|Puerto\s+Rico)\b\.?(?:,?\s+{_CODE})?)"
)
_END = rf"{_UNIT}{{0,2}}{_TOWN}?{_UNIT}?"
_BEGIN = rf"\b(?:{_NUMBER}|{_IN_WORDS})\s*,?\s+"
_MAPS = (
    r"google\.\w+/maps|maps\.google\.\w+|maps\.apple\.com|goo\.gl|maps\.app\.goo\.gl|waze\.com|"
    r"openstreetmap\.org|what3words\.com|bing\.com/maps"
)
_DEGREES = r"\d{1,3}\s*°\s*\d{1,2}\s*['’′][^\n]{0,14}?"
_PLUS = "[23456789CFGHJMPQRVWX]"

_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # A link to a map, and where it points.
        rf"(?:https?://)?(?:[\w-]{{1,63}}\.){{0,3}}(?:{_MAPS})\S*",
        r"///\w+\.\w+\.\w+",
        r"[-+]?\d{1,2}\.\d{3,}\s*°?\s*[NS]?\s*[,;/ ]\s*[-+]?\d{1,3}\.\d{3,}\s*°?\s*[EWO]?",
        rf"{_DEGREES}[NS]\b[^\n]{{0,4}}?{_DEGREES}[EWO]\b",
        rf"\b{_PLUS}{{4,8}}\+{_PLUS}{{2,3}}\b",
        # 12 Elm Street, Apt 3, Hartford, CT 06103; One Elm Street; 88 Route 44.
        rf"{_BEGIN}{_NAME}\s+{_STREET}\b\.?{_END}",
        rf"{_BEGIN}{_CAPITAL}\s+{_PERHAPS}\b\.?(?:\s+(?-i:[NSEW]{{1,2}})\b\.?)?{_END}",
        rf"{_BEGIN}(?-i:(?:[NSEW]\.?|North|South|East|West)\s+)?(?-i:Broadway|BROADWAY)\b{_END}",
        rf"{_BEGIN}(?:route|rte\.?|highway|hwy)\s+\d{{1,3}}[A-Z]?\b{_END}",
        # Elm Street without a number; the corner of Elm and Main.
        rf"\b{_CAPITAL}\s+(?:(?:and|&|y)\s+{_CAPITAL}\s+)?{_ALONE}\b\.?{_END}",
        r"\b(?:corner|intersection|esquina)\s+(?:of\s+|de\s+|con\s+|entre\s+)?"
        rf"{_CAPITAL}\s+(?:and|&|y|con|at)\s+{_CAPITAL}",
        # Calle Luna 12; Avenida Central, núm. 45, piso 2; calle luna núm. 3.
        rf"(?<!\w){_VIA}\s*(?-i:(?:{_OF_NAME}\s+)*[A-ZÀ-Þ0-9][\w’'.-]*"
        rf"(?:\s+(?:{_OF_NAME}|[A-ZÀ-Þ][\w’'-]*)){{0,4}})"
        rf"(?:\s*,?\s*{_NUMBERED}?\s*\d{{1,6}}(?:[.,]\d{{1,2}})?[A-Za-z]?)?{_END}",
        rf"(?<!\w){_VIA}\s+[\w’'.-]+(?:\s+[\w’'.-]+){{0,4}}\s*,?\s*{_NUMBERED}\s*\d{{1,6}}{_END}",
        # A post box, a town with its code, a code.
        r"\b(?:p\.?\s*o\.?\s*box|post\s+office\s+box|apartado(?:\s+postal)?|apdo\.?)\s*"
        rf"(?:n[uú]m\.?|#)?\s*\d{{1,7}}{_TOWN}?",
        rf"(?-i:\b[A-ZÀ-Þ][\w’'.-]*(?:\s+[A-ZÀ-Þ][\w’'.-]*){{0,2}},?\s+[A-Z]{{2}}\s+){_CODE}\b",
        rf"\b(?:zip(?:\s+code)?|c[oó]digo\s+postal|c\.\s?p\.)\s*:?\s*{_CODE}\b",
    )
)


def struck(text: str) -> tuple[str, list[str]]:
    """Return a text with GAP for what looks like a place on a map, and those pieces in order."""
    text = _HIDDEN.sub("", text)
    taken = bytearray(len(text))
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            taken[match.start() : match.end()] = b"\1" * len(match[0])
    pieces: list[str] = []
    left: list[str] = []
    at = 0
    while at < len(text):
        start = taken.find(1, at)
        if start < 0:
            break
        end = taken.find(0, start)
        end = len(text) if end < 0 else end
        left += [text[at:start], GAP]
        pieces.append(text[start:end].strip(" ,\n"))
        at = end
    return "".join([*left, text[at:]]), pieces
