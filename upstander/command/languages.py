"""`upstander languages`: how complete each language is, who agreed to it, and somebody agreeing."""

from __future__ import annotations

from datetime import date

from upstander.command.errors import PlainError
from upstander.command.recover import running_system
from upstander.config.home import Home
from upstander.rulefiles import RuleFileWrong
from upstander.rulefiles.signatures import SIGNERS, Signer, sign, states


def languages(
    home: Home, *, code: str | None, signer: Signer | None, name: str | None, day: date | None
) -> None:
    """Print how each language stands; with all four, keep a signature first. Raises PlainError."""
    try:
        if code or signer or name:
            _sign(home, code or "", signer, name or "", day)
        for one in states(home.languages):
            what = f"{one.language.code:8} {one.language.english:22} {one.done} of {one.whole}"
            print(what, *(one.agreed or ["signed by nobody"]), sep=", ")
    except RuleFileWrong as error:
        raise PlainError(str(error)) from None


def _sign(home: Home, code: str, signer: Signer | None, name: str, day: date | None) -> None:
    found = next((one for one in states(home.languages) if one.language.code == code), None)
    if found is None:
        raise PlainError(f"there is no language {code!r}")
    if signer is None or not name.strip() or day is None:
        raise PlainError(f"say who: --as {' or '.join(SIGNERS)}, --name, --day")
    if found.done < found.whole:
        raise PlainError(f"{found.whole - found.done} texts are missing: nobody can agree to them")
    with running_system(home):
        from upstander.audit.actions import record  # noqa: PLC0415 - after setup()
        from upstander.people.scope import System  # noqa: PLC0415

        sign(home.languages, code, signer, name.strip(), day)
        record(
            "language signed",
            actor=System(),
            subject_kind="language",
            subject_id=code,
            detail={"as": signer},
        )
    print(f"Kept. With all three, {found.language.english} is offered after the next start.")
