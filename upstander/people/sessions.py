"""Staff sign-ins: a cookie of its own beside Django's, which alone opens the person's key."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.core.signing import BadSignature, TimestampSigner
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from upstander.people.keys import person_mac
from upstander.people.models import Person
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import OwnMembership, Viewer
from upstander.vault import sessions
from upstander.vault.envelopes import bind
from upstander.vault.errors import VaultError

COOKIE = "unlock"
#: A session ends so long after it was last used, and so long after it began, however busy: the
#: database's `people_session_ends` says the same, and enforces it.
IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
_SALT = "upstander.people.sessions"


def begin(person: Person, seed: bytes | None, *, complete: bool = False) -> str:
    """Start a session and return its cookie; it opens nothing until ``finish`` completes it."""
    token = TimestampSigner(salt=_SALT).sign(sessions.new_token())
    sealed = sessions.seal_for(token, seed, bind("staff", person.pk)) if seed else None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.start_session(hash => %s, person => %s, proof => %s, seed => %s, "
            "done => %s)",
            [
                sessions.row_key(sessions.database_token(token)),
                person.pk,
                sessions.code_proof(token, person_mac(person.pk)),
                sealed,
                complete,
            ],
        )
    return token


def was_given(token: str) -> bool:
    """Tell whether this desk gave a cookie to somebody who can be signed in by it still.

    Costs microseconds and asks no database: one that has been signed out since counts as well.
    """
    try:
        TimestampSigner(salt=_SALT).unsign(token, max_age=LONGEST)
    except BadSignature:
        return False
    return True


def finish(token: str, person: Person) -> bool:
    """Make a session complete, once its own person has given the second factor."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.finish_session(%s, %s)", [sessions.database_token(token), person.pk]
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def end(token: str) -> None:
    """Sign this device out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.end_session(%s)", [sessions.database_token(token)])


def end_everywhere(token: str) -> None:
    """Sign the person out on every device."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.end_all_sessions(%s)", [sessions.database_token(token)])


def end_all_of(person: Person) -> None:
    """Sign a person out on every device: their password was reset."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.end_sessions_of(%s)", [person.pk])


def begin_anew(request: HttpRequest, person: Person, seed: bytes | None) -> None:
    """Give this device a new session in place of its own; the response will carry its cookie."""
    token = request.COOKIES.get(COOKIE)
    request.new_unlock_token = begin(person, seed, complete=True)  # type: ignore[attr-defined]
    if token:
        end(token)


def change_active_role(token: str, kind: TeamKind) -> bool:
    """Act in another kind of one's teams from now on; False when one is in none of that kind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.change_active_role(%s, %s)", [sessions.database_token(token), kind.value]
        )
        row = cursor.fetchone()
    return bool(row and row[0])


class SessionRow:
    """A session as the database sees it: complete or waiting for its second factor."""

    __slots__ = ("complete", "second_factor", "viewer")

    def __init__(self, viewer: Viewer, *, complete: bool, second_factor: bool) -> None:
        self.viewer = viewer
        self.complete = complete
        self.second_factor = second_factor


def read(token: str, *, touch: bool = True) -> SessionRow | None:
    """Return the session behind a cookie and mark it used; None when it is over.

    ``touch`` False for what a page asks for by itself: nobody need be there.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM api.staff_session(%s, %s)", [sessions.database_token(token), touch]
        )
        row: tuple[Any, ...] | None = cursor.fetchone()
    if row is None:
        return None
    person_id, kind, sealed, complete, second_factor, roles, _started = row
    seed = None
    if sealed is not None:
        try:
            seed = sessions.open_for(token, bytes(sealed), bind("staff", person_id))
        except VaultError:
            return None
    rows = json.loads(roles)
    own = [r for r in rows if r["kind"] == kind]
    if not own:  # no longer in any team, or in none of the kind in which they signed in
        return None
    memberships = tuple(
        OwnMembership(
            r["team"],
            r["name"],
            TeamKind(r["kind"]),
            Role(r["role"]),
            r["center"],
            r["district"],
            r["school"],
        )
        for r in own
        if r["keyed"]
    )
    viewer = Viewer(
        person_id,
        person_mac(person_id),
        TeamKind(kind),
        token,
        memberships,
        seed,
        tuple(sorted({TeamKind(r["kind"]) for r in rows})),
        tuple(r["name"] for r in own if not r["keyed"]),
    )
    return SessionRow(viewer, complete=complete, second_factor=second_factor)


def put_cookie(request: HttpRequest, response: HttpResponseBase, token: str | None) -> None:
    """Set the session's cookie, or remove it when ``token`` is None."""
    if token is None:
        response.delete_cookie(COOKIE, samesite="Lax")
        return
    response.set_cookie(COOKIE, token, secure=request.is_secure(), httponly=True, samesite="Lax")
