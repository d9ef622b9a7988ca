"""The pages of the three guides. Each is one page: a GET shows where it stands, a POST goes on.

What was typed is never lost: a refusal shows the page again with it. Nothing is decided by a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from upstander.base.languages import language_of, printed_languages
from upstander.base.refused import Refused
from upstander.cases.actions.opening import OpenCase, open_the_case
from upstander.cases.guides import actions, entries_said
from upstander.cases.guides.loading import levels, own_instrument, threat_guide
from upstander.cases.guides.pages import Act, chosen_in, guide, steps_form, under_way
from upstander.cases.guides.plan import PARTS, isolated, plan_pdf, plan_texts, versions_of
from upstander.cases.guides.screening import ANSWERS, screenings_of
from upstander.cases.guides.texts import all_texts, instruments, review_text, unread
from upstander.cases.guides.threat import Stage, homes_in, paths_of
from upstander.cases.panels import CasePage, read_page
from upstander.cases.views import typed
from upstander.intake.tables import in_language
from upstander.matters.folders import FolderShut
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import viewing
from upstander.rulefiles.signatures import states
from upstander.ui.press import refusal_told, tell


def _go_on(did: str, *names: str) -> Act:
    def act(request: HttpRequest, opened: OpenCase) -> str:
        said = {name: typed(request, name, anything=name == "exact").strip() for name in names}
        path = actions.go_on(opened, {"did": did, **said})
        if path.stage is Stage.STEPS:
            return gettext(
                "Saved. Now choose the next steps: nothing is on the list until you say who will "
                "do it."
            )
        return gettext("Saved.")

    return act


def _settle(request: HttpRequest, opened: OpenCase) -> str:
    outcome = threat_guide().outcomes.get(request.POST.get("outcome", ""))
    if outcome is None:
        raise Refused(gettext("Someone else has continued in the meantime. Check where it is now."))
    actions.settle_threat(opened, outcome.key, chosen_in(request, outcome))
    return gettext("Added to the case’s list, with who will do it and by when.")


@guide(
    "guides/threat.html",
    {
        "begin": _go_on("begin", "answer", "why", "replaces", "because"),
        "words": _go_on("words", "exact", "context"),
        "answer": _go_on("answer", "fork", "answer", "why"),
        "steps": _settle,
        "finish": _go_on("finish", "words"),
    },
)
def threat(request: HttpRequest, page: CasePage, kept: QueryDict) -> Mapping[str, Any]:
    """Show a threat assessment: what was answered so far, and what comes next."""
    path_guide = threat_guide()
    paths = paths_of(page.entries, path_guide)
    last = paths[-1] if paths else None
    with viewing(page.opened.viewer):
        not_read = unread(["threat"])
    shown: dict[str, Any] = {
        "guide": path_guide,
        "path": last,
        "earlier": [(one, path_guide.outcomes.get(one.outcome)) for one in reversed(paths[:-1])],
        "begin": last is None or not last.live,
        "unread": not_read,
        "stage": last.stage if last else None,
        "may": page.opened.works and page.is_open,
        "step_titles": _titles(last.stage if last and last.live else None),
    }
    if last is not None:
        outcome = path_guide.outcomes.get(last.outcome)
        shown["outcome"] = outcome
        if last.stage is Stage.FORK:
            shown["fork"] = path_guide.forks[last.fork]
        elif last.stage is Stage.STEPS and outcome:
            shown |= steps_form(page, outcome, kept, *homes_in(paths, page.entries))
        shown["under_way"] = under_way(page, outcome, last.settled)
        shown["to_do"] = sum(
            todo is not None and todo.action.ended_at is None
            for _, todo, _, _ in shown["under_way"]
        )
    return shown


def _titles(stage: Stage | None) -> Sequence[tuple[str, bool]]:
    """Return the steps of the page's way, and which of them is now."""
    ways = {
        None: gettext("In danger now?"),
        Stage.WORDS: gettext("What was said"),
        Stage.FORK: gettext("What kind of threat"),
        Stage.STEPS: gettext("Next steps"),
        Stage.UNDER_WAY: gettext("Done and reviewed"),
    }
    return [(title, key == stage) for key, title in ways.items()]


def _answers(request: HttpRequest, opened: OpenCase) -> str:
    used = instruments().get(request.POST.get("instrument", "")) or own_instrument()
    answers = {
        one.key: answer
        for one in used.questions
        if (answer := request.POST.get(f"q-{one.key}", "")) in ANSWERS
    }
    actions.keep_answers(
        opened,
        request.POST.get("instrument", ""),
        answers,
        language=request.POST.get("language", ""),
        words=typed(request, "words"),
    )
    return gettext("Saved. Now set the level: you decide, and you have an hour.")


def _told(request: HttpRequest, opened: OpenCase) -> str:
    actions.keep_told(opened, typed(request, "exact", anything=True), typed(request, "who"))
    return gettext(
        "Saved. What others report does not suggest a level. Say how it looks to you for now."
    )


def _level(request: HttpRequest, opened: OpenCase) -> str:
    level = levels().get(request.POST.get("level", ""))
    if level is None:
        raise Refused(gettext("Choose a level."))
    try:
        screening_id = UUID(request.POST.get("screening", ""))
    except ValueError:
        raise Refused(gettext("There is no such screening in this case.")) from None
    actions.set_level(
        opened, screening_id, level.key, typed(request, "why"), chosen_in(request, level)
    )
    return gettext("Saved, and added to the case’s list.")


@guide("guides/suicide.html", {"answers": _answers, "told": _told, "level": _level})
def suicide(request: HttpRequest, page: CasePage, kept: QueryDict) -> Mapping[str, Any]:
    """Show what is known of suicide risk; the one without a level first, since it waits."""
    known = screenings_of(page.entries)
    again = request.GET.get("again", "") or kept.get("screening", "")
    now = next((one for one in known if one.waits or str(one.id) == again), None)
    usable = instruments()
    used = usable.get(request.GET.get("with", "") or kept.get("instrument", ""), own_instrument())
    language = request.GET.get("language", "") or kept.get("language", "")
    language = language if language in used.languages else "en"
    with viewing(page.opened.viewer):
        not_read = unread(["levels", f"instrument:{used.key}"])
    shown: dict[str, Any] = {
        "now": now,
        "known": [
            (
                one,
                levels().get(one.level),
                page.name(one.entry.person_id),
                under_way(page, levels().get(one.level), one.settled),
                entries_said.lines(one.entry),
                page.name(one.set_by.person_id) if one.set_by else "",
            )
            for one in reversed(known)
            if one is not now
        ],
        "instruments": usable.values(),
        "instrument": used,
        "languages": [(key, language_of(key).own) for key in used.languages],
        "language": language,
        "questions": [
            (
                one,
                one.texts[language],
                one.texts["en"] if language != "en" else "",
                kept.get(f"q-{one.key}", ""),
            )
            for one in used.questions
        ],
        "rtl": language_of(language).right_to_left,
        "unread": not_read,
        "may": page.opened.works and page.is_open,
        "levels": levels().values(),
    }
    if now is not None:
        suggested = levels().get(now.suggested.level) if now.suggested else None
        wanted = kept.get("look", "") or kept.get("level", "") or request.GET.get("level", "")
        level = levels().get(wanted) or suggested
        shown |= {
            "suggested": suggested,
            "level": level,
            "now_lines": [
                line
                for line in entries_said.lines(now.entry)
                if not now.suggested or line != now.suggested.because
            ],
            "now_by": page.name(now.entry.person_id),
        }
        if level is not None:
            shown |= steps_form(page, level, kept)
    return shown


def _plan_said(request: HttpRequest) -> dict[str, str]:
    said = {key: typed(request, key, anything=True) for key in PARTS}
    said |= {name: typed(request, name) for name in ("language", "made_with")}
    said["agreed"] = "yes" if request.POST.get("agreed") == "yes" else ""
    return said


def _keep_plan(request: HttpRequest, opened: OpenCase) -> str:
    actions.keep_plan(opened, _plan_said(request))
    return gettext("The school’s copy is saved. What only the student keeps was not saved.")


def _print_plan(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """Print the student's copy: both columns, and nothing of it is stored."""
    language = request.POST.get("language", "")
    if language not in printed_languages():
        raise Refused(gettext("Choose the student’s language."))
    parts = {
        key: "\n".join(typed(request, name, anything=True) for name in (key, f"own-{key}"))
        for key in PARTS
    }
    page = read_page(opened)
    made = plan_pdf(parts, language=language, day=page.now.date(), school=False)
    actions.record_printing(opened, students=True)
    return _pdf(made)


def _decline(request: HttpRequest, opened: OpenCase) -> str:
    why = typed(request, "declined")
    if not why.strip():
        raise Refused(gettext("Say what the student wants instead, or why not now."))
    actions.keep_plan(opened, {"declined": why})
    return gettext("Saved.")


@guide("guides/plan.html", {"keep": _keep_plan, "print": _print_plan, "decline": _decline})
def plan(request: HttpRequest, page: CasePage, kept: QueryDict) -> Mapping[str, Any]:
    """Show the safety plan as a form to fill in together, and the versions the school keeps."""
    versions = versions_of(page.entries)
    last = next((one for one in reversed(versions) if one.parts), None)
    language = request.GET.get("language", "") or kept.get("language", "")
    language = language if language in printed_languages() else (last.language if last else "en")
    texts = plan_texts()
    before = last.parts if last else {}
    with viewing(page.opened.viewer):
        not_read = unread(["plan"])
    return {
        "parts": [
            (
                key,
                texts[key].texts["en"],
                in_language(texts[key].texts, language),
                texts[key].staff,
                kept.get(key, before.get(key, "")),
                kept.get(f"own-{key}", ""),
            )
            for key in PARTS
        ],
        "language": language,
        "rtl": language_of(language).right_to_left,
        "languages": printed_languages().items(),
        "made_with": kept.get("made_with", last.made_with if last else ""),
        "versions": [
            (
                one,
                page.name(one.entry.person_id),
                [(texts[key].texts["en"], isolated(words)) for key, words in one.parts.items()],
            )
            for one in reversed(versions)
        ],
        "unread": not_read,
        "may": page.is_open,
    }


@require_GET
@requires(Permission.WORK_CASES)
def plan_copy(request: HttpRequest, case_id: UUID, version_id: UUID) -> HttpResponse:
    """Print a version of the school's copy. Raises Http404."""
    try:
        opened = open_the_case(viewer_of(request), case_id, purpose="plan")
    except FolderShut:
        return render(request, "cases/shut.html", status=403)
    page = read_page(opened)
    version = next((one for one in versions_of(page.entries) if one.id == version_id), None)
    if version is None or not version.parts:
        raise Http404
    with refusal_told(request):
        made = plan_pdf(
            version.parts,
            language=version.language,
            day=version.entry.at.date(),
            school=True,
            reference=f"{page.case.reference} · {version.number}",
        )
        actions.record_printing(opened, students=False)
        return _pdf(made)
    return redirect("cases:case", case_id)


def _pdf(content: bytes) -> HttpResponse:
    # A name that tells nothing: it stays in a browser's list of downloads.
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="plan.pdf"'},
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.CONFIRM_RULES)
def texts(request: HttpRequest) -> HttpResponseBase:
    """Show the guides' texts and installed instruments, and keep who qualified has read one."""
    viewer, status = viewer_of(request), 200
    if request.method == "POST":
        try:
            review_text(
                viewer,
                request.POST.get("text", ""),
                request.POST.get("digest", ""),
                typed(request, "clinician"),
                stands=request.POST.get("stands") == "yes",
            )
        except Refused as refused:
            tell(request, refused)
            status = refused.status
        else:
            messages.success(request, gettext("Saved."))
            return redirect("guides:texts")
    with viewing(viewer):
        rows = all_texts()
    shown = {"rows": rows, "kept": request.POST, "languages": states(settings.HOME.languages)}
    return render(request, "guides/texts.html", shown, status=status)
