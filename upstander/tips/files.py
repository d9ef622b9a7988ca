"""Files that reporters add: taken in, cleaned, encrypted and stored; and how the desk shows them.

The words of a tip are kept before any of this begins: a file that is refused costs nothing else.
Each refusal has a reason that the page can say in plain words.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.utils.http import content_disposition_header

from upstander.cleaning.kinds import HEAD, MADE_ANEW, Kind, format_of, tells_of_its_maker
from upstander.cleaning.names import safe_name
from upstander.cleaning.runner import Busy, Clean, clean
from upstander.cleaning.source import Unreadable
from upstander.intake.taxonomy import TILES_BY_KEY
from upstander.tips.reporter import Dialog, SessionOver, attach, dialog_for
from upstander.tips.spool import Spool
from upstander.tips.storage import NotStored, open_file, put_file, remove_file

log = logging.getLogger(__name__)

#: One file, in bytes (100 MB): a phone's video of a minute or two.
MOST_BYTES: Final = 100 * 1024 * 1024
#: Files of one tip.
MOST_FILES: Final = 20


class RefusalReason(StrEnum):
    """Why a file was not taken; the words for each are the page's."""

    TOO_BIG = "too_big"
    EMPTY = "empty"
    #: A picture or PDF that does not open: a screenshot of it will do.
    NOT_READABLE = "not_readable"
    #: It may name who made it, or run something, and can't be cleaned: a photo of it will do.
    NOT_CLEANABLE = "not_cleanable"
    #: On the tile about nude pictures none may be sent, whatever it shows.
    NOT_ALLOWED_HERE = "not_allowed_here"
    TOO_MANY = "too_many"
    #: The store is full or does not answer; the words of the tip still find room.
    NO_ROOM = "no_room"
    #: Too many files at once: it is worth trying again in a minute.
    TRY_AGAIN = "try_again"


class FileRefused(Exception):
    """A file was not taken, and nothing of it was kept. What was written before is kept."""

    def __init__(self, reason: RefusalReason) -> None:
        """Say why."""
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was kept. ``size`` counts the clean bytes.

    ``kind`` OTHER means kept as it came: what it says about its maker is still in it.
    """

    id: UUID
    name: str
    size: int
    kind: Kind


def store_upload(session_token: str, filename: str, chunks: Iterable[bytes]) -> StoredFile:
    """Take a file into the dialog of a reporter's session, clean it and store it encrypted.

    ``chunks`` are its bytes as they come, or a filled ``Spool`` (see ``uploads.py``). No clear byte
    lies on a disk at any time, and no more than a few chunks in this process's memory. Raises
    FileRefused, SessionOver, and NotKept when the database is away.
    """
    dialog = dialog_for(session_token)
    _check_allowed(dialog)
    return keep_file(dialog.seed, filename, chunks, partial(attach, session_token), nameless=True)


def keep_file(
    seed: bytes,
    filename: str,
    chunks: Iterable[bytes],
    record: Callable[[UUID, Any], object],
    *,
    nameless: bool = False,
    file_id: UUID | None = None,
) -> StoredFile:
    """Clean a file, store it encrypted under ``seed``, then have ``record`` write down that it is.

    ``chunks`` as for ``store_upload``; ``record`` gets the file's id and what it is; ``nameless``:
    it must not say who made it; ``file_id``: what it is to be called. Raises FileRefused and what
    ``record`` raises.
    """
    with ExitStack() as stack:
        spool = stack.enter_context(_spooled(chunks))
        cleaned = _cleaned(spool, stack, nameless=nameless)
        return _stored(record, seed, filename, cleaned, file_id or uuid4())


def _check_allowed(dialog: Dialog) -> None:
    tile = TILES_BY_KEY.get(dialog.tile)
    if tile is not None and not tile.upload_allowed:
        raise FileRefused(RefusalReason.NOT_ALLOWED_HERE)
    if len(dialog.files) >= MOST_FILES:
        raise FileRefused(RefusalReason.TOO_MANY)


def new_spool() -> Spool:
    """Return an empty spool in the data folder. Raises FileRefused when there is no room."""
    folder = Path(settings.HOME.run)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Spool(folder)
    except OSError as error:
        raise FileRefused(RefusalReason.NO_ROOM) from error


def _spooled(chunks: Iterable[bytes]) -> Spool:
    """Return the bytes in a spool, at most ``MOST_BYTES`` of them."""
    spool = chunks if isinstance(chunks, Spool) else new_spool()
    try:
        if spool is not chunks:
            for chunk in chunks:
                if spool.size + len(chunk) > MOST_BYTES:
                    raise FileRefused(RefusalReason.TOO_BIG)
                _write(spool, chunk)
        if spool.size > MOST_BYTES:
            raise FileRefused(RefusalReason.TOO_BIG)
        if not spool.size:
            raise FileRefused(RefusalReason.EMPTY)
    except BaseException:
        spool.close()
        raise
    return spool


def _write(spool: Spool, chunk: bytes) -> None:
    """Add a chunk; only the disk's failures are ours, those of the network are not."""
    try:
        spool.write(chunk)
    except OSError as error:
        raise FileRefused(RefusalReason.NO_ROOM) from error


def _cleaned(spool: Spool, stack: ExitStack, *, nameless: bool) -> Clean:
    """Return the file cleaned, or as it is if its format is none that we know."""
    form = format_of(spool.head(HEAD))
    if form is None and nameless and tells_of_its_maker(spool.head(HEAD)):
        raise FileRefused(RefusalReason.NOT_CLEANABLE)
    as_it_came = Clean(
        Kind.OTHER, "application/octet-stream", "", spool.size, None, None, b"", spool
    )
    if form is None:
        return as_it_came

    def keep(pieces: Iterable[bytes]) -> Spool:
        kept = stack.enter_context(new_spool())
        for piece in pieces:
            _write(kept, piece)
        return kept

    try:
        return clean(form, spool, spool.size, keep)
    except Busy as error:
        raise FileRefused(RefusalReason.TRY_AGAIN) from error
    except Unreadable as error:
        if form in MADE_ANEW:
            raise FileRefused(RefusalReason.NOT_READABLE) from error
        # A film can't be sent in another way as a picture can, and it may be all there is.
        return as_it_came


def _stored(
    record: Callable[[UUID, Any], object],
    seed: bytes,
    filename: str,
    cleaned: Clean,
    file_id: UUID,
) -> StoredFile:
    """Store the bytes, then record them: a record without its bytes would be a false promise."""
    thumbnail_id = uuid4() if cleaned.thumbnail else None
    name = safe_name(filename, cleaned.extension or None)
    about: dict[str, Any] = {
        "name": name,
        "size": cleaned.size,
        "kind": cleaned.kind.value,
        "content_type": cleaned.content_type,
        "width": cleaned.width,
        "height": cleaned.height,
        "thumbnail": str(thumbnail_id) if thumbnail_id else None,
    }
    parts = [partial(put_file, seed, file_id, cleaned.chunks, cleaned.size)]
    if thumbnail_id:
        small = cleaned.thumbnail
        parts.append(partial(put_file, seed, thumbnail_id, [small], len(small)))
    try:
        for put in parts:
            put()
        record(file_id, about)
    except (NotStored, SessionOver, FileRefused) as error:
        # Not when the database is away: it may have recorded the file before it went.
        _forget(file_id, thumbnail_id)
        if isinstance(error, NotStored):
            raise FileRefused(RefusalReason.NO_ROOM) from error
        raise
    return StoredFile(file_id, name, cleaned.size, cleaned.kind)


def _forget(*ids: UUID | None) -> None:
    for file_id in ids:
        if file_id is not None:
            try:
                remove_file(file_id)
            except OSError:
                log.warning("a file that belongs to nothing could not be removed")


def open_thumbnail(seed: bytes, about: Mapping[str, Any]) -> Iterator[bytes] | None:
    """Yield the small picture (WebP) of a file that ``about`` describes; None if it has none.

    Raises what ``open_file`` raises.
    """
    told = about.get("thumbnail")
    return open_file(seed, UUID(told)) if told else None


#: What may be shown inside a page: made or blanked by us, of a type that runs nothing. PDFs are
#: only saved: viewers of browsers do not work in a sandbox, and outside one they run scripts.
_SHOWN: Final = frozenset({Kind.IMAGE, Kind.VIDEO, Kind.AUDIO})
_POLICY: Final = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
)


def download_headers(about: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers with which the desk sends a file; ``about`` as ``attach`` sealed it.

    Shown inline only for cleaned pictures, sound and video. Everything else is saved, as bytes of
    no type, so that nothing a stranger sent runs under the desk's name.
    """
    kind = Kind(about["kind"])
    shown = kind in _SHOWN
    typed = shown or kind is Kind.PDF
    disposition = content_disposition_header(not shown, str(about["name"]))
    return {
        "Content-Type": about["content_type"] if typed else "application/octet-stream",
        "Content-Disposition": disposition or "attachment",
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
