"""The sheet as JSON in the shape of an EIDO (NENA-STA-021.1a): a draft, tried with no PSAP.

Component and property names follow the public tables of the Emergency Incident Data Object. Nothing
here claims conformance, and every document says so: the way that counts stays a phone call.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from upstander.dispatch.panel import DispatchShown
from upstander.dispatch.sheet import NOT_KNOWN, Around, Lines, Teller, unverified

DRAFT = (
    "DRAFT. Shaped like an EIDO (NENA-STA-021.1a), untested with a PSAP, not for automatic "
    "dispatch. Anonymous and unverified. Phone first."
)


def eido_document(
    tip_id: UUID, lines: Lines, around: Around, shown: DispatchShown, now: datetime
) -> dict[str, Any]:
    """Return the document of the sheet's newest version; ``now`` is its time (UTC)."""
    stamp = _stamp(now)

    def ref(kind: str) -> str:
        return f"urn:uuid:{uuid5(NAMESPACE_URL, f'upstander:{tip_id}:{kind}')}"

    def prologue(kind: str) -> dict[str, Any]:
        return {"$id": ref(kind), "lastUpdateTimeStamp": stamp}

    teller = Teller(lines, around, shown.told, away=True)
    where = [teller.line(key) for key in ("street", "entrance", "room")]
    # A gap in the place is said large; one in the entrance is passed over here.
    place = "; ".join(one.whole for one in where if one.known or one.key == "street")
    notes = [
        *unverified(lines),
        f"School: {teller.school().words}",
        *(
            f"{one.say}: {one.whole}"
            for one in map(
                teller.line,
                (
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
                ),
            )
        ),
        f"Report number: {around.reference}, version {shown.number}",
    ]
    return {
        "@comment": DRAFT,
        **prologue(f"eido-{shown.number}"),
        "eidoVersion": "draft",
        "issuingElementIdentification": around.center,
        "incidentComponent": {
            **prologue("incident"),
            "internalIncidentId": around.reference,
            "incidentTypeInternalText": lines.get("what", NOT_KNOWN),
            "incidentTypeCommonRegistryText": "Unknown",
            "incidentStatusInternalText": [
                "Unverified anonymous report",
                teller.now().words,
            ],
            "locationReference": [{"$ref": ref("location")}],
            "personReference": [{"$ref": ref("person")}],
            "notesReference": [{"$ref": ref(f"note-{n}")} for n in range(len(notes))],
        },
        "locationComponent": [
            {
                **prologue("location"),
                "locationTypeDescriptionRegistryText": "Incident",
                "locationNotes": place,
            }
        ],
        "callbackComponent": [
            {**prologue("callback"), "callbackNumber": around.callback, "name": around.center}
        ],
        "agencyComponent": [
            {**prologue("agency"), "agencyName": around.center, "agencyTypeText": "Crisis center"}
        ],
        "personComponent": [
            {
                **prologue("person"),
                "personIncidentRoleRegistryText": ["Subject"],
                "personDescription": lines.get("subject", NOT_KNOWN),
                "languageText": lines.get("language", NOT_KNOWN),
                "disabilityOrCommunicationNeeds": lines.get("needs", NOT_KNOWN),
            }
        ],
        "callComponent": [
            {
                **prologue(f"call-{place}"),
                "direction": "outgoing",
                "callStartTimestamp": _stamp(call.at),
                "localCallType": call.line,
                "dispatcherName": call.dispatcher,
                "externalIncidentId": call.incident,
            }
            for place, call in enumerate(reversed(shown.calls))
        ],
        "notesComponent": [
            {**prologue(f"note-{place}"), "notesActionComments": words}
            for place, words in enumerate(notes)
        ],
    }


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
