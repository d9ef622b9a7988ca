"""A case's files: taken in as reporters' files are, never in clear on a disk, and given out."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET

from upstander.base.refused import Refused
from upstander.cases.actions.opening import OpenCase, open_the_case
from upstander.cases.actions.timeline import read_items
from upstander.cases.actions.together import add_file, file_of
from upstander.cases.case_views import CASE_PAGE
from upstander.matters.folders import FolderShut
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import viewing
from upstander.tips.files import FileRefused, download_headers
from upstander.tips.refused_files import take_uploads, words_for
from upstander.tips.serving import sent
from upstander.tips.storage import FileMissing, open_file
from upstander.tips.uploads import SpooledFile
from upstander.ui.errors import Told
from upstander.vault.errors import VaultError

_LOST = Told(
    _("This file can’t be opened."),
    _("It is lost or damaged; its entry in the timeline stays."),
    _("Tell your system administrator: it may be in a backup."),
)


@CASE_PAGE.act
def files(request: HttpRequest, opened: OpenCase) -> str:
    """Take the files of the form."""
    given: list[UploadedFile[bytes]] = request.FILES.getlist("files")
    if not given:
        raise Refused(gettext("Choose a file first."))
    inner = request.POST.get("seen_by") == "inner"
    for one in given:
        if not isinstance(one, SpooledFile):
            continue
        try:
            stored = add_file(opened, one.name or "file", one.content, inner=inner)
        except FileRefused as refused:
            raise Refused(
                gettext("“%(name)s” was not saved. %(words_for)s")
                % {"name": one.name, "words_for": words_for(refused.reason)}
            ) from None
        messages.success(request, gettext("Saved: %(name)s.") % {"name": stored.name})
    return "#together"


_protected = csrf_protect(files)


def _spooled(request: HttpRequest, /, case_id: UUID) -> HttpResponseBase:
    """Have files spooled encrypted before anything, the check against forgery too, reads them."""
    if getattr(request, "viewer", None) is None:
        return files(request, case_id=case_id)  # leads to the sign-in, and no byte is read
    take_uploads(request)
    return _protected(request, case_id=case_id)


#: The check against forgery comes after the spool is in place, not never.
add = csrf_exempt(_spooled)
add.permission = Permission.WORK_CASES  # type: ignore[attr-defined]


@require_GET
@requires(Permission.WORK_CASES)
def file(request: HttpRequest, case_id: UUID, item_id: UUID) -> HttpResponseBase:
    """Send a file of a case to whoever may read it. Raises Http404, Locked."""
    try:
        opened = open_the_case(viewer_of(request), case_id, purpose="file")
    except FolderShut:
        raise Http404 from None
    with viewing(opened.viewer):
        folder, found = file_of(opened, read_items(opened), item_id)
    try:
        headers = download_headers(found.about) | {"Content-Length": str(found.about["size"])}
        return sent(open_file(folder.seed, found.id), headers)
    except (FileMissing, VaultError):
        return render(request, "ui/error_desk.html", {"told": _LOST, "status": 404}, status=404)
