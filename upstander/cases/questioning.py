"""Report first, ask later: what is asked and answered waits, under whatever name it is kept.

A note of its own kind is refused by the database (``cases_item_guard``). Other words can't be told
from it by a program, so whoever writes what looks like it is asked once whether it is that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.cases.access import case_on_hold
from upstander.cases.actions.opening import OpenCase
from upstander.cases.actions.timeline import QUESTIONS_WAIT, QuestionsWait, add_item
from upstander.cases.models import CaseTip
from upstander.intake.priority import Priority
from upstander.matters.holds import on_hold
from upstander.people.scope import Viewer, viewing
from upstander.tips.actions.writing import add_note
from upstander.tips.blind_indexes import plain_words
from upstander.tips.models import Tip
from upstander.tips.opening import OpenTip, open_tip
from upstander.ui.fields import Words
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
#: Whatever is pressed with words is asked about, but for this: an answer to the reporter.
_NOT_ASKED: Final = frozenset({"reply"})

_IN_A_CASE: Final = _(
    "Not saved: this is about abuse and no report is on record yet. Report first. What can’t wait "
    "is recorded in a case, with the reason; the child’s first words can always be recorded."
)


def looks_asked(text: str) -> bool:
    """Tell whether a text looks like questions that were asked, and what was answered.

    By a few words, so that somebody is asked: it knows nothing of what they mean.
    """
    return bool(_WRITTEN.search(text) or _ASKED.search(" ".join(plain_words(text))))


_IN_A_NEW_CASE: Final = _(
    "Say in a few words of your own why it is opened, and open it. What was asked "
    "and answered is written down there then, with the reason first."
)
#: What a counselor's note of the reason says.
_AT_CENTER: Final = _("Asked before the report. Why it couldn’t wait: %(why)s")


class QuestionedForm(forms.Form):
    """Whether words are what somebody was asked and answered, and why that couldn't wait."""

    questioned = forms.ChoiceField(
        label=_("Did someone here ask the child or others about it, and is this what they said?"),
        choices=[
            ("no", _("No: it was told unasked, or nobody was asked about what happened")),
            ("yes", _("Yes, and it couldn’t wait: I’ll say why")),
        ],
        error_messages={"required": _("Say whether someone was asked.")},
        widget=RadioTiles,
    )
    questioned_why = Words(
        label=_("If yes: why couldn’t it wait for the report?"),
        help_text=_("This is recorded in the case first, with your name."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def __init__(self, data: Any, *, asked: bool = False) -> None:
        """``asked``: somebody was, that is sure, and only the reason is wanted."""
        super().__init__(data)
        if asked:
            del self.fields["questioned"]
            self.fields["questioned_why"].label = gettext("Why couldn’t this wait for the report?")
            self.fields["questioned_why"].required = True

    def clean(self) -> dict[str, Any]:
        """Want the reason, where somebody was asked."""
        data = super().clean() or {}
        if data.get("questioned") == "yes" and not data.get("questioned_why", "").strip():
            self.add_error("questioned_why", gettext("Say why it couldn’t wait."))
        return data

    def reason(self) -> str:
        """Return why it couldn't wait; "" where nobody was asked."""
        given = self.cleaned_data
        return "" if given.get("questioned") == "no" else str(given["questioned_why"])


def ask_questioned(request: HttpRequest, opened: OpenCase, act: str) -> None:
    """Ask once whether what is written down is questioning, where that waits. Raises Ask, Refused.

    Where it is, the reason is written down first, as it is for a note of its own kind.
    """
    if "look" in request.POST:
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
        raise Ask(form, gettext("Questioning is on hold here until a report is made."))
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
    if act in _NOT_ASKED or not looks_asked(text):
        return
    with viewing(viewer):
        cases = CaseTip.objects.filter(tip_id=tip.pk).values_list("case_id", flat=True)
        if not (on_hold(tip.matter_id) or any(map(case_on_hold, cases))):
            return
    form = QuestionedForm(request.POST)
    if form.is_valid() and form.reason():
        form.add_error("questioned", _IN_A_CASE)
    if not form.is_valid():
        raise Ask(form, gettext("Questioning is on hold here until a report is made."))


def ask_questioned_of_new_case(
    request: HttpRequest, viewer: Viewer, tips: Iterable[Tip], *, abuse: bool
) -> None:
    """Ask the same of why a case is opened; call outside ``viewing``. Raises Ask.

    ``abuse``: it is said to be about that. Unless it comes of a tip about abuse, of which it is
    known what waits, nobody can have reported it yet.
    """
    tips = list(tips)
    if not looks_asked(own_words(request)):
        return
    with viewing(viewer):
        if not any(on_hold(tip.matter_id) for tip in tips) and not (
            abuse and not any(tip.mandated for tip in tips)
        ):
            return
    form = QuestionedForm(request.POST)
    if form.is_valid() and form.reason():
        form.add_error("questioned", _IN_A_NEW_CASE)
    if not form.is_valid():
        raise Ask(form, gettext("Questioning is on hold here until a report is made."))


def why_questioned(request: HttpRequest, viewer: Viewer, matter_id: UUID, text: str) -> str:
    """Ask the same of a text on a matter whose reason is kept where the text is; return it, or "".

    Call outside ``viewing``. Raises Ask.
    """
    if not looks_asked(text):
        return ""
    with viewing(viewer):
        if not on_hold(matter_id):
            return ""
    form = QuestionedForm(request.POST)
    form.fields["questioned_why"].help_text = gettext("It is kept here first, with your name.")
    if not form.is_valid():
        raise Ask(form, gettext("Questioning is on hold here until a report is made."))
    return form.reason()


def ask_questioned_at_center(
    request: HttpRequest, viewer: Viewer, tip: Tip, text: str | None = None
) -> None:
    """Ask the same where a counselor keeps words with a tip; call outside ``viewing``. Raises Ask.

    The center has no case: the reason is kept as a note of its own, first. Who talks with the
    reporter asks nobody else, and is told so. ``text``: where a form has others' words too.
    """
    if not looks_asked(own_words(request) if text is None else text):
        return
    with viewing(viewer):
        if not on_hold(tip.matter_id):
            return
    form = QuestionedForm(request.POST)
    form.fields["questioned"].label = gettext(
        "Did you or anyone else ask the child or others about it?"
    )
    form.fields["questioned_why"].help_text = gettext(
        "This is saved as a note first, with your name."
    )
    if not form.is_valid():
        raise Ask(
            form,
            gettext(
                "Questioning is on hold here until a report is made; talking with the reporter is "
                "not."
            ),
        )
    if reason := form.reason():
        add_note(open_tip(viewer, tip.pk, purpose="note"), str(_AT_CENTER) % {"why": reason})


def ask_questioned_about_911(request: HttpRequest, opened: OpenTip, text: str) -> None:
    """Ask the same on the pages about 911, but where a life may be in danger now. Raises Ask.

    There nothing waits for a question (ADR 160), and a call that was made is kept as it is.
    """
    if opened.tip.priority != Priority.LIFE_SAFETY:
        ask_questioned_at_center(request, opened.viewer, opened.tip, text)
