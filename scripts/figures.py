"""Print the counts that documents don't keep, since each change makes them stale."""

from __future__ import annotations

import ast
import subprocess
from collections import Counter
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]


def main() -> None:
    """Print what git knows of, by kind."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=SOURCE, capture_output=True, text=True, check=True
    )
    files = [SOURCE / name for name in listed.stdout.splitlines()]
    text = {file: file.read_text("utf-8") for file in files if file.suffix in {".py", ".html"}}
    sources = [file for file in text if file.suffix == ".py"]
    tests = [file for file in sources if "tests" in file.parts or file.name == "conftest.py"]
    nodes = Counter[str]()
    for file in sources:
        kind = "tests" if file in tests else "product"
        nodes[kind] += sum(1 for _ in ast.walk(ast.parse(text[file])))
    functions = [
        node.name
        for file in tests
        for node in ast.walk(ast.parse(text[file]))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    figures = {
        "apps": sum(file.name == "apps.py" for file in files),
        "lines of Python, product": sum(
            text[file].count("\n") for file in sources if file not in tests
        ),
        "lines of Python, tests": sum(text[file].count("\n") for file in tests),
        "syntax nodes, product": nodes["product"],
        "syntax nodes, tests": nodes["tests"],
        "test functions": len(functions),
        "lines of templates": sum(
            text[file].count("\n") for file in text if file.suffix == ".html"
        ),
        "SQL functions": sum(
            file.suffix == ".sql" and file.parent.name == "functions" for file in files
        ),
        "lines of SQL": sum(
            file.read_text("utf-8").count("\n") for file in files if file.suffix == ".sql"
        ),
        "migrations": sum(
            file.parent.name == "migrations" and file.name[:4].isdigit() for file in files
        ),
        "decisions": sum(file.parent.name == "adr" and file.suffix == ".md" for file in files),
        "packages pinned": sum(
            line[:1].isalpha()
            for line in (SOURCE / "requirements" / "base.txt").read_text("utf-8").splitlines()
        ),
    }
    width = max(map(len, figures))
    for name, count in figures.items():
        print(f"{name:<{width}} {count:>9,}")


if __name__ == "__main__":
    main()
