"""What is done to a callout: asked for, learned of, and each step, written once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.phones import NoNumber
from upstander.base.refused import Refused
from upstander.callouts.actions.desk import leave_desk
from upstander.callouts.consent import need_word
from upstander.callouts.models import Callout, Event, Site
from upstander.callouts.queries import order_of
from upstander.callouts.ringing import DESK, PANIC, ring
from upstander.callouts.telling import seal_telling
from upstander.callouts.words import pack, unpack
from upstander.escalations.actions.alerts import answer_alert
from upstander.escalations.actions.offers import SUPERVISOR, asked_of, end_each, lock_alerts
from upstander.escalations.models import Acknowledgement, Alert
from upstander.matters.folders import (
    OpenFolder,
    folder_for,
    holders_for,
    open_folder,
    seal_folder,
)
from upstander.people.actions.invitations import send
from upstander.people.models import Team
from upstander.people.scope import System, Viewer, viewing
from upstander.places.models import District
from upstander.vault.links import link_hash, new_link_secret

KIND: Final = "callout"
Kind = Event.Kind
State = Callout.State
#: How long whoever accepted has until they are on the way, before they are asked once more.
TO_GO: Final = timedelta(minutes=10)
#: What ends all alerts; what ends the offer alone; what ends all but the offer.
_ENDS_ALL: Final = frozenset({Kind.PHONE, Kind.PLANNED, Kind.GO, Kind.PANIC, Kind.ENDED})
_ENDS_OFFER: Final = frozenset({Kind.OFFERED, Kind.RELEASED, Kind.WAY, Kind.ARRIVED})
_ENDS_RINGING: Final = frozenset({Kind.SAFE, Kind.SEEN_TO})


@dataclass(frozen=True, slots=True)
class OpenCallout:
    """A callout with its words; of one that has ended no danger is left."""

    row: Callout
    folder: OpenFolder = field(repr=False)
    words: Mapping[str, str] = field(repr=False)
    safety: Mapping[str, str] = field(repr=False)


def ask(
    viewer: Viewer,
    site: Site,
    team_id: int,
    facts: Mapping[str, Any],
    words: Mapping[str, str],
    safety: Mapping[str, str],
) -> UUID:
    """Ask a site for somebody, as one of ``team_id``; sealed to the teams of the site's center.

    ``facts``: ``way``, ``subject_id``, ``language``, ``danger``. Raises Refused, KeySwapped.
    """
    with viewing(viewer):
        beside = Site.objects.filter(district_id=site.district_id).values("team_id")
        made = seal_folder(holders_for(None, Team.objects.filter(pk__in=beside)))
        given = {"site_id": site.team_id, "asked_team": team_id, **facts}
        given["subject_id"] = str(facts["subject_id"]) if facts.get("subject_id") else None
        sealed = [
            made.seal("words", made.id, pack(words)),
            made.seal("safety", made.id, pack(safety)) if any(safety.values()) else None,
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT api.ask_callout(p_folder => %s, p_facts => %s, p_sealed => %s, "
                "p_safety => %s, p_shred => %s, p_shred_version => %s, p_shred_mark => %s, "
                "p_holders => %s::text[], p_versions => %s::int[], p_blobs => %s::bytea[])",
                [made.id, json.dumps(given), *sealed, *made.columns],
            )
    return made.id


def open_callout(viewer: Viewer, callout_id: UUID, *, purpose: str = "read") -> OpenCallout:
    """Open a callout, recorded. Raises Http404 for another center's, Locked, FolderShut."""
    folder = open_folder(viewer, callout_id, KIND, purpose=purpose)
    with viewing(viewer):
        row = Callout.objects.get(pk=callout_id)
    safety = {} if row.safety is None else unpack(folder.read("safety", row.pk, row.safety))
    return OpenCallout(row, folder, unpack(folder.read("words", row.pk, row.sealed)), safety)


def learn(
    opened: OpenCallout,
    facts: Mapping[str, Any],
    words: Mapping[str, str],
    safety: Mapping[str, str],
) -> None:
    """Keep what was learned since. Raises Refused for one that has ended."""
    folder, row = opened.folder, opened.row
    with viewing(folder.viewer):
        danger = folder.seal("safety", row.pk, pack(safety)) if any(safety.values()) else None
        changed = (
            Callout.objects.filter(pk=row.pk)
            .exclude(state=State.ENDED)
            .update(**facts, sealed=folder.seal("words", row.pk, pack(words)), safety=danger)
        )
        if not changed:
            raise Refused(gettext("This callout has ended. Nothing was changed."))
        record("callout changed", **_of(row, folder.viewer))


def step(viewer: Viewer, callout_id: UUID, kind: Kind, **facts: Any) -> None:
    """Take a step of a callout as the viewer. Raises Http404, Refused.

    ``facts``: ``until`` (UTC), ``code``, and ``to_id``, to whom it is offered. To go, ``code`` says
    whose word it is (``consent``). To end, ``done`` says what was done where it got worse.
    """
    with viewing(viewer) as now:
        folder_for(callout_id, KIND)
        with locked(callout_id) as (row, alerts):
            if kind == Kind.GO:
                # A life in danger waits for nobody's word, whatever else was said.
                facts["code"] = facts.get("code") or ("danger" if row.danger else "")
                need_word(row.district_id, facts["code"])
            if done := facts.pop("done", ""):
                take(row, alerts, Kind.SEEN_TO, now, by=viewer, code=done)
            take(row, alerts, kind, now, by=viewer, **facts)


def panic(viewer: Viewer, callout_id: UUID) -> datetime:
    """Ring desk and supervisor at once for who has a callout, and let their own phones be silent.

    Pressed again it is the same alarm. Returns since when (UTC). Raises Http404; Refused for
    anybody else.
    """
    with viewing(viewer) as now:
        folder_for(callout_id, KIND)
        with locked(callout_id) as (row, alerts), suppress(Refused):
            # Refused where it stands already, also by a press that came at the same time.
            take(row, alerts, Kind.PANIC, now, by=viewer)
        since = Callout.objects.filter(pk=callout_id, held_by=viewer.person_id)
        at = since.values_list("panic_at", flat=True).first()
        if at is None:
            raise Refused(gettext("Nothing was sent: you are not on this callout. Call 911."))
    return at


def accept(viewer: Viewer, callout_id: UUID) -> None:
    """Accept a callout for oneself, as its alert's answer. Raises Http404, Refused."""
    with viewing(viewer) as now:
        folder_for(callout_id, KIND)
        with locked(callout_id) as (row, alerts):
            alert = alerts.get(row.alert_id) if row.alert_id else None
            me = viewer.person_id
            if alert is None or alert.acknowledged_by not in (None, me):
                raise Refused(gettext("Somebody else has it, or it is over."))
            answer_alert(
                alert, me, Acknowledgement.Answer.HAVE_IT, actor=viewer, via="desk", now=now
            )
            take(row, alerts, Kind.ACCEPTED, now, by=viewer, to_id=me)


def cannot(viewer: Viewer, callout_id: UUID, code: str) -> None:
    """Say that one can't go, or can't after all: the next is asked at once.

    Raises Http404, Refused.
    """
    with viewing(viewer) as now:
        folder_for(callout_id, KIND)
        with locked(callout_id) as (row, alerts):
            alert = alerts.get(row.alert_id) if row.alert_id else None
            if alert is not None and row.state == State.WAITING:
                answer = Acknowledgement.Answer.CANNOT
                answer_alert(alert, viewer.person_id, answer, actor=viewer, via="desk", now=now)
            take(row, alerts, Kind.RELEASED, now, by=viewer, code=code)


def make_link(opened: OpenCallout, email: str = "", *, text: bool = False) -> str:
    """Make the family's link, in place of an earlier one; mailed where an address is given.

    ``text``: to the number on the sheet, once somebody goes. Returns its secret, shown once. Raises
    Refused for a callout that has ended, and for a number that takes no text.
    """
    secret, pk = new_link_secret(), opened.row.pk
    try:
        tell = seal_telling(pk, opened.words.get("phone", ""), secret) if text else None
    except NoNumber as error:
        raise Refused(
            gettext("No link was made: the number to call back is none that takes a text.")
        ) from error
    with viewing(opened.folder.viewer):
        open_ones = Callout.objects.filter(pk=pk).exclude(state=State.ENDED)
        if not open_ones.update(link_hash=link_hash(secret), to_tell=tell):
            raise Refused(gettext("This callout has ended. Nothing was changed."))
        record("callout link made", **_of(opened.row, opened.folder.viewer))
    if email:
        send(
            EmailMessage(
                subject=gettext("Who comes, and when"),
                body=gettext("Somebody comes to you. See who and when:\n%(link)s\n")
                % {"link": f"{settings.DESK_URL}/c/{secret}"},
                to=[email],
                headers={"Auto-Submitted": "auto-generated"},
            )
        )
    return secret


def keep_site(viewer: Viewer, team: Team, towns: list[str], neighbors: list[int]) -> None:
    """Keep that a team goes out to these towns; without towns it goes out no more."""
    with viewing(viewer):
        if towns:
            district = (
                District.objects.filter(center_id=team.center_id or 0).order_by("pk")[:1].get()
            )
            Site.objects.update_or_create(
                team_id=team.pk,
                defaults={
                    "district_id": district.pk,
                    "name": team.name,
                    "towns": towns,
                    "neighbors": [one for one in neighbors if one != team.pk],
                },
            )
        else:
            Site.objects.filter(team_id=team.pk).delete()
        record("callout sites changed", actor=viewer, subject_kind="team", subject_id=team.pk)


@contextmanager
def locked(callout_id: UUID) -> Iterator[tuple[Callout, dict[UUID, Alert]]]:
    """Lock a callout's alerts, and then have itself read: the order in which all do."""
    # That the desk is empty stays so, whatever becomes of the callout for which it was left.
    alerts = {pk: one for pk, one in lock_alerts(callout_id).items() if one.page != DESK}
    row = Callout.objects.filter(pk=callout_id).only(*CLEAR).first()
    if row is None:
        raise Http404
    yield row, alerts


#: What the worker may read too.
CLEAR: Final = (
    "id",
    "district_id",
    "matter_id",
    "site_id",
    "state",
    "held_by",
    "ring",
    "alert_id",
    "due_at",
    "asked_at",
    "danger",
    "panic_at",
)


def take(
    row: Callout,
    alerts: Mapping[UUID, Alert],
    kind: Kind,
    now: datetime,
    *,
    by: Viewer | System,
    **facts: Any,
) -> None:
    """Write a step of a locked callout, and do with its alerts what follows. Raises Refused."""
    before = row.state
    try:
        with transaction.atomic():
            Event.objects.create(
                callout_id=row.pk,
                district_id=row.district_id,
                kind=kind,
                at=now,
                person_id=by.actor_id,
                **facts,
            )
    except IntegrityError as error:
        raise Refused(_why(kind, str(error))) from error
    offer = alerts.get(row.alert_id) if row.alert_id else None
    if kind in _ENDS_ALL:
        end_each([*alerts.values()])
    elif kind in _ENDS_RINGING:
        # A silent alarm is ended by no word of whoever is there: they may be made to say it.
        stays = PANIC if kind == Kind.SAFE else ""
        end_each([one for one in alerts.values() if one != offer and one.page != stays])
    elif kind in _ENDS_OFFER and offer and not (kind == Kind.RELEASED and before == State.WAITING):
        end_each([offer])
    if kind == Kind.PANIC:
        ring(row, [], now, page=PANIC, supervisor=0)
    elif kind == Kind.OVERDUE and row.held_by:
        _ask(row, [row.held_by], now, supervisor=0)
    elif kind == Kind.GO:
        _offer(row, order_of(row, now), now, by)
    elif kind == Kind.OFFERED:
        before_now = asked_of([row.alert_id]).values()
        asked = {facts["to_id"], *(who for some in before_now for who in some)}
        rest = [one for one in order_of(row, now) if one not in asked]
        _ask(row, [facts["to_id"], *rest], now)
    elif kind == Kind.RELEASED and before != State.WAITING:
        no = {row.held_by, *row.events.filter(kind=kind).values_list("person_id", flat=True)}
        _offer(row, [one for one in order_of(row, now) if one not in no], now, by)
    elif kind == Kind.ACCEPTED:
        if offer:
            Alert.objects.filter(pk=offer.pk).update(next_step_due_at=now + TO_GO)
        leave_desk(row, facts["to_id"], now, by)
    record("callout stepped", **_of(row, by, step=kind.value))


def _offer(row: Callout, people: Sequence[int], now: datetime, by: Viewer | System) -> None:
    """Ask people in their order; that the first of them is asked is a step of its own."""
    if people:
        Event.objects.create(
            callout_id=row.pk,
            district_id=row.district_id,
            kind=Kind.OFFERED,
            at=now,
            person_id=by.actor_id,
            to_id=people[0],
        )
    _ask(row, people, now)


def _ask(row: Callout, people: Sequence[int], now: datetime, supervisor: int = SUPERVISOR) -> None:
    row.alert_id = ring(row, people, now, supervisor=supervisor).pk
    Callout.objects.filter(pk=row.pk).update(alert_id=row.alert_id)


def _why(kind: Kind, said: str) -> str:
    why = {
        "callout_one_at_a_time": gettext("They are with another child: nobody is in two places."),
        "event_has_a_time": gettext("Enter a time in the future."),
        "event_has_a_reason": gettext("Choose a reason."),
        "nobody has said": gettext("Say first what was done about it. Nothing was changed."),
        "callout_panic_is_seen_to": gettext(
            "The desk must handle something first. Nothing was changed."
        ),
    }
    if found := next((words for sign, words in why.items() if sign in said), ""):
        return found
    if kind == Kind.VISIT:
        return gettext("A follow-up lies within 45 days after the end.")
    return gettext("This has changed in the meantime: look again.")


def _of(row: Callout, by: Viewer | System, **more: str) -> dict[str, Any]:
    """Return what an entry of the record says beside its act."""
    return {
        "actor": by,
        "subject_kind": KIND,
        "subject_id": row.pk,
        "district_id": row.district_id,
        "matter_id": row.matter_id,
        "detail": more,
    }
