"""What must be done to the database and the static files before the sites may be started.

Run as a process of its own (`python -m upstander.command.prepare`), so that the supervisor stays
small and holds no connection. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from upstander.command.errors import PlainError
from upstander.command.launch import dying_with_us
from upstander.config import environment
from upstander.config.home import Home


@dataclass(frozen=True)
class Prepared:
    """What was found and done."""

    pending: list[str]
    """What the database lacks of this release (always empty after `migrate`)."""
    accounts: list[tuple[str, str]]
    """In the demo: whom one can sign in as, and how."""


class PreparationFailed(PlainError):
    """The preparing process failed; its own words were already printed."""


def prepare(
    home: Home,
    *,
    migrate: bool,
    anew: bool = False,
    demo: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
) -> Prepared:
    """Check or apply migrations, collect static files, load the demo; in a process of its own.

    With `anew`, what guards the database is made again: see `schema.apply.migrate`.

    Raises PreparationFailed, also when `cancelled` turned true meanwhile.
    """
    wanted = {"--migrate": migrate, "--anew": anew, "--demo": demo}
    arguments = [argument for argument, said in wanted.items() if said]
    source = str(Path(__file__).resolve().parents[2])
    process = subprocess.Popen(
        dying_with_us(sys.executable, "-m", "upstander.command.prepare", *arguments),
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env={
            **environment.for_child(),
            "PYTHONPATH": source,
            "UPSTANDER_HOME": str(home.root),
            "UPSTANDER_PROCESS": "command",
            **({"UPSTANDER_DEMO": "1"} if demo else {}),
        },
    )
    while True:
        try:
            output, _ = process.communicate(timeout=0.1)
            break
        except subprocess.TimeoutExpired:
            if cancelled():
                # Migrations are transactions: what was not finished is as if it had not begun.
                process.kill()
    if process.returncode != 0:
        raise PreparationFailed("the database could not be prepared (see above)")
    told = json.loads(output)
    return Prepared(told["pending"], [(who, how) for who, how in told["accounts"]])


def _static_signature() -> str:
    """Changes when any static file, or a package that brings some, changes."""
    from django.contrib.staticfiles.finders import get_finders  # noqa: PLC0415

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            seen = Path(storage.path(path)).stat()
            digest.update(f"{path}|{seen.st_size}|{seen.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static(home: Home) -> None:
    """Collect and compress static files if any has changed since the last time."""
    from django.core.management import call_command  # noqa: PLC0415

    stamp = home.root / "static.stamp"
    signature = _static_signature()
    if stamp.exists() and stamp.read_text(encoding="ascii") == signature:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(signature, encoding="ascii")


def _settle_key_files(home: Home, *, demo: bool) -> None:
    """Tell a new database of its first shred key file; in the demo, fill the second place."""
    from django.conf import settings  # noqa: PLC0415

    from upstander.vault.errors import VaultError  # noqa: PLC0415
    from upstander.vault.two_places import know_first, settle  # noqa: PLC0415

    try:
        know_first(settings.SHRED_FILES)
        if demo and home.second_place is not None:
            home.second_place.mkdir(mode=0o700, exist_ok=True)
            settle(settings.SHRED_PLACES)
    except VaultError as error:
        sys.exit(f"upstander: {error}")


def _load_services(home: Home) -> None:
    """Bring in the States' helping services; what a person decided stays. Then towns, if given."""
    from upstander.directory.actions.loading import load_services  # noqa: PLC0415
    from upstander.directory.actions.towns import load_towns  # noqa: PLC0415
    from upstander.rulefiles import RuleFileWrong  # noqa: PLC0415

    try:
        load_services()
        if (file := home.root / "towns.csv").exists():
            load_towns(file)
    except RuleFileWrong as error:
        sys.exit(f"upstander: {error}")


def main() -> None:
    """Do what the arguments ask for and print what was done as JSON."""
    parser = argparse.ArgumentParser(prog="upstander.command.prepare")
    parser.add_argument("--migrate", action="store_true")
    parser.add_argument("--anew", action="store_true")
    parser.add_argument("--demo", action="store_true")
    given = parser.parse_args()
    # Whatever Django prints goes to the error stream: the output is the JSON alone.
    with contextlib.redirect_stdout(sys.stderr):
        environment.settings_for("command")
        import django  # noqa: PLC0415

        django.setup()
        from upstander.schema.apply import migrate, pending  # noqa: PLC0415 - needs Django

        home = Home.from_env()
        missing = pending()
        if given.migrate and (missing or given.anew):
            migrate(anew=given.anew)
            missing = []
        if given.migrate:
            _settle_key_files(home, demo=given.demo)
            _load_services(home)
        collect_static(home)
        accounts: list[tuple[str, str]] = []
        if given.demo:
            from upstander.command.demo_data import load  # noqa: PLC0415 - only the demo needs it
            from upstander.command.demo_voice import read_aloud  # noqa: PLC0415

            accounts = load(home)
            print(read_aloud())
        if not missing:
            # After the demo's own: there must be a real center before there is one for test tips.
            from upstander.watch.place import ensure_from_env  # noqa: PLC0415

            ensure_from_env(demo=environment.is_on("UPSTANDER_DEMO"))
    print(json.dumps({"pending": missing, "accounts": accounts}))


if __name__ == "__main__":
    main()
