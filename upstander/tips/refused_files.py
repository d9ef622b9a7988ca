"""Files of a form: spooled as they come in, and what is said of one that was not taken."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from upstander.tips.files import RefusalReason
from upstander.tips.uploads import SpooledUploads


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
