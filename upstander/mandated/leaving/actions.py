"""Shutting somebody out who has open reports: asked by one, agreed to by another, told of.

What they began stays theirs. They keep a way in with new credentials, to these reports alone; not
where somebody else has the account: that ends at once, by one press.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, ProgrammingError, connection
from django.http import Http404
from django.utils.translation import gettext as _

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.carriers.models import ContactMethod
from upstander.mandated.access import duty_for
from upstander.mandated.actions.events import KIND
from upstander.mandated.leaving.models import Shutting
from upstander.mandated.leaving.queries import Leaver, is_held, leavers, opened
from upstander.people.access import person_to_keep
from upstander.people.actions.leaving import state_left, teams_led_by, without_lead
from upstander.people.actions.way_in import GOOD_FOR, mail_link
from upstander.people.keys import person_mac
from upstander.people.scope import Viewer, viewing
from upstander.vault.links import link_hash, new_link_secret

#: Characters of a reason.
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Link:
    """A link to somebody's way in: shown once, to be handed over, and mailed to them."""

    name: str
    secret: str = field(repr=False)
    mailed: bool


def ask_shutting(viewer: Viewer, person_id: int, reason: str) -> UUID:
    """Ask that somebody with open reports is shut out; nothing happens to them yet.

    By an administrator. Raises Http404, Refused.
    """
    shutting_id = uuid4()
    with viewing(viewer):
        _may(viewer, person_id, reason)
        try:
            _call(
                "SELECT api.ask_shutting(p_id => %s, p_person => %s, p_reason => %s)",
                shutting_id,
                person_id,
                _sealed(reason),
            )
        except IntegrityError as error:
            raise Refused(
                _("Someone has already requested that: a second person now decides."),
                kept=_("What you typed was not saved."),
            ) from error
        except ProgrammingError as error:
            raise Refused(_("There is nothing to request: check their account again.")) from error
        record(
            "shutting out asked",
            actor=viewer,
            subject_kind="person",
            subject_id=person_id,
            detail={"shutting": str(shutting_id)},
        )
    return shutting_id


def agree_shutting(viewer: Viewer, shutting_id: UUID) -> Link | None:
    """Agree, as the second person: the account is shut now, and its owner is mailed their way in.

    Returns the link; None where nothing of theirs is open any more. Raises Http404, Refused.
    """
    with viewing(viewer):
        one = leaver(shutting_id)
        if one.asked_by == viewer.person_id:
            raise Refused(_("You requested it yourself: someone else has to agree."))
        state_left(one.person_id)
        try:
            rows = _call(
                "SELECT duty, matter, district FROM api.agree_shutting(p_id => %s, p_mac => %s)",
                shutting_id,
                person_mac(one.person_id),
            )
        except (ProgrammingError, IntegrityError) as error:
            raise Refused(_("Nothing was done: it has already been decided.")) from error
        _record(viewer, one.person_id, rows, taken=False)
    return new_link(viewer, shutting_id)


def refuse_shutting(viewer: Viewer, shutting_id: UUID) -> None:
    """Refuse, or take one's own question back: nobody is shut out. Raises Http404, Refused."""
    with viewing(viewer):
        one = leaver(shutting_id)
        if _call("SELECT api.end_shutting(p_id => %s)", shutting_id) != [(True,)]:
            raise Refused(_("Nothing was done: it has already been decided."))
        record(
            "shutting out refused",
            actor=viewer,
            subject_kind="person",
            subject_id=one.person_id,
            detail={"shutting": str(shutting_id), "asker": one.asked_by == viewer.person_id},
        )


def shut_taken(viewer: Viewer, person_id: int, reason: str) -> list[str]:
    """Shut an account at once that somebody else has; no way in is kept. By one administrator.

    Returns the names of the teams that have no lead any more. Raises Http404, Refused.
    """
    with viewing(viewer):
        _may(viewer, person_id, reason)
        led = teams_led_by(person_id)
        state_left(person_id)
        try:
            rows = _call(
                "SELECT duty, matter, district FROM api.shut_taken(p_id => %s, p_person => %s, "
                "p_reason => %s, p_mac => %s)",
                uuid4(),
                person_id,
                _sealed(reason),
                person_mac(person_id),
            )
        except ProgrammingError as error:
            raise Refused(_("Nothing was done: ask another administrator now.")) from error
        _record(viewer, person_id, rows, taken=True)
        return without_lead(led)


def new_link(viewer: Viewer, shutting_id: UUID) -> Link | None:
    """Make a new link to somebody's way in, and mail it to them; the one before opens nothing.

    None: they have taken it up, or there is none. Raises Http404.
    """
    secret = new_link_secret()
    with viewing(viewer) as now:
        one = leaver(shutting_id)
        rows = _call(
            "SELECT email, ways FROM api.way_in_again(p_id => %s, p_hash => %s, p_expires => %s)",
            shutting_id,
            link_hash(secret),
            now + GOOD_FOR,
        )
        if not rows:
            return None
        record(
            "way in sent",
            actor=viewer,
            subject_kind="person",
            subject_id=one.person_id,
            detail={"shutting": str(shutting_id)},
        )
    email, ways = rows[0]
    own = [opened(ContactMethod, "address", sealed) for sealed in ways]
    return Link(one.name, secret, mail_link([email, *own], secret))


def stand_in(viewer: Viewer, duty_id: UUID) -> None:
    """Answer for the file where a duty's owner was shut out and stays silent (ADR 95, ADR 140).

    Somebody else's report of the matter is made; this one stays open and is shown as that, and
    keeps the matter open no more. Raises Http404, Refused.
    """
    with viewing(viewer):
        duty = duty_for(viewer, duty_id)
        try:
            _call("SELECT api.stand_in(p_duty => %s)", duty_id)
        except (ProgrammingError, IntegrityError) as error:
            raise Refused(
                _(
                    "Not saved: this is possible a day after its owner’s account was "
                    "deactivated, and only if someone else’s reports in this matter, both of "
                    "them, are made."
                )
            ) from error
        record(
            "duty: stood in",
            actor=viewer,
            subject_kind=KIND,
            subject_id=duty_id,
            district_id=duty.district_id,
            matter_id=duty.matter_id,
        )


def leaver(shutting_id: UUID) -> Leaver:
    """Return one whom the viewer may decide about; call inside ``viewing``. Raises Http404."""
    found = next((one for one in leavers() if one.id == shutting_id), None)
    if found is None:
        raise Http404
    return found


def _may(viewer: Viewer, person_id: int, reason: str) -> None:
    person = person_to_keep(viewer, person_id)
    if not person.is_active or not is_held(person_id):
        raise Http404
    if not reason.strip() or len(reason) > LONGEST:
        raise Refused(
            _(
                "Say why, in at most %(LONGEST)s characters: everyone who sees the reports "
                "can read it."
            )
            % {"LONGEST": LONGEST}
        )


def _record(viewer: Viewer, person_id: int, rows: Sequence[Any], *, taken: bool) -> None:
    record(
        "account shut",
        actor=viewer,
        subject_kind="person",
        subject_id=person_id,
        detail={"open_reports": len(rows), "taken": taken},
    )
    for duty, matter, district in rows:
        record(
            "duty: owner left",
            actor=viewer,
            subject_kind=KIND,
            subject_id=duty,
            district_id=district,
            matter_id=matter,
            detail={"taken": taken},
        )


def _sealed(reason: str) -> bytes | None:
    field_: Any = Shutting._meta.get_field("reason")
    sealed: bytes | None = field_.get_prep_value(reason.strip())
    return sealed


def _call(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
