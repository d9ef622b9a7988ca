"""The dispatch sheet: what is said to a dispatcher, in the order in which they ask for it.

Its lines are data (``data/sheet.csv``). A line that nobody filled in is said to be not known: a
gap that is passed over in silence sounds like a no. Each line says who says so, and since when.
All of it is in English, whatever the desk speaks: it is read out on the phone, kept, and compared.
The page, the paper, the tasks and the briefs all speak from it, so that one call is never
sent to two places. A place that nobody gave is not known, and never that of the school.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from upstander.places.models import Center, District, School
from upstander.rulefiles import Key, RuleType, Words, data_file, read_table
from upstander.ui.moments import said_words

#: How many messages and answers stand beside a place that was written down before they came.
_NEWER_SHOWN: Final = 3
#: Characters of one line.
LINE_LIMIT: Final = 600
NOT_KNOWN: Final = "not known"
#: Said large where nobody gave a place.
PLACE_NOT_KNOWN: Final = "PLACE NOT KNOWN"
#: The same to whoever has their words open: no software looks for a place in them.
LOOK_IN_WORDS: Final = f"{PLACE_NOT_KNOWN}: look in their words"
#: The same to whoever does not have them: whether they say one is for the center to read.
NOT_WRITTEN_DOWN: Final = f"{PLACE_NOT_KNOWN}: not written down; the center is looking"
#: The street stands, and newer words of theirs may say another: to whoever has them open.
WRITTEN_SINCE_TO_US: Final = "THEY HAVE WRITTEN SINCE, AND IT MAY SAY ANOTHER PLACE: READ IT"
#: The same to whoever does not.
WRITTEN_SINCE: Final = (
    "The reporter has written since, and it may say another place: ask the center"
)
#: What a counselor knows of whether it is happening now, beside what the reporter ticked.
NOW: Final[Mapping[str, str]] = {
    "unknown": "I know no more than the reporter says",
    "yes": "Yes, now",
    "soon": "Not now, but within 24 hours",
    "no": "No",
}
#: Who says a line, as it is read out.
SAID_BY: Final[Mapping[str, str]] = {
    "reporter": "the reporter, not verified",
    "form": "ticked by the reporter, not verified",
    "assessed": "a counselor's note, not verified",
    "typed": "written by a counselor, not verified",
    "looked": "a counselor looked again, not verified",
    "kept": "written down when it was made",
}
#: Before who says a brief's lines, below them.
SOURCE: Final = "SOURCE"
A_COUNSELOR: Final = "A counselor:"
WHEN_NOT_SAID: Final = "Not known: the reporter did not say when"
#: What the reporter answered to "Is it happening now?", in the words that are read out.
TICKED: Final[Mapping[str, str]] = {
    "now": "The reporter says now; not checked",
    "soon": "The reporter says soon, today or tonight; not checked",
    "days": "The reporter says in the next days; not checked",
    "past": "The reporter says that it already happened; not checked",
    "unknown": "The reporter does not know",
}

type Lines = Mapping[str, str]


class Told(NamedTuple):
    """Who says a line (``SAID_BY``), and when (UTC)."""

    by: str
    at: datetime
    #: How many of the reporter's turns whoever says it had before them, where that is known.
    read: int | None = None

    def is_before(self, wrote: datetime, turn: int | None = None) -> bool:
        """Tell whether the reporter wrote after this was said; ``wrote`` in UTC.

        ``turn``: which of their turns it is, from 1. Without it, or where nobody knows what was
        read, the time decides, which is kept to the second: the same second is later where a person
        said it, who may not have had it before them.
        """
        if turn is not None and self.read is not None:
            return turn > self.read
        if self.by in ("reporter", "form"):
            return wrote > self.at
        return wrote >= self.at.replace(microsecond=0)


class Wrote(NamedTuple):
    """What the reporter wrote, word for word, and when (UTC)."""

    words: str
    at: datetime
    #: Which of their turns it is, from 1; None: an answer in words.
    turn: int | None


type Origins = Mapping[str, Told]


class Field(RuleType, frozen=True):
    """One line of the sheet: how the form names it, and how it is said."""

    key: Key
    part: Literal["lead", "place", "what", "who", "known"]
    label: Words
    say: Words
    kind: Literal["line", "area", "choice"]


BY_KEY: Final[Mapping[str, Field]] = read_table(
    data_file("upstander.emergency", "sheet.csv"), Field
).by_key()
FIELDS: Final = tuple(BY_KEY.values())


class BadSheet(ValueError):
    """A line is too long or no line of the sheet; the message is for the person."""


def cleaned(lines: Mapping[str, str]) -> dict[str, str]:
    """Return the sheet's lines without the blanks around them. Raises BadSheet."""
    found: dict[str, str] = {}
    for key, raw in lines.items():
        field = BY_KEY.get(key)
        if field is None:
            raise BadSheet(f"The sheet has no line “{key}”.")
        text = raw.replace("\r\n", "\n").strip()
        if len(text) > LINE_LIMIT:
            raise BadSheet(f"“{field.label}” has more than {LINE_LIMIT} characters.")
        if field.kind == "choice" and text not in NOW:
            text = "unknown"
        if text == "unknown" and field.kind == "choice":
            continue
        if text:
            found[key] = text
    return found


@dataclass(frozen=True, slots=True)
class Around:
    """What stands on every sheet of a tip and is nobody's to type."""

    reference: str
    center: str
    callback: str
    school: str
    school_address: str
    school_contact: str
    psap: str
    psap_phone: str
    zone: ZoneInfo
    came_in: datetime
    #: The report names the school; else it is that of the team to whom it was handed.
    named: bool = True
    #: What the reporter ticked of when it happens (an option of the form, or ""), and when (UTC).
    ticked: str = ""
    ticked_at: datetime | None = None
    #: What the reporter wrote, oldest first: for whoever has it open, and nobody else.
    wrote: tuple[Wrote, ...] = ()
    #: How often they wrote.
    turns: int = 0
    #: The school or town that they wrote, where it is not the one above.
    typed_school: str = ""


def around_of(
    *,
    reference: str,
    came_in: datetime,
    center: Center,
    district: District,
    school: School | None,
    named: bool = True,
    ticked: str = "",
    ticked_at: datetime | None = None,
    wrote: tuple[Wrote, ...] = (),
    turns: int = 0,
    typed_school: str = "",
) -> Around:
    """Return what the places say for a tip that came in at ``came_in`` (UTC).

    ``named``: the report names this school. ``ticked``: the reporter's answer to "Is it happening
    now?", and when it was given. ``wrote``: their messages and
    answers in words. ``turns``: how many messages. ``typed_school``: what they wrote as school or
    town.
    """
    address = ", ".join(part for part in (school.address, school.town) if part) if school else ""
    return Around(
        reference=reference,
        center=center.name,
        callback=center.callback_phone,
        school=school.name if school else "",
        school_address=address,
        school_contact=school.emergency_contact if school else "",
        psap=school.psap_name if school else "",
        psap_phone=school.psap_phone if school else "",
        zone=ZoneInfo((school or district).time_zone),
        came_in=came_in,
        named=named,
        ticked=ticked,
        ticked_at=ticked_at or came_in,
        wrote=wrote,
        turns=turns,
        typed_school=typed_school,
    )


class Said(NamedTuple):
    """One line of the script: what it is, and the words; ``known`` is False for a gap.

    ``source``: who says so and since when, in words; empty for what is nobody's to say. ``since``:
    what came after it, and makes it doubtful.
    """

    key: str
    say: str
    words: str
    known: bool
    source: str = ""
    since: str = ""

    @property
    def whole(self) -> str:
        """The words with who says so, and what came after it, on one line."""
        said = f"{self.words} ({self.source})" if self.source else self.words
        return f"{said}. {self.since}" if self.since else said

    @property
    def said(self) -> str:
        """The words with what came after them, where who says so stands elsewhere."""
        return f"{self.words}. {self.since}" if self.since else self.words


def unverified(lines: Lines) -> tuple[str, ...]:
    """Return what leads every sheet: that it is unverified, what supports it, who is vulnerable."""
    return (
        "An anonymous report. Nobody has verified it.",
        f"What supports it: {lines.get('corroboration', 'nothing yet')}.",
        f"Could somebody be posing as another? {lines.get('impersonation', 'Not known')}.",
        f"Disability or communication needs: {lines.get('needs', NOT_KNOWN)}.",
    )


def opening(around: Around) -> str:
    """Return the first sentence: who calls, what kind of report it is, and how to call back."""
    callback = around.callback or "[say your number]"
    return (
        f"This is {around.center}, a crisis center. You can call me back at {callback}. "
        "I have an anonymous report that nobody has verified."
    )


class Teller:
    """Says a sheet's lines, each with who says so and since when."""

    def __init__(
        self,
        lines: Lines,
        around: Around,
        told: Origins | None = None,
        *,
        when: Callable[[datetime], str] | None = None,
        away: bool = False,
    ) -> None:
        """``when`` writes a time; exactly, in the school's zone, unless it is given.

        ``away``: it is said to somebody who does not have the reporter's words.
        """
        self.lines, self.around, self.told = lines, around, told or {}
        self.away = away
        self.when = when or (lambda at: said_words(at, around.zone))

    def line(self, key: str) -> Said:
        """Say one line."""
        words, field = self.lines.get(key, ""), BY_KEY[key]
        if key == "now":
            return self.now()
        if key == "street":
            return self._place(words, field.say)
        return Said(
            key, field.say, words or NOT_KNOWN, bool(words), self.source(key) if words else ""
        )

    def newer(self) -> tuple[Wrote, ...]:
        """Return what they wrote last since the place was written down, newest first."""
        told = self.told.get("street")
        if not self.lines.get("street") or told is None:
            return ()
        newer = [one for one in self.around.wrote if told.is_before(one.at, one.turn)]
        return tuple(newer[: -_NEWER_SHOWN - 1 : -1])

    def _place(self, words: str, say: str) -> Said:
        if not words:
            return Said("street", say, self._no_place(), False)
        since = ""
        if self.newer():
            since = WRITTEN_SINCE if self.away else WRITTEN_SINCE_TO_US
        return Said("street", say, words, True, self.source("street"), since)

    def _no_place(self) -> str:
        if not self.around.turns and not self.around.wrote:
            return PLACE_NOT_KNOWN
        return NOT_WRITTEN_DOWN if self.away else LOOK_IN_WORDS

    def source(self, key: str) -> str:
        """Say who says a line, and since when; empty where nobody wrote it down."""
        told = self.told.get(key)
        if told is None:
            return ""
        return f"{SAID_BY.get(told.by, told.by)}, {self.when(told.at)}"

    def now(self) -> Said:
        """Say when it happens: what the reporter ticked, and what a counselor knows besides."""
        parts: list[str] = []
        if (ticked := TICKED.get(self.around.ticked)) is not None:
            at = self.when(self.around.ticked_at or self.around.came_in)
            parts.append(f"{ticked} ({at})")
        judged, source = self.lines.get("now", ""), ""
        if judged in NOW and judged != "unknown":
            source = self.source("now")
            parts.append(f"{A_COUNSELOR} {NOW[judged]}")
        words = ". ".join(parts)
        return Said("now", BY_KEY["now"].say, words or WHEN_NOT_SAID, bool(words), source)

    def school(self) -> Said:
        """Say which school it has to do with: never as the place where anybody is."""
        around = self.around
        name = ", ".join(filter(None, (around.school, around.school_address)))
        typed = around.typed_school
        wrote = f"Named by the reporter, not in our list: “{typed}”" if typed else ""
        if name and around.named:
            words = f"{name}: named in the report, not said to be there"
            words = f"{words}. {wrote}" if wrote else words
        else:
            words = wrote or "None is named in the report"
            words = f"{words}. It was handed to the team of {name}" if name else words
        return Said("school", "School", words, bool(name or typed))

    def four(self) -> list[Said]:
        """Say where, what, now and who: what every call, brief and paper begins from."""
        return [
            self.line("street"),
            self.school(),
            self.line("what"),
            self.now(),
            self.line("subject"),
        ]


def script(
    lines: Lines,
    around: Around,
    times: Sequence[str],
    told: Origins | None = None,
    *,
    away: bool = False,
) -> list[Said]:
    """Return the lines in the order to say them: the place first, then the number to call back.

    ``away``: for somebody who does not have the reporter's words.
    """
    teller = Teller(lines, around, told, away=away)
    said = [teller.line("street"), teller.school(), *map(teller.line, ("entrance", "room"))]
    said.append(Said("callback", "Our number", around.callback or NOT_KNOWN, bool(around.callback)))
    # Who is sent decides on what comes first: unverified, and what frightens whom they meet.
    said += map(teller.line, ("needs", "corroboration", "impersonation"))
    said += [
        teller.line(key)
        for key in (
            "what",
            "now",
            "weapons",
            "condition",
            "subject",
            "with_them",
            "language",
            "hazards",
            "how_known",
            "school_done",
            "others_called",
        )
    ]
    said.append(Said("reference", "Our report number", around.reference, True))
    said += [Said("times", "Times", "; ".join(times), True)]
    return said
