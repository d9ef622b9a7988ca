"""Looks through the SQL texts for what reaches past its layer: `make lint` runs it.

A table belongs to the app that its name begins with. Its app's own functions write it; apps above
may read it; apps beneath it don't know it. Run with `python -m upstander.schema.layers`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: What other people's apps bring with them is looked after by the app that uses it.
_OTHERS: Mapping[str, str] = dict.fromkeys(
    (
        "account_emailaddress",
        "account_emailconfirmation",
        "django_content_type",
        "django_session",
        "mfa_authenticator",
    ),
    "people",
)
#: Functions that a lower layer calls and a higher one defines, each with its reason.
HOOKS: Mapping[str, str] = {
    "audit_may_prove": "asked by the record; matters knows who is kept out of what",
    "audit_proves_duty": "asked by audit_may_prove; whose a duty is, mandated knows alone",
    "approvals_first_key": "asked as somebody joins; who agreed to them, approvals knows",
}
_NOISE = re.compile(r"--[^\n]*|'(?:[^']|'')*'")
_MADE = re.compile(r"(?:CREATE OR REPLACE FUNCTION|EXECUTE ON FUNCTION)\s+[\w.]+")
_WRITE = re.compile(
    r"\b(?:INSERT INTO|UPDATE|DELETE FROM|MERGE INTO|TRUNCATE)(?:\s+ONLY)?\s+(?:public\.)?(\w+)"
)
_WORD = re.compile(r"\b(?:public\.)?((?:api\.)?[a-z][a-z0-9_]*)(\s*\()?")
_TRIGGER = re.compile(r"CREATE (?:CONSTRAINT )?TRIGGER\s+(\w+).*?\bON\s+(\w+)", re.DOTALL)
_MODEL = re.compile(r'CreateModel\(\s*name="(\w+)"')
#: From so many arguments on, an order that was mistaken would go unseen.
_NAMED_FROM = 3


@dataclass(frozen=True)
class Text:
    """One SQL text of an app: a function, the triggers on a table, or a policy."""

    app: str
    #: As messages name it, from the project's root.
    path: str
    sql: str
    #: The line that it begins in.
    line: int = 1

    @property
    def defines(self) -> str | None:
        """The function that it makes, `api.` before it if it is of that schema."""
        match = re.search(r"CREATE OR REPLACE FUNCTION\s+([\w.]+)", self.sql)
        return match[1] if match else None


@dataclass(frozen=True, order=True)
class Violation:
    """What reaches past its layer, and how to mend it."""

    path: str
    line: int
    rule: str
    mend: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.mend}"


def violations(
    texts: Iterable[Text], tables: Mapping[str, str], order: list[str]
) -> list[Violation]:
    """Return what is against the rules in texts of apps, of which ``order`` is lowest first.

    ``tables`` has each table's app.
    """
    every = list(texts)
    functions = {name: text.app for text in every if (name := text.defines)}
    return sorted({one for text in every for one in _of(text, functions, tables, order)})


def _of(
    text: Text, functions: Mapping[str, str], tables: Mapping[str, str], order: list[str]
) -> Iterator[Violation]:
    bare = _NOISE.sub(lambda m: " " * len(m[0]), text.sql)
    bare = _MADE.sub(lambda m: " " * len(m[0]), bare)
    own = order.index(text.app)

    def at(place: int, rule: str, mend: str) -> Violation:
        return Violation(text.path, text.line + bare.count("\n", 0, place), rule, mend)

    for match in _TRIGGER.finditer(bare):
        if not match[1].startswith(f"{text.app}_"):
            yield at(match.start(1), "trigger's name", f"begin {match[1]} with {text.app}_")
    written = set()
    for match in _WRITE.finditer(bare):
        owner = tables.get(match[1])
        if owner and owner != text.app:
            written.add(match.start(1))
            yield at(match.start(1), "writes another's table", f"let {owner} write {match[1]}")
    for match in _WORD.finditer(bare):
        name, place = match[1], match.start(1)
        if name in functions and match[2]:
            if order.index(functions[name]) > own and name not in HOOKS:
                mend = f"{name} is of {functions[name]}, above: move one of them, or make a trigger"
                yield at(place, "calls up", mend)
            arguments = _arguments(bare, match.end())
            if len(arguments) >= _NAMED_FROM and not all("=>" in one for one in arguments):
                yield at(place, "order of arguments", f"name them: {name}(p_... => ...)")
        elif place not in written and name not in functions:
            owner = tables.get(name)
            if owner and order.index(owner) > own:
                yield at(place, "reads up", f"{name} is of {owner}, above: ask it from there")


def _arguments(bare: str, start: int) -> list[str]:
    """Return what stands between the bracket before ``start`` and the one that closes it."""
    found: list[str] = []
    depth, begun = 0, start
    for place in range(start, len(bare)):
        if bare[place] in ")]" and depth == 0:
            return [*found, bare[begun:place]]
        depth += (bare[place] in "([") - (bare[place] in ")]")
        if bare[place] == "," and depth == 0:
            found.append(bare[begun:place])
            begun = place + 1
    return found


def order_of(settings: str) -> list[tuple[str, str]]:
    """Return each app's label and module, the lowest first, from the text of the settings."""
    block = settings[settings.index("\nINSTALLED_APPS = [") :]
    modules = re.findall(r'"(upstander\.[\w.]+)"', block[: block.index("\n]")])
    return [(one.rsplit(".", 1)[1], one) for one in modules]


def shipped() -> tuple[list[Text], dict[str, str], list[str]]:
    """Return the project's texts, its tables with their apps, and its apps, the lowest first."""
    order = order_of((ROOT / "upstander/config/settings.py").read_text("utf-8"))
    texts = []
    tables = dict(_OTHERS)
    for app, module in order:
        home = ROOT.joinpath(*module.split("."))
        for path in home.glob("migrations/*.py"):
            models = _MODEL.findall(path.read_text("utf-8"))
            tables |= {f"{app}_{model.lower()}": app for model in models}
        texts += [
            Text(app, str(path.relative_to(ROOT)), path.read_text("utf-8"))
            for path in sorted(home.glob("sql/*/*.sql"))
        ]
        rows = home / "row_policies.py"
        if rows.exists():
            lines = rows.read_text("utf-8")
            for table in import_module(f"{module}.row_policies").TABLES:
                line = lines[: lines.index(f'"{table.name}"')].count("\n") + 1
                for policy in table.policies:
                    sql = policy.statement(table.name, f"{app}_{policy.name}")
                    where = str(rows.relative_to(ROOT))
                    texts.append(Text(app, where, " ".join(sql.split()), line))
    return texts, tables, [app for app, _ in order]


def main() -> int:
    """Print what is against the rules; 1 if anything is."""
    found = violations(*shipped())
    sys.stdout.writelines(f"{one}\n" for one in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
