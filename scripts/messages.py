"""Translations: find new texts (where gettext is installed) and compile what is translated.

`scripts/messages.py`          write locale/*/LC_MESSAGES/django.mo
`scripts/messages.py --check`  fail if a text is untranslated, unsure, or not compiled

The compiled files are committed, since a bare system has no gettext; polib compiles them here.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]


def problems(catalog: polib.POFile, compiled: Path) -> list[str]:
    """What keeps a catalog from being finished."""
    found = [f"not translated: {entry.msgid[:60]!r}" for entry in catalog.untranslated_entries()]
    found += [f"unsure (fuzzy): {entry.msgid[:60]!r}" for entry in catalog.fuzzy_entries()]
    if not compiled.exists() or compiled.read_bytes() != catalog.to_binary():
        found.append(f"{compiled.name} is older than the texts: run `make messages`")
    return found


def extract() -> None:
    """Bring new texts of code and templates into the catalogs, if gettext's programs are here."""
    if shutil.which("xgettext") is None:
        print("gettext is not installed: no new texts are looked for, only compiled")
        return
    languages = [f"--locale={folder.name}" for folder in sorted((ROOT / "locale").iterdir())]
    command = [sys.executable, "-m", "django", "makemessages", "--no-location", *languages]
    subprocess.run([*command, "--ignore=.venv", "--ignore=var"], cwd=ROOT, check=True)


def main() -> int:
    """Compile or check all catalogs; the exit status."""
    check = "--check" in sys.argv
    if not check and (ROOT / "locale").is_dir():
        extract()
    failed = False
    for path in sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po")):
        catalog = polib.pofile(str(path), wrapwidth=99)
        compiled = path.with_suffix(".mo")
        if not check:
            compiled.write_bytes(catalog.to_binary())
            print(f"{compiled.relative_to(ROOT)}: {catalog.percent_translated()} % translated")
            continue
        for problem in problems(catalog, compiled):
            failed = True
            print(f"{path.relative_to(ROOT)}: {problem}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
