"""What is done with an opened entry: notes by one person, changes by two. Each answers a form."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from upstander.mandated.register.actions import changing, settling
from upstander.mandated.register.actions import entries as actions
from upstander.mandated.register.actions.changing import Change
from upstander.mandated.register.forms import ChangeForm, DecisionForm, NotesForm, ReadersForm
from upstander.mandated.register.models import Entry
from upstander.mandated.register.rights import RegisterRight
from upstander.mandated.register.views import id_or_none, shown
from upstander.people.permissions import requires, viewer_of
from upstander.people.scope import viewing
from upstander.ui.press import refusal_on


@require_POST
@requires(RegisterRight.KEEP_REGISTER)
def note(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Write down what was alleged and done."""
    opened = actions.open_entry(viewer_of(request), entry_id, purpose="note")
    if opened is None:
        return redirect("register:entry", entry_id=entry_id)
    form = NotesForm(request.POST)
    if form.is_valid():
        meant = changing.note_entry(
            opened,
            disability=form.flag("disability"),
            restraint=form.flag("restraint"),
            words=form.kept(),
        )
        messages.success(request, gettext("Saved; what was written before stays below."))
        _say_meant(request, meant)
        return redirect("register:entry", entry_id=entry_id)
    return shown(request, opened, {"notes": form})


@require_POST
@requires(RegisterRight.KEEP_REGISTER)
def change(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Propose a change of what a letter rests on."""
    opened = actions.open_entry(viewer_of(request), entry_id, purpose="change")
    if opened is None:
        return redirect("register:entry", entry_id=entry_id)
    form = ChangeForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        with refusal_on(form):
            done = changing.propose_change(
                opened,
                Change(
                    happened_on=data["happened_on"],
                    kind=Entry.Kind(data["kind"]),
                    outcome=Entry.Outcome(data["outcome"]),
                    outcome_on=data["outcome_on"],
                    words={name: data[name] for name in changing.WORDS},
                ),
                why=data["why"],
            )
            if done.others:
                messages.success(request, gettext("Proposed: a second person decides."))
            else:
                messages.warning(
                    request,
                    gettext(
                        "Proposed. But no one else in the district’s office could agree: "
                        "have a seat there filled. Until then, the entry stays as it is."
                    ),
                )
            _say_meant(request, done.meant)
            return redirect("register:entry", entry_id=entry_id)
    return shown(request, opened, {"change": form})


@require_POST
@requires(RegisterRight.KEEP_REGISTER)
def decide(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Agree to a proposed change, don't, or take one's own back."""
    opened = actions.open_entry(viewer_of(request), entry_id, purpose="decide")
    if opened is None:
        return redirect("register:entry", entry_id=entry_id)
    form: Form = DecisionForm(request.POST, prefix="second")
    proposal_id = id_or_none(request.POST.get("proposal", ""))
    if form.is_valid() and proposal_id is not None:
        agrees = request.POST.get("agree") == "yes"
        with refusal_on(form, "why"):
            changing.decide_change(opened, proposal_id, agrees=agrees, why=form.cleaned_data["why"])
            said = gettext("Agreed: the entry has been changed.") if agrees else gettext("Saved.")
            messages.success(request, said)
            return redirect("register:entry", entry_id=entry_id)
    return shown(request, opened, {"decision": form})


@require_POST
@requires(RegisterRight.KEEP_REGISTER)
def settle(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Say whether an entry is about others of the office: who may read it hangs on that."""
    viewer = viewer_of(request)
    opened = actions.open_entry(viewer, entry_id, purpose="settle")
    if opened is None:
        return redirect("register:entry", entry_id=entry_id)
    with viewing(viewer):
        form = ReadersForm(request.POST, readers=settling.readers_of(opened))
    if form.is_valid():
        with refusal_on(form):
            settling.settle(opened, form.said(), why=form.cleaned_data["why"])
            messages.success(request, gettext("Saved: who may read it is shown below."))
            return redirect("register:entry", entry_id=entry_id)
    return shown(request, opened, {"readers": form})


def _say_meant(request: HttpRequest, meant: int) -> None:
    if meant:
        messages.warning(
            request,
            gettext(
                "Your words may refer to someone in the office. It is kept from them "
                "until it is settled below whether it is about them."
            ),
        )
