"""An incident as JSON in the shape of an EIDO (NENA-STA-021.1a): a draft, tried with no PSAP.

Component and property names follow the public tables of the Emergency Incident Data Object. Nothing
here claims conformance, and every document says so: the way that counts stays a phone call.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

DRAFT = (
    "DRAFT. Shaped like an EIDO (NENA-STA-021.1a), untested with a PSAP, not for automatic "
    "dispatch. Anonymous and unverified. Phone first."
)


@dataclass(frozen=True, slots=True)
class EmergencyCall:
    """One call that a person made: when (UTC), to which line, and who answered."""

    at: datetime
    line: str
    dispatcher: str
    incident: str


@dataclass(frozen=True, slots=True)
class Incident:
    """What a document says of an incident, in words; ``calls`` oldest first."""

    id: UUID
    #: The reference under which the agency knows it, and which version of its words this is.
    reference: str
    version: int
    agency: str
    callback: str
    kind: str
    #: In a reader's own words: that nobody has checked it, whether it happens now.
    status: Sequence[str]
    place: str
    subject: str
    language: str
    needs: str
    notes: Sequence[str]
    calls: Sequence[EmergencyCall]


def eido_document(incident: Incident, now: datetime) -> dict[str, Any]:
    """Return an incident's document; ``now`` is its time (UTC)."""
    stamp = _stamp(now)

    def ref(kind: str) -> str:
        return f"urn:uuid:{uuid5(NAMESPACE_URL, f'upstander:{incident.id}:{kind}')}"

    def prologue(kind: str) -> dict[str, Any]:
        return {"$id": ref(kind), "lastUpdateTimeStamp": stamp}

    return {
        "@comment": DRAFT,
        **prologue(f"eido-{incident.version}"),
        "eidoVersion": "draft",
        "issuingElementIdentification": incident.agency,
        "incidentComponent": {
            **prologue("incident"),
            "internalIncidentId": incident.reference,
            "incidentTypeInternalText": incident.kind,
            "incidentTypeCommonRegistryText": "Unknown",
            "incidentStatusInternalText": [*incident.status],
            "locationReference": [{"$ref": ref("location")}],
            "personReference": [{"$ref": ref("person")}],
            "notesReference": [{"$ref": ref(f"note-{n}")} for n in range(len(incident.notes))],
        },
        "locationComponent": [
            {
                **prologue("location"),
                "locationTypeDescriptionRegistryText": "Incident",
                "locationNotes": incident.place,
            }
        ],
        "callbackComponent": [
            {
                **prologue("callback"),
                "callbackNumber": incident.callback,
                "name": incident.agency,
            }
        ],
        "agencyComponent": [
            {
                **prologue("agency"),
                "agencyName": incident.agency,
                "agencyTypeText": "Crisis center",
            }
        ],
        "personComponent": [
            {
                **prologue("person"),
                "personIncidentRoleRegistryText": ["Subject"],
                "personDescription": incident.subject,
                "languageText": incident.language,
                "disabilityOrCommunicationNeeds": incident.needs,
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
            for place, call in enumerate(incident.calls)
        ],
        "notesComponent": [
            {**prologue(f"note-{place}"), "notesActionComments": words}
            for place, words in enumerate(incident.notes)
        ],
    }


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
