"""What was typed about 911, line by line with who typed it: it went at once, without a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from upstander.emergency.actions.briefs import pages_for_center
from upstander.emergency.models import Sheet
from upstander.emergency.queries import HelpSent
from upstander.emergency.sheet import Told
from upstander.emergency.words import opened_data, unpacked
from upstander.tips.asked_later import Later
from upstander.tips.models import Note
from upstander.tips.opening import UNREADABLE, Contents, OpenTip, unasked_on


class Kept(NamedTuple):
    """A kept sheet's lines and who says them."""

    lines: dict[str, str]
    told: dict[str, Told]
    #: Those that may mean the viewer, which they don't read yet: no save of theirs may lose them.
    hidden: Mapping[str, tuple[str, Told]]


def latest_lines(opened: OpenTip, sheets: Sequence[Sheet]) -> Kept:
    """Return the newest kept sheet as its viewer reads it; nothing where none was kept.

    Opens transactions of its own: outside ``viewing``.
    """
    lines, told = _newest(opened, sheets)
    hidden: dict[str, tuple[str, Told]] = {}
    if lines:
        unasked, me = unasked_on(opened), opened.viewer.person_id
        for key, one in _typed(opened, sheets).items():
            if unasked.hides(one, me):
                hidden[key] = lines.pop(key), told.pop(key)
    return Kept(lines, told, hidden)


def _newest(opened: OpenTip, sheets: Sequence[Sheet]) -> tuple[dict[str, str], dict[str, Told]]:
    if not sheets:
        return {}, {}
    sheet = sheets[-1]
    lines, told = _opened(opened, sheet)
    # Kept before it was written down who says what: by whoever kept it, then.
    return lines, {key: Told("typed", sheet.at) for key in lines} | told


def _opened(opened: OpenTip, sheet: Sheet) -> tuple[dict[str, str], dict[str, Told]]:
    data = opened_data(opened, "dispatch sheet", sheet.pk, sheet.sealed)
    return unpacked(data if data is not None else {"what": UNREADABLE})


def _typed(opened: OpenTip, sheets: Sequence[Sheet]) -> dict[str, Later]:
    """Return the newest sheet's typed lines, each by whoever kept it first as it stands."""
    lines, told = _newest(opened, sheets)
    found: dict[str, Later] = {}
    for sheet in reversed(sheets):
        older, _ = _opened(opened, sheet)
        for key, words in list(lines.items()):
            if older.get(key) != words:
                del lines[key]
            elif words and told[key].by == "typed":
                found[key] = Later(sheet.person_id, sheet.at, words)
    return found


def typed_about_911(opened: OpenTip, contents: Contents, standing: HelpSent) -> list[Later]:
    """Return all words about 911 of a tip that somebody of the center typed."""
    found = list(_typed(opened, standing.sheets).values())
    for call in (*standing.calls, *standing.not_made):
        words = opened_data(opened, "call", call.pk, call.sealed) or {}
        found += [Later(call.person_id, call.at, text) for text in words.values()]
    for by in (call.correction for call in standing.not_made):
        words = opened_data(opened, "call correction", by.pk, by.sealed) or {}
        found += [Later(by.person_id, by.at, text) for text in words.values()]
    for row in standing.requests:
        words = opened_data(opened, "police request", row.pk, row.sealed or b"") or {}
        found += [Later(row.asked_by, row.asked_at, text) for text in words.values()]
    for brief in standing.briefs:
        pages = pages_for_center(opened, brief.pk)
        found += [Later(page.by, page.at, page.words) for page in pages]
    found += [
        Later(note.person_id, note.at, note.text)
        for note in contents.notes
        if note.kind == Note.Kind.HELP
    ]
    return [one for one in found if one.text.strip()]
