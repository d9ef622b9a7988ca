"""Whom of the office an entry may mean: they don't read it until somebody has settled that.

"Mr. H.", initials, a near spelling, an office's word: none says who it is, and whoever it is must
not read what accuses them. So what words may mean (``tips/whom.py``) is sealed past them, which can
be undone, unlike an exclusion: one of the others says whether it is about them, for each by name.
Under another name that nobody can guess (a former one) it is theirs to say as well.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

from django.utils.translation import gettext as _

from upstander.base.refused import Refused
from upstander.mandated.actions.events import names_of_people
from upstander.mandated.recipients import Officer, accused_among, excluded_with, officers_of
from upstander.mandated.register.actions.entries import OpenEntry, call
from upstander.mandated.register.meant import may_mean
from upstander.mandated.register.rules import readers
from upstander.mandated.register.sealing import holders_of_readers
from upstander.mandated.words import pack
from upstander.matters.folders import (
    holders_of,
    keep_out,
    share_folder,
    withdraw_folder,
)
from upstander.matters.people_near import say_near
from upstander.people.keys import bound_name, name_in
from upstander.people.models import Membership
from upstander.people.roles import TeamKind
from upstander.people.scope import viewing


class Says(StrEnum):
    """What somebody says of one of the office."""

    ABOUT = "about"
    NOT = "not"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Reader:
    """One of the office, as the page asks about them."""

    person_id: int
    name: str
    #: Whether the entry opens for them now.
    holds: bool


def readers_of(opened: OpenEntry) -> list[Reader]:
    """Return who of the office may read an entry or could, but whoever asks; inside ``viewing``.

    Not whom its matter is kept from: that is settled.
    """
    entry, me = opened.entry, opened.folder.viewer.person_id
    officers = officers_of(entry.district_id)
    could = [
        one for one in readers(officers, accused_among(officers, entry.matter_id)) if one != me
    ]
    holders = {row["holder"] for row in holders_of(opened.folder.id)}
    names = names_of_people(could)
    return [
        Reader(
            one,
            names.get(one, ""),
            name_in(one, opened.folder.id) in holders
            or any(team in holders for team in _teams_of(one)),
        )
        for one in could
    ]


def settle(opened: OpenEntry, said: Mapping[int, Says], *, why: str) -> None:
    """Keep what somebody says of others of the office: is it about them? One durable transaction.

    Whom it is about is kept out for good, with the lead under a superintendent; whoever it is not
    about is let in, unless they depend on somebody of whom that isn't known; all others stay out.
    Raises Refused (no reason, nothing said, somebody of whom it is not to be said here).
    """
    viewer, entry = opened.folder.viewer, opened.entry
    if not why.strip():
        raise Refused(_("Say why in a few words: it is kept with the entry."))
    with viewing(viewer):
        known = {one.person_id: one.holds for one in readers_of(opened)}
        if not said or not set(said) <= set(known):
            raise Refused(_("Check it again: this is already settled, or nothing was said."))
        officers = officers_of(entry.district_id)
        about = {person for person, word in said.items() if word is Says.ABOUT}
        unsure = {person for person, word in said.items() if word is Says.UNSURE}
        left_out = {person for person, holds in known.items() if not holds} - set(said)
        accused = accused_among(officers, entry.matter_id) | about
        in_doubt = unsure | left_out
        may = set(readers(officers, accused | in_doubt)) | {viewer.person_id}
        if about:
            out = (about | excluded_with(officers, about)) - {viewer.person_id}
            keep_out(entry.folder_id, sorted(out))
        narrow(opened, officers, may)
        event_id = uuid4()
        call(
            "SELECT api.settle_readers(p_entry => %s, p_event => %s, p_sealed => %s)",
            entry.pk,
            event_id,
            opened.folder.seal("event", event_id, pack(_told(said, why))),
        )


def keep_from_meant(opened: OpenEntry, before: str, after: str) -> int:
    """Seal an entry past whom new words may mean, until it is settled; returns how many they are.

    Call inside ``viewing``. Whom the words before meant too was settled, or is out already.
    """
    entry, me = opened.entry, opened.folder.viewer.person_id
    officers = officers_of(entry.district_id)
    known = may_mean(officers, before, entry.district_id)
    meant = may_mean(officers, after, entry.district_id) - known - {me}
    accused = accused_among(officers, entry.matter_id)
    meant -= accused
    if not meant:
        return 0
    out = {one.person_id for one in readers_of(opened) if not one.holds}
    narrow(opened, officers, {*readers(officers, accused | meant | out), me})
    return len(meant)


def narrow(opened: OpenEntry, officers: Collection[Officer], may: Collection[int]) -> None:
    """Have an entry open for these of the office and nobody else of it; inside ``viewing``."""
    folder = opened.folder
    wanted = dict(holders_of_readers(folder.district_id, folder.matter_id, officers, may))
    share_folder(folder, wanted.items())
    say_near(folder.district_id)
    stays = {bound_name(holder, folder.id) for holder in wanted}
    for row in holders_of(folder.id):
        # Not from whoever made it, where they hold it by name: nobody takes it from them.
        if row["holder"] not in stays and not row["holder"].startswith("person:"):
            withdraw_folder(folder.id, row["holder"])


def _teams_of(person_id: int) -> list[str]:
    rows = Membership.objects.filter(
        person_id=person_id, team__kind=TeamKind.OFFICE, team__school__isnull=True
    ).select_related("team")
    return [row.team.holder for row in rows]


def _told(said: Mapping[int, Says], why: str) -> dict[str, str]:
    names = names_of_people(said)
    by = {
        word: ", ".join(sorted(names.get(one, "") for one, says in said.items() if says is word))
        for word in Says
    }
    return {"why": why.strip(), **{f"settled {word}": people for word, people in by.items()}}
