"""`upstander audit`: checks the record where it lies, and hands out what checks it elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from upstander.audit.verifier.single import as_one_file
from upstander.command.errors import PlainError
from upstander.command.postgres import running_postgres
from upstander.config.home import Home


def audit(home: Home, what: str, kept: list[str]) -> int:
    """Do one of the four things; the exit status. Raises PlainError."""
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
    with running_postgres(home):
        return _verify(kept) if what == "verify" else _begin_anew(home)


def _verify(kept: list[str]) -> int:
    from upstander.audit.checking import check_database  # noqa: PLC0415
    from upstander.audit.giving import kept_outside  # noqa: PLC0415
    from upstander.audit.models import Head  # noqa: PLC0415
    from upstander.audit.signing import public_key  # noqa: PLC0415

    try:
        outside = kept_outside(map(Path, kept))
    except OSError as error:
        raise PlainError(f"{error.filename} cannot be read ({error.strerror})") from None
    wrong = 0
    for finding in check_database(public_key(), outside, datetime.now(UTC)):
        wrong += 1
        print(finding)
    if wrong:
        print(f"{wrong} things are not as they were sealed: docs/how-to/verify-the-record.md")
        return 1
    print(
        f"the record is whole: {Head.objects.get().size} sealed entries, held against "
        f"{len(outside)} checkpoints from outside the database"
    )
    return 0


def _begin_anew(home: Home) -> int:
    from upstander.audit.sealing import Refused, begin_anew  # noqa: PLC0415
    from upstander.audit.signing import signer  # noqa: PLC0415

    try:
        sealed = begin_anew(signer(), home.record / "checkpoint", datetime.now(UTC))
    except Refused as refused:
        raise PlainError(str(refused)) from None
    print(f"{sealed} entries sealed; what comes from now on is sealed behind them")
    return 0
