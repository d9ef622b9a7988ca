"""The parent's side: has a file cleaned by a sandboxed child and believes nothing it says."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from .edits import MOST_BYTES, apply, in_order, size_after, unpack
from .kinds import Format, Kind
from .source import Unreadable

log = logging.getLogger(__name__)

#: From the first byte to the last, in seconds.
PATIENCE: Final = 60.0
#: Puts chunks away as they come and returns them again.
Keep = Callable[[Iterable[bytes]], Iterable[bytes]]
_ROOT: Final = Path(__file__).resolve().parents[3]
_HEAD: Final = 4096
_PIECE: Final = 64 * 1024
#: Neither thumbnail nor clean file grows over these; a broken child may write for ever.
_MOST_THUMBNAIL: Final = 2 * 1024 * 1024
_MOST_BODY: Final = 160 * 1024 * 1024
#: The answers that may come, and how the desk may show each.
_KINDS: Final = {
    "image/jpeg": Kind.IMAGE,
    "image/png": Kind.IMAGE,
    "image/webp": Kind.IMAGE,
    "application/pdf": Kind.PDF,
    "video/mp4": Kind.VIDEO,
    "video/webm": Kind.VIDEO,
    "video/x-matroska": Kind.VIDEO,
    "audio/mp4": Kind.AUDIO,
    "audio/webm": Kind.AUDIO,
    "audio/x-matroska": Kind.AUDIO,
    "audio/ogg": Kind.AUDIO,
    "audio/mpeg": Kind.AUDIO,
    "audio/aac": Kind.AUDIO,
    "audio/wav": Kind.AUDIO,
}
_EXTENSIONS: Final = frozenset(
    {
        "jpg",
        "png",
        "webp",
        "pdf",
        "mp4",
        "mov",
        "m4a",
        "webm",
        "mkv",
        "mka",
        "ogg",
        "mp3",
        "aac",
        "wav",
    }
)
#: Each child may take a processor for seconds and a gigabyte: two at a time a process.
_SLOTS: Final = threading.BoundedSemaphore(2)
_QUEUE_SECONDS: Final = 45.0


class Busy(Exception):
    """Too many files are being cleaned; it is worth trying again in a minute."""


@dataclass(frozen=True, slots=True)
class Clean:
    """A file without what it said about its maker. ``chunks`` may be read once."""

    kind: Kind
    content_type: str
    extension: str
    size: int
    width: int | None
    height: int | None
    thumbnail: bytes
    chunks: Iterable[bytes]


def clean(
    form: Format,
    chunks: Iterable[bytes],
    size: int,
    keep: Keep,
) -> Clean:
    """Clean a file of ``size`` bytes. ``chunks`` is read once or twice, each time from the start.

    A file that is made anew goes through ``keep`` (into a spool, encrypted) before anything of it
    is believed. Raises Unreadable for a file that is not what it seems or that broke the child,
    Busy when too many others are at it.
    """
    if not _SLOTS.acquire(timeout=_QUEUE_SECONDS):
        raise Busy
    try:
        with _child(form) as child:
            return _conversation(child, chunks, size, keep)
    finally:
        _SLOTS.release()


def _conversation(
    child: subprocess.Popen[bytes],
    chunks: Iterable[bytes],
    size: int,
    keep: Keep,
) -> Clean:
    _feed(child, chunks, size)
    out = child.stdout
    assert out is not None  # noqa: S101 - Popen was asked for pipes
    head = _head(out)
    kind = _KINDS[head["content_type"]]
    thumbnail = b"".join(_exactly(out, _count(head, "thumbnail", _MOST_THUMBNAIL)))
    if head.get("plan"):
        plan = b"".join(_exactly(out, _count(head, "body", 2 * MOST_BYTES)))
        edits = in_order(unpack(plan), size)
        length = size_after(size, edits)
        body: Iterable[bytes] = apply(chunks, edits)
    else:
        length = _count(head, "body", _MOST_BODY)
        body = keep(_exactly(out, length))
    if out.read(1) or child.wait() != 0:
        raise Unreadable("the child did not end well")
    return Clean(
        kind,
        head["content_type"],
        head["extension"],
        length,
        _count(head, "width", 1 << 20) or None,
        _count(head, "height", 1 << 20) or None,
        thumbnail,
        body,
    )


def _feed(child: subprocess.Popen[bytes], chunks: Iterable[bytes], size: int) -> None:
    """Write the file into the pipe. The child reads it whole before it answers."""
    pipe = child.stdin
    assert pipe is not None  # noqa: S101 - Popen was asked for pipes
    # A child that gave up early closes the pipe: what it has to say is read all the same.
    with contextlib.suppress(BrokenPipeError), contextlib.closing(pipe):
        pipe.write(b"%d\n" % size)
        for chunk in chunks:
            pipe.write(chunk)


def _head(out: IO[bytes]) -> dict[str, Any]:
    """Read the child's first line. Raises Unreadable."""
    line = out.readline(_HEAD)
    try:
        head = json.loads(line)
    except ValueError as error:
        raise Unreadable("the child broke down or took too long") from error
    if not isinstance(head, dict) or "unreadable" in head:
        raise Unreadable("the file does not keep to its format")
    if head.get("content_type") not in _KINDS or head.get("extension") not in _EXTENSIONS:
        raise Unreadable("the child says what it cannot")
    return head


def _count(head: dict[str, Any], name: str, most: int) -> int:
    value = head.get(name, 0)
    if not isinstance(value, int) or not 0 <= value <= most:
        raise Unreadable("the child says what it cannot")
    return value


def _exactly(out: IO[bytes], count: int) -> Iterator[bytes]:
    while count:
        piece = out.read(min(_PIECE, count))
        if not piece:
            raise Unreadable("the child broke off")
        count -= len(piece)
        yield piece


@contextlib.contextmanager
def _child(form: Format) -> Iterator[subprocess.Popen[bytes]]:
    """Start a child for one file; however this ends, so does the child."""
    start = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from upstander.cleaning.child import main; main(*sys.argv[2:])"
    )
    command = [sys.executable, "-I", "-B", "-c", start, str(_ROOT), form.value, str(os.getpid())]
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # what a decoder says may quote the file
        cwd="/",
        env={"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},  # nothing of our own, no secret
    )
    # A timer, since reading and writing block: a killed child ends both.
    watch = threading.Timer(PATIENCE, child.kill)
    watch.daemon = True
    watch.start()
    try:
        yield child
    finally:
        watch.cancel()
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        child.wait()
        if child.returncode not in (0, -9):
            log.warning("cleaning a %s file ended with status %d", form.value, child.returncode)
