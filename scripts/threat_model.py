"""The list of what stands in clear, in docs/threat-model.md: written from the apps' manifests.

`scripts/threat_model.py`          write it anew
`scripts/threat_model.py --check`  fail if it is not what the manifests say
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "threat-model.md"
BEGIN = "| table | columns | why in clear | until when |\n| --- | --- | --- | --- |\n"


def rows() -> str:
    """Return the table's rows, app by app, lowest layer first."""
    from upstander.plug import manifests  # noqa: PLC0415 - Django is set up first

    return "".join(
        f"| {table.name} | {column.names} | {column.why} | {table.goes} |\n"
        for brought in manifests()
        for table in brought.manifest.tables
        for column in table.clear
    )


def written(page: str) -> str:
    """Return the page with the rows that the manifests give. Raises ValueError: no such table."""
    before, begin, rest = page.partition(BEGIN)
    if not begin:
        raise ValueError(f"{PAGE.name} has no table that begins with: {BEGIN.splitlines()[0]}")
    lines = rest.splitlines(keepends=True)
    end = next((n for n, line in enumerate(lines) if not line.startswith("|")), len(lines))
    return before + BEGIN + rows() + "".join(lines[end:])


def main() -> int:
    """Write the page, or compare it; the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstander.config.settings")
    import django  # noqa: PLC0415 - only the command needs it set up

    sys.path.insert(0, str(ROOT))
    django.setup()
    page = PAGE.read_text("utf-8")
    new = written(page)
    if "--check" in sys.argv:
        if new != page:
            print(f"{PAGE.name} is not what the manifests say: run scripts/threat_model.py")
        return int(new != page)
    PAGE.write_text(new, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
