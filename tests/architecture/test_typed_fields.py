"""What staff type is looked at: their lines and texts are fields of ``ui/fields``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2] / "upstander"
#: What may be Django's own, and why.
LEFT = {
    "administration/forms/places.py": {"time_zone": "is one of a list"},
    "carriers/forms.py": {"code": "its digits are compared"},
    "emergency/forms.py": {"_AnyWords": "a call that was made is always kept"},
    "people/forms/account.py": {"code": "is compared", "password": "is compared"},
    "people/forms/way_in.py": {"code": "is compared", "old": "is compared"},
    "people/forms/team.py": {"words": "are compared", "password": "is compared"},
}
#: Rooms without forms of staff: what reporters type is never refused.
OTHERS = ("doors/", "front/", "ui/fields.py", "vault/")


def plain_fields(tree: ast.Module) -> Iterator[str]:
    """Yield the names of what is made of, or derived from, Django's own field, unless hidden."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            if any(ast.unparse(base).endswith("forms.CharField") for base in node.bases):
                yield node.name
        elif isinstance(node, ast.Assign | ast.Return | ast.AnnAssign) and node.value is not None:
            for call in ast.walk(node.value):
                if (
                    isinstance(call, ast.Call)
                    and ast.unparse(call.func) in ("forms.CharField", "forms.RegexField")
                    and "HiddenInput" not in ast.unparse(call)
                ):
                    yield ast.unparse(node).partition(" = ")[0]


def test_staff_type_into_fields_that_look() -> None:
    found = {
        name: set(plain_fields(ast.parse(file.read_text())))
        for file in sorted(ROOT.rglob("*.py"))
        if (name := str(file.relative_to(ROOT)))
        and "tests/" not in name
        and not name.startswith(OTHERS)
    }
    found = {name: fields for name, fields in found.items() if fields}
    assert found == {name: set(fields) for name, fields in LEFT.items()}
