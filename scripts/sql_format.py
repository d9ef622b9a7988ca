"""Puts the SQL of apps into its common form, or (`--check`) names what isn't in it.

No formatter that we know lays out PL/pgSQL inside of dollar quotes and keeps comments. So the form
is small: reserved words in capitals, four spaces instead of a tab, nothing at the ends of lines,
one empty line at most, lines of up to 100 characters (a longer one is broken at the last comma,
AND, OR or clause that fits, a comment wrapped), and all must parse, functions' bodies too.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import chain, groupby
from pathlib import Path
from textwrap import wrap

from pglast import parse_plpgsql, parse_sql
from pglast.keywords import RESERVED_KEYWORDS
from pglast.parser import ParseError

ROOT = Path(__file__).resolve().parents[1]
WIDTH = 100
#: What is not code: comments, texts, quoted names. (Dollar quotes hold bodies, which are code.)
_QUIET = re.compile(r"--[^\n]*|'(?:[^']|'')*'|\"[^\"]*\"")
_WORD = re.compile(r"(?<![\w.$])[a-z]+(?![\w.])")
#: Words that are also names of ours or of PL/pgSQL's.
_LEFT = {"user", "only", "end", "true", "false"}
_BREAKS = re.compile(r"(?<=,) | (?=(?:AND|OR|FROM|WHERE|JOIN|LEFT JOIN|ON|USING|SET|VALUES) )")


def files() -> list[Path]:
    """Return the SQL files of every app."""
    return sorted((ROOT / "upstander").rglob("*.sql"))


def formatted(text: str) -> str:
    """Return the text in the common form. Reading it twice changes nothing more."""
    parts, end = [], 0
    for quiet in _QUIET.finditer(text):
        parts += [_capitals(text[end : quiet.start()]), quiet[0]]
        end = quiet.end()
    lines = [line.rstrip() for line in "".join([*parts, _capitals(text[end:])]).splitlines()]
    whole = "\n".join(
        line
        for quiet, block in groupby((line.expandtabs(4) for line in lines), _comment)
        for line in (_wrapped(list(block)) if quiet else chain.from_iterable(map(_fitted, block)))
    )
    return re.sub(r"\n{3,}", "\n\n", whole).strip("\n") + "\n"


def _capitals(code: str) -> str:
    def one(word: re.Match[str]) -> str:
        reserved = word[0] in RESERVED_KEYWORDS and word[0] not in _LEFT
        return word[0].upper() if reserved else word[0]

    return _WORD.sub(one, code)


def _comment(line: str) -> str:
    """Return what a line of comment begins with, nothing for code and for an empty comment."""
    found = re.match(r" *-- (?=\S)", line)
    return found[0] if found else ""


def _wrapped(block: list[str]) -> list[str]:
    """Wrap a paragraph of comment anew if a line of it is too long."""
    if max(map(len, block)) <= WIDTH:
        return block
    begin = _comment(block[0])
    words = " ".join(line.removeprefix(begin) for line in block)
    return wrap(
        words,
        WIDTH,
        initial_indent=begin,
        subsequent_indent=begin,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _fitted(line: str) -> Iterator[str]:
    """Break a line of code that is too long where a clause begins."""
    indent = line[: len(line) - len(line.lstrip())]
    while len(line) > WIDTH:
        quiet = [found.span() for found in _QUIET.finditer(line)]
        fits = [
            place.start()
            for place in _BREAKS.finditer(line)
            if len(indent) + 4 < place.start() <= WIDTH
            and not any(first <= place.start() < last for first, last in quiet)
        ]
        if not fits:
            break
        yield line[: fits[-1]].rstrip()
        line = f"{indent}    {line[fits[-1] :].strip()}"
    yield line


def faults(path: Path) -> Iterator[str]:
    """Name what isn't well in a file: its form, a line that can't be broken, what doesn't parse."""
    text = path.read_text("utf-8")
    name = path.relative_to(ROOT)
    if text != formatted(text):
        yield f"{name}: not in the common form (make format)"
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > WIDTH:
            yield f"{name}:{number}: {len(line)} characters"
    try:
        parse_sql(text)
        for statement in parse_sql(text):
            start = statement.stmt_location
            one = text.encode()[start : start + (statement.stmt_len or len(text))].decode()
            if "LANGUAGE plpgsql" in one:
                parse_plpgsql(one)
    except ParseError as error:
        yield f"{name}: {error}"


def main() -> int:
    """Format every file, or say what isn't formatted; the exit status."""
    if "--check" in sys.argv:
        found = [fault for path in files() for fault in faults(path)]
        print(*found, sep="\n", end="\n" if found else "")
        return 1 if found else 0
    for path in files():
        text = path.read_text("utf-8")
        if (new := formatted(text)) != text:
            path.write_text(new, "utf-8")
            print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
