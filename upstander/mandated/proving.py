"""What of a duty can be proved to an outsider: entries of the sealed record, one file each."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from upstander.audit.models import Entry
from upstander.audit.proofs import Proof, prove
from upstander.mandated.events import KIND
from upstander.mandated.models import Duty
from upstander.places.permissions import Permission, may
from upstander.places.scope import Viewer

#: What anybody who sees a duty can have written at will: proved, it would tell by its place in the
#: record how much else came in between. The database refuses it too.
AT_WILL = frozenset({"duty: note", "duty: said"})
#: An entry's name in the record → what happened, in words.
TITLES = {
    "suspicion noted": "Suspicion noted",
    "duty: emergent": "Questions about urgency answered",
    "duty: first": "First report written down",
    "duty: corrected": "Time of the first report corrected",
    "duty: redated": "Time of the written report corrected",
    "duty: answer": "Answer of the agency written down",
    "duty: questions": "Reason for asking before the report written down",
    "duty: confirmed": "Confirmed by whose duty it is that it was reported",
    "duty: denied": "Not confirmed by whose duty it is that it was reported",
    "duty: signed": "Written report signed",
    "duty: written": "Sending of the written report written down",
    "duty: copy": "Copy given",
    "duty: suspended": "Suspension of an employee written down",
    "duty: inquiry": "End of the investigation written down",
    "duty: owner left": "Its owner was shut out while it was open",
    "duty: second step reset": "An administrator took the second step of signing in off its owner",
    "duty: stood in": "The district’s office answered for the file",
    "duty: met": "What was due later is written down as done",
    "duty: unfiled": "Allegation not in the register yet",
    "duty: filed": "Allegation filed in the register",
    "duty: wide": "Many kept out of this report; a second person decides about the tip",
    "duty: proof": "What proves the report added",
}
#: Entries of one duty that are looked at.
MOST = 200


@dataclass(frozen=True, slots=True)
class Proved:
    """One entry of a duty, by its number among them; whether a checkpoint seals it yet."""

    number: int
    entry: Entry
    sealed: bool

    @property
    def title(self) -> str:
        """What happened, in words."""
        return TITLES.get(self.entry.action, self.entry.action)


def entries_of(duty: Duty) -> list[Entry]:
    """Return a duty's entries in the record, oldest first; call inside ``viewing``."""
    found = Entry.objects.filter(subject_kind=KIND, subject_id=str(duty.pk)).exclude(
        action__in=AT_WILL
    )
    # Who acted stands in no proof; a monitor may not read it.
    return list(found.defer("actor_id", "actor_nonce").order_by("id")[:MOST])


def proofs_of(viewer: Viewer, duty: Duty) -> list[Proved]:
    """Return a duty's entries and which of them can be proved now; call inside ``viewing``."""
    return [
        Proved(number, entry, _proof(viewer, entry) is not None)
        for number, entry in enumerate(entries_of(duty), start=1)
    ]


def proof_of(viewer: Viewer, duty: Duty, number: int) -> Proof | None:
    """Return the proof of a duty's entry by its number; None: no such entry, or not sealed yet."""
    entries = entries_of(duty)
    return _proof(viewer, entries[number - 1]) if 0 < number <= len(entries) else None


def _proof(viewer: Viewer, entry: Entry) -> Proof | None:
    # By which minute there was how much only the center may know: others prove against the night.
    return prove(entry, nightly=not may(viewer, Permission.SEE_SEALING))


def file_name(duty_id: UUID, number: int) -> str:
    """Return what a proof's file is called."""
    return f"duty-{str(duty_id)[:8]}-{number}.tlog-proof"
