"""Writes stand in ``actions``, a file for each noun, but what no person does of themselves."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "upstander"
#: Rooms that are no part of the desk's work: installing, the simulator, the sealed record, keys.
APART = ("command", "config", "schema", "audit", "vault", "carriers/simulator")
#: What the worker does by its clock, with the files that it alone calls.
WORKER = {
    "carriers/digests.py",
    "carriers/sending.py",
    "escalations/line.py",
    "escalations/replies.py",
    "escalations/sending.py",
    "escalations/word.py",
    "mandated/leaving/notices.py",
    "mandated/silence.py",
    "mandated/waiting.py",
    "watch/place.py",
    "watch/trial.py",
    "watch/troubles.py",
}
#: What follows from something else that is done, in its transaction.
FOLLOWS = {
    "cases/guides/steps.py": "a step of a guide may make its case one of life and death",
    "cases/guides/texts.py": "that a text was read, by the one mechanism of approvals",
    "mandated/written/evidence.py": "a proof comes with the report that it proves",
    "matters/protections.py": "what keeps somebody out is set again by a restore",
    "people/adapters.py": "the sign-in library asks for it",
    "people/forms/account.py": "the sign-in library asks for it",
    "people/keys.py": "keys of people and teams, by whoever makes or renews one",
    "people/known_names.py": "each name that somebody was called by, as it is given",
    "tips/opening.py": "that words were shown, once a page has shown them",
    "triage/handed.py": "what a team is told as a tip is handed to it",
}
_OF_ROWS = {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}


def _writes(tree: ast.AST) -> bool:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute):
            name, whose = node.func.attr, ast.unparse(node.func.value)
            if (
                (name in _OF_ROWS and "objects" in whose)
                or (name == "save" and not node.args)
                or (name in {"update", "delete"} and ("objects" in whose or "filter" in whose))
            ):
                return True
        elif ast.unparse(node.func) == "call" and "api." in ast.unparse(node):
            return True
    return False


def test_writes_stand_in_actions() -> None:
    found = {
        name
        for path in sorted(ROOT.rglob("*.py"))
        if (name := path.relative_to(ROOT).as_posix())
        and not name.startswith(APART)
        and not {"tests", "migrations", "actions"} & set(path.parts)
        and path.name not in {"actions.py", "sweeps.py", "factories.py"}
        and _writes(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == WORKER | FOLLOWS.keys()
