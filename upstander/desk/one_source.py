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
from typing import Any

from upstander.desk.answered import THEMSELVES, add_newer, asked_on, cut, said_on
from upstander.dispatch.models import Call
from upstander.dispatch.panel import latest_lines
from upstander.dispatch.place_in_words import Piece, places_in
from upstander.dispatch.queries import Standing
from upstander.dispatch.sheet import LINE_LIMIT, Around, Said, Teller, Told, around_of
from upstander.escalations.queries import school_of
from upstander.places.models import Center, District, School
from upstander.places.priority import Priority
from upstander.places.taxonomy import CATEGORIES, TILES_BY_KEY
from upstander.tips.models import Message, Tip
from upstander.tips.opening import Contents, OpenTip, Turn
from upstander.tips.times import shown_to_school
from upstander.triage.assessment_fields import FIELDS_BY_KEY, UNKNOWN
from upstander.triage.panel import AssessmentShown
from upstander.ui.moments import said_words

_SOURCES = {
    "self": "it is about the reporter",
    "saw": "the reporter saw or heard it",
    "told": "the person told the reporter",
    "online": "the reporter saw it online",
    "hearsay": "the reporter heard it from somebody else",
}
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
    priority: str = Priority.LIFE_SAFETY

    @property
    def place_to_take(self) -> tuple[Piece, ...]:
        """Return what of the reporter's words may say a place that nobody has written down yet."""
        return Teller(self.lines, self.around, self.told).place_to_take()

    @property
    def place_asked(self) -> dict[str, Any]:
        """Return what the notice about the place shows (desk/place.html)."""
        return {
            "place_written": self.lines.get("street", ""),
            "place_to_take": self.place_to_take,
            "words_read": self.around.turns,
        }

    @property
    def lines_away(self) -> Mapping[str, str]:
        """The lines for whoever has neither the reporter's words nor what says where they stand."""
        since = Teller(self.lines, self.around, self.told, away=True).line("street").since
        if not since:
            return self.lines
        street = cut(self.lines["street"], LINE_LIMIT - len(since) - 2)
        return {**self.lines, "street": f"{street}. {since}"}

    @property
    def four(self) -> list[Said]:
        """Where, what, now and who; with a weapon, a condition or a hazard that is known."""
        return self._told(Teller(self.lines, self.around, self.told))

    def brief(self) -> str:
        """Return these as the first lines of a brief for a school's team.

        Whoever goes to the student must know of a gun or that they don't breathe. Times are no
        finer than a school may know them: the minute would show who wrote it.
        """

        def coarsely(at: datetime) -> str:
            return shown_to_school(at, self.priority, self.around.zone)

        teller = Teller(self.lines, self.around, self.told, when=coarsely, away=True)
        return "\n".join(f"{one.say.upper()}: {one.whole}" for one in self._told(teller))

    def _told(self, teller: Teller) -> list[Said]:
        known = [key for key in ("weapons", "condition", "hazards") if self.lines.get(key)]
        return [*teller.four(), *map(teller.line, known)]


def words_of(contents: Contents) -> list[Turn]:
    """Return what the reporter wrote, oldest first."""
    return [
        turn
        for turn in contents.turns
        if turn.author == Message.Author.REPORTER and turn.text.strip()
    ]


def places_around(tip: Tip, contents: Contents) -> Around:
    """Return what the places say of a tip, and what its reporter ticked; call inside ``viewing``.

    A tip that names no school has the numbers of the school to whose team it was handed.
    """
    school_id = tip.school_id or school_of(tip.pk)
    ticked = contents.answers.get("when", "")
    words = words_of(contents)
    return around_of(
        reference=tip.reference,
        came_in=tip.received_at,
        center=Center.objects.get(pk=tip.center_id),
        district=District.objects.get(pk=tip.district_id),
        school=School.objects.filter(pk=school_id).first() if school_id else None,
        named=tip.school_id is not None,
        ticked=ticked or ("now" if tip.happening_now else ""),
        ticked_at=contents.answered.get("when", tip.received_at),
        place_in_words=places_in((turn.text, turn.at) for turn in words),
        turns=len(words),
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
    _add_calls(standing, around, lines, origins)
    add_newer(contents, tip, lines, origins)
    return Facts(around, lines, origins, tip.priority)


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
            self.lines[key], self.told[key] = cut(words), Told(by, at)

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
    themselves = THEMSELVES if answers.get("who") == "me" else ""
    at = draft.answered("subject")
    draft.add("subject", "reporter", at, themselves, answers.get("subject", ""))
    tile = TILES_BY_KEY.get(tip.tile)
    about = tile.text("en") if tile else ""
    for line, first in (("what", about), ("condition", ""), ("weapons", ""), ("hazards", "")):
        at = max(draft.answered(question) for question in asked_on(line))
        draft.add(line, "form", at, first, *said_on(line, answers))
    source = _SOURCES.get(answers.get("source", ""), "")
    draft.add("how_known", "form", tip.received_at, "anonymous report, not verified", source)
    if tip.language != "en":
        language = _LANGUAGES.get(tip.language, tip.language)
        draft.add("language", "form", tip.received_at, f"the reporter writes {language}")


def _add_calls(
    standing: Standing, around: Around, lines: dict[str, str], told: dict[str, Told]
) -> None:
    """Say which calls were made, as they were kept: nobody has to write them down twice."""
    if not standing.calls:
        return
    made = ". ".join(
        f"{str(Call.Line(call.line).label).capitalize()} was called at "
        f"{said_words(call.called_at, around.zone)}"
        f" ({'police asked for' if call.police else 'medical help only'})"
        for call in standing.calls
    )
    stands, since = lines.get("others_called", ""), told.get("others_called")
    if made in stands:
        return
    typed = stands if since is not None and since.by == "typed" else ""
    lines["others_called"] = cut(f"{made}. {typed}".rstrip(". "))
    told["others_called"] = since if typed and since else Told("kept", standing.calls[-1].at)


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
