"""An older backup as an attack on who is kept out: restored to undo an exclusion, or to be let in.

A counselor keeps Tom out of a tip that his team has; Uma leaves the team, Bob's account is shut,
Bea leads no more, a share is taken back, a team gets a new key, an invitation is used. Then the
database of the day before comes back, once with the list that lies beside the keys.
"""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.http import Http404

from conftest import Cast
from tests.attacks.test_old_backup import START, _name, brought_back, postgresql
from upstander.audit.models import Entry
from upstander.audit.rows import check_rows
from upstander.matters.models import Exclusion, Folder, FolderGrant
from upstander.matters.protections import SetAgain
from upstander.people.actions.leaving import change_member, lock_out, remove_member, renew_key
from upstander.people.comparing import differences
from upstander.people.keys import person_mac
from upstander.people.models import Invitation, Membership, Person, Team
from upstander.people.roles import Role
from upstander.retention.copies import TOMBSTONES, read_list
from upstander.retention.tests.setup import file, set_clock
from upstander.retention.tombstones import replay, write_down
from upstander.tips.models import Tip
from upstander.tips.opening import NotGranted, open_tip
from upstander.triage.actions.handoff import exclude_people, hand_off
from upstander.triage.actions.work import claim_tip
from upstander.vault.bound import bound
from upstander.vault.models import SealedKey
from upstander.vault.pins import Pins

pytestmark = pytest.mark.slow

LINK = b"l" * 32


def opens(cast: Cast, name: str, tip: UUID) -> bool:
    """Whether somebody opens a tip at the desk."""
    try:
        open_tip(cast.viewer(name), tip)
    except (Http404, NotGranted):
        return False
    return True


def let_in(cast: Cast, tip: UUID) -> set[str]:
    """Who or what is let in by the database of the moment, of all that was ended."""
    cedar = cast.teams["cedar"]
    uma = cast.people["uma"]
    found = {
        "Tom reads the tip": opens(cast, "tom", tip),
        "Uma is in the team": Membership.objects.filter(team=cedar, person=uma).exists(),
        "Uma has its key": SealedKey.objects.filter(
            holder=cedar.holder, member=uma.holder
        ).exists(),
        "Bob signs in": Person.objects.get(pk=cast.people["bob"].pk).is_active,
        "Bea leads": Membership.objects.filter(
            person=cast.people["bea"], role=Role.CENTER_SUPERVISOR
        ).exists(),
        "the share opens": FolderGrant.objects.filter(
            holder=cast.people["tara"].holder, blob=b"a share"
        ).exists(),
        "the link opens": Invitation.objects.filter(link_hash=LINK, used_at=None).exists(),
    }
    return {what for what, so in found.items() if so}


def made_to_be_ended(cast: Cast) -> UUID:
    """A tip that a school's team has; a second supervisor, a share and an invitation."""
    set_clock(START)
    tip = file(cast).tip_id
    alice, lakeside = cast.viewer("alice"), cast.teams["lakeside"]
    claim_tip(alice, tip)
    hand_off(open_tip(alice, tip), [cast.teams["cedar"].pk], "A brief.")
    bea = cast.people["bea"].pk
    role = Role.CENTER_SUPERVISOR
    change_member(cast.viewer("sam"), lakeside.pk, bea, role=role, reachable_at_night=False)
    folder = Folder.objects.create(
        kind="case",
        district_id=cast.maple.pk,
        matter_id=Tip.objects.get(pk=tip).matter_id,
        opened_by=cast.people["uma"].pk,
        opened_at=START,
    )
    FolderGrant.objects.create(
        folder_id=folder.pk,
        holder=cast.people["tara"].holder,
        key_version=1,
        blob=b"a share",
        since=START,
    )
    Invitation.objects.create(
        team=lakeside,
        email="ines@example.org",
        role=Role.COUNSELOR,
        created_by=cast.people["sam"],
        created_at=START,
        link_hash=LINK,
        expires_at=START + timedelta(days=7),
    )
    return tip


def end_all(cast: Cast, tip: UUID) -> None:
    exclude_people(open_tip(cast.viewer("alice"), tip), [cast.people["tom"].pk])
    remove_member(cast.viewer("tara"), cast.teams["cedar"].pk, cast.people["uma"].pk)
    lock_out(cast.viewer("ada"), cast.people["bob"].pk)
    sam, lakeside = cast.viewer("sam"), cast.teams["lakeside"]
    bea = cast.people["bea"].pk
    change_member(sam, lakeside.pk, bea, role=Role.COUNSELOR, reachable_at_night=False)
    renew_key(sam, lakeside.pk)
    share = FolderGrant.objects.get(blob=b"a share")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT matters_take_back(p_folder => %s, p_holders => %s::text[])",
            [share.folder_id, [share.holder]],
        )
    Invitation.objects.filter(link_hash=LINK).update(link_hash=None, used_at=START)


def test_an_older_backup_lets_nobody_in_again(
    committed_cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = committed_cast
    monkeypatch.setattr(settings, "PINS", Pins(tmp_path / "pins"))
    tip = made_to_be_ended(cast)
    everything = let_in(cast, tip)
    assert len(everything) == 7

    dump, pins = tmp_path / "database.dump", tmp_path / "pins of that day"
    postgresql("pg_dump", "--format=custom", f"--file={dump}", _name())
    shutil.copytree(tmp_path / "pins", pins)
    end_all(cast, tip)
    assert let_in(cast, tip) == set()
    write_down(tmp_path)

    monkeypatch.setattr(settings, "PINS", Pins(pins))
    with brought_back(dump):
        # So the test sees what it is about; and a list that nobody has, the record says.
        replay(None, "the day before")
        assert let_in(cast, tip) == everything - {"the link opens"}
        said = Entry.objects.filter(action="backup restored").latest("pk")
        assert said.detail["list"] == "none"
    with brought_back(dump):
        rows = check_rows()
        done = replay(read_list(tmp_path / TOMBSTONES), "the day before")
        fresh = [one for one in check_rows() if one not in rows]
        assert fresh == [], "the record knows of all that was set again"
        assert done == SetAgain(exclusions=1, shut=1, left=2, withdrawn=1, renew=1, links=1)
        assert let_in(cast, tip) == set()
        assert opens(cast, "tara", tip), "who may goes on working"
        # What was signed says the same: nobody is granted anything by an old statement.
        assert differences() == []
        asked = Team.objects.exclude(renew_key_since=None).values_list("pk", flat=True)
        assert set(asked) == {cast.teams[name].pk for name in ("cedar", "birch", "lakeside")}
        # Once more changes nothing.
        again = replay(read_list(tmp_path / TOMBSTONES), "the day before")
        assert again == SetAgain()


def test_the_list_names_nobody(committed_cast: Cast, tmp_path: Path) -> None:
    cast = committed_cast
    set_clock(START)
    tip = file(cast).tip_id
    claim_tip(cast.viewer("alice"), tip)
    exclude_people(open_tip(cast.viewer("alice"), tip), [cast.people["tom"].pk])
    write_down(tmp_path)
    text = (tmp_path / TOMBSTONES).read_text()
    exclusion = Exclusion.objects.get()
    tom = person_mac(cast.people["tom"].pk)
    matter = exclusion.matter_id
    assert f"exclusion {matter} {matter} {bound(tom, matter).hex()}\n" in text
    assert tom.hex() not in text
    assert "@" not in text
    assert not [one for one in cast.people.values() if one.name in text]
