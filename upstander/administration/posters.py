"""A school's poster: one tagged PDF page whose QR code opens the form with the school filled in."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation

from upstander.base.languages import ENGLISH, language_of, printed_languages
from upstander.intake.tables import InEach, in_language
from upstander.places.models import School
from upstander.rulefiles import Key, RuleType, data_file, read_table
from upstander.ui import times
from upstander.ui.qr import drawn
from upstander.ui.typeset import typeset

PACKAGE = "upstander.administration"
#: A school's address is no secret: drawn once.
_qr_code = cache(drawn)


class Paper(StrEnum):
    """The paper it is printed on, by typst's names."""

    LETTER = "us-letter"
    A4 = "a4"


class _Text(RuleType, frozen=True):
    key: Key
    texts: InEach


def _load_texts() -> dict[str, dict[str, str]]:
    rows = read_table(data_file(PACKAGE, "poster.csv"), _Text).by_key()
    return {
        lang: {key: in_language(row.texts, lang) for key, row in rows.items()}
        for lang in printed_languages()
    }


TEXTS = _load_texts()


def poster_url(slug: str, language: str) -> str:
    """Return the address that the poster's QR code opens: the form, in the poster's language."""
    prefix = "" if language == ENGLISH.code else f"/{language}"
    return f"{settings.PUBLIC_URL}{prefix}/r/{slug}"


def poster_pdf(
    school: School,
    *,
    language: str,
    paper: Paper,
    now: dt.datetime,
    strip: bool = True,
) -> bytes:
    """Return the poster as a PDF/UA-1 page (ISO 14289-1: tagged, with language, title and date).

    ``strip`` adds tabs to tear off. The day printed is ``now``'s in the school's time zone. Raises
    typst.TypstError.
    """
    local = now.astimezone(ZoneInfo(school.time_zone))
    url = poster_url(school.slug, language)
    address = url.split("://", 1)[-1]
    with translation.override(language):
        day = times.day(local)
    # Isolated, lest a line from right to left turns a name or an address around (UAX #9).
    values = {
        "school": f"\u2068{school.name}\u2069"
        if language_of(language).right_to_left
        else school.name,
        "address": f"\u2066{address}\u2069" if language_of(language).right_to_left else address,
        "date": day,
    }
    texts = TEXTS[language]
    poster = {
        **{key: text.format_map(values) for key, text in texts.items()},
        "strip_words": texts["strip"],
        "strip": strip,
        "school": school.name,
        "address": address,
        # Typst knows no regions here (ISO 639).
        "language": language.partition("-")[0],
        "paper": paper,
        "day": {"year": local.year, "month": local.month, "day": local.day},
    }
    source = files(PACKAGE).joinpath("data", "poster.typ").read_bytes()
    return typeset(source, "poster", poster, {"qr": _qr_code(url)}, standards="ua-1", now=now)
