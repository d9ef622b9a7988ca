"""Puts the verifier into one file that a monitor can read, keep, and run with only Python."""

from __future__ import annotations

import ast
from pathlib import Path

#: In the order in which they need each other.
PARTS = ("tree", "ed25519", "checkpoints", "whole", "main")
_HEAD = '''#!/usr/bin/env python3
"""Check Upstander's record on a machine of your own: this file, Python 3.11 or newer, nothing else.

Put together from upstander/audit/verifier/ of Upstander's source (AGPL-3.0-or-later), which has the
tests. `python3 verifier.py --help` says what it can do.
"""

from __future__ import annotations
'''


def as_one_file() -> str:
    """Return the verifier's source: the parts, without what they import from each other."""
    folder = Path(__file__).parent
    return _HEAD + "".join(_part((folder / f"{name}.py").read_text("utf-8")) for name in PARTS)


def _part(source: str) -> str:
    lines = source.splitlines(keepends=True)
    tree = ast.parse(source)
    docstring = ast.get_docstring(tree) or ""
    dropped = {0: tree.body[0].end_lineno or 0}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (
            node.module == "__future__" or (node.module or "").startswith("upstander.")
        ):
            dropped[node.lineno - 1] = node.end_lineno or 0
    for start, end in dropped.items():
        lines[start:end] = [""] * (end - start)
    comment = "".join(f"# {line}".rstrip() + "\n" for line in docstring.splitlines())
    return "\n\n# " + "-" * 98 + "\n" + comment + "\n" + "".join(lines).strip("\n") + "\n"
