"""An allegation that nobody in the district's office may read yet: kept, said, and filed later.

The register is sealed to its named roles alone. Where all of them are accused or their seats are
empty there is nobody to seal to, so what would have been filed stays with the duty, sealed there,
until its owner files it: nobody else holds the words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from django.http import Http404

from upstander.base.refused import Refused
from upstander.mandated.access import duty_for
from upstander.mandated.events import KIND, names_of_people, write_event
from upstander.mandated.models import Duty, DutyEvent
from upstander.mandated.recipients import officers_of
from upstander.mandated.register.filing import Allegation, file_from_duty
from upstander.mandated.register.models import Entry
from upstander.mandated.words import unpack
from upstander.places.folders import OpenFolder, open_folder
from upstander.places.scope import Viewer, viewing
from upstander.tips.not_see import matter_unsettled

#: The field of the event's words that holds what is to be filed; no page shows it.
TO_FILE: Final = "to_file"


def keep_unfiled(
    viewer: Viewer,
    folder: OpenFolder,
    duty_id: UUID,
    allegation: Allegation,
    accused: Iterable[int],
) -> None:
    """Write down that a duty's allegation was not filed, with all that filing it later takes.

    Call in the ``viewing`` that begins the duty.
    """
    kept = {
        "accused": sorted(accused),
        "happened_on": allegation.happened_on.isoformat(),
        "kind": allegation.kind.value,
        "disability": allegation.disability,
        "restraint": allegation.restraint,
        "words": dict(allegation.words),
    }
    write_event(viewer, folder, duty_id, DutyEvent.Kind.UNFILED, {TO_FILE: json.dumps(kept)})


def is_unfiled(events: Iterable[DutyEvent]) -> bool:
    """Tell by a duty's events whether its allegation waits for somebody who may read it."""
    kinds = {event.kind for event in events}
    return DutyEvent.Kind.UNFILED in kinds and DutyEvent.Kind.FILED not in kinds


def file_again(viewer: Viewer, duty_id: UUID) -> None:
    """File what was kept, now that somebody may read it: one durable transaction. The owner alone.

    Raises Http404 (another's), Refused, FolderShut.
    """
    with viewing(viewer):
        duty = duty_for(viewer, duty_id)
    if duty.person_id != viewer.person_id:
        raise Http404
    folder = open_folder(viewer, duty.folder_id, KIND, purpose=DutyEvent.Kind.FILED.value)
    with viewing(viewer):
        events = DutyEvent.objects.filter(duty_id=duty_id)
        left = events.filter(kind=DutyEvent.Kind.UNFILED).order_by("number").last()
        if left is None or left.sealed is None:
            raise Refused("Nothing of this duty waits to be filed.")
        if matter_unsettled(duty.matter_id):
            raise Refused("First the center settles who must not see this. It stays here.")
        kept = json.loads(unpack(folder.read("event", left.pk, left.sealed))[TO_FILE])
        # First the event: it locks the duty, so that two presses of the button file once.
        write_event(viewer, folder, duty_id, DutyEvent.Kind.FILED, {})
        if events.filter(kind=DutyEvent.Kind.FILED).count() > 1:
            raise Refused("It is in the register already.")
        if not _file(duty, kept):
            raise Refused(
                "Still nobody in the district’s office may read it, so it was not filed. It stays "
                "here with your report; nothing is lost."
            )


def file_what_waited(viewer: Viewer, duty: Duty, folder: OpenFolder) -> None:
    """File what was kept with a duty, if anybody may read it now; call in its owner's ``viewing``.

    If nobody may yet, it stays kept: its page says so.
    """
    events = list(DutyEvent.objects.filter(duty_id=duty.pk).order_by("number"))
    left = [one for one in events if one.kind == DutyEvent.Kind.UNFILED]
    if not left or not is_unfiled(events) or left[-1].sealed is None:
        return
    kept = json.loads(unpack(folder.read("event", left[-1].pk, left[-1].sealed))[TO_FILE])
    if _file(duty, kept):
        write_event(viewer, folder, duty.pk, DutyEvent.Kind.FILED, {})


def _file(duty: Duty, kept: Mapping[str, object]) -> bool:
    accused = [one for one in _list(kept["accused"]) if isinstance(one, int)]
    known = names_of_people(accused)
    # Whoever has left since is still the one whom it is about: the mark is made of the account.
    named = {person: known.get(person, "") for person in accused}
    allegation = Allegation(
        district_id=duty.district_id,
        school_id=duty.school_id,
        matter_id=duty.matter_id,
        duty_id=duty.pk,
        happened_on=date.fromisoformat(str(kept["happened_on"])),
        kind=Entry.Kind(str(kept["kind"])),
    )
    return file_from_duty(
        replace(
            allegation,
            disability=_flag(kept["disability"]),
            restraint=_flag(kept["restraint"]),
            words=dict(kept["words"]) if isinstance(kept["words"], dict) else {},
        ),
        named,
        officers_of(duty.district_id),
    )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None
