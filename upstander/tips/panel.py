"""What a tip shows of itself on a page: its dialog, notes, files and history, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.template.defaultfilters import filesizeformat

from upstander.audit.models import Entry
from upstander.places.taxonomy import QUESTIONS, Question
from upstander.tips.models import Attachment, Message, Note
from upstander.tips.opening import FileSeen, Jotting, Turn

#: Questions whose answers the page shows elsewhere, or whose value is no answer to read.
_NOT_LISTED = ("text", "tile")
_AUTHORS = {Message.Author.CENTER: "Center", Message.Author.SCHOOL: "School's team"}


@dataclass(frozen=True, slots=True)
class TurnShown:
    """One turn of the dialog: ``voice`` is the component's, ``mine`` that a colleague wrote it."""

    id: UUID
    voice: str
    name: str
    text: str
    at: datetime
    hidden: str
    mine: bool

    @property
    def anchor(self) -> str:
        """The id under which a page can point to it."""
        return f"turn-{self.id}"


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """One answer to the form in words. ``own_words``: the reporter typed it."""

    question: str
    answer: str
    own_words: bool


@dataclass(frozen=True, slots=True)
class NoteShown:
    """One internal note."""

    id: UUID
    kind: str
    name: str
    text: str
    at: datetime

    @property
    def label(self) -> str:
        """Who wrote it, and what it is if it is more than a note."""
        return f"{self.kind}, {self.name}" if self.kind and self.name else self.kind or self.name


@dataclass(frozen=True, slots=True)
class FileShown:
    """One file as listed; ``looks`` says whether a picture of it can be shown."""

    id: UUID
    name: str
    size: str
    kind: str
    at: datetime
    quarantined: bool
    #: Shut to everybody, but its bytes are not sealed anew yet: it must be pressed again.
    unfinished: bool
    looks: bool
    as_it_came: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the history."""

    at: datetime
    text: str
    who: str
    detail: str
    icon: str


def people_in(
    turns: Iterable[Turn], notes: Iterable[Jotting], history: Iterable[Entry]
) -> set[int]:
    """Return everybody whose name the panels will show."""
    found = {turn.person_id for turn in turns} | {note.person_id for note in notes}
    found |= {entry.actor_id for entry in history}
    return {person for person in found if person is not None}


def dialog_panel(turns: Iterable[Turn], names: Mapping[int, str]) -> list[TurnShown]:
    """Return the dialog as bubbles, oldest first."""
    return [
        TurnShown(
            turn.id,
            "reporter" if turn.author == Message.Author.REPORTER else "staff",
            _speaker(turn, names),
            turn.text,
            turn.at,
            "The reporter hid this on their side. Perhaps somebody made them."
            if turn.hidden
            else "",
            turn.author == Message.Author.CENTER,
        )
        for turn in turns
    ]


def _speaker(turn: Turn, names: Mapping[int, str]) -> str:
    if turn.author == Message.Author.REPORTER:
        return ""
    side = _AUTHORS[Message.Author(turn.author)]
    name = names.get(turn.person_id or 0, "")
    return (
        f"{name}, {side.lower()}" if name and turn.author == Message.Author.SCHOOL else name or side
    )


def answers_panel(answers: Mapping[str, str]) -> list[AnswerShown]:
    """Return the answers to the form in words, in the form's order; skipped ones are left out."""
    return [
        AnswerShown(question.text("en"), _answer(question, value), question.kind == "text")
        for question in QUESTIONS
        if question.key not in _NOT_LISTED and (value := answers.get(question.key, "").strip())
    ]


def _answer(question: Question, value: str) -> str:
    if question.kind == "choice" and value in question.options:
        return question.option_text(value, "en")
    return value


_NOTE_KINDS: dict[str, str] = {
    Note.Kind.BRIEF: "Brief for the school's team",
    Note.Kind.NEXT_STEP: "Next step",
    Note.Kind.RETURNED: "Sent back by the school's team",
}


def notes_panel(notes: Iterable[Jotting], names: Mapping[int, str]) -> list[NoteShown]:
    """Return the internal notes, newest first."""
    shown = [
        NoteShown(
            note.id,
            _NOTE_KINDS.get(note.kind, ""),
            names.get(note.person_id, ""),
            note.text,
            note.at,
        )
        for note in notes
    ]
    return shown[::-1]


def files_panel(files: Iterable[FileSeen]) -> list[FileShown]:
    """Return the files, oldest first."""
    return [
        FileShown(
            file.id,
            str(file.about.get("name", "")),
            filesizeformat(int(str(file.about.get("size") or 0))),
            str(file.about.get("kind", "other")),
            file.at,
            file.state != Attachment.State.READY,
            file.state == Attachment.State.SHUTTING,
            bool(file.about.get("thumbnail")),
            file.about.get("kind") == "other",
        )
        for file in files
    ]


#: What an entry of the record says on a page: words and icon.
_ACTIONS: dict[str, tuple[str, str]] = {
    "tip filed": ("Came in", "inbox"),
    "tip opened": ("Opened", "eye"),
    "tip claimed": ("Claimed", "hand"),
    "tip taken over": ("Taken over", "hand"),
    "tip put back": ("Put back on the queue", "queue"),
    "tip assessed": ("Assessed", "edit"),
    "priority set": ("Priority set", "warning"),
    "priority raised by answers": ("Priority raised by the reporter's answers", "warning"),
    "reply sent": ("Wrote to the reporter", "reply"),
    "note written": ("Wrote an internal note", "note"),
    "message added": ("The reporter wrote", "message"),
    "message hidden on their side": ("The reporter hid a message on their side", "eye-off"),
    "conversation ended by reporter": ("The reporter ended the conversation", "eye-off"),
    "person named": ("Wrote down a person in it", "person"),
    "person taken out": ("Took a person out", "person"),
    "file added": ("The reporter added a file", "attach"),
    "file opened": ("Opened a file", "file"),
    "file quarantined": ("Shut a file away", "lock"),
    "tip handed off": ("Handed off", "hand-off"),
    "tip sent back to the center": ("Sent back to the center", "back"),
    "center asked to keep somebody out": ("Asked the center to keep somebody out", "lock"),
    "newcomer let in": ("Let in somebody who joined the team later", "eye"),
    "matter restricted": ("Kept somebody out of this matter", "lock"),
    "recused themselves": ("Stepped aside", "person"),
    "own words asked for": ("Asked for the reporter's own words", "eye"),
    "next step recorded": ("Noted the next step", "forward"),
    "tip closed": ("Closed", "check"),
    "tip reopened": ("Opened again", "refresh"),
    "second opinion asked": ("Asked for a second opinion", "scale"),
    "second opinion: agreed": ("Agreed as the second person", "scale"),
    "second opinion: refused": ("Refused as the second person", "scale"),
    "marked as junk": ("Set aside as junk", "close"),
    "marked as no junk": ("Taken back from junk", "queue"),
    "linked to another tip": ("Linked to another tip", "link"),
    "alert answered: I have it": ("Said “I have it”", "hand"),
    "alert answered: seen": ("Said “seen”", "eye"),
    "alert answered: cannot": ("Said “I can't”", "close"),
    "asked again by hand": ("Had them asked again at once", "bell"),
    "skipped ahead": ("Had the next people asked at once", "forward"),
    "person added": ("Had one more person asked", "plus"),
    "task opened": ("A task for the desk", "phone"),
    "task taken": ("Took the task", "hand"),
    "task done": ("Finished the task", "check"),
    "task not finished in time": ("The task was not finished in time", "clock"),
    "dispatch sheet written": ("Wrote the dispatch sheet", "edit"),
    "dispatch sheet taken out": ("Printed the dispatch sheet or saved it", "print"),
    "called for help": ("Called for help", "phone"),
    "second person asked: police": ("Asked a second person whether police are sent", "scale"),
    "decided about 911": ("Decided about 911", "phone"),
    "police: agreed": ("Agreed as the second person that police are sent", "scale"),
    "police: not agreed": ("Did not agree that police are sent", "scale"),
    "handed to police": ("Handed a brief to police contacts", "hand-off"),
    "update for police": ("Sent police contacts an update", "send"),
    "brief opened by police": ("Police opened their brief", "eye"),
    "police: acknowledged": ("Police acknowledged their brief", "hand"),
    "police: outcome": ("Police said what they found", "check"),
    "roster searched": ("Looked for a student in the roster", "search"),
    "home address opened": ("Opened a student's home address", "home"),
}
_PURPOSES: dict[str, str] = {
    "read": "to read it",
    "reply": "to reply",
    "note": "to write a note",
    "draft": "while writing",
    "refresh": "on an open page",
    "assess": "to assess it",
    "hand off": "to hand it off",
    "close": "to close it",
    "file": "to see a file",
    "shut a file away": "to shut a file away",
    "name a person": "to write a person down",
    "take a person out": "to take a person out",
    "dispatch sheet": "for the dispatch sheet",
    "decide about 911": "to decide about 911",
    "ask for police": "to ask for police",
    "brief for police": "for a brief to police",
    "help arrived": "to say whether help arrived",
    "home address": "for a home address",
}
_PRIORITIES = {"life_safety": "life safety", "urgent": "urgent", "routine": "routine"}
#: Openings by one person within this time are one line: an open page refreshes again and again.
_ONE_VISIT = timedelta(minutes=15)


def history_panel(entries: Iterable[Entry], names: Mapping[int, str]) -> list[Happened]:
    """Return what happened to a tip, oldest first, with a visit's many openings as one line.

    So with a file's: a film is asked for in parts.
    """
    lines: list[Happened] = []
    visits: dict[tuple[int | None, object], datetime] = {}
    for entry in entries:
        if entry.action in ("tip opened", "file opened"):
            visit = entry.actor_id, entry.detail.get("attachment")
            last = visits.get(visit)
            visits[visit] = entry.at
            if last is not None and entry.at - last <= _ONE_VISIT:
                continue
        words, icon = _ACTIONS.get(entry.action, (entry.action.capitalize(), "info"))
        lines.append(Happened(entry.at, words, _actor(entry, names), _detail(entry), icon))
    return lines


def _actor(entry: Entry, names: Mapping[int, str]) -> str:
    if entry.actor_kind == "reporter":
        return "Reporter"
    if entry.actor_id is None:
        return "System"
    return names.get(entry.actor_id, "Somebody who is no longer here")


def _detail(entry: Entry) -> str:
    """Say what an entry's codes mean; codes that say nothing to a reader are left out."""
    detail = entry.detail
    if entry.action == "tip opened":
        return _PURPOSES.get(detail.get("purpose", ""), "")
    if priority := detail.get("priority") or detail.get("to"):
        return _PRIORITIES.get(priority, "")
    if detail.get("words") is True:
        return "with the reporter's own words"
    if kind := detail.get("kind"):
        return _NOTE_KINDS.get(kind, "") if entry.action == "note written" else ""
    return ""
