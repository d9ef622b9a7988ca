"""The nightly key file lies in two places: killed anywhere, and either place lost, each tip opens.

A small program renews with the worker's own rights and is killed once at each point at which it
writes to a folder or to the database: between two of them nothing changes. Then one of the two
folders is wiped, as a disk is lost, and filled again from the other one as `upstander second-place`
does it. Real tips come in meanwhile, and in the end each opens by its return code.
"""

from __future__ import annotations

import itertools
import random
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from conftest import Cast
from tests.renewing import renewals
from upstander.retention.tests.setup import set_clock
from upstander.tips import reporter
from upstander.vault import sweeps as clock
from upstander.vault.models import ShredFile, ShredKey
from upstander.vault.shred_files import ShredFiles, TwoPlaces
from upstander.vault.two_places import settle

pytestmark = pytest.mark.slow

NIGHT = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


@dataclass
class Rig:
    """Two folders of the test's own, and the tips that came in."""

    cast: Cast
    places: TwoPlaces
    night: datetime = NIGHT
    tips: dict[str, str] = field(default_factory=dict)

    def file(self) -> None:
        """Take a tip in, as the public site would at this moment."""
        text = f"Tip {len(self.tips)}: he said it again at practice."
        filed = reporter.file_tip(
            reporter.NewTip(
                token=reporter.new_form_token(),
                text=text,
                language="en",
                tile="bullying",
                school_id=self.cast.cedar.pk,
            )
        )
        self.tips[str(filed.code)] = text

    def open_keys(self) -> None:
        """See that the shred key of each tip opens. Raises what doesn't."""
        rows = ShredKey.objects.all()
        assert len(rows) == len(self.tips)
        for row in rows:
            self.places.first.unwrap(
                bytes(row.wrapped), subject=row.subject, version=row.file_version
            )

    def open_tips(self) -> None:
        """Open each tip by its return code, and read its own words."""
        for code, text in self.tips.items():
            token = reporter.open_with_code(code)
            assert token is not None
            assert [said.text for said in reporter.dialog_for(token).messages] == [text]

    def lose(self, chance: random.Random) -> None:
        """Wipe one of the folders, and fill it from the other."""
        place = chance.choice(list(self.places.each()))
        shutil.rmtree(place.folder)
        place.folder.mkdir(mode=0o700)
        settle(self.places)

    def next_night(self) -> None:
        """Let a night come in which the file is due."""
        self.night += timedelta(days=1)
        set_clock(self.night)

    def renewed(self) -> bool:
        """Whether nothing is left to do: one file, the same in both places."""
        names = [{file.name for file in place.folder.iterdir()} for place in self.places.each()]
        return names[0] == names[1] and len(names[0]) == 1


@pytest.fixture
def rig(committed_cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    for name in ("first", "second"):
        (tmp_path / name).mkdir(mode=0o700)
    places = TwoPlaces(ShredFiles(tmp_path / "first"), ShredFiles(tmp_path / "second"))
    places.first.make(1)
    monkeypatch.setattr(settings, "SHRED_FILES", places.first)
    monkeypatch.setattr(settings, "SHRED_PLACES", places)
    monkeypatch.setattr(clock, "_reached", [0])
    ShredFile.objects.all().delete()
    set_clock(NIGHT)
    settle(places)
    made = Rig(committed_cast, places)
    made.file()
    return made


def test_killed_at_each_point_at_which_it_writes_it_loses_no_tip(rig: Rig, tmp_path: Path) -> None:
    chance, first, second = random.Random(16), tmp_path / "first", tmp_path / "second"
    with renewals() as renew:
        for point in itertools.count(1):
            rig.next_night()
            if renew(first, second, point):
                break
            rig.open_keys()
            # The intake goes on with whatever lies there, before and after a disk is lost.
            rig.file()
            rig.lose(chance)
            rig.open_keys()
            assert renew(first, second, None)
            assert rig.renewed()
            rig.open_keys()
    assert point > 20, "a renewal writes more often than that"
    assert rig.renewed()
    rig.open_tips()
