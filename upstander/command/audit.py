"""`upstander audit`: checks the record where it lies, and hands out what checks it elsewhere."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from upstander.audit.verifier.single import as_one_file
from upstander.command.errors import PlainError
from upstander.command.postgres import running_postgres
from upstander.config.home import Home

#: Beside the last checkpoint: how the record was when it was last checked. Empty: whole.
VERIFIED = "verified"
#: Findings that the file quotes.
_QUOTED = 20


def audit(
    home: Home, what: str, kept: list[str], *, nightly: bool = False, reason: str | None = None
) -> int:
    """Do one of the five things; the exit status. Raises PlainError.

    ``nightly``: as `upstander serve` does it, behind everything else that the machine has to do,
    and only while the database runs.
    """
    if what == "verifier":
        print(as_one_file(), end="")
        return 0
    if not (home.keys / "checkpoint-verify").exists():
        raise PlainError(f"nothing is set up in {home.root}, or run `upstander migrate` first")
    import django  # noqa: PLC0415 - settings need the keys, which were looked for first

    django.setup()
    from upstander.audit.signing import public_key  # noqa: PLC0415

    if what == "key":
        print(public_key())
        return 0
    if nightly:
        os.nice(19)
        return _verify(home, kept)
    with running_postgres(home):
        match what:
            case "verify":
                return _verify(home, kept)
            case "accept-rows":
                return _accept_rows(reason or "")
            case _:
                return _begin_anew(home)


def _verify(home: Home, kept: list[str]) -> int:
    from upstander.audit.checking import check_database  # noqa: PLC0415
    from upstander.audit.giving import kept_outside  # noqa: PLC0415
    from upstander.audit.models import Head  # noqa: PLC0415
    from upstander.audit.rows import accepted, check_rows  # noqa: PLC0415
    from upstander.audit.signing import public_key  # noqa: PLC0415
    from upstander.schema.shipped import standing_faults  # noqa: PLC0415

    try:
        outside = kept_outside(map(Path, kept))
    except OSError as error:
        raise PlainError(f"{error.filename} cannot be read ({error.strerror})") from None
    wrong, quoted = 0, list[str]()
    # First what guards the record: who opened it to be changed may have changed it.
    faults = standing_faults()
    record = check_database(public_key(), outside, datetime.now(UTC))
    for finding in chain(faults, check_rows(), record):
        wrong += 1
        quoted += [str(finding)] if wrong <= _QUOTED else []
        print(finding)
    for line in accepted():
        print(f"by hand, {line}")
    home.record.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home.record / VERIFIED).write_text("".join(f"{line}\n" for line in quoted), "utf-8")
    if wrong:
        print(
            f"{wrong} things are not as they were sealed or shipped: "
            "docs/how-to/verify-the-record.md"
        )
        return 1
    print(
        f"the record is whole: {Head.objects.get().size} sealed entries, held against "
        f"{len(outside)} checkpoints from outside the database; "
        "what guards it stands as this release ships it, and the rows are as they were sealed"
    )
    return 0


def _accept_rows(reason: str) -> int:
    from upstander.audit.rows import accept_rows  # noqa: PLC0415
    from upstander.people.scope import System  # noqa: PLC0415

    if not reason.strip():
        raise PlainError("say why: upstander audit accept-rows --reason '…' (it names nobody)")
    found = accept_rows(reason.strip(), System())
    for finding in found:
        print(finding)
    print(f"{len(found)} rows are sealed as they stand now; the record says that you did it")
    return 0


def _begin_anew(home: Home) -> int:
    from upstander.audit.sealing import SealRefused, begin_anew  # noqa: PLC0415
    from upstander.audit.signing import signer  # noqa: PLC0415

    try:
        sealed = begin_anew(signer(), home.record / "checkpoint", datetime.now(UTC))
    except SealRefused as refused:
        raise PlainError(str(refused)) from None
    print(f"{sealed} entries sealed; what comes from now on is sealed behind them")
    return 0
