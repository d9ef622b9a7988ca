"""What the named roles do with the register: each opening has a reason, each change a trace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import ProgrammingError, connection, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from upstander.base.refused import Refused
from upstander.mandated.naming import accounts_named
from upstander.mandated.recipients import officers_of
from upstander.mandated.register.actions.filing import Allegation, file_allegation
from upstander.mandated.register.models import Entry, Event
from upstander.mandated.register.reasons import Reason
from upstander.mandated.register.rule import rule_in
from upstander.mandated.register.sealing import KIND, words_of
from upstander.mandated.words import pack
from upstander.matters.folders import OpenFolder, open_folder
from upstander.matters.people_near import people_near
from upstander.people.reading import need_opened
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing

#: How long an opening with its reason holds: then the page asks anew.
OPEN_FOR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """An entry that somebody has opened with a reason, and its words."""

    entry: Entry
    folder: OpenFolder = field(repr=False)
    words: Mapping[str, str] = field(repr=False)


def entry_for(_viewer: Viewer, entry_id: UUID) -> Entry:
    """Return an entry that the viewer may know of; call inside ``viewing``. Raises Http404."""
    found = Entry.objects.filter(pk=entry_id).first()
    if found is None:
        raise Http404
    return found


def give_reason(viewer: Viewer, entry_id: UUID, reason: Reason, words: str) -> None:
    """Open an entry with a reason: from here it can be read for half an hour, by this person alone.

    Raises Http404, Locked, FolderShut.
    """
    with viewing(viewer):
        entry = entry_for(viewer, entry_id)
    folder = open_folder(viewer, entry.folder_id, KIND, purpose=reason.value)
    event_id = uuid4()
    with viewing(viewer):
        call(
            "SELECT api.open_allegation(p_entry => %s, p_event => %s, p_reason => %s, "
            "p_sealed => %s)",
            entry_id,
            event_id,
            reason.value,
            folder.seal("event", event_id, pack({"why": words})),
        )


def open_entry(viewer: Viewer, entry_id: UUID, *, purpose: str = "read") -> OpenEntry | None:
    """Return an entry that the viewer gave a reason for, lately; None: a reason is asked first.

    Each reading is in the record, after the one with its reason; so is each press, which shows
    nothing, by its ``purpose``. Raises Http404, Locked, FolderShut.
    """
    with viewing(viewer) as now:
        entry = entry_for(viewer, entry_id)
        given = Event.objects.filter(
            entry_id=entry_id,
            person_id=viewer.person_id,
            kind=Event.Kind.OPENED,
            at__gt=now - OPEN_FOR,
        ).exists()
    if not given:
        return None
    folder = open_folder(viewer, entry.folder_id, KIND, purpose=purpose)
    return OpenEntry(entry, folder, words_of(folder, entry))


def file_by_hand(viewer: Viewer, allegation: Allegation) -> UUID:
    """File an allegation that came without a duty; one of the named roles alone.

    Raises Refused (about oneself, or nobody to seal it to).
    """
    if allegation.person_id == viewer.person_id:
        raise Refused(_("You can’t file an allegation about yourself: someone else must."))
    accused = {allegation.person_id} if allegation.person_id is not None else set()
    with viewing(viewer) as now:
        accused |= accounts_named(allegation.name, people_near(allegation.district_id))
        if viewer.person_id in accused:
            raise Refused(_("You can’t file an allegation about yourself: someone else must."))
        if allegation.happened_on > now.date() + timedelta(days=1):
            raise Refused(_("That date is in the future."))
        entry_id = file_allegation(allegation, officers_of(allegation.district_id), accused)
    if entry_id is None:
        raise Refused(_("There is no one in the district’s office for whom it could be encrypted."))
    return entry_id


def dispose(opened: OpenEntry, *, agree: bool) -> bool:
    """Propose to destroy an entry whose time has run out, agree as the second person, or don't.

    Returns whether it is destroyed: with its key, so that no copy of it opens again.
    """
    event_id = uuid4()
    with viewing(opened.folder.viewer) as now:
        rule = rule_in(opened.entry.district_id)
        if not may_dispose(opened.entry, now):
            raise Refused(_("This entry is kept: its retention period has not ended."))
        if agree and not rule.lets_go:
            raise Refused(
                _("This entry is kept: no administrator has confirmed how long it must be kept.")
            )
        if agree and opened.entry.dispose_by == opened.folder.viewer.person_id:
            raise Refused(_("You proposed it yourself: a second person decides."))
        if agree and opened.entry.dispose_by is not None:
            said = Event.objects.filter(entry_id=opened.entry.pk, kind=Event.Kind.PROPOSED)
            need_opened(KIND, opened.folder.id, said.latest("number").at)
        try:
            with transaction.atomic():
                gone = call(
                    "SELECT api.dispose_allegation(p_entry => %s, p_event => %s, p_agree => %s, "
                    "p_sealed => %s, p_rules => %s, p_digest => %s)",
                    opened.entry.pk,
                    event_id,
                    agree,
                    opened.folder.seal("event", event_id, pack({})),
                    rule.key,
                    rule.keep_digest,
                )
        except ProgrammingError as error:
            raise Refused(_("This entry is kept: it is under a legal hold.")) from error
        return bool(gone)


def may_dispose(entry: Entry, now: datetime) -> bool:
    """Tell whether an entry's time has run out (UTC days)."""
    return entry.keep_until is not None and entry.keep_until < now.date()


def open_all(viewer: Viewer, entries: list[Entry], purpose: Reason) -> dict[UUID, dict[str, str]]:
    """Open several entries for an answer to somebody who hires; each is in the record first.

    Those that don't open for the viewer are left out. Call outside ``viewing``.
    """
    found = {}
    for entry in entries:
        folder = open_folder(viewer, entry.folder_id, KIND, purpose=purpose.value)
        found[entry.pk] = words_of(folder, entry)
    return found


def offices_of(viewer: Viewer) -> list[int]:
    """Return the districts whose register the viewer opens by their role."""
    return [
        membership.district_id
        for membership in viewer.memberships
        if membership.kind is TeamKind.OFFICE
        and membership.school_id is None
        and membership.district_id
    ]


def call(statement: str, *values: Any) -> object:
    """Call one of the database's functions; return what it returns."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return row[0] if row else None
