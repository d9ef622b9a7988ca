"""What each role may do, as one table, and the decorator that every staff view must carry."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Concatenate

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from upstander.people.roles import Role
from upstander.people.scope import Viewer


class Right(StrEnum):
    """One thing that somebody may do. Which rows they may do it to is the database's business.

    An app names its own in an enumeration of this kind, and its manifest says which roles carry
    them. Those of ``Permission`` are asked for by several apps.
    """


class Permission(Right):
    """What several apps ask for."""

    OWN_ACCOUNT = "keep one's own account, and begin where one's work lies"
    SEE_HOME = "see home"
    SEE_TODAY = "see what waits for oneself, on one page"
    SEE_QUEUE = "see the queue"
    WORK_TIPS = "claim, answer, assess and hand off tips"
    OPEN_TIPS = "open tips that were handed to them or wait at their center"
    SUPERVISE = "see the center's load and decide second opinions"
    WORK_AS_TEAM = "acknowledge, act on and close tips handed to them"
    WORK_CASES = "work on cases of one's team, and on those that were shared"
    SEE_DISTRICT = "see a district's teams, gaps and open tips without their words"
    SEE_ON_CALL = "see who is on call, and keep one's own shifts and ways"
    SEE_RECORD = "see the record"
    SEE_SEALING = "see how the record is sealed, minute by minute, and prove it"
    SEE_ACCESS = "see who opened what was not theirs"
    LEAD_TEAM = "invite into a team and rotate its key"
    KEEP_PLACES = "keep centers, districts, schools, teams and people"
    CONFIRM_SERVICES = "confirm the facts of a helping service"
    PRINT_POSTERS = "print a school's poster"
    SEE_STATUS = "see how the system stands, and take part in drills"
    SUSPECT = "note a suspicion of one's own, and report it"
    PROVE_DUTIES = "prove what was written down about a duty that one may know of"
    TAKE_CHECKPOINTS = "take home what seals the record, and the program that checks it"
    CONFIRM_RULES = "confirm what a state's rules say"
    SEE_OUTBOX = "see what the demo would have mailed to staff"


_EVERYBODY = {Permission.OWN_ACCOUNT, Permission.SEE_HOME}
#: Everybody on a school's or a center's staff is a mandated reporter.
_STAFF = _EVERYBODY | {
    Permission.SUSPECT,
    Permission.PROVE_DUTIES,
    Permission.SEE_OUTBOX,
}
_CENTER = _STAFF | {
    Permission.SEE_STATUS,
    Permission.SEE_QUEUE,
    Permission.WORK_TIPS,
    Permission.OPEN_TIPS,
    Permission.SEE_ON_CALL,
    Permission.SEE_RECORD,
    Permission.TAKE_CHECKPOINTS,
    Permission.SEE_SEALING,
}
_SCHOOL = _STAFF | {
    Permission.SEE_TODAY,
    Permission.SEE_STATUS,
    Permission.OPEN_TIPS,
    Permission.WORK_AS_TEAM,
    Permission.WORK_CASES,
    Permission.SEE_ON_CALL,
    Permission.SEE_RECORD,
    Permission.TAKE_CHECKPOINTS,
    Permission.PRINT_POSTERS,
}

#: Who sees whether what the law asks was reported. None of them ends a duty of another's.
_OFFICE = _STAFF | {
    Permission.SEE_TODAY,
    Permission.WORK_CASES,
    Permission.TAKE_CHECKPOINTS,
}

GRANTED: dict[Role, frozenset[Right]] = {
    Role.COUNSELOR: frozenset(_CENTER),
    Role.CENTER_SUPERVISOR: frozenset(
        _CENTER
        | {
            Permission.SUPERVISE,
            Permission.SEE_ACCESS,
            Permission.LEAD_TEAM,
        }
    ),
    Role.TEAM_MEMBER: frozenset(_SCHOOL),
    Role.TEAM_LEAD: frozenset(
        _SCHOOL
        | {
            Permission.LEAD_TEAM,
            Permission.SEE_ACCESS,
        }
    ),
    Role.DISTRICT_LEAD: frozenset(
        _STAFF
        | {
            Permission.SEE_TODAY,
            Permission.OPEN_TIPS,
            Permission.WORK_AS_TEAM,
            Permission.WORK_CASES,
            Permission.SEE_DISTRICT,
            Permission.SEE_ON_CALL,
            Permission.SEE_RECORD,
            Permission.TAKE_CHECKPOINTS,
            Permission.SEE_ACCESS,
            Permission.SEE_STATUS,
            Permission.LEAD_TEAM,
            Permission.PRINT_POSTERS,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        _EVERYBODY
        | {
            Permission.SEE_TODAY,
            Permission.KEEP_PLACES,
            Permission.SEE_OUTBOX,
            Permission.CONFIRM_SERVICES,
            Permission.CONFIRM_RULES,
            Permission.PRINT_POSTERS,
            Permission.LEAD_TEAM,
            Permission.SEE_ON_CALL,
            Permission.SEE_RECORD,
            Permission.TAKE_CHECKPOINTS,
            Permission.SEE_SEALING,
            Permission.SEE_STATUS,
        }
    ),
    # The least view: briefs of their own, and their own team. No tip, no record, no colleagues.
    Role.OFFICER: frozenset(_EVERYBODY | {Permission.LEAD_TEAM}),
    Role.HEAD_OF_SCHOOL: frozenset(_OFFICE | {Permission.LEAD_TEAM}),
    Role.DESIGNEE: frozenset(_OFFICE),
    # The named roles of the register; which of its entries, the database decides.
    Role.COMPLIANCE_LEAD: frozenset(_OFFICE | {Permission.LEAD_TEAM}),
    **dict.fromkeys(
        (Role.SUPERINTENDENT, Role.BOARD_CHAIR),
        frozenset(_OFFICE),
    ),
    Role.STAFF_MEMBER: frozenset(_STAFF | {Permission.SEE_TODAY, Permission.WORK_CASES}),
    Role.STAFF_LEAD: frozenset(
        _STAFF | {Permission.SEE_TODAY, Permission.WORK_CASES, Permission.LEAD_TEAM}
    ),
    # Reads figures and proofs, without names, and changes nothing: not even who else may.
    Role.MONITOR: frozenset(_EVERYBODY | {Permission.PROVE_DUTIES, Permission.TAKE_CHECKPOINTS}),
    # Their own reports, until these are finished and the proofs fetched, and nothing else.
    Role.FORMER: frozenset({Permission.OWN_ACCOUNT, Permission.PROVE_DUTIES}),
}


#: What the table above says, before any app's own rights.
_SHARED = dict(GRANTED)


def carry(declared: Iterable[tuple[Right, Iterable[Role]]]) -> None:
    """Let roles carry the apps' own rights too, and no others than these.

    Called with all manifests' when a process starts. Until then such a right is nobody's.
    """
    GRANTED.update(_SHARED)
    for right, roles in declared:
        for role in roles:
            GRANTED[role] |= {right}


def may(viewer: Viewer, permission: StrEnum) -> bool:
    """Tell whether any of the viewer's roles carries ``permission``.

    One's own account is anybody's, also whose teams' keys are missing: there they get them back.
    """
    return permission is Permission.OWN_ACCOUNT or any(
        permission in GRANTED[role] for role in viewer.roles
    )


class StaffRequest(HttpRequest):
    """A desk request: the middleware has put the viewer on it."""

    viewer: Viewer | None


def viewer_of(request: HttpRequest) -> Viewer:
    """Return the request's viewer; raises PermissionDenied when nobody is signed in."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None:
        raise PermissionDenied
    return viewer


def viewer_here(request: HttpRequest, key: object, act: str) -> Viewer:
    """Return the viewer as all that a page opens: its acts open what they need by themselves."""
    return viewer_of(request)


def _sign_in_for(request: HttpRequest) -> str:
    """Return the sign-in page's address; a page that was asked for comes after it."""
    login = reverse("account_login")
    if request.method != "GET" or request.path == "/":
        return login
    return f"{login}?{urlencode({'next': request.get_full_path()})}"


def open_to_strangers[F: Callable[..., HttpResponseBase]](view: F) -> F:
    """Mark a view that needs no sign-in; whoever walks the addresses finds it named on purpose."""
    view.permission = None  # type: ignore[attr-defined]
    return view


def requires[**P, R: HttpResponseBase](
    permission: Right,
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], R]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Open a view to those who hold ``permission``; everybody else gets 403, strangers sign in.

    Whoever holds no team's key is led to what helps.
    """

    def decorate(
        view: Callable[Concatenate[HttpRequest, P], R],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            viewer: Viewer | None = getattr(request, "viewer", None)
            if viewer is None:
                return redirect(_sign_in_for(request))
            if not may(viewer, permission):
                if viewer.memberships:
                    raise PermissionDenied
                back = urlencode({"next": request.get_full_path()})
                return redirect("/people/me/" if viewer.unlocked else f"/people/unlock/?{back}")
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate
