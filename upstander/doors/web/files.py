"""Adding files to the conversation. The words are kept already; a file that fails costs nothing."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse

from upstander.doors.web.talk import done, from_here, posted
from upstander.doors.web.words import clean
from upstander.tips.files import FileRefused, RefusalReason, store_upload
from upstander.tips.refused_files import take_uploads, words_for
from upstander.tips.reporter import NotKept, dialog_for
from upstander.tips.uploads import SpooledFile


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
