"""This app's panels of the tip's page: the dialog, answers, notes, files, people and history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from upstander.audit.models import Entry
from upstander.places.law import law_of
from upstander.plug import gives, reads
from upstander.tips.adult_words import taken_down
from upstander.tips.page import TipPage
from upstander.tips.queries import history_of
from upstander.tips.shown import (
    answers_panel,
    dialog_panel,
    files_panel,
    history_panel,
    notes_panel,
    people_in,
)
from upstander.tips.subjects_panel import subjects_panel


@gives("answers", "home_safe")
def answers(page: TipPage) -> dict[str, Any]:
    """What the reporter answered; whether home is safe stands out."""
    given = page.contents.answers
    return {"answers": answers_panel(given), "home_safe": given.get("home_safe", "")}


@gives("turns")
def talk(page: TipPage) -> dict[str, Any]:
    """The dialog; of an adult who took the first words down, what they added."""
    taken = taken_down(page.tip, page.contents.answers)
    return {"turns": dialog_panel(page.contents.turns, page.names, taken)}


@gives("notes")
def notes(page: TipPage) -> dict[str, Any]:
    """The internal notes, and the viewer's own begun one."""
    return {"notes": notes_panel(page.contents.notes, page.names)}


@gives("subjects")
def subjects(page: TipPage) -> dict[str, Any]:
    """People named in it, and earlier tips that name somebody alike."""
    return {"subjects": subjects_panel(page.opened)}


@gives("files")
def read_whom_to_phone(page: TipPage) -> str:
    """Find where a picture of a child must be reported; only if there is a file."""
    return law_of(page.tip.district_id).duties.phone_within if page.contents.files else ""


@reads(read_whom_to_phone)
@gives("files", "whom_to_phone")
def files(page: TipPage) -> dict[str, Any]:
    """The files."""
    return {"files": files_panel(page.contents.files), "whom_to_phone": page.found["files"]}


def read_history(page: TipPage) -> Sequence[Entry]:
    """Find what happened to it; asks for the names of all who wrote or did something."""
    found = history_of(page.tip_id)
    page.want(people_in(page.contents.turns, page.contents.notes, found))
    return found


@reads(read_history)
@gives("history")
def history(page: TipPage) -> dict[str, Any]:
    """Everything that happened."""
    return {"history": history_panel(page.found["history"], page.names)}
