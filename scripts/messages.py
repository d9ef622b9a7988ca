"""Translations: find the words in code, templates and tables, bring the files up to date.

`scripts/messages.py`          update locale/*/LC_MESSAGES/django.po and texts.csv, write the .mo
`scripts/messages.py --check`  fail if a text is missing, untranslated, unsure, or not compiled;
                               a draft may lack some, which its readers have in English

The compiled files are committed, since a bare system has no gettext. For the same reason the words
are found here, by Django's own reader of templates and by Python's, not by xgettext.

The catalogs hold what reporters and families read; those in `locale/desk` the staff's pages that
are translated (upstander/desk/languages.py). Words of other pages of theirs are in none.
"""

from __future__ import annotations

import ast
import csv
import difflib
import io
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import django
import polib
from django.conf import settings
from django.utils.translation.template import templatize

from upstander.base.languages import ENGLISH, KNOWN, LOCALE, Language
from upstander.rulefiles.translations import TEXTS, Translation, texts_of

ROOT = Path(__file__).resolve().parents[1]

#: What is translated into.
LANGUAGES = tuple(one for one in KNOWN.values() if one is not ENGLISH)

#: The tables whose texts stand in each language, with what names a row (``rulefiles.translated``).
TABLES = {
    "administration/data/poster": ("key",),
    "cases/guides/data/plan": ("key",),
    "command/demo_services_texts": ("key",),
    "directory/data/child_hurt": ("part",),
    "directory/data/needs": ("key",),
    "helplines/data/violence_plan": ("key",),
    "intake/data/categories": ("key",),
    "intake/data/question_texts": ("question", "part"),
    "intake/data/tiles": ("key",),
    "triage/data/replies": ("group", "stage", "key"),
}
#: Their columns of English, and what the rows of the others are called besides.
COLUMNS = {"en": "", "words en": "/words"}

#: Which arguments of a function are context, words and plural. Other calls hold no words.
_SHAPES: dict[str, tuple[str, ...]] = {
    "gettext": ("msgid",),
    "ngettext": ("msgid", "plural"),
    "pgettext": ("context", "msgid"),
    "npgettext": ("context", "msgid", "plural"),
}
SHAPES = _SHAPES | {f"{name}_lazy": shape for name, shape in _SHAPES.items()}
ALIKE = 0.8  #: A new text as near as this to an old one is offered its translation, as unsure.


class Words(NamedTuple):
    """One text to translate, as a catalog knows it."""

    msgid: str
    plural: str = ""
    context: str | None = None


@dataclass(frozen=True)
class Catalog:
    """The sources whose words the catalogs hold."""

    sources: tuple[str, ...]
    #: Pages of the staff among them.
    without: tuple[str, ...] = ()
    #: It holds the staff's pages, and nothing that the reporters' catalog holds.
    desk: bool = False

    @property
    def languages(self) -> list[Language]:
        """What it is translated into."""
        return [one for one in LANGUAGES if one.voice or not self.desk]

    def path(self, language: Language) -> Path:
        """Its file in a language."""
        folder = LOCALE / "desk" / language.folder.name if self.desk else language.folder
        return folder / "LC_MESSAGES/django.po"

    def files(self) -> Iterator[Path]:
        """The sources, without tests and without what is the staff's alone."""
        found = {path for pattern in self.sources for path in ROOT.glob(pattern)}
        left_out = {path for pattern in self.without for path in ROOT.glob(pattern)}
        for path in sorted(found - left_out):
            if path.suffix in {".py", ".html", ".txt"} and "tests" not in path.parts:
                yield path


SOURCES = Catalog(
    (
        "upstander/ui/**/*",
        "upstander/front/**/*",
        "upstander/doors/**/*",
        "upstander/webapp/**/*",
        "upstander/tips/refused_files.py",
        "upstander/decisions/for_reporter.py",
        "upstander/mandated/worried.py",
        "upstander/mandated/templates/mandated/law_mark.html",
        "upstander/mandated/templates/mandated/worried.html",
        "upstander/callouts/family_form.py",
        "upstander/callouts/telling.py",
        "upstander/callouts/templates/callouts/family*.html",
        "upstander/directory/**/*",
    ),
    without=(
        *(
            f"upstander/doors/{part}.py"
            for part in (
                *("adult/views", "texts/views", "texts/panels", "actions/calls", "actions/texts"),
                *("call_models", "calls/cards", "calls/shown", "calls/views"),
                *("manifest", "models", "recorded"),
            )
        ),
        *(
            f"upstander/doors/templates/doors/calls/{part}.html"
            for part in ("cards", "panel", "standing")
        ),
        "upstander/doors/templates/doors/by_text.html",
        *(
            f"upstander/doors/templates/doors/adult/{page}.html"
            for page in ("links", "take_down", "taken_down")
        ),
        *(f"upstander/ui/{part}.py" for part in ("charts", "local_time", "moments", "press")),
        "upstander/ui/templatetags/figures.py",
        *(
            f"upstander/ui/templates/ui/{page}.html"
            for page in (
                "account",
                "components/chart_legend",
                "desk",
                "error_desk",
                "forms/local_time",
            )
        ),
        *(
            f"upstander/directory/{part}.py"
            for part in (
                *("edit_forms", "edit_rows", "faults", "fetching", "forms", "import_views"),
                *("manifest", "recorded", "spool", "terms", "todo", "views"),
            )
        ),
        "upstander/directory/actions/*",
        "upstander/directory/templates/directory/desk_*.html",
    ),
)

#: The staff's pages that are translated, and what is shown on them.
MANDATED = "upstander/mandated/templates/mandated"
DESK = Catalog(
    (
        "upstander/helplines/**/*",
        "upstander/desk/languages.py",
        "upstander/mandated/suspect_form.py",
        "upstander/mandated/meant_form.py",
        *(f"{MANDATED}/{page}.html" for page in ("own", "suspect", "meant", "standing")),
        "upstander/training/templates/training/course/*.html",
        "upstander/cases/guides/plan.py",
        "upstander/matters/folders.py",
        "upstander/editions/halves.py",
        *(f"upstander/ui/{part}.py" for part in ("local_time", "moments", "press")),
        "upstander/ui/templates/ui/forms/local_time.html",
    ),
    # What stands on the record, the home page and the rail, which are in English.
    without=tuple(f"upstander/helplines/{part}.py" for part in ("recorded", "manifest")),
    desk=True,
)


def in_python(source: str) -> Iterator[Words]:
    """The words in code. Raises ValueError for a call whose words are not written out."""
    tree = ast.parse(source)
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {a.asname or a.name: a.name for a in node.names if a.name in SHAPES}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            shape = SHAPES[names[node.func.id]]
            texts = [a.value if isinstance(a, ast.Constant) else None for a in node.args]
            yield _words(shape, texts, f"line {node.lineno}")


def in_template(source: str) -> Iterator[Words]:
    """The words in a template: its translation tags and ``_("…")`` in others."""
    # All but the calls becomes X's; in brackets, line breaks and indents mean nothing.
    text = io.StringIO(f"({templatize(source)}\n)")
    called, depth, texts = "", 0, [""]
    for token in tokenize.generate_tokens(text.readline):
        if not called and token.type == tokenize.NAME:
            called, depth, texts = token.string, 0, []
        elif called and token.string == "(":
            depth += 1
        elif called and token.type == tokenize.STRING and depth == 1:
            texts.append(ast.literal_eval(token.string))
        elif called and token.string == ")" and depth:
            shape = SHAPES.get("gettext" if called == "_" else called)
            if shape:
                yield _words(shape, texts, f"{texts}")
            called = ""
        elif called and not depth:
            called = token.string if token.type == tokenize.NAME else ""


def _words(shape: tuple[str, ...], texts: Iterable[object], where: str) -> Words:
    found = dict(zip(shape, texts, strict=False))
    if len(found) < len(shape) or not all(isinstance(text, str) for text in found.values()):
        raise ValueError(f"words to translate must be written out: {where}")
    return Words(str(found["msgid"]), str(found.get("plural", "")), found.get("context"))  # type: ignore[arg-type]


def words_of(catalog: Catalog = SOURCES) -> dict[Words, list[str]]:
    """Every text of a catalog's sources, with the files in which it stands."""
    found: dict[Words, list[str]] = {}
    for path in catalog.files():
        reader = in_python if path.suffix == ".py" else in_template
        name = str(path.relative_to(ROOT))
        try:
            for words in reader(path.read_text(encoding="utf-8")):
                files = found.setdefault(words, [])
                files += [] if name in files else [name]
        except ValueError as error:
            raise SystemExit(f"{name}: {error}") from error
    if not catalog.desk:
        return found
    hints = [row["staff"] for row in _rows("helplines/data/violence_plan") if row["staff"]]
    for data in (*(one.english for one in KNOWN.values()), *hints):
        found.setdefault(Words(data), []).append("data")
    public = words_of()
    return {words: files for words, files in found.items() if words not in public}


def updated(old: polib.POFile, wanted: dict[Words, list[str]], language: Language) -> polib.POFile:
    """Return the catalog with the texts that are wanted now, and the translations known so far.

    A new text takes over that of one much like it, marked unsure until somebody has looked.
    """
    plural_forms = language.plural_forms
    new = polib.POFile(wrapwidth=99)
    new.metadata = {
        "Project-Id-Version": "upstander",
        "Language": language.folder.name,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plural_forms,
    }
    forms = int(plural_forms[len("nplurals=")])
    known = {_key(entry): entry for entry in old if not entry.obsolete}
    gone = {words.msgid: entry for words, entry in known.items() if words not in wanted}
    for words in sorted(wanted, key=lambda w: (w.msgid, w.context or "")):
        entry = polib.POEntry(
            msgid=words.msgid,
            msgid_plural=words.plural,
            msgctxt=words.context,
            occurrences=[(name, "") for name in wanted[words]],
            flags=["python-format"] if "%(" in words.msgid else [],
        )
        if words.plural:
            entry.msgstr_plural = dict.fromkeys(range(forms), "")
        before = known.get(words)
        if before is None:
            near = difflib.get_close_matches(words.msgid, gone, n=1, cutoff=ALIKE)
            before = gone[near[0]] if near else None
            if before is not None and before.translated():
                entry.flags.append("fuzzy")
        elif before.fuzzy:
            entry.flags.append("fuzzy")
        if before is not None:
            entry.tcomment = before.tcomment
            entry.msgstr = before.msgstr
            if words.plural:
                entry.msgstr_plural |= before.msgstr_plural
        new.append(entry)
    return new


def _key(entry: polib.POEntry) -> Words:
    return Words(entry.msgid, entry.msgid_plural, entry.msgctxt)


def rows_wanted() -> dict[tuple[str, str], str]:
    """Every text of the tables, in English, by table and row."""
    found: dict[tuple[str, str], str] = {}
    for table, key in TABLES.items():
        for row in _rows(table):
            name = "/".join(row[one] for one in key)
            for column in (one for one in COLUMNS if one in row):
                found[Path(table).name, name + COLUMNS[column]] = row[column]
    return found


def _rows(table: str) -> list[dict[str, str]]:
    with (ROOT / f"upstander/{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def updated_rows(language: Language) -> list[Translation]:
    """The texts of the tables that are wanted now; one whose English has changed has none."""
    held = texts_of(language.code) if (language.folder / TEXTS).exists() else {}
    rows = []
    for place, english in rows_wanted().items():
        before = held.get(place)
        text = before.text if before is not None and before.en == english else ""
        rows.append(Translation(*place, english, text))
    return rows


def problems(
    catalog: polib.POFile, wanted: dict[Words, list[str]], compiled: Path, language: Language
) -> list[str]:
    """What keeps a language from being finished; of a draft, what keeps it from being used."""
    held = {_key(entry) for entry in catalog}
    found = [f"not in the catalog: {words.msgid[:60]!r}" for words in wanted if words not in held]
    found += [f"no longer used: {words.msgid[:60]!r}" for words in held if words not in wanted]
    found += [f"loses what is filled in: {e.msgid[:60]!r}" for e in catalog if not _whole(e)]
    if not language.draft:
        found += [f"not translated: {e.msgid[:60]!r}" for e in catalog.untranslated_entries()]
        found += [f"unsure (fuzzy): {entry.msgid[:60]!r}" for entry in catalog.fuzzy_entries()]
    if not compiled.exists() or compiled.read_bytes() != catalog.to_binary():
        found.append(f"{compiled.name} is older than the texts: run `make messages`")
    return sorted(found)


def row_problems(language: Language) -> list[str]:
    """The same of what a language says in the tables."""
    rows, found = updated_rows(language), []
    if rows != list(texts_of(language.code).values()):
        found.append(f"{TEXTS} has not the tables' texts: run `make messages`")
    if not language.draft:
        found += [f"not translated: {row.table} {row.key}" for row in rows if not row.text]
    return found


def _whole(entry: polib.POEntry) -> bool:
    """Tell whether a translation fills in what its text fills in, and nothing else."""
    filled = re.compile(r"%\(\w+\)[sd]")
    wanted = set(filled.findall(entry.msgid))
    if entry.msgid_plural:
        # "One minute" and "two minutes" may leave the number out; the others need it.
        wanted |= set(filled.findall(entry.msgid_plural))
        return all(set(filled.findall(form)) <= wanted for form in entry.msgstr_plural.values())
    return not entry.msgstr or set(filled.findall(entry.msgstr)) == wanted


def main() -> int:
    """Update and compile, or check, all catalogs; the exit status."""
    check = "--check" in sys.argv
    settings.configure(USE_I18N=False)
    django.setup()
    every = [(one, words_of(one)) for one in (SOURCES, DESK)]
    failed = sum(_one(*each, to, check) for each in every for to in each[0].languages)
    return int(failed > 0)


def _one(catalog: Catalog, wanted: dict[Words, list[str]], language: Language, check: bool) -> bool:
    """Do it for one language's file and tables; whether it failed."""
    path = catalog.path(language)
    name = path.relative_to(ROOT)
    held = polib.pofile(str(path), wrapwidth=99) if path.exists() else polib.POFile()
    if check:
        found = problems(held, wanted, path.with_suffix(".mo"), language)
        found += [] if catalog.desk else row_problems(language)
        for problem in found:
            print(f"{name}: {problem}")
        return bool(found)
    held = updated(held, wanted, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    held.save(str(path))
    path.with_suffix(".mo").write_bytes(held.to_binary())
    done = f"{name}: {held.percent_translated()} % translated"
    if not catalog.desk:
        rows = updated_rows(language)
        with (language.folder / TEXTS).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([Translation._fields, *rows])
        done += f"; {sum(bool(row.text) for row in rows)} of {len(rows)} rows"
    print(done)
    return False


if __name__ == "__main__":
    sys.exit(main())
