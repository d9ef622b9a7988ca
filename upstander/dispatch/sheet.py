"""The dispatch sheet: what is said to a dispatcher, in the order in which they ask for it.

Its lines are data (``data/sheet.csv``). A line that nobody filled in is said to be not known: a
gap that is passed over in silence sounds like a no.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from upstander.places.models import Center, District, School
from upstander.rulefiles import Key, RuleType, Words, data_file, read_table

#: Characters of one line.
LINE_LIMIT: Final = 600
NOT_KNOWN: Final = "not known"
#: Answers to "Is it happening now?".
NOW: Final[Mapping[str, str]] = {"yes": "Yes, now", "no": "No", "unknown": "Not known"}

type Lines = Mapping[str, str]


class Field(RuleType, frozen=True):
    """One line of the sheet: how the form names it, and how it is said."""

    key: Key
    part: Literal["lead", "place", "what", "who", "known"]
    label: Words
    say: Words
    kind: Literal["line", "area", "choice"]


BY_KEY: Final[Mapping[str, Field]] = read_table(
    data_file("upstander.dispatch", "sheet.csv"), Field
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


def around_of(
    *, reference: str, came_in: datetime, center: Center, district: District, school: School | None
) -> Around:
    """Return what the places say for a tip that came in at ``came_in`` (UTC)."""
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
    )


class Said(NamedTuple):
    """One line of the script: what it is, and the words; ``known`` is False for a gap."""

    key: str
    say: str
    words: str
    known: bool


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


def script(lines: Lines, around: Around, times: Sequence[str]) -> list[Said]:
    """Return the lines in the order to say them: the place first, then the number to call back."""
    said = [_said(lines, key) for key in ("street", "entrance", "room")]
    said.append(Said("callback", "Our number", around.callback or NOT_KNOWN, bool(around.callback)))
    # Who is sent decides on what comes first: unverified, and what frightens whom they meet.
    said += [_said(lines, key) for key in ("needs", "corroboration", "impersonation")]
    said += [
        _said(lines, key)
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


def _said(lines: Lines, key: str) -> Said:
    words = lines.get(key, "")
    if key == "now":
        known = words in ("yes", "no")
        return Said(key, BY_KEY[key].say, NOW.get(words, NOW["unknown"]), known)
    return Said(key, BY_KEY[key].say, words or NOT_KNOWN, bool(words))


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment as a dispatcher writes it down: 22:14 on 3 October, in the school's zone."""
    local = moment.astimezone(zone)
    return f"{local:%H:%M} on {local.day} {local:%B}"
