"""The one source of what 911, police and a school's team are told of a tip: where, what, now, who.

As reported and unverified, each line with who says it and since when. A sheet that was kept speaks
first; what it never had comes from the assessment, else from what the reporter answered. Of the
reporter's own words only the place and the look are taken that they were asked for: what happened
is a line that a person types, with their words beside it, or else what they ticked. No software
looks for a place in their words: what came after the place stands beside it, word for word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from upstander.base.languages import language_of
from upstander.desk.answered import THEMSELVES, add_newer, asked_on, said_on, with_newer
from upstander.emergency.later import latest_lines
from upstander.emergency.models import Call
from upstander.emergency.queries import HelpSent, asked_for
from upstander.emergency.sheet import (
    LINE_LIMIT,
    SOURCE,
    Around,
    Said,
    Teller,
    Told,
    Wrote,
    around_of,
)
from upstander.emergency.words import cut
from upstander.escalations.queries import school_of
from upstander.intake.priority import Priority
from upstander.intake.taxonomy import CATEGORIES, TILES_BY_KEY
from upstander.places.models import Center, District, School
from upstander.tips.adult_words import ADULT_WORDS
from upstander.tips.models import Message, Tip
from upstander.tips.opening import Contents, OpenTip, Turn
from upstander.tips.times import shown_to_school
from upstander.triage.assessment_fields import FIELDS_BY_KEY, UNKNOWN
from upstander.triage.shown import AssessmentShown
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


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a tip, line by line, and the places around it."""

    around: Around
    lines: Mapping[str, str]
    told: Mapping[str, Told]
    priority: str = Priority.LIFE_SAFETY
    #: When the newest word on each line came, whoever's (UTC).
    newest: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def newer(self) -> tuple[Wrote, ...]:
        """Return the reporter's last messages since the place was written down, newest first."""
        return Teller(self.lines, self.around, self.told).newer()

    @property
    def place_asked(self) -> dict[str, Any]:
        """Return what the notice about the place shows (desk/place.html)."""
        return {
            "place_written": self.lines.get("street", ""),
            "newer_words": self.newer,
            "words_read": self.around.turns,
        }

    @property
    def lines_away(self) -> Mapping[str, str]:
        """The lines for whoever has neither the reporter's words nor what says where they stand."""
        since = self.away.line("street").since
        if not since:
            return self.lines
        street = cut(self.lines["street"], LINE_LIMIT - len(since) - 2)
        return {**self.lines, "street": f"{street}. {since}"}

    @property
    def four(self) -> list[Said]:
        """Where, what, now and who; with a weapon, a condition or a hazard that is known."""
        return self._told(Teller(self.lines, self.around, self.told))

    @property
    def away(self) -> Teller:
        """Says the lines to whoever does not have the reporter's words."""
        return Teller(self.lines, self.around, self.told, away=True)

    def brief(self) -> str:
        """Return these as the first lines of a brief for a school's team, for a phone at night.

        Where, what, now and who before all else, and who says so once, below. What it is about is
        left out where nobody has said it: whoever hands it off must (``HandoffForm.what``).
        """
        told = sorted(self.brief_lines, key=lambda one: one.key == "school")
        told = [one for one in told if one.known or one.key != "what"]
        lines = [f"{one.say.upper()}: {one.said}" for one in told]
        by_source = defaultdict[str, list[str]](list)
        for one in told:
            if one.source:
                by_source[one.source].append(one.say.upper())
        sources = [
            f"{source} ({', '.join(of)})" if len(by_source) > 1 else source
            for source, of in by_source.items()
        ]
        return "\n".join(lines + ([f"{SOURCE}: {'; '.join(sources)}"] if sources else []))

    @property
    def brief_lines(self) -> list[Said]:
        """These as a school's team is told them.

        Whoever goes to the student must know of a gun or that they don't breathe. Times are no
        finer than a school may know them: the minute would show who wrote it.
        """

        def coarsely(at: datetime) -> str:
            return shown_to_school(at, self.priority, self.around.zone)

        return self._told(Teller(self.lines, self.around, self.told, when=coarsely, away=True))

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
    school = School.objects.filter(pk=school_id).first() if school_id else None
    typed = contents.answers.get("school", "").strip()
    if tip.school_id and school and _is_named(school, typed):
        typed = ""
    turns = [Wrote(turn.text, turn.at, n) for n, turn in enumerate(words_of(contents), 1)]
    others = {"school": typed}
    others |= {key: contents.answers.get(key, "") for key in ("subject", ADULT_WORDS)}
    answers = [
        Wrote(text, contents.answered.get(key, tip.received_at), None)
        for key, text in others.items()
        if text.strip()
    ]
    return around_of(
        reference=tip.reference,
        came_in=tip.received_at,
        center=Center.objects.get(pk=tip.center_id),
        district=District.objects.get(pk=tip.district_id),
        school=school,
        named=tip.school_id is not None,
        ticked=ticked or ("now" if tip.happening_now else ""),
        ticked_at=contents.answered.get("when", tip.received_at),
        wrote=tuple(sorted([*turns, *answers], key=lambda one: one.at)),
        turns=len(turns),
        typed_school=cut(" ".join(typed.split()), LINE_LIMIT // 2),
    )


def _is_named(school: School, typed: str) -> bool:
    """Tell whether what a reporter wrote as school or town is this school, or nothing."""
    wrote, name = typed.casefold(), school.name.casefold()
    return name in wrote or wrote in f"{name}, {school.town.casefold()} {school.slug}"


def facts_of(
    opened: OpenTip,
    tip: Tip,
    contents: Contents,
    assessment: AssessmentShown | None,
    standing: HelpSent,
    around: Around,
) -> Facts:
    """Return the one source of an opened tip; opens the newest kept sheet."""
    first = _Draft(tip, contents)
    _from_assessment(first, assessment)
    _from_reporter(first)
    kept, told, _hidden = latest_lines(opened, standing.sheets)
    lines, origins, noted = dict(kept), dict(told), dict[str, datetime]()
    for key, words in first.lines.items():
        # A line that somebody typed, or took out, stays as they left it: they are on record for it.
        # What was judged since stands beside it; of a choice the newer one is the judgement.
        stands, new = origins.get(key), first.told[key]
        if stands is None or (new.at > stands.at and stands.by != "typed"):
            lines[key], origins[key] = words, new
        elif new.at > stands.at and new.by == "assessed":
            if key == "now" or not lines.get(key):
                lines[key], origins[key] = words, new
            elif words.casefold() not in lines[key].casefold():
                lines[key] = with_newer(lines[key], f". A counselor has since noted: {words}")
                noted[key] = new.at
    _add_calls(standing, around, lines, origins)
    add_newer(contents, tip, lines, origins)
    answered = {
        key: max(contents.answered.get(one, tip.received_at) for one in asked)
        for key in origins
        if (asked := [one for one in asked_on(key) if one in contents.answers])
    }
    newest = {
        key: max(told.at, noted.get(key, told.at), answered.get(key, told.at))
        for key, told in origins.items()
    }
    if around.ticked and around.ticked_at:
        newest["now"] = max(around.ticked_at, newest.get("now", around.ticked_at))
    return Facts(around, lines, origins, tip.priority, newest)


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
    fields = assessment.fields

    def said(key: str) -> str:
        return _aloud(fields, key)

    about = CATEGORIES[assessment.category].text("en") if assessment.category in CATEGORIES else ""
    safe = "adult_present" in fields.get("protective", "").split()
    known = "anonymous report, not verified" if said("source") else ""
    for key, of, parts in (
        ("corroboration", ("corroboration",), (said("corroboration"),)),
        ("impersonation", ("could_be_impersonation",), (said("could_be_impersonation"),)),
        (
            "needs",
            ("vulnerability", "communication"),
            (said("vulnerability"), said("communication")),
        ),
        ("street", ("place_now",), (said("place_now"),)),
        # Never the exact words: a child's wording, or language, shows who wrote it.
        ("what", ("category",), (about,)),
        ("now", ("imminence",), (_IMMINENT.get(fields.get("imminence", ""), ""),)),
        ("weapons", ("means",), (said("means"),)),
        ("condition", ("condition",), (said("condition"),)),
        ("subject", ("subject",), (said("subject"),)),
        ("with_them", ("protective",), ("a safe adult" if safe else "",)),
        ("how_known", ("source",), (known, said("source"))),
    ):
        # What nobody judged has no time of its own.
        judged = [one for one in of if fields.get(one) or (one == "category" and about)]
        draft.add(key, "assessed", assessment.since(*judged or of), *parts)
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
        language = language_of(tip.language).english
        draft.add("language", "form", tip.received_at, f"the reporter writes {language}")


def _add_calls(
    standing: HelpSent, around: Around, lines: dict[str, str], told: dict[str, Told]
) -> None:
    """Say which calls were made, as they were kept: nobody has to write them down twice."""
    if not standing.calls:
        return
    made = ". ".join(
        f"{str(Call.Line(call.line).label).capitalize()} was called at "
        f"{said_words(call.called_at, around.zone)}"
        f" ({asked_for(call.police)})"
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
