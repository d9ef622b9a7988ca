"""What officers do with briefs handed to them: read, acknowledge, say what they found.

They are in a role of the database that reads briefs and nothing of any tip.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.emergency.actions.briefs import OpenBrief, contents_of
from upstander.emergency.actions.help import WORDS_LIMIT
from upstander.emergency.models import Brief, BriefKey, BriefPage
from upstander.people.keys import Locked, team_private
from upstander.people.scope import Viewer, viewing
from upstander.tips.actions.writing import notify
from upstander.tips.opening import NotGranted
from upstander.vault.envelopes import bind
from upstander.vault.errors import Forgotten
from upstander.vault.grants import open_grant
from upstander.vault.models import ShredKey
from upstander.vault.seeds import Audience, seal_to_inbox


def brief_for(viewer: Viewer, brief_id: UUID, *, lock: bool = False) -> Brief:
    """Return a brief that was handed to the viewer's team; call inside ``viewing``.

    Raises Http404 for any other.
    """
    query = _seen_by_police(Brief.objects.all())
    if lock:
        query = query.select_for_update()
    found: Brief | None = query.filter(pk=brief_id).first()
    if found is None:
        raise Http404
    return found


def briefs_of(viewer: Viewer) -> list[Brief]:
    """Return the briefs that the viewer's police teams have, open ones first; in ``viewing``."""
    rows = list(_seen_by_police(Brief.objects.all()).order_by("-at", "pk"))
    return sorted(rows, key=lambda row: list(Brief.State.values).index(row.state))


def _seen_by_police(query: Any) -> Any:
    # The columns that police may read at all: the database refuses the rest.
    return query.only(
        "id",
        "tip_id",
        "matter_id",
        "district_id",
        "team_id",
        "reference",
        "priority",
        "state",
        "danger_now",
        "at",
        "acknowledged_by",
        "acknowledged_at",
        "outcome",
        "outcome_by",
        "outcome_at",
    )


def open_brief(viewer: Viewer, brief_id: UUID) -> OpenBrief:
    """Open a brief for an officer: record it, commit, then decrypt.

    Raises Http404, Locked (this sign-in holds no key), NotGranted.
    """
    with viewing(viewer):
        brief = brief_for(viewer, brief_id)
        _record(brief, "brief opened by police", viewer)
    if viewer.private_seed is None:
        raise Locked
    with viewing(viewer):
        pages = list(
            BriefPage.objects.filter(brief_id=brief.pk)
            .only("id", "brief_id", "number", "sheet_number", "at", "sealed")
            .order_by("-number")
        )
        shred_key = _shred_key_of(brief)
        keys: dict[UUID, BriefKey] = {}
        names = viewer.names_in(brief.pk)
        for row in BriefKey.objects.filter(brief_id=brief.pk, holder__in=names):
            keys[row.page_id] = row
        found = [
            contents_of(brief.pk, page, _key_of(viewer, keys[page.pk]), shred_key)
            for page in pages
            if page.pk in keys
        ]
    if not found:
        raise NotGranted
    return OpenBrief(brief, found)


def _shred_key_of(brief: Brief) -> bytes:
    """Return the shred key of a brief's tip: with it alone nothing opens. Raises NotGranted."""
    row = ShredKey.objects.filter(subject=brief.tip_id).first()
    if row is None:
        raise NotGranted
    try:
        found: bytes = settings.SHRED_FILES.unwrap(
            bytes(row.wrapped), subject=row.subject, version=row.file_version
        )
    except Forgotten as error:
        raise NotGranted from error
    return found


def _key_of(viewer: Viewer, row: BriefKey) -> bytes:
    if viewer.private_seed is None:
        raise Locked
    team = row.holder.startswith("team:")
    private = team_private(viewer, row.holder, row.key_version) if team else viewer.private_seed
    return open_grant(
        bytes(row.blob),
        tip=row.page_id,
        audience=Audience.CASE,
        holder=viewer.names_in(row.brief_id)[row.holder],
        version=row.key_version,
        private=private,
    )


def acknowledge_brief(viewer: Viewer, brief_id: UUID) -> Brief:
    """Say as an officer that one has it; the center needs to phone no more (a trigger).

    Raises Http404, Refused.
    """
    with viewing(viewer) as now:
        brief = brief_for(viewer, brief_id, lock=True)
        if brief.state != Brief.State.HANDED:
            raise Refused(gettext("A colleague has already acknowledged this."))
        brief.state = Brief.State.ACKNOWLEDGED
        brief.acknowledged_by = viewer.person_id
        brief.acknowledged_at = now
        brief.save(update_fields=["state", "acknowledged_by", "acknowledged_at"])
        _record(brief, "police: acknowledged", viewer)
    notify(brief.tip_id)
    return brief


def record_outcome(viewer: Viewer, brief_id: UUID, outcome: str, words: str) -> Brief:
    """Write down as an officer what became of it; the words go to the center, sealed.

    Raises Http404, Locked, NotGranted, Refused.
    """
    if outcome not in Brief.Outcome.values:
        raise Refused(gettext("Choose what you found from the list."))
    if len(words) > WORDS_LIMIT:
        raise Refused(
            gettext("That is longer than %(words_limit)s characters. Please shorten it.")
            % {"words_limit": f"{WORDS_LIMIT:,}"}
        )
    inbox = bytes.fromhex(open_brief(viewer, brief_id).pages[0].center_inbox)
    with viewing(viewer) as now:
        brief = brief_for(viewer, brief_id, lock=True)
        if brief.state == Brief.State.ENDED:
            raise Refused(
                gettext("An outcome is already recorded. To correct it, call the center.")
            )
        brief.state = Brief.State.ENDED
        brief.outcome = outcome
        brief.outcome_by = viewer.person_id
        brief.outcome_at = now
        brief.outcome_sealed = seal_to_inbox(
            inbox, words.strip().encode(), aad=bind(brief.tip_id, brief.pk, "police outcome")
        )
        brief.save(update_fields=["state", "outcome", "outcome_by", "outcome_at", "outcome_sealed"])
        _record(brief, "police: outcome", viewer, outcome=outcome)
    notify(brief.tip_id)
    return brief


def _record(brief: Brief, action: str, viewer: Viewer, **detail: object) -> None:
    record(
        action,
        actor=viewer,
        subject_kind="tip",
        subject_id=brief.tip_id,
        district_id=brief.district_id,
        matter_id=brief.matter_id,
        detail={"brief": str(brief.pk), **detail},
    )
