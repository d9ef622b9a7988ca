"""What belongs to a case: its tips, its files, and other cases."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.cases.actions.opening import OpenCase, locked, need_team, record_on, take_tip
from upstander.cases.actions.timeline import Entry, write_item
from upstander.cases.models import Case, CaseLink, CaseTip
from upstander.escalations.actions.undone import left_undone
from upstander.intake.priority import Priority
from upstander.matters.folders import OpenFolder
from upstander.people.scope import EVERY_NAME, viewing
from upstander.tips.actions.writing import notify
from upstander.tips.files import MOST_FILES, StoredFile, keep_file
from upstander.tips.models import Recipient, Tip
from upstander.tips.opening import OpenTip
from upstander.tips.states import TipState
from upstander.tips.storage import remove_file

#: How many of the team's tips a form offers.
MOST_OFFERED: Final = 50


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file of a case, as listed; times are UTC."""

    id: UUID
    about: dict[str, Any]
    inner: bool
    by: int
    at: datetime


def add_tip(opened: OpenCase, tip: OpenTip) -> None:
    """Add a tip that the viewer has opened to a case: each excludes whom the other excludes.

    A life-safety tip makes the case one. Raises Http404, Refused.
    """
    need_team(opened)
    with viewing(opened.viewer) as now:
        case = locked(opened)
        if tip.tip.district_id != case.district_id:
            raise Refused(gettext("This tip belongs to another district."))
        if CaseTip.objects.filter(case_id=case.pk, tip_id=tip.tip.pk).exists():
            raise Refused(gettext("This tip is already in the case."))
        take_tip(opened, tip, now)
        if tip.tip.priority == Priority.LIFE_SAFETY and not case.life_safety:
            case.life_safety = True
            case.save(update_fields=["life_safety"])
        write_item(opened, "tip", {"words": tip.tip.reference}, now=now, about=tip.tip.pk)
    notify(tip.tip.pk)


def tips_of(opened: OpenCase) -> list[Tip]:
    """Return a case's tips, as far as the viewer sees them; call inside ``viewing``."""
    ids = CaseTip.objects.filter(case_id=opened.case.pk).values("tip_id")
    return list(Tip.objects.filter(pk__in=ids).order_by("received_at", "pk"))


def undone_of(opened: OpenCase) -> list[str]:
    """Return what about 911 and police is still to be done of a case's tips, in words."""
    with viewing(opened.viewer):
        return left_undone(*(tip.pk for tip in tips_of(opened)))


def other_tips(opened: OpenCase, known: Iterable[Tip]) -> list[Tip]:
    """Return the newest open tips of the viewer's team that could be added; inside ``viewing``."""
    if not opened.works:
        return []
    handed = Recipient.objects.filter(holder__in=EVERY_NAME).values("tip_id")
    return list(
        Tip.objects.filter(
            pk__in=handed, state=TipState.HANDED_OFF, district_id=opened.case.district_id
        )
        .exclude(pk__in=[tip.pk for tip in known])
        .order_by("-received_at", "pk")[:MOST_OFFERED]
    )


def link_case(opened: OpenCase, reference: str) -> None:
    """Link a case with another that the viewer sees, by its reference.

    Only who sees both sees the link. Raises Http404, Refused.
    """
    need_team(opened)
    with viewing(opened.viewer) as now:
        case = locked(opened)
        other = Case.objects.filter(reference=reference.strip().upper()).first()
        if other is None or other.pk == case.pk:
            raise Refused(gettext("There is no other case with this number that you can see."))
        if other.district_id != case.district_id:
            raise Refused(gettext("That case belongs to another district."))
        first, second = sorted((case.pk, other.pk))
        _link, made = CaseLink.objects.get_or_create(
            case_id=first,
            other_id=second,
            defaults={
                "district_id": case.district_id,
                "person_id": opened.viewer.person_id,
                "at": now,
            },
        )
        if not made:
            raise Refused(gettext("These two are already linked."))
        # No number of the other case in the timeline: not everybody who reads it sees that one.
        record_on(opened, "case: link", other=str(other.pk))


def links_of(opened: OpenCase) -> list[Case]:
    """Return the cases that belong to one and that the viewer sees; call inside ``viewing``."""
    me = opened.case.pk
    pairs = list(CaseLink.objects.filter(case_id=me).values_list("other_id", flat=True))
    pairs += CaseLink.objects.filter(other_id=me).values_list("case_id", flat=True)
    return list(Case.objects.filter(pk__in=pairs).order_by("-opened_at", "pk"))


def add_file(
    opened: OpenCase, filename: str, chunks: Iterable[bytes], *, inner: bool = False
) -> StoredFile:
    """Take a file into a case: cleaned and stored as reporters' files are, under the case's seed.

    Raises FileRefused, Http404, Refused.
    """
    folder = opened.inner if inner else opened.folder
    if folder is None:
        raise Refused(gettext("Only the case lead and the people they named can write there."))
    with viewing(opened.viewer):
        locked(opened)
        if _count(opened) >= MOST_FILES:
            raise Refused(
                gettext("A case can hold %(most_files)s files. To add more, link another case.")
                % {"most_files": MOST_FILES}
            )
    return keep_file(folder.seed, filename, chunks, partial(_attach, opened, inner))


def _count(opened: OpenCase) -> int:
    return opened.case.timeline.filter(kind="file").count()


def _attach(opened: OpenCase, inner: bool, file_id: UUID, about: dict[str, Any]) -> None:
    """Write down that a file is there; where it can't be, its bytes go again."""
    try:
        with viewing(opened.viewer) as now:
            locked(opened)
            said = {"words": str(about["name"]), "about": json.dumps(about)}
            write_item(opened, "file", said, now=now, inner=inner, item_id=file_id)
    except (Refused, Http404):
        for stored in (str(file_id), about.get("thumbnail")):
            if stored:
                remove_file(UUID(stored))
        raise


def files_of(entries: Sequence[Entry]) -> list[CaseFile]:
    """Return a case's files, oldest first."""
    found = []
    for one in entries:
        if one.kind == "file" and "about" in one.words:
            about = json.loads(one.words["about"])
            found.append(CaseFile(one.id, about, one.inner, one.person_id, one.at))
    return found


def file_of(
    opened: OpenCase, entries: Sequence[Entry], file_id: UUID
) -> tuple[OpenFolder, CaseFile]:
    """Return a file of a case with the folder whose seed opens it. Raises Http404."""
    found = next((one for one in files_of(entries) if one.id == file_id), None)
    folder = opened.inner if found and found.inner else opened.folder
    if found is None or folder is None:
        raise Http404
    return folder, found
