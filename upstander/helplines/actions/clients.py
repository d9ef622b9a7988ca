"""What is done to a client's folder: taken on, opened, written in, planned in, closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.http import Http404
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.helplines.models import Accompaniment, Client, Note
from upstander.helplines.words import pack, unpack
from upstander.matters.folders import (
    OpenFolder,
    holders_for,
    new_folder,
    open_each_here,
    open_folder,
)
from upstander.matters.models import Folder
from upstander.people.models import Team
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.places.models import District

KIND: Final = "client"
#: So many clients stand on one page of the list.
PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class OpenClient:
    """A client with their words."""

    row: Client
    folder: OpenFolder = field(repr=False)
    words: Mapping[str, str] = field(repr=False)

    @property
    def viewer(self) -> Viewer:
        """Who opened it."""
        return self.folder.viewer

    @property
    def plan(self) -> dict[str, str]:
        """The safety plan that is kept; empty where there is none. Raises SealBroken."""
        sealed = self.row.plan
        return {} if sealed is None else unpack(self.folder.read("plan", self.row.pk, sealed))

    @property
    def legal(self) -> dict[str, str]:
        """What legal aid asks first, as it is kept; empty: nobody asked. Raises SealBroken."""
        sealed = self.row.legal
        return {} if sealed is None else unpack(self.folder.read("legal", self.row.pk, sealed))


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list."""

    row: Client
    name: str
    #: They came because somebody they love was hurt.
    loved: bool


def agency_of(viewer: Viewer) -> District | None:
    """Return the district in which the viewer's agency works; None: theirs is no agency.

    Call inside ``viewing``.
    """
    centers = {one.center_id for one in viewer.memberships if one.center_id is not None}
    own = District.objects.filter(center_id__in=centers, center__advocates=True)
    return own.order_by("pk").first()


def own_teams(viewer: Viewer) -> list[Team]:
    """Return the viewer's own teams of their agency, to which clients are sealed."""
    own = [one.team_id for one in viewer.memberships if one.center_id is not None]
    of_agencies = Team.objects.filter(pk__in=own, kind=TeamKind.CENTER, center__advocates=True)
    return list(of_agencies.order_by("pk"))


def take_on(viewer: Viewer, words: Mapping[str, str]) -> UUID:
    """Open a folder for somebody, sealed to the viewer's agency; returns its id.

    Raises Refused where the viewer is of no agency, KeySwapped.
    """
    with viewing(viewer) as now:
        return take_on_here(viewer, words, now).id


def take_on_here(
    viewer: Viewer,
    words: Mapping[str, str],
    now: datetime,
    *,
    legal: Mapping[str, str] | None = None,
) -> OpenFolder:
    """Do so inside ``viewing``, with what legal aid asks first; returns the folder. Raises so."""
    place, teams = agency_of(viewer), own_teams(viewer)
    if place is None or not teams:
        raise Refused(gettext("Your center is not an advocacy agency."))
    folder = new_folder(viewer, KIND, district_id=place.pk, holders=holders_for(None, teams))
    Client.objects.create(
        id=folder.id,
        district_id=place.pk,
        matter_id=folder.matter_id,
        begun_at=now,
        sealed=folder.seal("client", folder.id, pack(words)),
        legal=folder.seal("legal", folder.id, pack(legal)) if legal else None,
    )
    record("client begun", **of_folder(folder))
    return folder


def open_client(viewer: Viewer, client_id: UUID, *, purpose: str = "read") -> OpenClient:
    """Open a client's folder, recorded. Raises Http404 for another's, Locked, FolderShut."""
    with viewing(viewer):
        row = Client.objects.filter(pk=client_id).first()
    if row is None:
        raise Http404
    folder = open_folder(viewer, client_id, KIND, purpose=purpose)
    return OpenClient(row, folder, unpack(folder.read("client", row.pk, row.sealed)))


def list_clients(viewer: Viewer, *, ended: bool = False) -> list[Listed]:
    """Return the newest clients by name, one entry in the record. Raises Locked."""
    with viewing(viewer):
        rows = Client.objects.filter(ended_at__isnull=not ended).defer("plan", "legal")
        every = list(rows.order_by("-begun_at", "pk")[:PAGE])
        if not every:
            return []
        record(
            "client names read",
            actor=viewer,
            subject_kind=KIND,
            subject_id="",
            district_id=every[0].district_id,
            matter_id=every[0].matter_id,
            detail={"many": len(every)},
        )
    with viewing(viewer):
        folders = Folder.objects.filter(pk__in=[one.pk for one in every], kind=KIND)
        opened = open_each_here(viewer, folders)
    found = []
    for one in every:
        if one.pk in opened:
            words = unpack(opened[one.pk].read("client", one.pk, one.sealed))
            found.append(Listed(one, words.get("name", ""), words.get("whose") == "loved"))
    return found


def change_client(opened: OpenClient, words: Mapping[str, str]) -> None:
    """Keep what was learned since. Raises Refused for a folder that is closed."""
    # What no form asks stays: with whom they are linked (links).
    words = {**opened.words, **words}
    with viewing(opened.viewer):
        _keep(opened, sealed=opened.folder.seal("client", opened.row.pk, pack(words)))
        record("client changed", **of_folder(opened.folder))


def keep_plan(opened: OpenClient, parts: Mapping[str, str]) -> None:
    """Keep a safety plan in place of the one before, by the client's yes. Raises Refused."""
    with viewing(opened.viewer):
        _keep(opened, plan=opened.folder.seal("plan", opened.row.pk, pack(parts)))
        record("client plan saved", **of_folder(opened.folder))


def keep_legal(opened: OpenClient, words: Mapping[str, str]) -> None:
    """Keep what legal aid asks first, by the client's yes. Raises as ``keep_legal_here``."""
    with viewing(opened.viewer):
        keep_legal_here(opened, words)
        record("client legal aid asked", **of_folder(opened.folder))


def keep_legal_here(opened: OpenClient, words: Mapping[str, str]) -> None:
    """Keep it inside ``viewing``. Raises Refused: closed, or somebody kept other words since."""
    sealed = opened.folder.seal("legal", opened.row.pk, pack(words))
    same = Client.objects.filter(pk=opened.row.pk, ended_at=None, legal=opened.row.legal)
    if not same.update(legal=sealed):
        raise Refused(gettext("Nothing was changed: this folder stands differently by now."))


def record_printing(opened: OpenClient) -> None:
    """Record that a plan was printed; what stood in it is nowhere else."""
    with viewing(opened.viewer):
        record("client plan printed", **of_folder(opened.folder))


def write_note(opened: OpenClient, text: str) -> None:
    """Write something about a client. Raises Refused for a folder that is closed."""
    with viewing(opened.viewer) as now:
        need_open(opened)
        note = uuid4()
        Note.objects.create(
            id=note,
            client_id=opened.row.pk,
            person_id=opened.viewer.person_id,
            at=now,
            sealed=opened.folder.seal("note", note, text),
        )
        record("client written about", **of_folder(opened.folder))


def notes_of(opened: OpenClient) -> list[tuple[datetime, int, str]]:
    """Return what was written, the newest first: when (UTC), by whom, words."""
    with viewing(opened.viewer):
        rows = list(Note.objects.filter(client_id=opened.row.pk).order_by("-at", "pk"))
    return [(one.at, one.person_id, opened.folder.read("note", one.pk, one.sealed)) for one in rows]


def end_client(opened: OpenClient) -> None:
    """Close a folder, once nobody is to go along and nothing is due any more. Raises Refused."""
    over = (Accompaniment.State.SAFE, Accompaniment.State.OFF)
    with viewing(opened.viewer) as now:
        if opened.row.accompaniments.exclude(state__in=over).exists():
            raise Refused(gettext("Somebody still goes along with them. End that first."))
        if opened.row.deadlines.filter(done_at=None).exists():
            raise Refused(gettext("Something is still due. Say first that it is done."))
        _keep(opened, ended_at=now)
        record("client ended", **of_folder(opened.folder))


def of_folder(folder: OpenFolder, **more: str) -> dict[str, Any]:
    """Return what an entry of the record says beside its act."""
    return {
        "actor": folder.viewer,
        "subject_kind": KIND,
        "subject_id": folder.id,
        "district_id": folder.district_id,
        "matter_id": folder.matter_id,
        "detail": more,
    }


def _keep(opened: OpenClient, **columns: Any) -> None:
    if not Client.objects.filter(pk=opened.row.pk, ended_at=None).update(**columns):
        raise Refused(gettext("This folder is closed. Nothing was changed."))


def need_open(opened: OpenClient) -> None:
    """Raise Refused for a folder that is closed; call inside ``viewing``."""
    if not Client.objects.filter(pk=opened.row.pk, ended_at=None).exists():
        raise Refused(gettext("This folder is closed. Nothing was changed."))
