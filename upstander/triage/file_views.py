"""A reporter's file, as the center and the school's team open it: whole, in part, or small.

A browser asks for parts of a film so that one can jump in it (RFC 9110, section 14). Each request
is in the record like any other opening; the page's history shows a viewing as one line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from upstander.people.permissions import Permission, requires, viewer_of
from upstander.tips.actions.writing import file_to_open
from upstander.tips.envelopes import bytes_seed, open_about
from upstander.tips.files import download_headers, open_thumbnail
from upstander.tips.opening import open_tip
from upstander.tips.serving import sent
from upstander.tips.storage import FileMissing, open_file, open_range
from upstander.ui.errors import Told
from upstander.vault.errors import VaultError
from upstander.vault.seeds import Audience

#: One part of a file, from a byte on or the last so many. Several at once are answered whole.
_RANGE = re.compile(r"bytes=(\d{1,18})?-(\d{1,18})?", re.ASCII)

_LOST = Told(
    _("This file is lost."),
    _("Its entry in the record is here, but its contents are not."),
    _("Tell your system administrator: it may be in a backup. The reporter can send it again."),
)
_BROKEN = Told(
    _("This file can’t be opened."),
    _("It was damaged or tampered with, so none of it is shown."),
    _("Tell your supervisor and your system administrator. The reporter can send it again."),
)


class _Opened(NamedTuple):
    seed: bytes
    id: UUID
    about: Mapping[str, Any]


@require_GET
@requires(Permission.OPEN_TIPS)
def file(request: HttpRequest, tip_id: UUID, file_id: UUID) -> HttpResponseBase:
    """Send a file to somebody to whom the dialog was granted, or the part that is asked for."""
    try:
        opened = _open(request, tip_id, file_id)
        size = int(opened.about["size"])
        headers = download_headers(opened.about) | {"Accept-Ranges": "bytes"}
        part = wanted_part(request.headers, size)
        if part is None:
            return sent(open_file(opened.seed, opened.id), headers | {"Content-Length": str(size)})
        if not part:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        return sent(
            open_range(opened.seed, opened.id, part.start, part.stop),
            headers
            | {
                "Content-Range": f"bytes {part.start}-{part.stop - 1}/{size}",
                "Content-Length": str(len(part)),
            },
            status=206,
        )
    except (FileMissing, VaultError) as error:
        return _not_there(request, error)


@require_GET
@requires(Permission.OPEN_TIPS)
def thumbnail(request: HttpRequest, tip_id: UUID, file_id: UUID) -> HttpResponseBase:
    """Send the small picture of a file. Raises Http404 when it has none."""
    try:
        opened = _open(request, tip_id, file_id)
        small = open_thumbnail(opened.seed, opened.about)
        if small is None:
            raise Http404
        made = {"kind": "image", "content_type": "image/webp", "name": "small.webp"}
        return sent(small, download_headers(made))
    except (FileMissing, VaultError) as error:
        return _not_there(request, error)


def wanted_part(headers: Mapping[str, str], size: int) -> range | None:
    """Return which bytes a request asks for: None for all, an empty range for none that exist.

    What is not understood asks for all, as RFC 9110 has it; so does If-Range, since a file has no
    validator here that could match.
    """
    asked = _RANGE.fullmatch(headers.get("Range", "").strip())
    if asked is None or "If-Range" in headers:
        return None
    first, last = asked.groups()
    if first is None:
        return None if last is None else range(max(0, size - int(last)), size)
    if last is not None and int(last) < int(first):
        return None
    stop = size if last is None else min(size, int(last) + 1)
    return range(int(first), stop)


def _open(request: HttpRequest, tip_id: UUID, file_id: UUID) -> _Opened:
    """Open a file's description, with both entries in the record. Raises Http404, SealBroken."""
    opened = open_tip(viewer_of(request), tip_id, purpose="file")
    row = file_to_open(opened, file_id)
    seed = opened.seed(Audience.DIALOG)
    about = open_about(
        seed, tip=tip_id, row=row.pk, sealed=bytes(row.sealed), to_inbox=row.to_inbox
    )
    return _Opened(bytes_seed(seed, about), row.pk, about)


def _not_there(request: HttpRequest, error: Exception) -> HttpResponse:
    told = _LOST if isinstance(error, FileMissing) else _BROKEN
    return render(request, "ui/error_desk.html", {"told": told, "status": 404}, status=404)
