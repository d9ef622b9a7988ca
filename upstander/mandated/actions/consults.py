"""What a member of staff asks themselves before they report: kept for them alone, with its time.

It is no report, it begins no clock, and nobody else's page, list or query shows that there is one.
A duty that comes of it is begun as every other; the time at which they asked goes along with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404

from upstander.audit.actions import record
from upstander.mandated.actions.events import call
from upstander.mandated.models import Consult
from upstander.mandated.words import pack_round, unpack
from upstander.matters.folders import new_folder, open_folder
from upstander.people.scope import Viewer, viewing
from upstander.ui.moments import moment_words

KIND = "consult"
#: Of one that began as words taken down for the center, with a yes: nobody asked themselves then.
TAKEN_DOWN = "taken_down"


@dataclass(frozen=True, slots=True)
class OpenConsult:
    """A consult with its words, as "I suspect" takes it over."""

    id: UUID
    #: The server's time (UTC).
    asked_at: datetime
    duty_id: UUID | None
    words: Mapping[str, str] = field(repr=False)

    @property
    def begins(self) -> dict[str, Any]:
        """What a report's form begins with; whether "just now" or then is theirs to say."""
        words = {name: text for name, text in self.words.items() if name != TAKEN_DOWN}
        return {**words, "since_at": self.asked_at}

    def told_in(self, zone: str) -> dict[str, str]:
        """Return what the duty keeps of it, sealed: when they asked, in a district's time.

        Nothing where they suspected from the first: their duty must not read as a doubt.
        """
        if TAKEN_DOWN in self.words:
            return {}
        return {"consulted": moment_words(self.asked_at, zone)}


def keep_consult(
    viewer: Viewer, words: Mapping[str, str], *, district_id: int, school_id: int | None
) -> UUID:
    """Keep what somebody saw and asks themselves, sealed to them alone; returns its id.

    ``school_id`` says which hold would keep it. Raises as ``new_folder``.
    """
    with viewing(viewer):
        folder = new_folder(viewer, KIND, district_id=district_id, school_id=school_id)
        call(
            "SELECT api.keep_consult(p_folder => %s, p_sealed => %s)",
            folder.id,
            folder.seal("consult", folder.id, pack_round(words)),
        )
        record(
            "consult kept",
            actor=viewer,
            subject_kind=KIND,
            subject_id=folder.id,
            district_id=district_id,
            matter_id=folder.matter_id,
        )
    return folder.id


def consults_of(viewer: Viewer) -> list[Consult]:
    """Return one's own, the last first, without their words; call inside ``viewing``."""
    return list(Consult.objects.defer("sealed").order_by("-asked_at", "id"))


def open_consult(viewer: Viewer, consult_id: UUID) -> OpenConsult:
    """Open one's own, recorded. Raises Http404 for anybody else's, Locked, FolderShut."""
    with viewing(viewer):
        found = Consult.objects.filter(pk=consult_id).first()
    if found is None:
        raise Http404
    folder = open_folder(viewer, consult_id, KIND)
    words = unpack(folder.read("consult", consult_id, found.sealed))
    return OpenConsult(consult_id, found.asked_at, found.duty_id, words)


def consult_becomes(viewer: Viewer, consult_id: UUID, duty_id: UUID) -> None:
    """Say of one's own that a duty came of it; the first one stays."""
    with viewing(viewer):
        Consult.objects.filter(pk=consult_id, duty_id__isnull=True).update(duty_id=duty_id)
