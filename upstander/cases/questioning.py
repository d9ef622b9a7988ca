"""Report first, ask later: what is asked and answered waits, under whatever name it is kept.

A note of its own kind is refused by the database (``cases_item_guard``). Other words can't be told
from it by a program, so whoever writes what looks like it is asked once whether it is that.
"""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.http import HttpRequest

from upstander.cases.access import case_on_hold
from upstander.cases.models import CaseTip
from upstander.cases.opening import OpenCase
from upstander.cases.timeline import QUESTIONS_WAIT, QuestionsWait, add_item
from upstander.places.holds import on_hold
from upstander.places.scope import Viewer, viewing
from upstander.tips.models import Tip
from upstander.tips.name_marks import plain_words
from upstander.ui.forms import RadioTiles
from upstander.ui.press import Ask, own_words

#: Asking and answering, in English and Spanish, without accents.
_ASKED: Final = re.compile(
    r"\b(asked|asking|questioned|questioning|interview\w*|answered|replied|in response"
    r"|pregunt(e|o|a|amos|aron|ado|aba|abamos|ando|andole|arle)|le pregunt\w*|entrevist\w*"
    r"|respond(io|ieron|ido)|contest(o|aron|ado))\b"
)
#: "Q: …", "Respuesta: …", or a question with words after it.
_WRITTEN: Final = re.compile(
    r"^\s*(q|a|question|answer|pregunta|respuesta|p|r)\s*[:.)]|[?؟]\s*\S|¿",
    re.IGNORECASE | re.MULTILINE,
)
#: What is written down in a case by these may be questions and answers under another name.
_WRITES: Final = frozenset(
    {"note", "person", "home", "action", "action_end", "danger", "end", "threat", "suicide", "plan"}
)

_IN_A_CASE: Final = (
    "Not kept: this is about abuse and no report is written down yet. Report first. What can’t "
    "wait is kept in a case, with the reason; the child’s first words can be written down always."
)


def looks_asked(text: str) -> bool:
    """Tell whether a text looks like questions that were asked, and what was answered.

    By a few words, so that somebody is asked: it knows nothing of what they mean.
    """
    return bool(_WRITTEN.search(text) or _ASKED.search(" ".join(plain_words(text))))


class QuestionedForm(forms.Form):
    """Whether words are what somebody was asked and answered, and why that couldn't wait."""

    questioned = forms.ChoiceField(
        label="Did somebody here ask the child or others about it, and is this what was said?",
        choices=[
            ("no", "No: it was told unasked, or nobody was asked about what happened"),
            ("yes", "Yes, and it couldn’t wait: I say why"),
        ],
        error_messages={"required": "Say whether somebody was asked."},
        widget=RadioTiles,
    )
    questioned_why = forms.CharField(
        label="If yes: why couldn’t it wait for the report?",
        help_text="It is written into the case first, with your name.",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def __init__(self, data: Any, *, asked: bool = False) -> None:
        """``asked``: somebody was, that is sure, and only the reason is wanted."""
        super().__init__(data)
        if asked:
            del self.fields["questioned"]
            self.fields["questioned_why"].label = "Why couldn’t this wait for the report?"
            self.fields["questioned_why"].required = True

    def clean(self) -> dict[str, Any]:
        """Want the reason, where somebody was asked."""
        data = super().clean() or {}
        if data.get("questioned") == "yes" and not data.get("questioned_why", "").strip():
            self.add_error("questioned_why", "Say why it couldn’t wait.")
        return data

    def reason(self) -> str:
        """Return why it couldn't wait; "" where nobody was asked."""
        given = self.cleaned_data
        return "" if given.get("questioned") == "no" else str(given["questioned_why"])


def ask_questioned(request: HttpRequest, opened: OpenCase, act: str) -> None:
    """Ask once whether what is written down is questioning, where that waits. Raises Ask, Refused.

    Where it is, the reason is written down first, as it is for a note of its own kind.
    """
    if act not in _WRITES or "look" in request.POST:
        return
    if act == "note" and request.POST.get("kind") in ("questioning", "asked_why"):
        return
    # What else a student said when they were asked about suicide was asked for, whatever it says.
    asked = act == "suicide" and request.POST.get("do") == "answers"
    text = request.POST.get("words", "").strip() if asked else own_words(request)
    if not text or not (asked or looks_asked(text)):
        return
    with viewing(opened.viewer):
        if not opened.on_hold:
            return
    form = QuestionedForm(request.POST, asked=asked)
    if not form.is_valid():
        raise Ask(form, "Questioning waits for a report here.")
    if reason := form.reason():
        add_item(opened, "asked_why", {"words": reason})
        with viewing(opened.viewer):
            if opened.on_hold:
                raise QuestionsWait(str(QUESTIONS_WAIT))


def ask_questioned_of_team(request: HttpRequest, viewer: Viewer, tip: Tip, act: str) -> None:
    """Ask the same where a team writes of a tip; call outside ``viewing``. Raises Ask.

    A tip has no place for the reason: a case has.
    """
    text = own_words(request)
    if act not in ("note", "next_step", "close") or not looks_asked(text):
        return
    with viewing(viewer):
        cases = CaseTip.objects.filter(tip_id=tip.pk).values_list("case_id", flat=True)
        if not (on_hold(tip.matter_id) or any(map(case_on_hold, cases))):
            return
    form = QuestionedForm(request.POST)
    if form.is_valid() and form.reason():
        form.add_error("questioned", _IN_A_CASE)
    if not form.is_valid():
        raise Ask(form, "Questioning waits for a report here.")
