"""Templates lose their indents when they are loaded, so that readable ones make light pages.

The loaders of settings.TEMPLATES and of `ui.forms`. What a template's source says over many lines
becomes what was said in one: once a process, when a template is compiled, never a request. Only
white space that nobody sees goes; mails (`.txt`) stay as they are, and so do the bodies of `<pre>`,
`<textarea>`, `<script>`, `<style>` and of `{% blocktranslate %}`, whose words are a catalog's keys.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.template.base import Origin
from django.template.loaders import app_directories, filesystem

#: Beside these white space is never seen: no browser draws it at an edge of a block.
BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "html head body title meta link script style p div section article h1 h2 h3 h4 h5 h6 "
        "ul ol li dl dt dd table thead tbody tfoot tr td th caption form fieldset legend "
        "details summary header footer nav main aside figure figcaption blockquote option "
        "optgroup datalist hr br dialog",
    )
)
#: What stands in these is the reader's, or not HTML: it is kept to the letter.
KEPT = frozenset(("pre", "textarea", "script", "style"))
#: At the inner edges of these neither.
BOXES = frozenset(("button", "select"))
#: Components that are blocks, as `ui.templatetags.ui` writes them.
COMPONENTS = frozenset(
    ("notice", "section", "card", "empty", "dialog", "toolbar", "bubble", "cell", "field")
) | {"facts", "timeline", "table"}

_ENGINE = r"\{%.*?%\}|\{\{.*?\}\}|\{\#.*?\#\}"
_PIECES = re.compile(
    rf"""
    (?P<whole>\{{%\s*(?P<name>blocktrans(?:late)?|verbatim|comment)\b.*?\{{%\s*end(?P=name)\s*%\}})
    | (?P<engine>{_ENGINE})
    | (?P<comment><!.*?>)
    | </?(?P<element>[a-zA-Z][\w-]*|\{{\{{.*?\}}\}})
      (?:{_ENGINE}|"(?:{_ENGINE}|[^"])*+"|'(?:{_ENGINE}|[^'])*+'|[^>"'])*+>
    | (?P<space>\s+)
    | [^\s{{<]+ | .
    """,
    re.DOTALL | re.VERBOSE,
)
_ATTRIBUTES = re.compile(
    rf"""
    (?P<engine>{_ENGINE})
    | (?P<space>\s+)
    | "(?:{_ENGINE}|[^"])*+" | '(?:{_ENGINE}|[^'])*+' | [^\s"'{{]+ | .
    """,
    re.DOTALL | re.VERBOSE,
)
_BRANCH = re.compile(r"\{%\s*(if|elif|else|endif)\b")


@dataclass
class Piece:
    """A piece of a template: white space, an element's tag, an engine's tag, or words."""

    text: str
    before: bool = False
    """White space before it is never seen."""
    after: bool = False
    """White space after it is never seen."""
    word: str = ""
    """What an engine's tag does: if, elif, else, endif, for, empty, endfor, or "silent"."""

    @property
    def space(self) -> bool:
        """Tell whether this is white space alone."""
        return self.text.isspace()


def light(source: str) -> str:
    """Give a template's source without the white space that is only for whoever reads it."""
    pieces = list(_pieces(source))
    pieces = _without_unseen(pieces[::-1], False)[::-1]
    pieces = _without_unseen(pieces, True)
    return "".join(" " if piece.space else piece.text for piece in pieces)


def _without_unseen(pieces: list[Piece], onward: bool) -> list[Piece]:
    """Drop the white space that stands, by every way through the branches, next to a block's edge.

    `onward`: what is looked at are the edges before it, and the file's head counts as one; white
    space that follows other white space goes as well. Else the pieces come in reverse order, and
    what is looked at are the edges after it.
    """
    kept: list[Piece] = []
    bare = onward  # nothing has been drawn since a block's edge
    ways: list[tuple[bool, list[bool], list[str]]] = []  # before a branch; at each end; its words
    opening, closing = ({"if", "for"}, {"endif", "endfor"})
    if not onward:
        opening, closing = closing, opening
    for piece in pieces:
        if piece.space:
            if bare:
                continue
            bare = onward
        elif piece.word in opening:
            ways.append((bare, [], []))
            bare = bare and "if" in piece.word
        elif piece.word in ("elif", "else", "empty") and ways:
            ways[-1][1].append(bare)
            ways[-1][2].append(piece.word)
            # Looked at from behind, a loop's end is before its own beginning, too.
            bare = ways[-1][0] and (onward or piece.word != "empty")
        elif piece.word in closing and ways:
            start, ends, words = ways.pop()
            always = "else" in words or "empty" in words
            bare = all([bare, *ends, always or start])
        elif piece.word != "silent":
            bare = piece.after if onward else piece.before
        kept.append(piece)
    return kept


def _pieces(source: str) -> Iterator[Piece]:
    """Cut a source up."""
    at = 0
    while found := _PIECES.match(source, at):
        at, text, element = found.end(), found.group(), found["element"]
        if element is None:
            yield _engine(text) if found["engine"] else Piece(text)
            continue
        name = "h2" if element.startswith("{") else element.lower()
        block, closing = name in BLOCKS, text.startswith("</")
        text = _tag(text)
        if name in KEPT and not closing:
            end = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(source, at)
            until = end.end() if end else len(source)
            text, at = text + source[at:until], until
        box = name in BOXES
        yield Piece(text, block or (box and closing), block or (box and not closing))


def _engine(text: str) -> Piece:
    """Say what a tag of the engine means for the white space around it."""
    if not text.startswith("{%"):
        return Piece(text, word="silent" if text.startswith("{#") else "")
    words = text[2:-2].split()
    name = words[0]
    if name == "empty" and len(words) == 1:
        return Piece(text, word="empty")
    if name.removeprefix("end") in COMPONENTS:
        return Piece(text, True, True)
    if name in ("if", "elif", "else", "endif", "for", "endfor"):
        return Piece(text, word=name)
    silent = name in ("load", "extends", "csrf_token", "with", "endwith") or words[-2:-1] == ["as"]
    return Piece(text, word="silent" if silent else "")


def _tag(text: str) -> str:
    """Give an element's tag in one line, as if each `{% if %}` held the space before its words."""
    slash = "/>" if text.endswith("/>") else ">"
    pieces = [(m.group(), m["space"] is not None) for m in _ATTRIBUTES.finditer(text, 0)]
    return _attributes(pieces).removesuffix(slash).rstrip() + (" />" if slash == "/>" else ">")


def _attributes(pieces: list[tuple[str, bool]]) -> str:
    """Set attributes apart by one space; that before an `{% if %}` moves into its branches."""
    out: list[str] = []
    owed = ""  # a space that has not been written yet
    place = 0
    while place < len(pieces):
        text, space = pieces[place]
        if space:
            owed, place = " ", place + 1
            continue
        branch = _BRANCH.match(text)
        if not branch or branch[1] != "if":
            out.append(owed + text)
            owed, place = "", place + 1
            continue
        depth, start = 0, place
        while True:
            text = pieces[place][0]
            branch = _BRANCH.match(text)
            depth += {"if": 1, "endif": -1}.get(branch[1], 0) if branch else 0
            if branch and depth == (0 if branch[1] == "endif" else 1) and place > start:
                words = _attributes(pieces[start + 1 : place]).strip()
                led = owed or (" " if pieces[start + 1][1] else "")
                out.append(pieces[start][0] + (led + words if words else ""))
                start = place
            place += 1
            if not depth:
                out.append(text)
                break
        owed = ""
    return "".join(out) + owed


class _Light:
    """Lighten what a loader finds, if it is a page."""

    def get_contents(self, origin: Origin) -> str:
        """Read a template; raises TemplateDoesNotExist."""
        source: str = super().get_contents(origin)  # type: ignore[misc]
        return light(source) if str(origin.name).endswith(".html") else source


class FromApps(_Light, app_directories.Loader):
    """Find templates in the apps' folders."""


class FromFolders(_Light, filesystem.Loader):
    """Find templates in the folders of `DIRS`."""


#: For `OPTIONS` of an engine: each template is read, lightened and compiled once.
LOADERS = [
    (
        "django.template.loaders.cached.Loader",
        ["upstander.ui.loading.FromFolders", "upstander.ui.loading.FromApps"],
    )
]
