"""What somebody opened and is asked about: a tip or a case, and how a reason is sealed there."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from upstander.audit.actions import record
from upstander.carriers.notices import tell
from upstander.cases.access import case_for
from upstander.cases.actions.opening import OpenCase
from upstander.cases.models import CaseTip
from upstander.cases.people import near, seers
from upstander.decisions.notices import tell_second_people
from upstander.mandated.models import Answer
from upstander.people.scope import Viewer
from upstander.tips.access import tip_for
from upstander.tips.envelopes import open_words, seal_words
from upstander.tips.opening import UNREADABLE, OpenTip
from upstander.vault.envelopes import bind
from upstander.vault.errors import VaultError
from upstander.vault.seeds import Audience, open_inbox


@dataclass(frozen=True, slots=True)
class Sealed:
    """A reason, and under what it is sealed."""

    audience: str
    handoff_id: UUID
    words: bytes


class OfTip:
    """A tip that its viewer has opened."""

    def __init__(self, opened: OpenTip) -> None:
        self.opened, self.viewer = opened, opened.viewer
        self.id: UUID = opened.tip.pk
        self.key = {"tip_id": self.id}
        #: Questions of the whole matter, as far as the viewer may see them.
        self.of_matter = Q(tip_id=self.id) | Q(matter_id=opened.tip.matter_id)
        self.district_id: int = opened.tip.district_id
        self.matter_id: UUID = opened.tip.matter_id
        self.post = f"/tips/{self.id}/suspicion"
        self.suspect = f"/suspect?tip={self.id}"
        #: Up to which turn of the conversation it was opened.
        self.turn: int | None = opened.tip.turns

    def look(self) -> None:
        """Raise Http404 unless it is still the viewer's to see; call inside ``viewing``."""
        self.matter_id = tip_for(self.viewer, self.id).matter_id

    def seal(self, row: UUID, words: str) -> Sealed:
        """Seal a reason to the viewer's own side. Raises NotGranted."""
        audience = self.opened.own_audience
        sealed = seal_words(
            self.opened.seed(audience), purpose="suspicion", tip=self.id, row=row, words=words
        )
        return Sealed(audience.value, self.opened.handoff_id, sealed)

    def read(self, one: Answer) -> str | None:
        """Return a reason; None where it is another side's."""
        seed = self._seed(one)
        if seed is None:
            return None
        try:
            return open_words(
                seed, purpose="suspicion", tip=self.id, row=one.pk, sealed=bytes(one.sealed)
            )
        except VaultError:
            return self._from_outside(one, seed)

    def _from_outside(self, one: Answer, seed: bytes) -> str:
        """Return a reason that somebody of a team left with the center, whose seed they lack."""
        if one.audience == Audience.CENTER:
            with suppress(VaultError):
                aad = bind(self.id, one.pk, "suspicion")
                return open_inbox(seed, bytes(one.sealed), aad=aad).decode()
        return UNREADABLE

    def _seed(self, one: Answer) -> bytes | None:
        if one.audience == Audience.CENTER:
            return self.opened.seeds.get(Audience.CENTER)
        if self.opened.own_audience is not Audience.CASE:
            return None
        return self.opened.seeds_by_handoff.get(one.handoff_id)

    def tell_readers(self, now: datetime) -> None:
        """Have those told who can read a no; call inside ``viewing``."""
        tip = tip_for(self.viewer, self.id)
        tell_second_people(tip, asked_by=self.viewer, now=now, kind="suspicion_no")

    def record(self, action: str, **detail: object) -> None:
        """Add an entry about it to the record; call inside ``viewing``."""
        _record(self, "tip", action, detail)


class OfCase:
    """A case that its viewer has opened."""

    def __init__(self, opened: OpenCase) -> None:
        self.opened, self.viewer = opened, opened.viewer
        self.id: UUID = opened.case.pk
        self.key = {"case_id": self.id}
        tips = CaseTip.objects.filter(case_id=self.id)
        #: Questions of the whole matter: on the case, on its tips, and on what is linked to either.
        self.of_matter = (
            Q(case_id=self.id)
            | Q(matter_id=opened.case.matter_id)
            | Q(tip_id__in=tips.values("tip_id"))
            | Q(matter_id__in=tips.values("matter_id"))
        )
        self.district_id: int = opened.case.district_id
        self.matter_id: UUID = opened.case.matter_id
        self.post = f"/cases/{self.id}/suspicion"
        self.suspect = f"/suspect?case={self.id}"
        self.turn: int | None = None

    def look(self) -> None:
        """Raise Http404 unless it is still the viewer's to see; call inside ``viewing``."""
        case_for(self.viewer, self.id)

    def seal(self, row: UUID, words: str) -> Sealed:
        """Seal a reason in the case's folder."""
        sealed = self.opened.folder.seal("suspicion", row, words)
        return Sealed(Audience.CASE.value, self.id, sealed)

    def read(self, one: Answer) -> str | None:
        """Return a reason."""
        try:
            return self.opened.folder.read("suspicion", one.pk, one.sealed)
        except VaultError:
            return UNREADABLE

    def tell_readers(self, now: datetime) -> None:
        """Have those told who can read a no; call inside ``viewing``."""
        for one in seers(self.opened, near(self.opened)):
            if one.person_id != self.viewer.person_id:
                reference = self.opened.case.reference
                tell(one.person_id, "suspicion_no", {"reference": reference}, not_before=now)

    def record(self, action: str, **detail: object) -> None:
        """Add an entry about it to the record; call inside ``viewing``."""
        _record(self, "case", action, detail)


type Subject = OfTip | OfCase


def subject_of(opened: OpenTip | OpenCase) -> Subject:
    """Return what was opened, as something to be asked about."""
    return OfTip(opened) if isinstance(opened, OpenTip) else OfCase(opened)


def _record(subject: Subject, kind: str, action: str, detail: dict[str, object]) -> None:
    viewer: Viewer = subject.viewer
    record(
        action,
        actor=viewer,
        subject_kind=kind,
        subject_id=subject.id,
        district_id=subject.district_id,
        matter_id=subject.matter_id,
        detail=detail,
    )
