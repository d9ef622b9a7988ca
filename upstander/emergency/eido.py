"""What the sheet says, as ``standards/eido.py`` hands it to a PSAP's machine."""

from __future__ import annotations

from uuid import UUID

from upstander.emergency.sheet import NOT_KNOWN, Around, Lines, Teller, unverified
from upstander.emergency.shown import EmergencyShown
from upstander.standards.eido import EmergencyCall, Incident

#: Lines of the sheet that the standard has no place for: they go as notes.
_NOTED = (
    "what",
    "now",
    "subject",
    "weapons",
    "condition",
    "with_them",
    "hazards",
    "how_known",
    "school_done",
    "others_called",
)


def incident_of(tip_id: UUID, lines: Lines, around: Around, shown: EmergencyShown) -> Incident:
    """Return what the sheet's newest version says of an incident."""
    teller = Teller(lines, around, shown.told, away=True)
    where = [teller.line(key) for key in ("street", "entrance", "room")]
    noted = [f"{one.say}: {one.whole}" for one in map(teller.line, _NOTED)]
    return Incident(
        id=tip_id,
        reference=around.reference,
        version=shown.number,
        agency=around.center,
        callback=around.callback,
        kind=lines.get("what", NOT_KNOWN),
        status=("Unverified anonymous report", teller.now().words),
        # A gap in the place is said large; one in the entrance is passed over here.
        place="; ".join(one.whole for one in where if one.known or one.key == "street"),
        subject=lines.get("subject", NOT_KNOWN),
        language=lines.get("language", NOT_KNOWN),
        needs=lines.get("needs", NOT_KNOWN),
        notes=(
            *unverified(lines),
            f"School: {teller.school().words}",
            *noted,
            f"Report number: {around.reference}, version {shown.number}",
        ),
        calls=[
            EmergencyCall(call.at, call.line, call.dispatcher, call.incident)
            for call in reversed(shown.calls)
        ],
    )
