"""The one source of what 911, police and a school's team are told of a tip: where, what, now, who.

As reported and unverified, each line with who says it and since when. A sheet that was kept speaks
first; what it never had comes from the assessment, else from what the reporter answered. Of the
reporter's own words only the place and the look are taken that they were asked for: what happened
is a line that a person types, with their words beside it, or else what they ticked. What of their
words may say a place is shown to whoever has them open, who takes it or leaves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from upstander.dispatch.panel import latest_lines
from upstander.dispatch.place_in_words import places_in
from upstander.dispatch.queries import Standing
from upstander.dispatch.sheet import LINE_LIMIT, Around, Said, Teller, Told, around_of
from upstander.escalations.queries import school_of
from upstander.places.models import Center, District, School
from upstander.places.taxonomy import CATEGORIES, QUESTIONS_BY_KEY, TILES_BY_KEY
from upstander.tips.models import Message, Tip
from upstander.tips.opening import Contents, OpenTip
from upstander.triage.assessment_fields import FIELDS_BY_KEY, UNKNOWN
from upstander.triage.panel import AssessmentShown

#: What the form's choices say of what happens, in the order in which they are read out.
_TICKED_OF_IT = ("who", "who_hurt", "again")
_SOURCES = {
    "self": "it is about the reporter",
    "saw": "the reporter saw or heard it",
    "told": "the person told the reporter",
    "online": "the reporter saw it online",
    "hearsay": "the reporter heard it from somebody else",
}
_MEANS = {
    "yes": "the reporter says that they can get a gun, a knife, pills or something else that harms",
    "no": "the reporter says that they can get none",
}
_AWAKE = {
    "no": "the reporter says: not awake or not breathing well",
    "yes": "the reporter says: awake and breathing well",
    "unknown": "the reporter does not know whether they are awake and breathing well",
}
_HURT = {"yes": "the reporter says that they have hurt themselves today"}
_FIRE = {"yes": "the reporter says that there is fire or smoke"}
#: What an option of the assessment means, said aloud to somebody who has no form before them.
_ALOUD = {
    ("means", "at_hand"): "means of harm are within their reach",
    ("means", "can_get"): "they can get means of harm",
    ("means", "no"): "no means of harm are known",
    ("vulnerability", "age"): "they are at more risk because of their age",
    ("vulnerability", "disability"): "they have a disability",
    ("vulnerability", "language"): "they may not understand English",
    ("condition", "not_waking"): "not awake or not breathing well",
    ("condition", "needs_doctor"): "they need a doctor",
    ("condition", "hurt"): "hurt, but well enough to wait",
    ("condition", "well"): "not hurt",
}
_IMMINENT = {"now": "yes", "day": "soon", "days": "no", "past": "no"}
_LANGUAGES = {"en": "English", "es": "Spanish", "ar": "Arabic"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a tip, line by line, and the places around it."""

    around: Around
    lines: Mapping[str, str]
    told: Mapping[str, Told]

    @property
    def place_to_take(self) -> tuple[str, ...]:
        """Return what of the reporter's words may say the place that nobody has written down."""
        return () if self.lines.get("street") else self.around.place_in_words

    @property
    def four(self) -> list[Said]:
        """Where, what, now and who."""
        return Teller(self.lines, self.around, self.told).four()

    def brief(self) -> str:
        """Return the four as the first lines of a brief for a school's team."""
        return "\n".join(
            f"{one.say.upper()}: {one.words}" + (f" ({one.source})" if one.source else "")
            for one in self.four
        )


def places_around(tip: Tip, contents: Contents) -> Around:
    """Return what the places say of a tip, and what its reporter ticked; call inside ``viewing``.

    A tip that names no school has the numbers of the school to whose team it was handed.
    """
    school_id = tip.school_id or school_of(tip.pk)
    ticked = contents.answers.get("when", "")
    return around_of(
        reference=tip.reference,
        came_in=tip.received_at,
        center=Center.objects.get(pk=tip.center_id),
        district=District.objects.get(pk=tip.district_id),
        school=School.objects.filter(pk=school_id).first() if school_id else None,
        named=tip.school_id is not None,
        ticked=ticked or ("now" if tip.happening_now else ""),
        ticked_at=contents.answered.get("when", tip.received_at),
        place_in_words=places_in(
            turn.text for turn in contents.turns if turn.author == Message.Author.REPORTER
        ),
    )


def facts_of(
    opened: OpenTip,
    tip: Tip,
    contents: Contents,
    assessment: AssessmentShown | None,
    standing: Standing,
    around: Around,
) -> Facts:
    """Return the one source of an opened tip; opens the newest kept sheet."""
    first = _Draft(tip, contents)
    _from_assessment(first, assessment)
    _from_reporter(first)
    kept, told = latest_lines(opened, standing.sheets[-1] if standing.sheets else None)
    lines, origins = dict(kept), dict(told)
    for key, words in first.lines.items():
        # A line that somebody typed, or took out, stays as they left it: they are on record for it.
        stands = origins.get(key)
        if stands is None or (stands.by != "typed" and first.told[key].at > stands.at):
            lines[key], origins[key] = words, first.told[key]
    _newer_place(contents, tip, lines, origins)
    return Facts(around, lines, origins)


@dataclass(slots=True)
class _Draft:
    """What a first sheet begins with; whoever knows a line first has it."""

    tip: Tip
    contents: Contents
    lines: dict[str, str] = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)

    def add(self, key: str, by: str, at: datetime, *parts: str) -> None:
        """Write a line unless it stands already; what nobody knows is left out."""
        words = _joined(*parts)
        if words and key not in self.lines:
            self.lines[key], self.told[key] = _cut(words), Told(by, at)

    def answered(self, key: str) -> datetime:
        """Return when the reporter answered a question."""
        return self.contents.answered.get(key, self.tip.received_at)


def _from_assessment(draft: _Draft, assessment: AssessmentShown | None) -> None:
    """Take what a counselor recorded."""
    if assessment is None:
        return
    fields, at = assessment.fields, assessment.at

    def said(key: str) -> str:
        return _aloud(fields, key)

    about = CATEGORIES[assessment.category].text("en") if assessment.category in CATEGORIES else ""
    safe = "adult_present" in fields.get("protective", "").split()
    for key, parts in {
        "corroboration": (said("corroboration"),),
        "impersonation": (said("could_be_impersonation"),),
        "needs": (said("vulnerability"), said("communication")),
        "street": (said("place_now"),),
        "what": (about, said("exact_words")),
        "now": (_IMMINENT.get(fields.get("imminence", ""), ""),),
        "weapons": (said("means"),),
        "condition": (said("condition"),),
        "subject": (said("subject"),),
        "with_them": ("a safe adult" if safe else "",),
        "how_known": ("anonymous report, not verified", said("source")) if said("source") else (),
    }.items():
        draft.add(key, "assessed", at, *parts)
    if draft.lines.get("now"):
        # A choice, not a sentence.
        draft.lines["now"] = _IMMINENT[fields["imminence"]]


def _from_reporter(draft: _Draft) -> None:
    """Take what the reporter was asked for and ticked."""
    answers, tip = draft.contents.answers, draft.tip
    draft.add("street", "reporter", draft.answered("place"), answers.get("place", ""))
    draft.add("subject", "reporter", draft.answered("subject"), answers.get("subject", ""))
    tile = TILES_BY_KEY.get(tip.tile)
    ticked = [
        f"{QUESTIONS_BY_KEY[key].text('en')} {QUESTIONS_BY_KEY[key].option_text(answer, 'en')}"
        for key in _TICKED_OF_IT
        if (answer := answers.get(key, "")) in QUESTIONS_BY_KEY[key].options
    ]
    draft.add("what", "form", tip.received_at, tile.text("en") if tile else "", *ticked)
    draft.add(
        "condition",
        "form",
        max(draft.answered("awake"), draft.answered("hurt_today")),
        _AWAKE.get(answers.get("awake", ""), ""),
        _HURT.get(answers.get("hurt_today", ""), ""),
    )
    for key, asked, words in (("weapons", "means", _MEANS), ("hazards", "fire", _FIRE)):
        draft.add(key, "form", draft.answered(asked), words.get(answers.get(asked, ""), ""))
    source = _SOURCES.get(answers.get("source", ""), "")
    draft.add("how_known", "form", tip.received_at, "anonymous report, not verified", source)
    if tip.language != "en":
        language = _LANGUAGES.get(tip.language, tip.language)
        draft.add("language", "form", tip.received_at, f"the reporter writes {language}")


def _newer_place(
    contents: Contents, tip: Tip, lines: dict[str, str], told: Mapping[str, Told]
) -> None:
    """Say a place that the reporter gave beside another one: no word of where is passed over."""
    place = contents.answers.get("place", "").strip()
    stands = lines.get("street", "")
    if not place or not stands or place.casefold() in stands.casefold():
        return
    at = contents.answered.get("place", tip.received_at)
    when = "has since written" if told["street"].at < at else "wrote"
    lines["street"] = _cut(f"{stands}. The reporter {when}: {place}")


def _aloud(fields: Mapping[str, str], key: str) -> str:
    """Return what an assessment says in a field, in words for somebody who can't see the form."""
    value = fields.get(key, "").strip()
    if not value or value == UNKNOWN:
        return ""
    known = FIELDS_BY_KEY[key]
    if known.kind == "text":
        return value
    labels = {option.key: option.label for option in known.options}
    return ", ".join(
        _ALOUD.get((key, part), labels.get(part, "")) for part in value.split() if part != UNKNOWN
    ).strip(", ")


def _joined(*parts: str) -> str:
    told: Iterable[str] = (part.strip().rstrip(".") for part in parts if part.strip())
    return ". ".join(part[:1].upper() + part[1:] for part in told)


def _cut(words: str) -> str:
    """Cut a line to what a sheet holds: a call that was made must not fail to be kept for it."""
    return words if len(words) <= LINE_LIMIT else f"{words[: LINE_LIMIT - 1].rstrip()}…"
