"""Which texts the guides speak, which of them somebody qualified has read, and installed ones.

A licensed instrument is a file that an administrator puts into ``instruments/`` of the data folder;
none comes with the program. A review holds for a file as it was: one that changes needs a new one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.cases.guides.loading import (
    PACKAGE,
    Instrument,
    own_instrument,
    read_instrument,
)
from upstander.cases.guides.models import TextReview
from upstander.people.approved_texts import Approvals
from upstander.people.scope import Viewer, viewing
from upstander.rulefiles import RuleFileWrong, data_file, digest_of, digest_with, read_bytes

#: Our own texts: key → file and what it is.
OWN: Final = {
    "threat": ("threat.toml", _("Threat assessment steps")),
    "levels": ("levels.toml", _("Next steps by level of suicide risk")),
    "instrument:own": ("screening.toml", _("Our questions about suicide")),
    "plan": ("plan.csv", _("Safety plan")),
}
#: Bytes; no instrument comes near.
LARGEST = 200_000


@dataclass(frozen=True, slots=True)
class GuideText:
    """One text, and who qualified has read it as it stands (times are UTC)."""

    key: str
    label: str
    digest: str
    licence: str = ""
    #: What is wrong with an installed file; it can't be used then.
    error: str = ""
    clinician: str = ""
    reviewed_at: datetime | None = None


def installed() -> list[tuple[GuideText, Instrument | None]]:
    """Return the installed instruments; a file that is wrong comes with what is wrong with it."""
    folder = Path(settings.HOME.root / "instruments")
    found: list[tuple[GuideText, Instrument | None]] = []
    taken = {own_instrument().key}
    for file in sorted(folder.glob("*.toml")):
        try:
            content = read_bytes(file, most=LARGEST)
            one = read_instrument(content, file.name)
            if one.key in taken:
                raise RuleFileWrong(file.name, "", f"the key {one.key!r} is taken already")
        except RuleFileWrong as error:
            found.append(
                (GuideText(f"file:{file.name}"[:60], file.name, "", error=str(error)), None)
            )
            continue
        taken.add(one.key)
        text = GuideText(f"instrument:{one.key}"[:60], one.name, digest_of(content), one.licence)
        found.append((text, one))
    return found


def instruments() -> dict[str, Instrument]:
    """Return every instrument that can be used, by key; our own first."""
    found = {own_instrument().key: own_instrument()}
    return found | {one.key: one for _, one in installed() if one is not None}


def all_texts() -> list[GuideText]:
    """Return every text with its review; call inside ``viewing``: one query."""
    own = [
        GuideText(
            key, str(label), digest_with(read_bytes(data_file(PACKAGE, name)), Path(name).stem)
        )
        for key, (name, label) in OWN.items()
    ]
    reviews = Approvals(TextReview.objects.order_by("pk"), lambda row: row.text)
    shown = []
    for one in (*own, *(text for text, _file in installed())):
        if (row := reviews.of(one.key, one.digest)) is not None:
            one = replace(one, clinician=row.clinician, reviewed_at=row.at)  # noqa: PLW2901
        shown.append(one)
    return shown


def unread(keys: Iterable[str]) -> list[GuideText]:
    """Return those of some texts that nobody qualified has read; inside ``viewing``: one query."""
    wanted = set(keys)
    return [one for one in all_texts() if one.key in wanted and one.reviewed_at is None]


def review_text(viewer: Viewer, key: str, digest: str, clinician: str, *, stands: bool) -> None:
    """Keep that somebody qualified has read a text as it stands, or that this holds no more.

    ``digest`` is what the administrator saw. Raises Refused.
    """
    if stands and not clinician.strip():
        raise Refused(gettext("Say who reviewed it: name and profession."))
    with viewing(viewer) as now:
        text = next((one for one in all_texts() if one.key == key and not one.error), None)
        if text is None or text.digest != digest:
            raise Refused(gettext("This text has changed since. Have it reviewed again."))
        TextReview.objects.create(
            text=key,
            digest=digest,
            stands=stands,
            clinician=clinician.strip()[:200],
            person_id=viewer.person_id,
            at=now,
        )
        record(
            "guide's text reviewed" if stands else "guide's review taken back",
            actor=viewer,
            subject_kind="guide",
            subject_id=key[:40],
            detail={"text": key, "digest": digest[:16]},
        )
