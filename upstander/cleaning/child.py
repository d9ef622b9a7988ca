"""The child process: takes one file through a pipe, gives back the clean file or a plan.

In: a line of JSON ``{"format", "size"}``, then the file. Out: a line of JSON that says what is
there, then the thumbnail, then the file or the plan. A file that cannot be read is an answer too;
anything worse ends the process, which says the same.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any, BinaryIO, Final

from .edits import Plan, in_order, pack
from .kinds import Format
from .sandbox import confine
from .source import Source, Unreadable

#: Which module reads which format. Only what a format needs is imported: it saves half a second.
_WALKERS: Final = {
    Format.MOVIE: ("movies", "plan_for_movie"),
    Format.MATROSKA: ("matroska", "plan_for_matroska"),
    Format.OGG: ("ogg", "plan_for_ogg"),
    Format.WAVE: ("riff", "plan_for_wave"),
    Format.FRAMES: ("frames", "plan_for_frames"),
}
Answer = tuple[dict[str, Any], bytes, bytes]


def reader_for(form: Format) -> Callable[[Source], Answer]:
    """Return the function that cleans a format, with all that it needs imported."""
    if form is Format.PDF:
        from . import pdfs  # noqa: PLC0415

        def read_pdf(source: Source) -> Answer:
            body = pdfs.made_anew(source.read(source.left))
            return {"content_type": "application/pdf", "extension": "pdf"}, b"", body

        return read_pdf
    if form in _WALKERS:
        from importlib import import_module  # noqa: PLC0415

        module, name = _WALKERS[form]
        walk: Callable[[Source], Plan] = getattr(import_module(f".{module}", __package__), name)

        def read_media(source: Source) -> Answer:
            size = source.size
            plan = walk(source)
            head = {"content_type": plan.content_type, "extension": plan.extension, "plan": True}
            return head, b"", pack(in_order(plan.edits, size))

        return read_media
    from . import pictures  # noqa: PLC0415

    pictures.prepare()

    def read_picture(source: Source) -> Answer:
        picture = pictures.made_anew(source.read(source.left), form)
        head = {
            "content_type": picture.content_type,
            "extension": picture.extension,
            "width": picture.width,
            "height": picture.height,
        }
        return head, picture.thumbnail, picture.body

    return read_picture


def answer(form: Format, stream: BinaryIO, size: int) -> Answer:
    """Read a file of ``size`` bytes from a stream and return the answer to it."""
    try:
        head, thumbnail, body = reader_for(form)(Source(stream, size))
    except Unreadable as error:
        return {"unreadable": str(error)}, b"", b""
    head |= {"thumbnail": len(thumbnail), "body": len(body)}
    return head, thumbnail, body


def main(form: str, parent: str) -> None:
    """Run as the child of process ``parent``: confined, then one file from stdin to stdout."""
    reader_for(Format(form))  # imports what it needs while it still can
    confine(int(parent))
    size = int(sys.stdin.buffer.readline(32))
    head, thumbnail, body = answer(Format(form), sys.stdin.buffer, size)
    out = sys.stdout.buffer
    out.write(json.dumps(head).encode() + b"\n")
    out.write(thumbnail)
    out.write(body)
    out.flush()
