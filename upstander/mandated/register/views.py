"""The register's pages: the list without names, an entry once a reason was given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from upstander.mandated.queries import colleagues_of
from upstander.mandated.register import queries
from upstander.mandated.register.actions import changing, disclosing, settling
from upstander.mandated.register.actions import entries as actions
from upstander.mandated.register.actions.entries import OpenEntry
from upstander.mandated.register.actions.filing import Allegation
from upstander.mandated.register.forms import (
    ChangeForm,
    DecisionForm,
    NewForm,
    NotesForm,
    ReadersForm,
    ReasonForm,
)
from upstander.mandated.register.models import Entry, Event
from upstander.mandated.register.reasons import Reason
from upstander.mandated.register.rights import RegisterRight
from upstander.mandated.register.rule import RegisterRule, rule_in
from upstander.matters.folders import FolderShut
from upstander.people.permissions import requires, viewer_of
from upstander.people.scope import Viewer, viewing
from upstander.places.models import District
from upstander.ui.press import refusal_on, refusal_told

EVENT_ICONS = {Event.Kind.OPENED: "eye", Event.Kind.FILED: "plus", Event.Kind.DISPOSED: "close"}


@require_GET
@requires(RegisterRight.KEEP_REGISTER)
def listing(request: HttpRequest) -> HttpResponse:
    """List the register: when, where, what and how it stands; whom it is about only once opened."""
    viewer = viewer_of(request)
    asked = request.GET
    wanted = queries.Wanted(
        school_id=int(asked["school"]) if asked.get("school", "").isdecimal() else None,
        flag=asked.get("flag", ""),
        outcome=asked.get("outcome", "") if asked.get("outcome") in Entry.Outcome.values else "",
        after=_cursor(asked.get("after", "")),
    )
    with viewing(viewer) as now:
        rows, more = queries.entries_page(wanted, now)
        schools = disclosing.schools_of(actions.offices_of(viewer))
    older = ""
    if more:
        last = rows[-1].entry
        kept = {key: value for key, value in asked.items() if key != "after"}
        older = "?" + urlencode({**kept, "after": f"{last.filed_at.isoformat()}_{last.pk}"})
    return render(
        request,
        "register/list.html",
        {
            "rows": rows,
            "older": older,
            "schools": schools,
            "outcomes": [(key, capfirst(label)) for key, label in Entry.Outcome.choices],
            "wanted": wanted,
            "rule": rule_here(viewer),
        },
    )


@require_http_methods(["GET", "POST"])
@requires(RegisterRight.KEEP_REGISTER)
def new(request: HttpRequest) -> HttpResponse:
    """File an allegation that came without a duty."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        districts, schools = places_of(viewer)
        people = colleagues_of(viewer)
    form = NewForm(
        request.POST if request.method == "POST" else None,
        districts=districts,
        schools=schools,
        people=people,
        initial={"happened_on": localtime(now).date()},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        names = dict(people)
        with refusal_on(form):
            entry_id = actions.file_by_hand(
                viewer,
                Allegation(
                    district_id=data["district"],
                    school_id=data["school"],
                    happened_on=data["happened_on"],
                    person_id=data["person"],
                    name=data["name"] or names.get(data["person"], "").rsplit(" (", 1)[0],
                    kind=Entry.Kind(data["kind"]),
                    disability=form.flag("disability"),
                    restraint=form.flag("restraint"),
                    words=form.kept(),
                ),
            )
            with viewing(viewer):
                opens = Entry.objects.filter(pk=entry_id).exists()
            if opens:
                messages.success(request, gettext("Filed as unproven."))
                return redirect("register:entry", entry_id=entry_id)
            messages.success(
                request, gettext("Filed as unproven; it opens for others, not for you.")
            )
            return redirect("register:list")
    return render(request, "register/new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(RegisterRight.KEEP_REGISTER)
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Ask for a reason; with one, show the entry to whoever gave it, for half an hour."""
    viewer = viewer_of(request)
    try:
        if request.method == "POST":
            asked = ReasonForm(request.POST)
            with viewing(viewer):
                actions.entry_for(viewer, entry_id)
            if not asked.is_valid():
                return _reason(request, entry_id, asked, status=422)
            actions.give_reason(
                viewer, entry_id, Reason(asked.cleaned_data["reason"]), asked.cleaned_data["words"]
            )
            return redirect("register:entry", entry_id=entry_id)
        opened = actions.open_entry(viewer, entry_id)
    except FolderShut:
        return render(request, "mandated/shut.html", status=403)
    if opened is None:
        return _reason(request, entry_id, ReasonForm())
    return shown(request, opened)


def _reason(
    request: HttpRequest, entry_id: UUID, form: ReasonForm, status: int = 200
) -> HttpResponse:
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        row = queries.rows_of([actions.entry_for(viewer, entry_id)], now)[0]
    return render(request, "register/reason.html", {"row": row, "form": form}, status=status)


def shown(
    request: HttpRequest, opened: OpenEntry, typed: Mapping[str, Form] | None = None
) -> HttpResponse:
    """Show an opened entry; ``typed``: a form that was refused, by its name on the page."""
    entry = opened.entry
    viewer = opened.folder.viewer
    with viewing(viewer) as now:
        row = queries.rows_of([entry], now)[0]
        others = queries.rows_of(
            list(Entry.objects.filter(pk__in=queries.same_person([entry.pk])[entry.pk])), now
        )
        events = queries.events_of(entry, opened.folder)
        waiting = changing.waiting_change(opened, now)
        office = settling.readers_of(opened)
        rule = rule_in(entry.district_id)
    flags = {True: "yes", False: "no", None: ""}
    rests = {
        name: getattr(entry, name) for name in ("happened_on", "kind", "outcome", "outcome_on")
    }
    asked = {name: flags[getattr(entry, name)] for name in ("disability", "restraint")}
    return render(
        request,
        "register/entry.html",
        {
            "row": row,
            "entry": entry,
            "words": opened.words,
            "others": others,
            "change": ChangeForm(initial={**opened.words, **rests}),
            "notes": NotesForm(initial={**opened.words, **asked}),
            "decision": DecisionForm(prefix="second"),
            "readers": ReadersForm(readers=office) if office else None,
            "in_doubt": [one.name for one in office if not one.holds],
            **(typed or {}),
            "waiting": waiting,
            "changes": [(label_of(name), before, after) for name, before, after in waiting.changes]
            if waiting
            else [],
            "own_change": waiting is not None and waiting.row.person_id == viewer.person_id,
            "events": [
                {
                    "shown": one,
                    "kind": one.event.get_kind_display(),
                    "icon": EVENT_ICONS.get(Event.Kind(one.event.kind), "note"),
                    "reason": Reason(one.event.reason).label if one.event.reason else "",
                    "words": [(label_of(name), text) for name, text in one.words.items()],
                }
                for one in events
            ],
            "run_out": actions.may_dispose(entry, now),
            "lets_go": rule.lets_go,
            "own_proposal": entry.dispose_by == opened.folder.viewer.person_id,
            "rule": rule,
        },
        status=422 if typed else 200,
    )


@require_POST
@requires(RegisterRight.KEEP_REGISTER)
def dispose(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Propose to destroy an entry whose time has run out, or decide on such a proposal."""
    opened = actions.open_entry(viewer_of(request), entry_id, purpose="dispose")
    if opened is None:
        return redirect("register:entry", entry_id=entry_id)
    with refusal_told(request):
        if actions.dispose(opened, agree=request.POST.get("agree") == "yes"):
            gone = gettext("Destroyed with its key: no copy of it will ever open again.")
            messages.success(request, gone)
            return redirect("register:list")
        messages.success(request, gettext("Saved."))
    return redirect("register:entry", entry_id=entry_id)


def rule_here(viewer: Viewer) -> RegisterRule:
    """Return the rule of the State in which somebody keeps the register, as confirmed."""
    with viewing(viewer):
        return rule_in(actions.offices_of(viewer)[0])


def places_of(viewer: Viewer) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Return the districts and schools whose register somebody keeps; call inside ``viewing``."""
    own = actions.offices_of(viewer)
    districts = District.objects.filter(pk__in=own).order_by("name")
    return list(districts.values_list("pk", "name")), disclosing.schools_of(own)


def label_of(name: str) -> str:
    """Return how the page calls what an event says, what stood there before, or is to stand."""
    part, _, key = name.rpartition(" ")
    labels = {
        "why": gettext("In their words"),
        "person": gettext("In the words of the report"),
        "about": gettext("It is about them"),
        "not": gettext("It is not about them"),
        "unsure": gettext("It may be about them"),
    }
    fields = {**ChangeForm.base_fields, **NotesForm.base_fields}
    label = labels.get(key) or (str(fields[key].label) if key in fields else key)
    if part == "was":
        return gettext("Before: %(label)s") % {"label": label}
    return gettext("New: %(label)s") % {"label": label} if part == "new" else label


def id_or_none(text: str) -> UUID | None:
    """Return an id as it was sent; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _cursor(text: str) -> tuple[datetime, UUID] | None:
    at, _, last = text.partition("_")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, UUID(last)) if moment.tzinfo else None
    except ValueError:
        return None
