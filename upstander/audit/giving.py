"""Giving the night's checkpoint away, so that the database's owner can't rewrite what it seals.

A checkpoint holds a count, a hash and a time: nothing of any entry. Whoever has an old one sees
whether today's record still begins with it. So one goes, each night, to every place that is
configured: a folder (a share of another machine, one that can be written once), and mail addresses
outside. It always stands in the data folder as well.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext, gettext_lazy

from upstander.audit.models import Checkpoint

log = logging.getLogger("upstander.audit")

#: Nights that are looked at while somebody can't be reached: a season.
_NIGHTS = 100
_SAYS = gettext_lazy("""\
This is the checkpoint of %(name)s for the night of %(day)s. Keep it.

It seals %(size)s entries. Whoever holds it can later see whether one of them was changed, deleted,
moved or back-dated:

    python3 verifier.py record …the record's export… --key …the record's key… --kept %(file)s

The key is the one that you were given when you began to watch. Nothing of any tip stands here.

""")


def give_next(now: datetime) -> bool:
    """Give the oldest nightly checkpoint that waits to whoever lacks it; False if none waits.

    One who can't be reached holds up nobody else, nor the nights after: they get theirs, and get
    nothing twice. It is marked afterwards, outside any transaction that sends: one given twice
    beats one lost. Raises OSError when somebody was left out.
    """
    nights = Checkpoint.objects.filter(day__isnull=False, given_at__isnull=True).order_by("id")
    away: dict[str, OSError] = {}
    for one in nights[:_NIGHTS]:
        for name, give in _places():
            if name in away:
                continue
            try:
                give(one)
            except OSError as error:
                log.warning("%s got no checkpoint: %s", name, type(error).__name__)
                away[name] = error
        if not away:
            Checkpoint.objects.filter(pk=one.pk).update(given_at=now)
            return True
    if away:
        raise OSError(f"{len(away)} of {len(_places())} got no checkpoint") from next(
            iter(away.values())
        )
    return False


def _places() -> list[tuple[str, Callable[[Checkpoint], None]]]:
    """Return everybody who is to have each night's checkpoint, and how they get it."""
    folders = [(str(folder), partial(_write, folder)) for folder in _folders()]
    return [*folders, *((address, partial(_mail, address)) for address in settings.RECORD_MAIL)]


def kept_outside(files: Iterable[Path] = ()) -> list[tuple[str, str]]:
    """Return names and texts of every checkpoint that lies in a file, and of those in ``files``.

    Raises OSError if one of ``files`` can't be read; a folder that is away is passed over.
    """
    found = [(str(file), file.read_text("utf-8")) for file in files]
    home = settings.HOME.record
    if (home / "checkpoint").exists():
        found.append(("the last checkpoint", (home / "checkpoint").read_text("utf-8")))
    for folder in _folders():
        nights = sorted(folder.glob("checkpoint-*.txt"))
        found += [(str(file), file.read_text("utf-8")) for file in nights]
    return found


def _folders() -> list[Path]:
    return [settings.HOME.record / "nights", *map(Path, settings.RECORD_FOLDERS)]


def _file_of(day: date) -> str:
    return f"checkpoint-{day:%Y-%m-%d}.txt"


def _write(folder: Path, one: Checkpoint) -> None:
    """Write the night's file; one that is there already stays, as it does where one writes once."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with (folder / _file_of(_day(one))).open("x", encoding="utf-8") as handle:
            handle.write(one.note)
            handle.flush()
            os.fsync(handle.fileno())
    except FileExistsError:
        return


def _mail(address: str, one: Checkpoint) -> None:
    """Mail the night's checkpoint, unless it went to this address before (``_marker``)."""
    marker, day = _marker(address), _day(one)
    if marker.exists() and date.fromisoformat(marker.read_text("ascii")) >= day:
        return
    says = str(_SAYS) % {
        "name": settings.RECORD_NAME,
        "day": day,
        "size": one.size,
        "file": _file_of(day),
    }
    subject = gettext("Checkpoint of the record, %(day)s") % {"day": day}
    # One mail each: who watches is nobody else's business.
    message = EmailMessage(subject, says + one.note, to=[address])
    message.attach(_file_of(day), one.note, "text/plain")
    message.send()
    marker.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    marker.write_text(day.isoformat(), "ascii")


def _marker(address: str) -> Path:
    """Return the file that says up to which night an address has them; its name is no address."""
    name = hashlib.sha256(address.encode()).hexdigest()[:32]
    return settings.HOME.record / "mailed" / name


def _day(one: Checkpoint) -> date:
    return one.day or one.at.date()
