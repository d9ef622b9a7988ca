"""A second person's yes before an import leaves less than 80 % of what stood.

A wrong export (one school instead of all, a filter left on) looks like any other, and what it takes
away is missed on the night it is needed. Whoever imports asks; somebody else of those who may
import agrees; then the same file, and no other, goes in once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.people.importing.models import ImportKind, ImportProposal
from upstander.people.scope import Viewer, viewing

#: What must be left of what stood, in percent, or somebody else has to agree.
FLOOR: Final = 80
#: How long a proposal, agreed to or not, can be used.
LIFE: Final = timedelta(days=7)


class NeedsSecond(Exception):
    """The import would leave too little: somebody else has to agree. Nothing was changed."""

    def __init__(self, standing: int, coming: int, digest: bytes) -> None:
        super().__init__(
            gettext(
                "There are %(standing)s now and the file has %(coming)s, which is less "
                "than %(floor)s%%. Nothing was changed."
            )
            % {"standing": f"{standing:,}", "coming": f"{coming:,}", "floor": FLOOR}
        )
        self.standing = standing
        self.coming = coming
        self.digest = digest


def shrinks(standing: int, coming: int) -> bool:
    """Tell whether an import of ``coming`` leaves less than 80 % of the ``standing``."""
    return coming * 100 < standing * FLOOR


def allow(
    kind: ImportKind, district_id: int, *, standing: int, coming: int, digest: bytes, now: datetime
) -> dict[str, object]:
    """Let an import through, in its own transaction: if it needs a second's yes, use that up.

    Returns what its entry in the record says of this. ``digest`` is SHA-256 of what was read.
    Raises NeedsSecond.
    """
    if not shrinks(standing, coming):
        return {}
    agreed = (
        ImportProposal.objects.select_for_update()
        .filter(
            kind=kind,
            district_id=district_id,
            digest=digest,
            standing=standing,
            coming=coming,
            expires_at__gt=now,
            agreed_by__isnull=False,
        )
        .first()
    )
    if agreed is None:
        raise NeedsSecond(standing, coming, digest)
    agreed.delete()
    return {
        "stood": standing,
        "proposal": str(agreed.pk),
        "proposed_by": agreed.proposed_by,
        "agreed_by": agreed.agreed_by,
    }


def propose(viewer: Viewer, kind: ImportKind, district_id: int, asked: NeedsSecond) -> bool:
    """Ask for a second person's yes to the import that was refused; an older proposal ends.

    False if the same stands proposed already: asking again takes no yes away. The row policies say
    who may; whose district it isn't gets a database error.
    """
    with viewing(viewer) as now:
        same = ImportProposal.objects.filter(
            kind=kind,
            district_id=district_id,
            digest=asked.digest,
            standing=asked.standing,
            coming=asked.coming,
            expires_at__gt=now,
        )
        if same.exists():
            return False
        ImportProposal.objects.filter(kind=kind, district_id=district_id).delete()
        row = ImportProposal.objects.create(
            kind=kind,
            district_id=district_id,
            digest=asked.digest,
            standing=asked.standing,
            coming=asked.coming,
            proposed_by=viewer.person_id,
            proposed_at=now,
            expires_at=now + LIFE,
        )
        _record("import proposed", viewer, row)
    return True


def agree(viewer: Viewer, kind: ImportKind, proposal_id: UUID) -> ImportProposal:
    """Say yes to somebody else's import. Raises Http404, Refused."""
    with viewing(viewer) as now:
        row = _proposal(kind, proposal_id)
        if row.proposed_by == viewer.person_id:
            raise Refused(gettext("You proposed it, so someone else must approve it."))
        if row.agreed_by is not None or row.expires_at <= now:
            raise Refused(gettext("This was already approved, or it has expired."))
        # By row count and not by save(): whoever was faster has it, and the slower is told.
        if not ImportProposal.objects.filter(pk=row.pk, agreed_by__isnull=True).update(
            agreed_by=viewer.person_id, agreed_at=now
        ):
            raise Refused(gettext("This was already approved, or it has expired."))
        _record("import agreed to", viewer, row)
    return row


def take_back(viewer: Viewer, kind: ImportKind, proposal_id: UUID) -> None:
    """End a proposal, one's own or somebody else's, agreed to or not. Raises Http404."""
    with viewing(viewer):
        row = _proposal(kind, proposal_id)
        _record("import turned down", viewer, row)
        row.delete()


def waiting(kind: ImportKind, now: datetime) -> list[ImportProposal]:
    """Return the proposals that the viewer may see and that still count; inside ``viewing``."""
    return list(
        ImportProposal.objects.filter(kind=kind, expires_at__gt=now).order_by("proposed_at")
    )


def _proposal(kind: ImportKind, proposal_id: UUID) -> ImportProposal:
    row = ImportProposal.objects.filter(kind=kind, pk=proposal_id).first()
    if row is None:
        raise Http404
    return row


def _record(action: str, viewer: Viewer, row: ImportProposal) -> None:
    record(
        action,
        actor=viewer,
        subject_kind="district",
        subject_id=row.district_id,
        district_id=row.district_id,
        detail={
            "proposal": str(row.pk),
            "kind": row.kind,
            "standing": row.standing,
            "coming": row.coming,
            "digest": bytes(row.digest).hex(),
        },
    )
