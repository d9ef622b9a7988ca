"""A case's timeline: entries that are sealed, numbered and never changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID, uuid4

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.cases.access import case_for
from upstander.cases.models import CaseItem
from upstander.people.scope import viewing
from upstander.tips.opening import UNREADABLE
from upstander.vault.errors import VaultError

if TYPE_CHECKING:
    from upstander.cases.actions.opening import OpenCase


class ItemKind(NamedTuple):
    """What an entry is. ``note``: staff choose it when they write something down."""

    label: Promise
    icon: str = "note"
    note: bool = False


#: Kind → how it is shown. Those that can be chosen stand first, in the order of the form.
KINDS: dict[str, ItemKind] = {
    "note": ItemKind(_("Note"), note=True),
    "first_words": ItemKind(_("The child’s first words, exactly"), "message", note=True),
    "facts": ItemKind(_("Minimum facts: who, what, where, when"), "info", note=True),
    "questioning": ItemKind(_("Questions asked, and the answers"), "people", note=True),
    "asked_why": ItemKind(_("Why questions can’t wait for the report"), "clock", note=True),
    "begun": ItemKind(_("Case opened"), "forward"),
    "home": ItemKind(_("Is home safe?"), "home"),
    "person": ItemKind(_("Person involved"), "person"),
    "person_changed": ItemKind(_("Person involved: what is known now"), "person"),
    "file": ItemKind(_("File added"), "file"),
    "tip": ItemKind(_("Tip added"), "inbox"),
    "shared": ItemKind(_("Shared"), "people"),
    "withdrawn": ItemKind(_("Share taken back"), "close"),
    "inner_named": ItemKind(_("Let in on what only the lead sees"), "eye"),
    "kept_out": ItemKind(_("Somebody is kept out"), "close"),
    "led_by": ItemKind(_("Handed over"), "hand-off"),
    "raised": ItemKind(_("A life may be in danger"), "bell"),
    "action": ItemKind(_("To be done"), "clock"),
    "action_ended": ItemKind(_("Done"), "check"),
    "threat": ItemKind(_("Threat assessment"), "scale"),
    "screening": ItemKind(_("Suicide risk"), "people"),
    "safety_plan": ItemKind(_("Safety plan"), "note"),
    "closing": ItemKind(_("Closing proposed"), "scale"),
    "closed": ItemKind(_("Closed"), "check"),
    "refused": ItemKind(_("Closing sent back"), "close"),
    "reopened": ItemKind(_("Reopened"), "refresh"),
}

QUESTIONS_WAIT = _(
    "Not kept: this is about abuse and no report is written down yet, and questioning waits until "
    "one is. If it can’t, write down first why: “Why questions can’t wait for the report”; what a "
    "colleague has begun to report is waited for all the same. The child’s first words and the "
    "minimum facts can be written down at any time."
)


class QuestionsWait(Refused):
    """Questioning is on hold on the case's matter: the report comes first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, opened. ``words``: named fields; times are UTC."""

    id: UUID
    number: int
    kind: str
    about: UUID | None
    person_id: int
    at: datetime
    words: Mapping[str, str]
    #: Only the lead and those they named see it.
    inner: bool

    @property
    def shown(self) -> ItemKind:
        """How its kind is shown."""
        return KINDS.get(self.kind, KINDS["note"])


def add_item(
    opened: OpenCase,
    kind: str,
    words: Mapping[str, str],
    *,
    about: UUID | None = None,
    inner: bool = False,
) -> UUID:
    """Add an entry to a case's timeline; returns its id. One durable transaction.

    ``inner``: for the lead and those named only. Raises Http404, QuestionsWait, Refused.
    """
    with viewing(opened.viewer) as now:
        return write_item(opened, kind, words, now=now, about=about, inner=inner)


def write_item(
    opened: OpenCase,
    kind: str,
    words: Mapping[str, str],
    *,
    now: datetime,
    about: UUID | None = None,
    inner: bool = False,
    item_id: UUID | None = None,
) -> UUID:
    """Add an entry inside a ``viewing``; the case's row is held until it ends. As ``add_item``."""
    if kind == "questioning" and opened.on_hold:
        raise QuestionsWait(str(QUESTIONS_WAIT))
    folder = opened.inner if inner else opened.folder
    if folder is None:
        raise Refused(gettext("Only the case lead and the people they named can write there."))
    case = case_for(opened.viewer, opened.case.pk, lock=True)
    case.items, case.changed_at = case.items + 1, now
    case.save(update_fields=["items", "changed_at"])
    item_id = item_id or uuid4()
    CaseItem.objects.create(
        id=item_id,
        case_id=case.pk,
        district_id=case.district_id,
        folder_id=folder.id,
        number=case.items,
        kind=kind,
        about=about,
        person_id=opened.viewer.person_id,
        at=now,
        sealed=folder.seal("item", item_id, pack(words)),
    )
    is_note = kind in KINDS and KINDS[kind].note
    record(
        "case note added" if is_note else f"case: {kind}",
        actor=opened.viewer,
        subject_kind="case",
        subject_id=case.pk,
        district_id=case.district_id,
        matter_id=case.matter_id,
        detail={"kind": kind, "item": str(item_id)},
    )
    return item_id


def read_items(opened: OpenCase) -> list[Entry]:
    """Return the entries that the viewer may read, oldest first; call inside ``viewing``.

    One query. An entry that doesn't open is shown as such, never left out.
    """
    entries = []
    for row in CaseItem.objects.filter(case_id=opened.case.pk).order_by("number"):
        folder = opened.folder_of(row.folder_id)
        try:
            if folder is None:
                continue
            words = unpack(folder.read("item", row.pk, row.sealed))
        except VaultError:
            words = {"words": UNREADABLE}
        entries.append(
            Entry(
                row.pk,
                row.number,
                row.kind,
                row.about,
                row.person_id,
                row.at,
                words,
                row.folder_id != opened.case.pk,
            )
        )
    return entries


def latest(entries: Sequence[Entry], kind: str) -> Entry | None:
    """Return the last entry of a kind."""
    return next((one for one in reversed(entries) if one.kind == kind), None)


def pack(words: Mapping[str, str]) -> str:
    """Return named fields as the text that is sealed; empty ones are left out."""
    return json.dumps({name: text for name, text in words.items() if text}, ensure_ascii=False)


def unpack(text: str) -> dict[str, str]:
    """Return the fields of ``pack``. What is no such text stands under ``words``."""
    try:
        found = json.loads(text)
    except ValueError:
        return {"words": text}
    if not isinstance(found, dict):
        return {"words": text}
    return {str(name): str(value) for name, value in found.items()}
