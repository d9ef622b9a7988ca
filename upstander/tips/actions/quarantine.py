"""Shutting a file away: nobody opens it any more, and no school's key ever opens it again.

A file's key comes from the dialog's seed, which a school gets at the hand-off. So the bytes are
encrypted anew under a random key that is sealed under the center's seed alone, and the old ones are
removed. They are kept, not destroyed: the police may need them, and the duty to report comes first
(the State's law; 18 U.S.C. 2258A for the CyberTipline). No page opens them.

Each step leaves something that the next attempt can go on from: the row is shut first, then the new
file is written, then its key is kept, and only then do the old bytes go.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID, uuid4

from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.people.scope import viewing
from upstander.tips.access import attachment_for, tip_for
from upstander.tips.actions.writing import notify, record_on
from upstander.tips.envelopes import bytes_seed, open_about, open_data, seal_data
from upstander.tips.models import Attachment, Tip
from upstander.tips.opening import OpenTip
from upstander.tips.storage import FileMissing, NotStored, open_file, put_file, remove_file
from upstander.vault.errors import VaultError
from upstander.vault.seeds import Audience

#: What a shut file is called on the reporter's and a school's pages: a name can describe a picture.
SHUT_NAME: Final = "•••"
#: What the file's key is sealed for, under the center's seed.
PURPOSE: Final = "held file"


def quarantine_attachment(opened: OpenTip, attachment_id: UUID) -> None:
    """Shut a file away for good; called again, it finishes what was interrupted.

    For pictures that must not be looked at or passed on; the page names the reporting duty. Only
    the center can, since only its seed may open the new key. Raises Http404, NotGranted, and
    Refused when the store has no room for the new file: it is shut to everybody even then.
    """
    center, dialog = opened.seed(Audience.CENTER), opened.seed(Audience.DIALOG)
    row = _shut(opened, attachment_id)
    if row.state == Attachment.State.SHUTTING:
        if row.held is None:
            about = _description(dialog, row)
            held = _encrypted_anew(bytes_seed(dialog, about), row.pk) | {"about": about}
            _keep(opened, row, held, center=center, dialog=dialog)
        else:
            held = open_data(center, purpose=PURPOSE, tip=row.tip_id, row=row.pk, sealed=row.held)
        _remove_old(row.pk, held["about"])
        _finish(opened, row)
    notify(opened.tip.pk)


def _shut(opened: OpenTip, attachment_id: UUID) -> Attachment:
    """Shut the row first: from now on no page opens the file, whatever happens next."""
    viewer = opened.viewer
    with viewing(viewer) as now:
        tip = tip_for(viewer, opened.tip.pk, lock=True)
        row = attachment_for(viewer, tip.pk, attachment_id)
        if row.state == Attachment.State.READY:
            row.state = Attachment.State.SHUTTING
            Attachment.objects.filter(pk=row.pk).update(state=row.state)
            Tip.objects.filter(pk=tip.pk).update(changed_at=now)
            record_on(tip, "file quarantined", viewer, attachment=str(row.pk))
    return row


def _description(dialog: bytes, row: Attachment) -> Mapping[str, Any]:
    try:
        about: Mapping[str, Any] = open_about(
            dialog, tip=row.tip_id, row=row.pk, sealed=row.sealed, to_inbox=row.to_inbox
        )
    except VaultError:  # damaged: what it was called is lost, its bytes need not be
        return {"size": 0}
    return about


def _encrypted_anew(dialog: bytes, file_id: UUID) -> dict[str, Any]:
    """Write the bytes again under a key of their own; return what leads to them.

    Bytes that are lost or damaged can't be kept; ``file`` is then None. Raises Refused.
    """
    new_id, key = uuid4(), secrets.token_bytes(32)
    try:
        # Once through it first: the size is not taken on trust, and a damaged file is seen here.
        size = sum(len(chunk) for chunk in open_file(dialog, file_id))
        put_file(key, new_id, _pieces(dialog, file_id), size)
    except (FileMissing, VaultError):
        return {"file": None, "key": None}
    except NotStored as error:
        raise Refused(
            gettext(
                "Nobody can open it anymore, but there is no space to encrypt it again. Press "
                "again in a few minutes, and tell your system administrator."
            )
        ) from error
    return {"file": str(new_id), "key": key.hex()}


def _pieces(dialog: bytes, file_id: UUID) -> Iterator[bytes]:
    """Yield the clear bytes; the file is opened only once somebody asks for the first."""
    yield from open_file(dialog, file_id)


def _keep(
    opened: OpenTip, row: Attachment, held: Mapping[str, Any], *, center: bytes, dialog: bytes
) -> None:
    """Keep the new key under the center's seed; the dialog's holders keep a line without a name."""
    left = {"name": SHUT_NAME, "size": held["about"]["size"], "kind": "other", "thumbnail": None}
    with viewing(opened.viewer):
        tip_for(opened.viewer, row.tip_id, lock=True)
        kept = Attachment.objects.filter(pk=row.pk, held__isnull=True).update(
            held=seal_data(center, purpose=PURPOSE, tip=row.tip_id, row=row.pk, data=held),
            sealed=seal_data(dialog, purpose="file", tip=row.tip_id, row=row.pk, data=left),
            to_inbox=False,
        )
    if not kept and held["file"]:
        # A colleague pressed at the same moment and was first: theirs is the file that counts.
        remove_file(UUID(held["file"]))


def _remove_old(file_id: UUID, about: Mapping[str, Any]) -> None:
    remove_file(file_id)
    if thumbnail := about.get("thumbnail"):
        remove_file(UUID(thumbnail))


def _finish(opened: OpenTip, row: Attachment) -> None:
    with viewing(opened.viewer) as now:
        tip = tip_for(opened.viewer, row.tip_id, lock=True)
        Attachment.objects.filter(pk=row.pk).update(state=Attachment.State.QUARANTINED)
        Tip.objects.filter(pk=tip.pk).update(changed_at=now)
