"""`upstander recordings`: what of the form is to be read aloud, and what has been."""

from __future__ import annotations

import csv
import os
import shutil
import sys
from pathlib import Path
from typing import Final

from upstander.base.languages import BY_CODE
from upstander.command.errors import PlainError
from upstander.config.home import Home

#: Bytes: a minute of speech, packed, is less.
MOST: Final = 2_000_000


def recordings(home: Home, what: str, code: str, folder: Path | None) -> None:
    """List what is to be heard, or take recordings of one language in. Raises PlainError."""
    if code and code not in BY_CODE:
        raise PlainError(f"there is no language {code!r}: {', '.join(BY_CODE)}")
    if what == "import" and not (code and folder and folder.is_dir()):
        raise PlainError("say which language, and which folder: upstander recordings import es DIR")
    if not (home.passwords / "owner").exists():
        raise PlainError(f"nothing is set up in {home.root}")
    import django  # noqa: PLC0415 - settings need the keys, which were looked for first

    django.setup()
    if what == "import" and folder:
        print(f"{take(code, folder)} recordings taken in.\n{_coverage(code)}")
    elif code:
        _write(code)
    else:
        print("\n".join(_coverage(one) for one in BY_CODE))


def take(code: str, folder: Path) -> int:
    """Copy a language's recordings into the data folder; return how many.

    Each is named by its text's hash. Raises PlainError before any is copied: for a name that is of
    no text of today's form, an ending that no browser plays, a file that is too large.
    """
    from upstander.doors.recordings import TYPES, folder_of, hash_of  # noqa: PLC0415
    from upstander.doors.web.aloud import lines  # noqa: PLC0415

    wanted = {hash_of(text) for text in lines(code)}
    given = [path for path in sorted(folder.iterdir()) if path.suffix != ".csv"]
    for path in given:
        if path.suffix not in TYPES or not path.is_file() or path.is_symlink():
            raise PlainError(f"{path.name}: not a file that ends in {', '.join(TYPES)}")
        if path.stem not in wanted:
            raise PlainError(f"{path.name}: no line of the form in {code!r} has this hash today")
        if not 0 < path.stat().st_size <= MOST:
            raise PlainError(f"{path.name}: empty, or larger than 2 MB")
    target = folder_of(code)
    target.mkdir(parents=True, exist_ok=True)
    for path in given:
        # A dot: it counts for nothing until it is whole.
        unfinished = target / f".{path.name}"
        shutil.copyfile(path, unfinished)
        for other in target.glob(f"{path.stem}.*"):
            other.unlink()
        os.replace(unfinished, target / path.name)
    return len(given)


def _write(code: str) -> None:
    from upstander.doors.recordings import hash_of  # noqa: PLC0415
    from upstander.doors.web.aloud import lines  # noqa: PLC0415

    table = csv.writer(sys.stdout)
    table.writerow(["name the file", "text", "recorded"])
    for text, recorded in lines(code).items():
        table.writerow([f"{hash_of(text)}.mp3", text, "yes" if recorded else "no"])


def _coverage(code: str) -> str:
    from upstander.doors.web.aloud import lines  # noqa: PLC0415

    told = lines(code).values()
    said = f"{sum(told)} of {len(told)} lines can be heard" if any(told) else "not by ear"
    return f"{BY_CODE[code].english}: {said}"
