"""The `upstander` command. `upstander help` lists what it can do."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from upstander.command.errors import PlainError
from upstander.config import environment
from upstander.config.database import WrongDatabaseUrl
from upstander.config.home import Home


class Task(NamedTuple):
    """One subcommand: where its function is, and how it is described."""

    module: str
    function: str
    says: str
    arguments: Callable[[argparse.ArgumentParser], None] = lambda _: None


def _init_arguments(parser: argparse.ArgumentParser) -> None:
    for name, says in (
        ("--center", "the crisis center's name"),
        ("--district", "the first district's name"),
        ("--admin-email", "the system administrator's email"),
        ("--admin-name", "their name"),
        ("--supervisor-email", "the center's first supervisor's email"),
        ("--supervisor-name", "their name"),
        ("--lead-email", "the district's safety lead's email"),
        ("--lead-name", "their name"),
        ("--time-zone", "of center and district, such as America/New_York"),
        ("--state", "whose law the district has, if this release has several States"),
    ):
        parser.add_argument(name, help=says)
    parser.add_argument(
        "--print-sql",
        action="store_true",
        help="only print the SQL that makes the roles, for the administrator of a managed server",
    )


def _migrate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--anew",
        action="store_true",
        help="make all functions, triggers, policies and rights again, as this release ships them",
    )


def _backup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", help="where the database and files go")
    parser.add_argument(
        "keys_folder",
        help="where the keys go, and the shred keys' copy: another place, where no such copy grows "
        "older than 35 days",
    )


def _restore_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("system", help="upstander-system-….tar of a backup")
    parser.add_argument(
        "shred_keys", nargs="?", help="upstander-shred-keys-….tar of the same backup"
    )
    parser.add_argument(
        "gone",
        nargs="?",
        help="upstander-gone.txt, the newest there is (default: the one beside the shred keys)",
    )
    parser.add_argument(
        "--keys", help="upstander-keys-….tar (default: the one beside the shred keys)"
    )
    parser.add_argument(
        "--without-list",
        action="store_true",
        help="there is no such list: what was forgotten since the backup comes back",
    )


def _recover_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--person", required=True, help="email of who gets the keys")
    parser.add_argument(
        "--reason",
        required=True,
        choices=("lost-keys", "nobody-left", "emergency", "court-order"),
        help="goes into the record, and to everybody in charge",
    )
    parser.add_argument(
        "--team", action="append", help="a team to bring back (repeat); else those they are in"
    )
    parser.add_argument("--address", default="", help="email by which they sign in from now on")


def _move_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--district", required=True, help="its address part, like maple-valley")
    parser.add_argument("--center", required=True, help="the address part of the new center")


def _administrator_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--email", required=True, help="by which they will sign in")
    parser.add_argument("--name", required=True, help="their name")


def _audit_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        choices=("verify", "key", "verifier", "begin-anew", "accept-rows"),
        help="verify: check the whole record; key: print its public key; verifier: print the file "
        "that checks it elsewhere; begin-anew: seal what a restored database holds; accept-rows: "
        "answer for a repair that was made by hand in the database",
    )
    parser.add_argument("--reason", help="of accept-rows; stands in the record, names nobody")
    parser.add_argument(
        "--kept", nargs="+", default=[], metavar="FILE", help="checkpoints that were kept elsewhere"
    )
    parser.add_argument(
        "--nightly", action="store_true", help="gently, and only while the database runs"
    )


def _languages_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", nargs="?", help="a language's code, like ht, to sign its texts")
    parser.add_argument("--as", dest="signer", choices=("translator", "reader", "clinician"))
    parser.add_argument("--name", help="who agrees to the texts, and their profession")
    parser.add_argument("--day", type=date.fromisoformat, help="on which they did (YYYY-MM-DD)")


def _recordings_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        choices=("list", "import"),
        help="list: what is to be read aloud, as CSV, or without a language what is heard in each; "
        "import: take in a folder of recordings, each named as that list says",
    )
    parser.add_argument("code", nargs="?", default="", help="a language, such as es")
    parser.add_argument("folder", nargs="?", type=Path, help="of import")


def _simulate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("crisis",), help="crisis: a year of mobile crisis")
    parser.add_argument("--seed", type=int, default=1, help="of the first year (default: 1)")
    parser.add_argument("--seeds", type=int, default=20, help="how many years (default: 20)")
    parser.add_argument("--out", type=Path, required=True, help="folder for the page and the CSV")


def _check_line_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--line", required=True, help="a rehearsal's number for reporters")
    parser.add_argument("--sender", required=True, help="another number of the same account")


TASKS: dict[str, Task] = {
    "demo": Task("serve", "demo", "set up and run a system with made-up people"),
    "serve": Task("serve", "serve", "run everything: database, both sites, worker"),
    "init": Task("setup", "init", "set up a new system", _init_arguments),
    "migrate": Task("setup", "migrate", "bring the database to this release", _migrate_arguments),
    "doctor": Task("doctor", "doctor", "check everything and say how to mend what is wrong"),
    "check-line": Task(
        "check_line",
        "check_line",
        "send a text and a call to a line, which begins two conversations",
        _check_line_arguments,
    ),
    "backup": Task("backup", "backup", "save everything", _backup_arguments),
    "restore": Task("restore", "restore", "bring a backup back", _restore_arguments),
    "confirm-restore": Task(
        "restore", "confirm", "say that what a restore undid was looked through"
    ),
    "second-place": Task(
        "second_place",
        "second_place",
        "fill the second place of the shred key file, or the first from it",
    ),
    "recover": Task(
        "recover", "recover", "bring team keys back with both recovery shares", _recover_arguments
    ),
    "move": Task(
        "moving",
        "move",
        "let another center answer for a district, with its recovery shares",
        _move_arguments,
    ),
    "repin": Task(
        "repin",
        "repin",
        "go by a database that is older than what was seen here, with both recovery shares",
    ),
    "put-back": Task(
        "repin", "put_back", "write what was seen here into a database that lost or changed it"
    ),
    "administrator": Task(
        "recover",
        "administrator",
        "make an administrator if none is left",
        _administrator_arguments,
    ),
    "audit": Task("audit", "audit", "check the record, hand out what checks it", _audit_arguments),
    "languages": Task(
        "languages",
        "languages",
        "say how complete each language is and who agreed to it; keep who agrees",
        _languages_arguments,
    ),
    "recordings": Task(
        "recordings",
        "recordings",
        "list what of the form is to be read aloud, take recordings in",
        _recordings_arguments,
    ),
    "simulate": Task(
        "simulate",
        "simulate",
        "compare on invented years who is sent to a child in crisis",
        _simulate_arguments,
    ),
    "public": Task("main", "run_public", "run only the public site"),
    "desk": Task("main", "run_desk", "run only the staff desk"),
    "worker": Task("main", "run_worker", "run only the worker"),
    "watch": Task("main", "run_watch", "run only the watch: health, metrics, alarms"),
    "database": Task("main", "run_database", "run only the embedded database"),
}


def run_public(_home: Home) -> None:
    """Serve the public site until told to stop."""
    importlib.import_module("upstander.command.web").main("public")


def run_desk(_home: Home) -> None:
    """Serve the staff desk until told to stop."""
    importlib.import_module("upstander.command.web").main("desk")


def run_worker(_home: Home) -> None:
    """Sweep what is due until told to stop."""
    importlib.import_module("upstander.command.worker").main()


def run_watch(_home: Home) -> None:
    """Watch the worker, the providers and both sites until told to stop."""
    importlib.import_module("upstander.command.watch").main()


def run_database(home: Home) -> None:
    """Run the embedded PostgreSQL, and start it again when it ends, until told to stop."""
    supervisor = importlib.import_module("upstander.command.supervisor")
    watcher = supervisor.Supervisor(home, [], embedded=True)
    with watcher.listening():
        try:
            watcher.start_database()
            watcher.run(is_ready=lambda: True, when_ready=lambda: supervisor.say("ready"))
        finally:
            watcher.stop()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="upstander", description="Anonymous reporting for school districts."
    )
    tasks = parser.add_subparsers(dest="task", metavar="TASK", required=True)
    for name, task in TASKS.items():
        task.arguments(tasks.add_parser(name, help=task.says, description=task.says))
    tasks.add_parser("help", help="say this")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Do one task; the exit status. What people can mend is one plain line, not a traceback."""
    parser = _parser()
    given = vars(parser.parse_args(arguments))
    name = given.pop("task")
    if name == "help":
        parser.print_help()
        return 0
    # Whatever this command or its children write is for this account alone.
    os.umask(0o077)
    environment.settings_for(environment.given("UPSTANDER_PROCESS"))
    task = TASKS[name]
    function = getattr(importlib.import_module(f"upstander.command.{task.module}"), task.function)
    try:
        status = function(Home.from_env(), **given)
    except (PlainError, WrongDatabaseUrl) as plain:
        print(f"upstander {name}: {plain}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return int(status or 0)
