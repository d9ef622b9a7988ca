"""Briefs for police: written for them alone, sealed to their team, answered by them.

A page has a key of its own. That key is sealed to the police team (to single officers where one of
them is kept out of the matter) and, under the center's seed, kept for the center. No seed of the
tip is ever granted to police: a brief is all that they can open.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db.models import Max
from django.http import Http404
from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.emergency.actions.help import WORDS_LIMIT
from upstander.emergency.models import Brief, BriefKey, BriefPage
from upstander.emergency.named import need_asked
from upstander.emergency.notices import tell_officers
from upstander.emergency.queries import standing_agreement
from upstander.emergency.sheet import Around, Origins
from upstander.emergency.words import center_seed, opened_data, packed, sealed, unpacked
from upstander.escalations.actions.tasks import open_task
from upstander.escalations.models import Task
from upstander.matters.folders import holders_for
from upstander.matters.models import Matter
from upstander.matters.people_near import Near
from upstander.people.keys import sealable, version_in
from upstander.people.models import Team
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.tips.access import tip_for
from upstander.tips.actions.writing import add_note, notify, record_on
from upstander.tips.models import Tip
from upstander.tips.opening import UNREADABLE, OpenTip, read_contents, words_of
from upstander.vault.envelopes import bind, derive, seal, unseal
from upstander.vault.errors import VaultError
from upstander.vault.grants import make_grant
from upstander.vault.models import HolderKey
from upstander.vault.seeds import (
    Audience,
    inbox_key_pair,
    new_secret,
    open_inbox,
    seed_from,
)

#: If no officer has acknowledged, the center is asked to phone after so many minutes.
PHONE_AFTER: Final = 5


@dataclass(frozen=True, slots=True)
class Contents:
    """What one page of a brief says."""

    number: int
    at: datetime
    words: str
    lines: Mapping[str, str]
    around: Mapping[str, str]
    center_inbox: str
    #: Who says the lines, and since when.
    told: Origins
    #: Who wrote the words, where the center reads them.
    by: int = 0


@dataclass(frozen=True, slots=True)
class OpenBrief:
    """A brief with its pages, newest first, as an officer reads it."""

    brief: Brief
    pages: list[Contents]


def hand_to_police(
    opened: OpenTip,
    team_id: int,
    words: str,
    lines: Mapping[str, str],
    around: Around,
    *,
    danger_now: bool = False,
    sheet_number: int = 0,
    told: Origins | None = None,
    mentioned: Collection[int] = (),
) -> Brief:
    """Give a police team of the district a brief of a tip, and have them told.

    ``lines`` are the sheet's: no name goes along that does not stand there. Unless danger is now, a
    second person's agreement must stand, and who must not see the tip be settled. ``mentioned`` are
    officers whom its words may mean, and somebody says that it isn't about them. Given once,
    further pages are numbered updates (``add_page``). Raises Http404, NotGranted, Refused.
    """
    if not words.strip():
        raise Refused(
            gettext(
                "Write a brief for them: what happened, where, and what you are asking them to do."
            )
        )
    viewer, brief_id = opened.viewer, uuid4()
    page = _Page.of(opened, brief_id, words, packed(lines, told or {}), around)
    said = words_of(read_contents(opened), words, *lines.values())
    with viewing(viewer) as now:
        tip = tip_for(viewer, opened.tip.pk, lock=True)
        team = Team.objects.filter(
            pk=team_id, kind=TeamKind.POLICE, district_id=tip.district_id
        ).first()
        if team is None:
            raise Http404
        if Brief.objects.filter(tip_id=tip.pk, team_id=team.pk).exists():
            raise Refused(
                gettext("%(name)s already has a brief about this tip. Send an update instead.")
                % {"name": team.name}
            )
        request = None if danger_now else standing_agreement(tip.pk, now)
        if not danger_now and request is None:
            raise Refused(
                gettext(
                    "Sending police takes a second person's agreement, unless the danger is now."
                )
            )
        named = need_asked(tip, team, said, mentioned, danger_now=danger_now)
        brief = Brief.objects.create(
            id=brief_id,
            tip_id=tip.pk,
            matter_id=tip.matter_id,
            district_id=tip.district_id,
            team_id=team.pk,
            reference=tip.reference,
            priority=tip.priority,
            danger_now=danger_now,
            request=request,
            by=viewer.person_id,
            at=now,
        )
        page.write(tip, viewer, brief, team, now, sheet_number)
        # Of its own kind: whether an ambulance has come says nothing of whether police have read.
        open_task(
            Task.Kind.CONFIRM_BRIEF,
            subject_id=tip.pk,
            matter_id=tip.matter_id,
            district_id=tip.district_id,
            due_at=now + timedelta(minutes=PHONE_AFTER),
            now=now,
            actor=viewer,
            detail={"brief": str(brief.pk)},
        )
        tell_officers(brief, team)
        record_on(
            tip,
            "handed to police",
            viewer,
            team=team.pk,
            danger_now=danger_now,
            seconded=request is not None,
        )
    _keep_said(opened, named)
    notify(opened.tip.pk)
    return brief


def add_page(
    opened: OpenTip,
    brief_id: UUID,
    words: str,
    lines: Mapping[str, str],
    around: Around,
    *,
    sheet_number: int = 0,
    told: Origins | None = None,
    mentioned: Collection[int] = (),
) -> BriefPage:
    """Send a numbered update of a brief; ``mentioned`` as above.

    Raises Http404, NotGranted, Refused.
    """
    if not words.strip():
        raise Refused(gettext("Say what is new."))
    viewer = opened.viewer
    page = _Page.of(opened, brief_id, words, packed(lines, told or {}), around)
    said = words_of(read_contents(opened), words, *lines.values())
    with viewing(viewer) as now:
        tip = tip_for(viewer, opened.tip.pk, lock=True)
        brief = Brief.objects.filter(pk=brief_id, tip_id=tip.pk).first()
        if brief is None:
            raise Http404
        if brief.state == Brief.State.ENDED:
            raise Refused(gettext("Police have recorded an outcome. Call them about anything new."))
        team = Team.objects.get(pk=brief.team_id)
        named = need_asked(tip, team, said, mentioned, danger_now=brief.danger_now)
        row = page.write(tip, viewer, brief, team, now, sheet_number)
        tell_officers(brief, team)
        record_on(tip, "update for police", viewer, team=team.pk, number=row.number)
    _keep_said(opened, named)
    notify(opened.tip.pk)
    return row


def _keep_said(opened: OpenTip, named: Iterable[Near]) -> None:
    """Keep by name, for the center, of whom of police somebody said that it isn't about them."""
    names = ", ".join(dict.fromkeys(one.name for one in named))
    if names:
        told = gettext("Police were written to. Named, and it is not about them: %(names)s.")
        add_note(opened, told % {"names": names})


@dataclass(frozen=True, slots=True)
class _Page:
    """A page before it has a number: sealed outside the transaction that writes it."""

    id: UUID
    key: bytes
    sealed: bytes
    center_key: bytes

    @classmethod
    def of(
        cls,
        opened: OpenTip,
        brief_id: UUID,
        words: str,
        lines: Mapping[str, object],
        around: Around,
    ) -> _Page:
        if len(words) > WORDS_LIMIT:
            raise Refused(
                gettext("That is longer than %(words_limit)s characters. Please shorten it.")
                % {"words_limit": f"{WORDS_LIMIT:,}"}
            )
        page_id, key = uuid4(), new_secret()
        inbox = inbox_key_pair(center_seed(opened)).public
        data = {
            "words": words.strip(),
            "lines": dict(lines),
            "around": {
                "center": around.center,
                "callback": around.callback,
                "reference": around.reference,
                "zone": around.zone.key,
                "school": around.school,
                "school_address": around.school_address,
                "named": "yes" if around.named else "",
                "typed_school": around.typed_school,
                "turns": str(around.turns or len(around.wrote)),
                "ticked": around.ticked,
                "came_in": around.came_in.isoformat(),
                "ticked_at": (around.ticked_at or around.came_in).isoformat(),
            },
            "center_inbox": inbox.hex(),
        }
        return cls(
            page_id,
            key,
            # Under the tip's shred key too: once the tip is forgotten, no old backup opens it.
            seal(
                derive(seed_from(key, opened.shred_key), "brief"),
                json.dumps(data).encode(),
                aad=_place(brief_id, page_id),
            ),
            sealed(opened, "brief key", page_id, {"key": key.hex()}),
        )

    def write(
        self, tip: Tip, viewer: Viewer, brief: Brief, team: Team, now: datetime, sheet_number: int
    ) -> BriefPage:
        """Write the page with its number and its keys; the tip is locked."""
        # An exclusion on the matter comes before this or after it.
        Matter.objects.select_for_update().filter(pk=tip.matter_id).first()
        holders = holders_for(tip.matter_id, [team])
        if not holders:
            raise Refused(
                gettext("Everyone on that team is kept out of this matter. Call instead.")
            )
        last = BriefPage.objects.filter(brief=brief).aggregate(last=Max("number"))["last"] or 0
        row = BriefPage.objects.create(
            id=self.id,
            brief=brief,
            tip_id=tip.pk,
            district_id=tip.district_id,
            number=last + 1,
            sheet_number=sheet_number,
            person_id=viewer.person_id,
            at=now,
            sealed=self.sealed,
            center_key=self.center_key,
        )
        BriefKey.objects.bulk_create(
            [self._key_for(brief, holder, public) for holder, public in sealable(holders)],
            # Also: no RETURNING, for the center can't read others' keys back.
            ignore_conflicts=True,
        )
        return row

    def _key_for(self, brief: Brief, holder: str, public: HolderKey) -> BriefKey:
        return BriefKey(
            page_id=self.id,
            brief_id=brief.pk,
            district_id=brief.district_id,
            holder=holder,
            key_version=version_in(holder, public),
            blob=make_grant(
                self.key,
                tip=self.id,
                audience=Audience.CASE,
                holder=holder,
                version=version_in(holder, public),
                public=bytes(public.public),
            ),
        )


def contents_of(brief_id: UUID, page: BriefPage, key: bytes, shred_key: bytes) -> Contents:
    """Open a page by its key and its tip's shred key; one that doesn't open is shown as such."""
    try:
        seed = seed_from(key, shred_key)
        raw = unseal(derive(seed, "brief"), bytes(page.sealed), aad=_place(brief_id, page.pk))
        data = json.loads(raw)
    except VaultError:
        data = {"words": UNREADABLE, "lines": {}, "around": {}, "center_inbox": ""}
    lines, told = unpacked(data["lines"])
    return Contents(
        page.number, page.at, data["words"], lines, data["around"], data["center_inbox"], told
    )


def pages_for_center(opened: OpenTip, brief_id: UUID) -> list[Contents]:
    """Return what the center gave police, newest first; call outside ``viewing``."""
    with viewing(opened.viewer):
        pages = list(
            BriefPage.objects.filter(brief_id=brief_id, tip_id=opened.tip.pk).order_by("-number")
        )
    found = []
    for page in pages:
        data = opened_data(opened, "brief key", page.pk, page.center_key)
        key = bytes.fromhex(data["key"]) if data else bytes(32)
        said = contents_of(brief_id, page, key, opened.shred_key)
        found.append(replace(said, by=page.person_id))
    return found


def outcome_words(opened: OpenTip, brief: Brief) -> str:
    """Return what police wrote about the outcome, for the center."""
    if brief.outcome_sealed is None:
        return ""
    try:
        return open_inbox(
            center_seed(opened),
            bytes(brief.outcome_sealed),
            aad=bind(brief.tip_id, brief.pk, "police outcome"),
        ).decode()
    except VaultError:
        return UNREADABLE


def _place(brief_id: UUID, page_id: UUID) -> bytes:
    return bind("brief", brief_id, page_id)
