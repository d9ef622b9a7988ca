"""Who must not see a tip, as it was said over time: by its reporter, and as counselors heard it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from uuid import UUID

from upstander.intake.routing import names_somebody
from upstander.tips.envelopes import open_data
from upstander.tips.opening import Contents, OpenTip
from upstander.triage.assessment_fields import UNKNOWN
from upstander.triage.models import Assessment
from upstander.vault.errors import VaultError
from upstander.vault.seeds import Audience

_NOBODY: Final[Mapping[int, str]] = MappingProxyType({})


class SaidNotSee(NamedTuple):
    """What was said once of who must not see it."""

    words: str
    at: datetime
    #: The counselor who heard it; empty: the reporter wrote it.
    heard_by: str


def judgements_of(tip_id: UUID) -> list[Assessment]:
    """Return all judgements of a tip, oldest first; call inside ``viewing``."""
    return list(Assessment.objects.filter(tip_id=tip_id).order_by("at", "pk"))


def said_of(
    opened: OpenTip,
    contents: Contents,
    judgements: Iterable[Assessment],
    names: Mapping[int, str] = _NOBODY,
) -> list[SaidNotSee]:
    """Return what was said of who must not see it, newest first; what is said again stands once."""
    found = [
        SaidNotSee(one.text, one.at, "")
        for one in contents.given
        if one.key == "not_see" and names_somebody(one.text)
    ]
    last = ""
    for row in judgements:
        heard = _heard(opened, row)
        if heard != last and names_a_person(heard):
            found.append(SaidNotSee(heard, row.at, names.get(row.person_id, "a counselor")))
        last = heard
    newest = sorted(found, key=lambda one: one.at)[::-1]
    return [one for at, one in enumerate(newest) if not was_said(newest[at + 1 :], one.words)]


def names_a_person(heard: str) -> bool:
    """Tell whether what an assessment says of it names somebody."""
    return heard != UNKNOWN and names_somebody(heard)


def was_said(said: Sequence[SaidNotSee], words: str) -> bool:
    """Tell whether these words were said of it before, but for capitals and spaces."""
    return any(_even(one.words) == _even(words) for one in said)


def _even(words: str) -> str:
    return " ".join(words.casefold().split())


def _heard(opened: OpenTip, row: Assessment) -> str:
    data = data_of(opened, row) or {}
    return str(data.get("fields", {}).get("must_not_see", ""))


def data_of(opened: OpenTip, row: Assessment) -> dict[str, Any] | None:
    """Return what a judgement says; None where it can't be read."""
    try:
        data: dict[str, Any] = open_data(
            opened.seed(Audience.CENTER),
            purpose="assessment",
            tip=opened.tip.pk,
            row=row.pk,
            sealed=bytes(row.sealed),
        )
    except VaultError:
        return None
    return data
