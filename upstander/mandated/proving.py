"""What of a duty can be proved to an outsider: entries of the sealed record, one file each."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from upstander.audit.models import Entry
from upstander.audit.proofs import Proof, prove
from upstander.mandated.actions.events import KIND
from upstander.mandated.models import Duty
from upstander.people.permissions import Permission, may
from upstander.people.scope import Viewer
from upstander.plug import act_of, acts

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
        return act_of(self.entry.action).title


def entries_of(duty: Duty) -> list[Entry]:
    """Return a duty's entries in the record, oldest first; call inside ``viewing``."""
    found = Entry.objects.filter(subject_kind=KIND, subject_id=str(duty.pk)).exclude(
        action__in=[act.name for act in acts().values() if act.at_will]
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
