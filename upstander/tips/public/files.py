"""Adding files to the conversation. The words are kept already; a file that fails costs nothing."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from upstander.tips.files import FileRefused, RefusalReason, store_upload
from upstander.tips.public.talk import done, from_here, posted
from upstander.tips.public.words import clean
from upstander.tips.reporter import NotKept, dialog_for
from upstander.tips.uploads import SpooledFile, SpooledUploads


def words_for(reason: RefusalReason) -> str:
    """Say in the reporter's language why a file was not taken, and what to do instead."""
    later = _("We can’t take files at this moment. Try again in a few minutes.")
    return {
        RefusalReason.TOO_BIG: _(
            "It is too big. Up to 100 MB can be sent: a shorter video, or a screenshot."
        ),
        RefusalReason.EMPTY: _("There is nothing in it. Choose the file again."),
        RefusalReason.NOT_READABLE: _("It can’t be opened. Send a screenshot of it instead."),
        RefusalReason.NOT_CLEANABLE: _(
            "We can’t take this kind of file: it may name who made it. Send a photo or a "
            "screenshot of what it shows, or tell us in words."
        ),
        RefusalReason.NOT_ALLOWED_HERE: _(
            "We can’t take pictures for this. Please tell us in words."
        ),
        RefusalReason.TOO_MANY: _("File limit reached. Please tell us in words."),
        RefusalReason.NO_ROOM: later,
        RefusalReason.TRY_AGAIN: later,
    }[reason]


def take_uploads(request: HttpRequest) -> None:
    """Have files spooled encrypted. Call before anything of the form is read."""
    request.upload_handlers = [SpooledUploads(request)]


def store_all(token: str, files: Iterable[UploadedFile[bytes]]) -> str:
    """Store the files of a form; return what is wrong with those that were not taken.

    Empty if all were taken. Raises SessionOver.
    """
    problems = []
    for file in files:
        if not isinstance(file, SpooledFile):
            continue
        try:
            store_upload(token, clean(file.name or ""), file.content)
        except FileRefused as refused:
            problems.append(words_for(refused.reason))
        except NotKept:
            problems.append(words_for(RefusalReason.NO_ROOM))
    return " ".join(dict.fromkeys(problems))


@from_here
@posted
def add_file(request: HttpRequest) -> HttpResponse:
    """Add the files of a form to the conversation."""
    take_uploads(request)
    code = clean(request.POST.get("code", ""))
    files = request.FILES.getlist("file")
    problem = ""

    def act(token: str) -> None:
        nonlocal problem
        dialog_for(token)  # whether there is a conversation at all
        problem = store_all(token, files) if files else words_for(RefusalReason.EMPTY)

    return done(request, code, act, said="file", about="file", problem=lambda: problem)
