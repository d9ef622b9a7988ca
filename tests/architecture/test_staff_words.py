"""Every word that staff read can be translated: it stands in a tag or in a call of gettext."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from django.utils.functional import Promise

from upstander.accountability.words import _WORDS
from upstander.plug import acts
from upstander.referrals.unmet import _SAID as _UNMET
from upstander.tips.shown import PURPOSES

ROOT = Path(__file__).resolve().parents[2]
#: No pages of Django's: the demo's phones are a file of their own.
APART = {"tests", "migrations", "simulator"}
#: What has no words: the product's name, code to type, script, style, drawings, comments.
_NO_WORDS = re.compile(
    r"Upstander|<(script|style|svg|code)\b.*?</\1>|<!--.*?-->"
    r"|\{% comment.*?endcomment %\}|\{% blocktranslate.*?endblocktranslate %\}",
    re.DOTALL,
)
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_SAID = re.compile(r'(?:aria-label|title|alt|placeholder|data-key-label)="([^"]*)"')
_WORD = re.compile(r"[A-Za-z][a-z]")
#: Which argument of a call a person reads; of any call, these keywords.
_READ = {
    "Refused": 0,
    "Ask": 1,
    "ValidationError": 0,
    "add_error": 1,
    "NavItem": 1,
} | dict.fromkeys(("success", "info", "warning", "error"), 1)
_KEYWORDS = {"label", "help_text"}


def _files(ending: str) -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "upstander").rglob(f"*.{ending}")):
        name = path.relative_to(ROOT / "upstander")
        if not APART & set(name.parts):
            yield name.as_posix(), path.read_text("utf-8")


def _said(template: str) -> Iterator[str]:
    """The words of a template that stand in none of its tags."""
    text = _TAG.sub("\0", _NO_WORDS.sub("", template))
    yield from _SAID.findall(text)
    yield from re.split("\0|<[^>]*>", text)


def test_no_words_of_a_template_stand_outside_a_tag() -> None:
    found = [
        (name, words.strip()[:60])
        for name, text in _files("html")
        for words in _said(text)
        if _WORD.search(re.sub(r"&\w+;", "", words))
    ]
    assert not found, "\n".join(map(str, found))


def _read(tree: ast.AST) -> Iterator[ast.AST]:
    """What in code a person will read: refusals, messages, labels and hints."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in _READ and getattr(getattr(node.func, "value", None), "id", "") != "log":
            yield from node.args[_READ[name] : _READ[name] + 1]
        yield from (one.value for one in node.keywords if one.arg in _KEYWORDS)
        for one in node.keywords:
            if one.arg == "error_messages" and isinstance(one.value, ast.Dict):
                yield from one.value.values


def _bare(node: ast.AST) -> bool:
    """Tell whether words stand here as they are, in no call."""
    if isinstance(node, ast.IfExp):
        return _bare(node.body) or _bare(node.orelse)
    if isinstance(node, ast.BinOp):
        return _bare(node.left)
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    words = "".join(str(one.value) for one in parts if isinstance(one, ast.Constant))
    return bool(_WORD.search(words))


def test_what_code_says_to_a_person_stands_in_a_call_of_gettext() -> None:
    found = [
        (name, node.lineno)  # type: ignore[attr-defined]
        for name, text in _files("py")
        for node in _read(ast.parse(text))
        if _bare(node)
    ]
    assert not found, "\n".join(map(str, found))


#: Whose words no page of the desk shows in its language, or which must stay as they are, and why.
_AS_THEY_ARE = {
    "audit/checking.py": "printed by the command that checks the record",
    "audit/rows.py": "printed by the command that checks the record",
    "audit/verifier/": "a program for outsiders, which has no catalogs",
    "callouts/simulation/": "a study for whoever plans a region, in English",
    "carriers/listing.py": "sent in English and Spanish, which stand beside each other",
    "carriers/notice_kinds.py": "sent in English and Spanish, which stand beside each other",
    "carriers/place_notices.py": "sent in English and Spanish, which stand beside each other",
    "carriers/notices.py": "sent in English and Spanish, which stand beside each other",
    "carriers/sending.py": "kept with what was sent, as what providers say of it",
    "carriers/sweeps.py": "kept with what was sent, as what providers say of it",
    "carriers/texts.py": "sent in English and Spanish, which stand beside each other",
    "carriers/visits.py": "sent in English and Spanish, which stand beside each other",
    "cleaning/": "says nothing to people",
    "command/": "for whoever runs the server",
    "config/": "for whoever writes an app",
    "directory/spoken.py": "languages, each in its own word",
    "declared.py": "for reviewers: what is counted, which no page says",
    "desk/answered.py": "the sheet, which is read out to 911 in English",
    "desk/one_source.py": "the sheet, which is read out to 911 in English",
    "desk/team_911.py": "the sheet, which is read out to 911 in English",
    "directory/actions/loading.py": "for programs that read the directory by the standard",
    "directory/models.py": "the directory's cards have words of their own",
    "directory/records.py": "for programs that read the directory by the standard",
    "emergency/printed.py": "the sheet, which is read out to 911 in English",
    "emergency/sheet.py": "the sheet, which is read out to 911 in English",
    "front/hsds.py": "for whoever writes a program that reads the directory",
    "front/pages.py": "stands in for a page where nothing else can be said",
    "intake/floors.py": "reasons of the rules' file, which is in English, reckoned once",
    "mandated/ledger_views.py": "columns of a file that programs read",
    "mandated/written/prefill.py": "what an agency reads in English, and is signed",
    "mandated/written/text.py": "what an agency reads in English, and is signed",
    "metrics.py": "for whoever runs the server",
    "people/comparing.py": "printed by the command that looks after the server",
    "permissions.py": "a right's name, which no page says",
    "plug/": "for whoever writes an app",
    "rights.py": "a right's name, which no page says",
    "row_policies.py": "for reviewers of the database",
    "rulefiles/": "for whoever writes a file of rules",
    "schema/": "for whoever runs the server",
    "seals.py": "for reviewers of the database",
    "standards/": "formats that others publish",
    "stored.py": "for reviewers of the database",
    "ui/formats/": "formats, not words",
    "ui/loading.py": "names of elements",
    "watch/trial.py": "what the system writes as a reporter, to itself",
}
#: Texts that are no words for a person, or are kept and compared as they are.
_KEPT = {
    "I have it": "part of the record's entry of an answer; escalations/words.py says it on pages",
    "the database is away\n": "for the server that asks whether the desk answers",
    "no such way anymore": "kept with a drill's call, as what providers say of it",
    "System administration": "the name of a team, kept with it",
    "Before the hand-off (whole minutes)": "a table's name in a file that programs read",
    "Days on which the State’s offices work": "part of a rule, whose digest is confirmed",
    "The register: how long an entry is kept": "part of a rule, whose digest is confirmed",
    "The register: what someone who hires is told": "part of a rule, whose digest is confirmed",
    "Named in words about 911, and it is not about them:": "a note is found again by it",
    "Text that is sealed in the database": "Django's description of a field",
} | dict.fromkeys(
    (
        "Going to the student now",
        "Going there to look now",
        "Told whoever repairs or runs it",
        "Calling the family",
        "Asked mobile crisis to come",
        "Asked a colleague who is closer",
        "Waiting, because",
    ),
    "a step's note is found again by it",
)
_MARKS = {f"{kind}{lazy}" for kind in ("gettext", "ngettext", "pgettext") for lazy in ("", "_lazy")}
#: Calls whose words are for programs, or for whoever writes a file of rules.
_UNREAD = {"Meta", "RuntimeError", "compile", "execute", "record", "record_on"}
_SENTENCE = re.compile(
    r"^[A-Z“][\w’']*[,:;.]? (?:.* )?[a-z]{2,}|^(?:[\w’',:;.-]+ ){3,}[a-z]", re.DOTALL
)
_SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|FROM|WHERE)\b|\bNOT [a-z]|\w_\w+ |-src ")


def _called(node: ast.AST) -> str:
    func = getattr(node, "func", None)
    return getattr(func, "attr", getattr(func, "id", "")) if isinstance(node, ast.Call) else ""


def _sentences(node: ast.AST, marks: set[str]) -> Iterator[tuple[int, str]]:
    """Sentences that stand in no call of gettext: none that is raised, logged or compared."""
    match node:
        case ast.Raise() | ast.Compare() | ast.Expr(value=ast.Constant()):
            return
        case ast.FunctionDef(name="__str__" | "__repr__"):
            return
        case ast.Call() if _called(node) in marks | _UNREAD:
            return
        case ast.Call(func=ast.Attribute(value=ast.Name(id="log" | "logger"))):
            return
        case ast.Dict():
            for value in node.values:
                yield from _sentences(value, marks)
            return
        case ast.JoinedStr() | ast.Constant(value=str()):
            parts = node.values if isinstance(node, ast.JoinedStr) else [node]
            text = "".join(
                str(one.value) if isinstance(one, ast.Constant) else "…" for one in parts
            )
            if _SENTENCE.search(text) and not _SQL.search(text):
                yield node.lineno, text
            return
    for child in ast.iter_child_nodes(node):
        yield from _sentences(child, marks)


def _columns(table: ast.Dict | ast.Tuple | ast.List) -> list[list[ast.expr]]:
    """A table's entries, and where they are rows, what stands at one place in all of them."""
    entries = table.values if isinstance(table, ast.Dict) else table.elts
    rows = [one.args if isinstance(one, ast.Call) else getattr(one, "elts", []) for one in entries]
    return [entries, *([cell for cell in cells if cell] for cells in zip_longest(*rows))]


def _word(node: ast.AST) -> str:
    """The words that stand here as they are; empty where there are none."""
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, str) and _WORD.search(value) else ""


def _left_out(node: ast.AST, marks: set[str]) -> Iterator[tuple[int, str]]:
    """Words of a table that are not marked where most others at their place are."""
    for table in ast.walk(node):
        for column in _columns(table) if isinstance(table, ast.Dict | ast.Tuple | ast.List) else []:
            marked = sum(_called(one) in marks for one in column)
            # Of a short row the words are one part, and a code the other.
            if 2 * marked > len(column) and (column is not getattr(table, "elts", 0) or marked > 3):
                yield from ((one.lineno, words) for one in column if (words := _word(one)))


def _names(tree: ast.AST, _marks: set[str]) -> Iterator[tuple[int, str]]:
    """Tables of a file that hold names alone, such as those of weekdays."""
    for node in ast.iter_child_nodes(tree):
        target = getattr(node, "target", None) or getattr(node, "targets", [None])[0]
        table = getattr(node, "value", None)
        if getattr(target, "id", "") != "__all__" and isinstance(table, ast.Dict | ast.Tuple):
            for one in _columns(table)[0]:
                if re.fullmatch("[A-Z][a-z]+", words := _word(one)):
                    yield one.lineno, words


def _marks_of(tree: ast.AST) -> set[str]:
    """The names by which a file calls gettext."""
    return {
        one.asname or one.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for one in node.names
    } | _MARKS


def test_sentences_and_names_of_tables_stand_in_a_call_of_gettext() -> None:
    # What the record, an opening and an edition keep is said in words where it is shown.
    kept = {*acts(), *_WORDS, *_UNMET, *PURPOSES, *_KEPT}
    found = [
        (name, line, text[:60])
        for name, source in _files("py")
        if not any(name.startswith(one) or name.endswith(f"/{one}") for one in _AS_THEY_ARE)
        for tree in [ast.parse(source)]
        for look in (_sentences, _left_out, _names)
        for line, text in look(tree, _marks_of(tree))
        if text not in kept
    ]
    assert not found, "\n".join(map(str, found))


#: Texts of a script that a person reads begin with a capital or have a word after a space; its
#: messages stand in the page's ``data-`` attributes, where they are marked.
_IN_SCRIPT = re.compile(r'"([^"\n]*)"')
_SAID_BY_SCRIPT = re.compile(r"^[A-Z(][\w’']*[,:]? [a-zA-Z]|[a-z’']+ [a-z’']+ [a-z]|: $|^ ?– | – $")
#: Of a service worker, which has no page: it says English and Spanish, beside each other.
_WITHOUT_PAGE = {"carriers/templates/carriers/push-worker.js"}


def test_whatever_is_recorded_has_words_for_its_page() -> None:
    assert [one.name for one in acts().values() if not isinstance(one.words, Promise)] == []


def test_no_words_stand_in_a_script() -> None:
    found = [
        (name, text)
        for name, source in _files("js")
        if name not in _WITHOUT_PAGE
        for line in source.splitlines()
        for text in _IN_SCRIPT.findall(line.split(" // ")[0])
        if not line.lstrip().startswith("//")
        if _SAID_BY_SCRIPT.search(text) and text != "screen and (prefers-color-scheme: dark)"
    ]
    assert not found, "\n".join(map(str, found))


def test_no_words_are_handed_to_a_tag_unmarked() -> None:
    found = [
        (name, words)
        for name, source in _files("html")
        for tag in _TAG.findall(
            re.sub(r"\{%\s*(blocktranslate|translate|comment)\b.*?%\}|\{#.*?#\}", "", source)
        )
        for words in re.findall(r'(?<!_\()(?<!= )(?<!:)["]([A-Z][a-z]+(?: [^"]*)?)["]', tag)
    ]
    assert not found, "\n".join(map(str, found))
