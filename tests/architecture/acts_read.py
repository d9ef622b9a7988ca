"""What the code says of the record's acts: which it writes, which it looks for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HOME = Path(__file__).parents[2] / "upstander"
#: ``audit.actions.record`` takes it first; what else writes has a parameter of this name.
PARAMETER = "action"


@dataclass
class Found:
    """Acts by name, and shapes of names made of an enumeration; where something isn't readable."""

    names: set[str] = field(default_factory=set)
    shapes: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)

    def add(self, value: ast.expr, where: str) -> None:
        """Add what an expression can be."""
        match value:
            case ast.Constant(value=str(name)):
                self.names.add(name)
            case ast.IfExp(body=body, orelse=other):
                self.add(body, where)
                self.add(other, where)
            case ast.JoinedStr(values=parts):
                self.shapes.add(
                    "".join(
                        re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+"
                        for part in parts
                    )
                )
            case ast.Name(id=name) if name == PARAMETER:
                pass  # Given on: its callers are read.
            case _:
                self.unread.append(f"{where}: {ast.unparse(value)}")


def modules() -> Iterator[tuple[Path, ast.Module]]:
    """Give the product's modules, without tests, migrations and the outsiders' verifier."""
    for path in sorted(HOME.rglob("*.py")):
        if not {"tests", "migrations", "verifier"} & set(path.relative_to(HOME).parts):
            yield path, ast.parse(path.read_text("utf-8"))


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _given(call: ast.Call, place: int) -> ast.expr | None:
    named = [one.value for one in call.keywords if one.arg == PARAMETER]
    return named[0] if named else call.args[place] if len(call.args) > place else None


type Writers = dict[tuple[str, str], int]


def _place(writers: Writers, path: Path, call: ast.Call) -> int | None:
    name = _called(call)
    return writers.get((str(path), name), writers.get(("", name)))


def _hands_on(writers: Writers, path: Path, one: ast.FunctionDef) -> bool:
    for call in ast.walk(one):
        if isinstance(call, ast.Call) and (at := _place(writers, path, call)) is not None:
            given = _given(call, at)
            if isinstance(given, ast.Name) and given.id == PARAMETER:
                return True
    return False


def _writers(read: list[tuple[Path, ast.Module]]) -> Writers:
    """Return what hands an act on to ``record``, with the place of its parameter."""
    writers: Writers = {("", "record"): 0}
    while True:
        before = len(writers)
        for path, module in read:
            for one in ast.walk(module):
                if not isinstance(one, ast.FunctionDef):
                    continue
                names = [arg.arg for arg in one.args.args if arg.arg not in ("self", "cls")]
                if PARAMETER in names and _hands_on(writers, path, one):
                    writers[str(path), one.name] = names.index(PARAMETER)
                    if not one.name.startswith("_") and one.name != "record":
                        writers["", one.name] = names.index(PARAMETER)
        if len(writers) == before:
            return writers


def written() -> Found:
    """Return the acts that Python writes, through whatever hands them on to ``record``."""
    read = list(modules())
    writers = _writers(read)
    found = Found()
    for path, module in read:
        text = ast.unparse(module)
        for one in ast.walk(module):
            if not isinstance(one, ast.Call) or (at := _place(writers, path, one)) is None:
                continue
            # Forms and files have a method of that name too.
            ours = "audit.actions" in text and isinstance(one.func, ast.Name)
            subjects = ast.unparse(one.func) == "subject.record"
            given = _given(one, at)
            if given is not None and (_called(one) != "record" or ours or subjects):
                found.add(given, f"{path.relative_to(HOME)}:{one.lineno}")
    return found


def looked_for() -> set[str]:
    """Return the acts that Python compares entries with, or looks for."""
    found = set()
    for path, module in modules():
        if "Entry" not in path.read_text("utf-8"):
            continue
        for one in ast.walk(module):
            if isinstance(one, ast.Compare) and ast.unparse(one.left) == "entry.action":
                given = one.comparators
            elif isinstance(one, ast.Call) and _called(one) in ("Wanted", "filter", "exclude"):
                given = [word.value for word in one.keywords if word.arg == "action"]
            else:
                continue
            for expression in given:
                for word in ast.walk(expression):
                    if isinstance(word, ast.Constant) and isinstance(word.value, str):
                        found.add(word.value)
    return found


def _statements() -> Iterator[str]:
    for path in sorted(HOME.rglob("*.sql")):
        yield re.sub(r"--.*", "", path.read_text("utf-8"))
    for path in sorted(HOME.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.relative_to(HOME).parts):
            yield path.read_text("utf-8")


def written_by_sql() -> set[str]:
    """Return the acts that functions of the database write."""
    found: set[str] = set()
    for text in _statements():
        for given in re.findall(r"p_action\s*=>\s*(.*?),[\s\"]*p_\w+\s*=>", text, re.DOTALL):
            words = re.findall(r"(?:THEN|ELSE)\s+'([^']*)'", given)
            found.update(words or re.findall(r"'([^']*)'", given))
    return found


def looked_for_by_sql() -> set[str]:
    """Return the acts that the database's texts look for; of a pattern, the pattern."""
    found: set[str] = set()
    for text in _statements():
        if "audit_entry" not in text and "NEW.action" not in text:
            continue
        for _, given in re.findall(
            r"\baction(::text)?\s*(?:=|<>|!=|~~|LIKE|(?:NOT\s+)?IN)\s*(\([^)]*\)|ANY\s*\([^)]*\)|'[^']*')",
            text,
        ):
            for word in re.findall(r"'([^']*)'", given):
                if "=>" in given:
                    continue
                many = word.startswith("{")
                found.update(w.strip('"') for w in word[1:-1].split(",")) if many else found.add(
                    word
                )
    return found
