"""What the sheet begins with: all that the tip, its assessment and the places say already."""

from __future__ import annotations

from collections.abc import Mapping

from upstander.dispatch.sheet import Around
from upstander.places.taxonomy import CATEGORIES, TILES_BY_KEY
from upstander.tips.models import Tip
from upstander.triage.assessment_fields import FIELDS_BY_KEY, UNKNOWN

type Answers = Mapping[str, str]

_SOURCES = {
    "self": "it is about the reporter",
    "saw": "the reporter saw or heard it",
    "told": "the person told the reporter",
    "online": "the reporter saw it online",
    "hearsay": "the reporter heard it from somebody else",
}
_LANGUAGES = {"en": "English", "es": "Spanish", "ar": "Arabic"}


def draft_lines(
    tip: Tip, answers: Answers, assessed: Mapping[str, str], category: str, around: Around
) -> dict[str, str]:
    """Return the lines of a first sheet; what nobody knows is left out, and said to be not known.

    ``assessed`` are the latest assessment's fields. Of the reporter's own words only the place and
    the look are taken that they were asked for.
    """
    tile = TILES_BY_KEY.get(tip.tile)
    about = CATEGORIES[category].text("en") if category in CATEGORIES else ""
    place = _said(assessed, "place_now") or answers.get("place", "").strip()
    school = ", ".join(part for part in (around.school, around.school_address) if part)
    source = _said(assessed, "source") or _SOURCES.get(answers.get("source", ""), "")
    lines = {
        "corroboration": _said(assessed, "corroboration"),
        "impersonation": _said(assessed, "could_be_impersonation"),
        "needs": _joined(_said(assessed, "vulnerability"), _said(assessed, "communication")),
        "street": _joined(place, f"School: {school}" if place and school else school),
        "what": _joined(about or (tile.text("en") if tile else ""), _said(assessed, "exact_words")),
        "now": _now(answers, assessed),
        "weapons": _said(assessed, "means")
        or {"yes": "the reporter says they can get something"}.get(answers.get("means", ""), ""),
        "condition": _said(assessed, "condition"),
        "subject": _said(assessed, "subject") or answers.get("subject", "").strip(),
        "with_them": {"adult_present": "a safe adult"}.get(
            next(iter(set(assessed.get("protective", "").split()) & {"adult_present"}), ""), ""
        ),
        "language": ""
        if tip.language == "en"
        else f"the reporter writes {_LANGUAGES.get(tip.language, tip.language)}",
        "how_known": _joined("anonymous report, not verified", source),
    }
    return {key: words for key, words in lines.items() if words}


def _now(answers: Answers, assessed: Mapping[str, str]) -> str:
    """A person's judgement, not the reporter's tick: anybody can tick "now"."""
    imminence = assessed.get("imminence", "")
    if imminence == "now":
        return "yes"
    return "no" if imminence in ("day", "days", "past") else "unknown"


def _said(assessed: Mapping[str, str], key: str) -> str:
    """Return what an assessment says in a field, in words; empty where it says nothing."""
    value = assessed.get(key, "").strip()
    if not value or value == UNKNOWN:
        return ""
    field = FIELDS_BY_KEY[key]
    if field.kind == "text":
        return value
    labels = {option.key: option.label for option in field.options}
    return ", ".join(
        labels.get(part, part) for part in value.split() if part not in (UNKNOWN, "none")
    )


def _joined(*parts: str) -> str:
    told = [part.strip().rstrip(".") for part in parts if part.strip()]
    return ". ".join(part[:1].upper() + part[1:] for part in told)
