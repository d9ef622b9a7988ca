"""An allegation that nobody in the district's office may read yet: kept, said, and filed later.

The register is sealed to its named roles alone. Where all of them are accused or their seats are
empty there is nobody to seal to, so what would have been filed stays with the duty, sealed there,
until its owner files it: nobody else holds the words.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils.translation import gettext as _

from upstander.base.refused import Refused
from upstander.mandated.access import duty_for
from upstander.mandated.actions.events import KIND, call, names_of_people, write_event
from upstander.mandated.days import days_of
from upstander.mandated.models import Duty, DutyEvent
from upstander.mandated.recipients import agency_at, officers_of
from upstander.mandated.register.actions.filing import Allegation, file_from_duty
from upstander.mandated.register.models import Entry
from upstander.mandated.words import unpack
from upstander.matters.folders import OpenFolder, open_folder
from upstander.people.scope import Viewer, viewing
from upstander.states import law
from upstander.tips.actions.not_see import matter_unsettled

#: The field of the event's words that holds what is to be filed; no page shows it.
TO_FILE: Final = "to_file"
#: The field of the later event's words that says which event was filed with it, by its number.
FILES: Final = "files"


def keep_unfiled(
    viewer: Viewer,
    folder: OpenFolder,
    duty_id: UUID,
    allegation: Allegation,
    named: Mapping[int, str],
) -> None:
    """Write down that a duty's allegation was not filed, with all that filing it later takes.

    Call in the ``viewing`` that says it. ``named``: whom of staff, by id, with the name of that
    day, by which a letter finds them also once they have left.
    """
    kept = {
        "accused": sorted(named),
        "names": {str(person): name for person, name in named.items()},
        "happened_on": allegation.happened_on.isoformat(),
        "kind": allegation.kind.value,
        "disability": allegation.disability,
        "restraint": allegation.restraint,
        "words": dict(allegation.words),
    }
    write_event(viewer, folder, duty_id, DutyEvent.Kind.UNFILED, {TO_FILE: json.dumps(kept)})


def file_or_keep(
    viewer: Viewer, folder: OpenFolder, allegation: Allegation, named: Mapping[int, str]
) -> None:
    """File what a duty says of staff, or keep it with the duty where it can't be filed yet.

    While the center has not settled who must not see its matter, and where nobody may read it. Call
    in the ``viewing`` that says it, after the exclusions were set. ``named``: whom of staff, by id.
    """
    duty_id = allegation.duty_id
    if duty_id is None:
        raise ValueError("only a duty keeps what can't be filed")
    if agency_at(allegation.district_id) is not None:
        return  # an agency keeps no register: what its client told stays in the duty
    if matter_unsettled(folder.matter_id) or not file_from_duty(
        allegation, named, officers_of(allegation.district_id)
    ):
        keep_unfiled(viewer, folder, duty_id, allegation, named)


def file_later(
    viewer: Viewer, folder: OpenFolder, duty: Duty, named: Mapping[int, str], typed: str = ""
) -> None:
    """File whom a duty's owner suspects since it began: by account, or in their own words.

    Call in the ``viewing`` that writes it down, after the exclusions were set. Who stands in the
    register under this matter already is not filed twice.
    """
    rule = law(duty.rule_set).duties.duties[duty.rule]
    if not named and not rule.about_staff:
        return  # as when it began: words alone, of a duty that is not about staff
    zone = ZoneInfo(days_of(duty.district_id).zone)
    allegation = Allegation(
        district_id=duty.district_id,
        school_id=duty.school_id,
        matter_id=duty.matter_id,
        duty_id=duty.pk,
        happened_on=duty.cause_at.astimezone(zone).date(),
        kind=Entry.Kind(rule.allegation),
        words={"person": typed},
    )
    file_or_keep(viewer, folder, allegation, named)


def is_unfiled(events: Iterable[DutyEvent]) -> bool:
    """Tell by a duty's events whether something of it waits for somebody who may read it."""
    kinds = Counter(event.kind for event in events)
    return kinds[DutyEvent.Kind.UNFILED] > kinds[DutyEvent.Kind.FILED]


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
        if not DutyEvent.objects.filter(duty_id=duty_id, kind=DutyEvent.Kind.UNFILED).exists():
            raise Refused(_("Nothing from this duty is waiting to be filed."))
        if matter_unsettled(duty.matter_id):
            raise Refused(_("The center must first settle who must not see this. It stays here."))
        # One at a time: of two presses of the button the second finds nothing left.
        call("SELECT api.lock_matter(p_matter => %s)", duty.matter_id)
        left = _left(folder, duty_id)
        if not left:
            raise Refused(_("It is already in the register."))
        if not _file_all(viewer, duty, folder, left):
            raise Refused(
                _(
                    "Still no one in the district’s office may read it, so it was not filed. "
                    "It stays here with your report; nothing is lost."
                )
            )


def file_what_waited(viewer: Viewer, duty: Duty, folder: OpenFolder) -> None:
    """File what was kept with a duty, if anybody may read it now; call in its owner's ``viewing``.

    If nobody may yet, it stays kept: its page says so.
    """
    if not _left(folder, duty.pk) or matter_unsettled(duty.matter_id):
        return
    # One at a time: of two openings at once the second finds nothing left.
    call("SELECT api.lock_matter(p_matter => %s)", duty.matter_id)
    _file_all(viewer, duty, folder, _left(folder, duty.pk))


def _left(folder: OpenFolder, duty_id: UUID) -> dict[int, Mapping[str, object]]:
    """Return what of a duty is not filed yet, by the number of the event that keeps it."""
    left: dict[int, Mapping[str, object]] = {}
    kinds = (DutyEvent.Kind.UNFILED, DutyEvent.Kind.FILED)
    for one in DutyEvent.objects.filter(duty_id=duty_id, kind__in=kinds).order_by("number"):
        words = unpack(folder.read("event", one.pk, one.sealed)) if one.sealed else {}
        if one.kind == DutyEvent.Kind.UNFILED:
            left[one.number] = json.loads(words[TO_FILE])
        else:
            left.pop(int(words[FILES]))
    return left


def _file_all(
    viewer: Viewer, duty: Duty, folder: OpenFolder, left: Mapping[int, Mapping[str, object]]
) -> bool:
    filed = False
    for number, kept in left.items():
        if _file(duty, kept):
            filed = True
            words = {FILES: str(number)}
            write_event(viewer, folder, duty.pk, DutyEvent.Kind.FILED, words)
    return filed


def _file(duty: Duty, kept: Mapping[str, object]) -> bool:
    accused = [one for one in _list(kept["accused"]) if isinstance(one, int)]
    then = kept.get("names")
    # Whoever has left since is still the one whom it is about, by the name that they had.
    known = {int(key): str(name) for key, name in then.items()} if isinstance(then, dict) else {}
    known |= names_of_people(accused)
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
